import functools
class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other):
        f.cache_clear()
        return self.n == other.n
@functools.lru_cache(maxsize=2)
def f(x): return x.n
print([f(K(n)) for n in (1, 2, 3, 1, 2)])
p = functools.partial(print, 1)
p.__setstate__((len, ([],), {}, {}))
print(p())
print(functools.reduce(lambda a, b: a + b, [[1], [2], [3]]))
key = functools.cmp_to_key(lambda a, b: items.clear() or (a > b) - (a < b))
items = [3, 1, 2]
try:
    items.sort(key=key)
    print("sorted")
except ValueError as error:
    print(error)
