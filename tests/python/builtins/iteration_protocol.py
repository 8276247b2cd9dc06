# Iterators of every kind, user-defined ones, the old sequence protocol, and their errors.
class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration("done")
        self.n -= 1
        return self.n


class Old:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


class Reversible:
    def __len__(self): return 3
    def __getitem__(self, i): return "abc"[i]


class Hint:
    def __iter__(self): return iter("xy")
    def __length_hint__(self): return 100


class BadIter:
    def __iter__(self): return 5


class NoneIter:
    __iter__ = None
    def __getitem__(self, i): return i


class Raises:
    def __iter__(self): raise ValueError("no iter")


class NextRaises:
    def __iter__(self): return self
    def __next__(self): raise KeyError("in next")


print(list(Count(3)), tuple(Old()), list(reversed(Reversible())), list(Hint()), 20 in Old(), 5 in Count(3), sum(Count(4)), max(Old()), "".join(Reversible()), sorted(Count(3)), [*Count(2)], {**dict(enumerate(Old()))})
a, b, c = Old(); print(a, b, c); first, *rest = Count(4); print(first, rest)
for bad in (BadIter(), NoneIter(), Raises(), NextRaises(), 5, None):
    for use in (list, lambda x: [*x], lambda x: 1 in x, lambda x: [y for y in x], lambda x: dict(x), sum, lambda x: print(*x), lambda x: next(iter(x))):
        try:
            use(bad)
            print("fine")
        except Exception as error:
            print(type(bad).__name__, type(error).__name__, error)
for thing in ([], (), "", b"", {}, set(), range(0), {}.keys(), {}.values(), {}.items(), enumerate([]), zip(), map(len, []), filter(None, []), reversed([]), iter(int, 1), bytearray(), memoryview(b""), (i for i in ()), reversed({}), reversed(range(0))):
    print(type(thing).__name__, type(iter(thing)).__name__, iter(iter(thing)) is not None, hasattr(iter(thing), "__length_hint__"))
it = iter([1, 2, 3])
for x in it:
    print(x, next(it, "none"))
e = enumerate("abc"); print(next(e), list(e), list(e))
z = zip(it := iter(range(6)), it, it); print(list(z))
m = map(print, "ab"); print(m.__class__.__name__); next(m)
print(list(zip()), list(zip("a")), list(map(max, [1, 5], [3, 2])), [list(p) for p in zip(*[[1, 2], [3, 4]])])


def gen():
    x = yield 1
    while x:
        x = yield x


g = gen(); print(next(g), g.send(5), g.send(6), list(g))
print(list(iter(iter([1, 2]))), next(iter({5: 6})), next(iter("z")), [i for i in {1: 2}.items()], list(dict.fromkeys("aab")))
print(all(x < 3 for x in Count(3)), any(x == 1 for x in Count(3)), list(filter(lambda x: x % 2, Count(6))), dict(zip("ab", Count(2))), set(Count(3)) == {0, 1, 2}, min(Count(3), key=lambda x: -x))
