# Slicing of sequences, slice objects, extended assignment, starred expressions.
s = "abcdefgh"
l = list(range(8))
for piece in (slice(None), slice(2), slice(2, 5), slice(-3, None), slice(None, None, 2), slice(None, None, -1), slice(5, 2, -1),
              slice(-100, 100), slice(100, 200), slice(6, 1, -2), slice(None, -9, -1), slice(3, 3), slice(True, None)):
    print(piece, s[piece], l[piece], tuple(l)[piece], range(8)[piece], piece.indices(8))
print(s[1:][:2], s[-1], s[-8], l[1:-1], l[::3])
l[2:4] = ["x"]
print(l)
l[1:1] = [10, 11, 12]
print(l)
l[::2] = [0] * len(l[::2])
print(l)
l[5:2] = ["at five"]
print(l)
del l[::2], l[-1]
print(l)
l[:] = l
l[len(l):] = [99]
print(l)
for bad in ("l[::2] = [1]", "l[::0]", "l['a']", "l[1.5]", "l[100]", "l[100] = 1", "l[0:1] = 5", "s['a']", "s[10]", "s[0] = 'x'",
            "(1,)[5]", "l[:'a']", "range(3)[5]", "b'abc'[10]", "l[10**30]", "{}[1:2]", "slice()", "l.__getitem__()"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Index:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n


print(s[Index(1):Index(4)], s[Index(-1)], l[Index(0)])


class Keys:
    def __getitem__(self, key): return key


k = Keys()
print(k[1:2:3], k[:, 1], k[...], k[*"ab"], k[*(), 1], k[()], k[1:2, ::3])
print([*"ab", *range(2)], (*"a",), {*"a"}, [*{}.items()], {**{"x": 1}, **{"x": 2}})
a, b, *c = *"xyz", 1
print(a, b, c)


def returned(): return *"ab", 3


def yielded(): yield *"ab", 4


print(returned(), next(yielded()))
for first, *others in ((1, 2, 3), "z"):
    print(first, others)
print(slice(1, 2) == slice(1, 2, None), slice(1, 2) < slice(1, 3), slice(4).stop, slice(1, 2, 3).step)
try:
    hash(slice(1))
except TypeError as error:
    print(error)
[x] = [5]
(y,) = [6]
[z, [w]] = 1, [2]
print(x, y, z, w)
