import itertools
class It:
    def __iter__(self): return self
    def __next__(self):
        log.append(1)
        if len(log) > 4: raise StopIteration
        next(outer, None) if len(log) == 2 else None
        return len(log)
log = []
outer = itertools.chain(It(), It())
print(list(outer))
log = []
outer = itertools.islice(It(), 10)
print(list(outer))
a, b = itertools.tee(iter(range(5)))
print(next(a), list(b), list(a))
c = itertools.cycle([1, 2])
print([next(c) for _ in range(5)])
g = itertools.groupby([1, 1, 2, 2], lambda x: x)
k, first = next(g)
k2, second = next(g)
print(list(first), list(second))
def key(x):
    next(h, None)
    return x
h = itertools.groupby([1, 2, 3, 4], key)
try:
    print([k for k, _ in h])
except (ValueError, RuntimeError) as error:
    print(type(error).__name__)
