# re, json, string, textwrap, copy, enum: the pure-Python library at work.
import copy
import enum
import json
import re
import string
import textwrap

print(re.findall(r"(\w+)=(\d+)", "a=1, bb=22"), re.sub(r"\s+", " ", "a  b\n c"), re.split(r"[,;]", "a,b;c"), re.match(r"(?P<x>\d+)", "12ab").group("x"), re.search("z", "abc"), re.compile("a+").fullmatch("aaa").span())
print(json.dumps({"a": [1, 2.5, None, True, "é\n"]}), json.loads('{"k": [1, {"x": "\\u00e9"}], "n": -1.5e3}'), json.dumps([1, {"b": 2}], indent=1, sort_keys=True))
print(string.ascii_lowercase, string.Template("$a ${b}").substitute(a=1, b=2), string.capwords("a bc"))
print(textwrap.fill("some words that go on and on until the line is full", 20), textwrap.dedent("  a\n   b\n"), textwrap.indent("x\ny", "> "))
deep = [1, [2, {"k": [3]}]]
deep.append(deep)
twin = copy.deepcopy(deep)
print(twin[2] is twin, twin[1] is not deep[1], copy.copy(deep)[1] is deep[1])


class Color(enum.Enum):
    RED = 1
    BLUE = "b"
    CRIMSON = 1


class Flags(enum.Flag):
    A = enum.auto()
    B = enum.auto()


print(Color.RED, repr(Color.BLUE), Color(1), Color["BLUE"], list(Color), Color.CRIMSON is Color.RED, Color.RED.name, Flags.A | Flags.B, enum.IntEnum("N", "X Y").Y + 1)
