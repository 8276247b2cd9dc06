# Module json over _json: both directions, hooks, errors with positions.
import json
from collections import OrderedDict

TEXT = '{"a": [1, -2.5e3, null, true, false, "\\u00e9\\n\\ud83d\\ude00\\ud800"], "a\\"b": {}, "n": [NaN, Infinity, -Infinity], "big": 123456789012345678901234567890}'
value = json.loads(TEXT)
print(ascii(value))
print(json.dumps(value), ascii(json.dumps(value, ensure_ascii=False)), json.dumps(value, indent=1, sort_keys=True), sep="\n")
print(json.loads('{"b": 1, "a": {"c": 2}}', object_pairs_hook=OrderedDict), json.loads('{"x": 1}', object_hook=lambda d: list(d.items())))
print(json.loads("[1.1, 2]", parse_float=str, parse_int=float), json.dumps({1: 1, None: 2, True: 3, 2.5: 4, "s": (5,)}))
print(json.dumps({(1,): 1, "x": 2}, skipkeys=True), json.dumps([], default=repr), json.dumps({3}, default=sorted), json.dumps("\x7f\x1f/"))
keys = json.loads('[{"key": 1}, {"key": 2}]')
print(list(keys[0])[0] is list(keys[1])[0])
for bad in ("", "[", "[1", "[1,", "[1,]", "{", '{"', '{"a"', '{"a":', '{"a":1', '{"a":1,', "{1:2}", '"', '"\\', '"\\x"', '"\\u12"', '"\\u12x4"',
            '"\n"', "tru", "-", "01", "1.", "[] x", '"\\ud83d\\u12"'):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as error:
        print(repr(bad), error)
loop = []
loop.append(loop)
for dump in (lambda: json.dumps(loop), lambda: json.dumps({(1,): 2}), lambda: json.dumps(object), lambda: json.dumps(float("nan"), allow_nan=False),
             lambda: json.dumps({"b": 1, 2: 3}, sort_keys=True)):
    try:
        print(dump())
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
