# string, textwrap, json.
import json
import string
import textwrap

print(string.Template("$who likes ${what} $$5").substitute(who="tim", what="kung pao"), string.Template("$a $b").safe_substitute(a=1), string.capwords("a bc  d"), string.punctuation)
try:
    string.Template("$a").substitute()
except KeyError as error:
    print("KeyError", error)
f = string.Formatter()
print(f.format("{0} {a!r:>5} {b[0]}", 1, a="x", b=[2]), list(f.parse("a{b!r:c}d")), f.vformat("{} {}", (1, 2), {}))
text = "The quick brown fox jumped over the lazy dog, and then-some hyphenated-words follow."
print(textwrap.wrap(text, 20), textwrap.fill(text, 30, initial_indent="* ", subsequent_indent="  "), textwrap.dedent("   a\n     b\n   c"), textwrap.indent("a\n\nb", "> "), textwrap.shorten(text, 30), sep="\n")
value = {"a": [1, 2.5, True, None, "é\n\"\\"], "b": {"c": []}, "n": -1e-7}
print(json.dumps(value), json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False), json.dumps([1, 2], separators=(",", ":")), json.loads(json.dumps(value)) == value)
for bad in ("{", "[1,]", "nul", '{"a" 1}', '"abc', "01", "[1] x", ""):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as error:
        print(repr(bad), error, error.pos, error.lineno, error.colno)
print(json.loads('[1e3, -0, "\\u00e9\\ud83d\\ude00", NaN, 123456789012345678901234567890]', parse_int=lambda s: s + "i"), json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d)), json.dumps({1: 2, None: 3, True: 4}), json.dumps("\u2028"))


class Encoder(json.JSONEncoder):
    def default(self, o): return sorted(o) if isinstance(o, set) else super().default(o)


print(json.dumps({"s": {3, 1}}, cls=Encoder), list(json.JSONEncoder().iterencode([1, {"a": 2}])))
for wrong in (object, {(1, 2): 3}):
    try:
        print(json.dumps(wrong, allow_nan=False))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
circular = []; circular.append(circular)
try:
    json.dumps(circular)
except ValueError as error:
    print(error)
