# functools, itertools, heapq, bisect, operator.
import bisect
import functools
import heapq
import itertools
import operator


@functools.lru_cache(maxsize=3)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(20), fib.cache_info(), fib.cache_parameters())
fib.cache_clear()
print(functools.reduce(operator.mul, range(1, 6)), functools.partial(int, base=2)("101"))


@functools.singledispatch
def show(value):
    return "object"


@show.register
def _(value: int):
    return "int"


@show.register(list)
def _(value):
    return "list"


print(show(1), show([]), show("x"), show(True), sorted(k.__name__ for k in show.registry))


@functools.total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    @functools.cached_property
    def slow(self):
        print("computed")
        return self.n * 2

    @functools.singledispatchmethod
    def take(self, x):
        return "any"

    @take.register
    def _(self, x: str):
        return "text"


v = V(2)
print(v >= V(1), v <= V(1), v.slow, v.slow, v.take(1), v.take(""))


def wrapped(f):
    @functools.wraps(f)
    def inner(*args):
        """inner"""
        return f(*args)
    return inner


print(wrapped(fib).__name__, wrapped(fib).__wrapped__ is fib, sorted("bca", key=functools.cmp_to_key(lambda a, b: (a < b) - (a > b))))

take = lambda it, n=6: list(itertools.islice(it, n))
print(take(itertools.count(2, 3)), take(itertools.cycle("ab")), list(itertools.accumulate([1, 2, 3], operator.mul, initial=10)))
print(list(itertools.chain([1], "a")), list(itertools.compress("abc", [1, 0, 1])), list(itertools.groupby("aab")) != [])
print([(k, list(g)) for k, g in itertools.groupby([1, 1, 2], str)], list(itertools.pairwise("abc")))
print(list(itertools.permutations("abc", 2))[:3], list(itertools.combinations_with_replacement("ab", 2)), list(itertools.product([1, 2], "x")))
print(list(itertools.starmap(pow, [(2, 3)])), list(itertools.takewhile(bool, [1, 0, 1])), list(itertools.zip_longest("a", "bc", fillvalue="-")))
a, b = itertools.tee([1, 2])
print(next(a), list(b), list(a), list(itertools.filterfalse(None, [0, 1])), list(itertools.dropwhile(bool, [1, 0, 1])))

heap = [5, 2, 8, 1]
heapq.heapify(heap)
heapq.heappush(heap, 0)
print(heap, heapq.heappop(heap), heapq.nlargest(2, heap), heapq.nsmallest(2, "dbca", key=ord), list(heapq.merge([1, 4], [2, 3])))
print(heapq.heappushpop(heap, 3), heapq.heapreplace(heap, 9), bisect.bisect([1, 3, 3, 5], 3), bisect.bisect_left([1, 3, 3], 3))
rows = [("b", 2), ("a", 3)]
print(sorted(rows, key=operator.itemgetter(1)), operator.attrgetter("__class__.__name__")(1), operator.methodcaller("upper")("x"))
print(sorted(rows, key=operator.itemgetter(1, 0)), operator.concat("a", "b"), operator.indexOf([1, 2], 2), operator.length_hint([1]))
