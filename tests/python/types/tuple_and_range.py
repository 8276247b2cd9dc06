# Tuples, ranges and their methods.
t = (1, 2, 3, 2)
print(t.count(2), t.index(2), t.index(2, 2), t + (4,), t * 2, t[1:], t[::-1], 3 in t, len(t), (1,) < (1, 2), (2,) > (1, 9), () == (), hash(t) == hash((1, 2, 3, 2)))
print(tuple(), tuple("ab"), tuple([1]), tuple(x for x in "q"), (1,), ((),), ((1, 2), (3,)), () is (), tuple(t) is t, t[:] is t, (1, "a", None, 2.5))
a, b, *c = t
(d, e), f = (1, 2), 3
print(a, b, c, d, e, f, max(t), min(t), sum(t), sorted(t, reverse=True), list(reversed(t)), (1, [2]) == (1, [2]), tuple({1: 2}))
print(hash(()) == hash(tuple()), hash((1, 2)) == hash((1.0, 2.0)), hash((1, (2, 3))) != hash((1, 2, 3)), {(1, 2): "x"}[1, 2], hash((1, 2, 3)), hash((0, -1)), hash(()))
for bad in ("t[9]", "t[0] = 1", "t + [1]", "t * 1.5", "t.index(9)", "t['a']", "tuple(5)", "tuple(1, 2)", "(1, 2) < 3", "hash(([],))", "t.append(1)", "del t[0]", "(1, 'a') < (1, 2)", "tuple(x=1)", "t.count()", "range()", "range(1.5)", "range('a')", "range(1, 2, 0)", "range(1, 2, 3, 4)", "range(5)[5]", "range(5)[0] = 1", "range(5).index(9)", "range(5) + range(2)", "range(5).start = 1", "len(range(10**30))", "range(3) < range(4)", "range(3)['a']", "iter(range(3))[0]"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
for r in (range(5), range(2, 8), range(0, 10, 3), range(5, 0, -2), range(0), range(3, 1), range(-3, 3), range(10**20, 10**20 + 3), range(True, 4)):
    print(r, list(r), len(r), bool(r), r[::-1], list(reversed(r)), r.start, r.stop, r.step, 3 in r, 2.0 in r, "a" in r, r.count(3), r[1:3])
print(range(0, 3, 2) == range(0, 4, 2), range(0) == range(2, 1), hash(range(3)) == hash(range(0, 3, 1)), range(5)[-1], range(10)[2:8:2], range(10)[::-3], range(10**30)[10**29], range(5).index(3))
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), list(it), sum(range(101)), max(range(5)), 10**25 in range(0, 10**30, 10**25), range(1, 10, 4)[-1], min(range(5, 0, -1)))


class Pair(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    @property
    def first(self): return self[0]


p = Pair(1, 2)
p.note = "x"
print(p, p.first, p == (1, 2), type(p + ()).__name__, type(p[:]).__name__, hash(p) == hash((1, 2)), isinstance(p, tuple), p.note, p.__getnewargs__())
nested = ([], 1)
nested[0].append(nested)
print(nested, tuple[int, ...], tuple.__class_getitem__(str), (1, 2).__contains__(2), (1,).__mul__(2), (3, 1).__lt__((3, 2)), ().__len__())
total = 0
for i in range(10, -10, -3):
    for j in range(i):
        total += i * j
print(total, [i for i in range(3) for _ in range(i)], list(zip(range(3), range(5, 8))), list(enumerate(range(5, 7), 1)), sum(i for i in range(1000) if i % 3 == 0))
