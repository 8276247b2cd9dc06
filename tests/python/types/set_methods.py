# Sets and frozensets. Elements are small ints, whose order is the same everywhere.
s = {3, 1, 2}
s.add(2); s.add(5); s.discard(9); s.discard(1); s.remove(2)
print(s, len(s), 3 in s, s.pop() in (3, 5), len(s), set(), frozenset(), frozenset([1]), set("a"), {*()}, bool(set()))
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a & b, a | b, a - b, a ^ b, a.union([7], (8,)), a.intersection(b, [4]), a.difference([1], [2]), a.symmetric_difference([1, 9]))
print(a <= b, {3} < b, b >= {3, 4}, a == {4, 3, 2, 1}, a != b, a.isdisjoint({9}), {1}.issubset([1, 2]), a.issuperset([1]), {1} < {1}, set() <= set())
c = a.copy()
c |= {10}; c &= {1, 2, 10}; c -= {1}; c ^= {2, 3}
print(c, c is a, c.update([4], {5}), c, c.intersection_update([4, 5, 6]), c, c.difference_update([4]), c, c.symmetric_difference_update([5, 6]), c, c.clear(), c)
f = frozenset([1, 2])
print(f | {3}, type(f | {3}).__name__, type({3} | f).__name__, f == {1, 2}, hash(f) == hash(frozenset([2, 1])), {f: "key"}[frozenset((1, 2))], f.copy() is f, frozenset(f) is f, {frozenset()}, f in {f})
for bad in ("{1}.remove(2)", "set().pop()", "{[]}", "{1} + {2}", "{1} | [2]", "{1} < [1]", "set(5)", "hash(set())", "{{1}}", "{1}[0]", "f.add(1)", "set().add()", "frozenset(1, 2)", "{1}.union(5)", "set.add(1, 2)", "{1} & 'a'", "set(a=1)", "{}.add(1)", "[] in {1}"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print({1} in [{1}], set() in [set()], {1, 2} & frozenset([1]), sorted({"b", "a"}), sorted(set("hello")), len({0, 0.0, False}), {1, True, 1.0}, max({1, 9}), sum({1, 2}))
for change in ("s.add(99)", "s.discard(0)", "s.clear()"):
    s = {0, 1, 2}
    try:
        for x in s:
            exec(change)
        print("no error", s)
    except RuntimeError as error:
        print(change, error)


class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 7
    def __eq__(self, o): return isinstance(o, Key) and self.n == o.n
    def __repr__(self): return f"K{self.n}"


k = {Key(1), Key(2), Key(1)}
print(len(k), Key(2) in k, Key(3) in k, k == {Key(2), Key(1)}, len(k | {Key(3)}), len(k & {Key(1)}))


class MySet(set):
    def __init__(self, *args): super().__init__(*args); self.tag = "t"


m = MySet([1, 2])
print(m, type(m | {1}).__name__, m.tag, type(m.copy()).__name__, m == {1, 2}, MySet(), repr(frozenset({1})), {1, 2}.__contains__(1))
big = set(range(1000)) - set(range(0, 1000, 2))
print(len(big), sum(big), big & set(range(5)), list(big)[:3], big > {1, 3}, {x % 7 for x in big})
it = iter({1, 2, 3})
print(it.__length_hint__(), next(it), list(it), set.__hash__, type({1}.__iter__()).__name__, set[int])
s = set()
s.add(frozenset({1}))
print({1} in s, s.discard({1}), s)
