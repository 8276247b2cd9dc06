# match: every kind of pattern.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y): self.x, self.y = x, y


class Color:
    RED = "red"


def match_one(value):
    match value:
        case None | True | False:
            return "singleton"
        case 0 | 1:
            return "bit"
        case -1.5 | 2 + 3j:
            return "number"
        case "hello":
            return "greeting"
        case Color.RED:
            return "constant"
        case str(text) if len(text) > 5:
            return f"long text {text}"
        case str():
            return "text"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [1, *rest]:
            return f"one and {rest}"
        case [*_, "end"]:
            return "ends"
        case (a, (b, c)):
            return f"nested {a} {b} {c}"
        case {"type": "circle", "r": r}:
            return f"circle {r}"
        case {"type": kind, **others}:
            return f"{kind} with {others}"
        case {}:
            return "mapping"
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(x=y, y=0):
            return f"on an axis at {y}"
        case Point(x, y) as p if x == y:
            return f"diagonal {p.x}"
        case Point():
            return "point"
        case int(n) | float(n):
            return f"number {n}"
        case _:
            return "something else"


for value in (None, True, 0, 1, -1.5, 2 + 3j, "hello", "red", "a long text", "short", [], (), [5], [1, 2, 3], (3, "end"),
              [4, [5, 6]], [1], {"type": "circle", "r": 2, "z": 0}, {"type": "box", "w": 1}, {"x": 1}, {}, Point(0, 0),
              Point(0, 3), Point(4, 0), Point(5, 5), Point(1, 2), 42, 4.5, {1, 2}, b"xy", range(2), bytearray(b"a")):
    shown = value if not isinstance(value, Point) else ("Point", value.x, value.y)
    print(shown, "->", match_one(value))
match 5, 6:
    case x, y:
        print(x, y)
match = case = "soft keywords"
print(match, case)
match (case):
    case "soft keywords" as bound:
        print("bound", bound)
for bad in ("match 1:\n case int(1, 2): pass", "match 1:\n case Point(1): pass", "match Point(1, 2):\n case Point(1, 2, 3): pass",
            "match Point(1, 2):\n case Point(1, x=1): pass", "match 1:\n case match(): pass"):
    try:
        exec(bad)
        print("no error")
    except TypeError as error:
        print(error)
