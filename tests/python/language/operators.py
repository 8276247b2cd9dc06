# Operator methods: forward, reflected, in place, comparison, containers, and NotImplemented.
class Num:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"Num({self.n})"


def define(name, symbol):
    def forward(self, other):
        if not isinstance(other, (Num, int)):
            return NotImplemented
        return f"{self} {symbol} {other}"

    def reflected(self, other):
        return f"r {other} {symbol} {self}"

    setattr(Num, f"__{name}__", forward)
    setattr(Num, f"__r{name}__", reflected)


binary = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
          "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>"}
for name, symbol in binary.items():
    define(name, symbol)
a, b = Num(1), Num(2)
for symbol in binary.values():
    print(eval(f"a {symbol} b"), "|", eval(f"a {symbol} 3"), "|", eval(f"4 {symbol} a"), end=" | ")
    try:
        print(eval(f"a {symbol} 's'"))
    except TypeError as error:
        print(error)
print(divmod(7, 2), pow(2, 5, 7), -(-3), +4, ~5, 2 ** -1, 2 ** 3 ** 2, -2 ** 2, 7 // -2, 7 % -2, -7 // 2, -7 % 3)


class Sub(Num):
    def __radd__(self, other): return f"sub first {other}"


print(a + Sub(5), Sub(5) + a)


class InPlace:
    def __init__(self): self.log = []
    def __iadd__(self, other): self.log.append(other); return self


i = j = InPlace()
i += 1
i += "x"
print(i is j, i.log)


class Ordered:
    def __init__(self, k): self.k = k
    def __eq__(self, o): return isinstance(o, Ordered) and self.k == o.k
    def __lt__(self, o): return self.k < o.k if isinstance(o, Ordered) else NotImplemented
    def __hash__(self): return hash(self.k)


x, y = Ordered(1), Ordered(2)
print(x < y, x > y, x == Ordered(1), x != y, x in [Ordered(1)], {x: 1}[Ordered(1)], sorted([y, x])[0] is x)
for bad in ("x <= y", "x < 5", "x + y", "-x", "abs(x)", "x[0]", "len(x)", "iter(x)", "5 in x", "x @ y", "~x", "hash([])",
            "[] < 5", "{} < {}", "1 < 'a'", "None < None", "1j < 2j", "x()", "int(x)", "float(x)", "x % 1", "divmod(x, 1)",
            "'a' + 1", "1 + 'a'", "[1] + (2,)", "'a' * 'b'", "[] * 1.5", "b'a' + 'a'", "2 ** 'a'", "pow(2, 'a', 1)", "x ** y"):
    try:
        print(bad, eval(bad))
    except TypeError as error:
        print(bad, "->", error)


class Box:
    def __init__(self): self.d = {}
    def __getitem__(self, k): return ("get", k)
    def __setitem__(self, k, v): print("set", k, v)
    def __delitem__(self, k): print("del", k)
    def __contains__(self, k): return k == "in"
    def __len__(self): return 3
    def __index__(self): return 1
    def __call__(self, *a): return a
    def __reversed__(self): return "reversed"
    def __missing__(self, k): return k


box = Box()
print(box[1], box[1:2], box[::3], box[..., 1], box[1:2, 3], "in" in box, len(box), "abc"[box], box(1, 2), reversed(box))
box[0] = 1
del box["k"]
box[1] += ("x",)
