# itertools, functools and operator together.
from functools import cache, cached_property, cmp_to_key, lru_cache, partial, partialmethod, reduce, singledispatch, singledispatchmethod, total_ordering, wraps
from itertools import accumulate, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile, filterfalse, groupby, islice, pairwise, permutations, product, repeat, starmap, takewhile, tee, zip_longest
from operator import add, attrgetter, itemgetter, methodcaller, mul, neg

print(list(accumulate([1, 2, 3, 4], mul)), list(accumulate([1, 2], initial=10)), list(chain([1], "ab")), list(chain.from_iterable(["ab", "c"])))
print(list(combinations("abc", 2)), list(permutations([1, 2, 3], 2))[:3], list(product("ab", repeat=2)), list(combinations_with_replacement("ab", 2)))
print(list(compress("abcd", [1, 0, 1])), list(islice(count(5, 3), 4)), list(islice(cycle("xy"), 5)), list(dropwhile(lambda x: x < 3, [1, 4, 2])), list(takewhile(lambda x: x < 3, [1, 4, 2])), list(filterfalse(None, [0, 1, "", 2])))
rows = [("a", 1), ("a", 2), ("b", 3)]
print([(k, [v for _, v in g]) for k, g in groupby(rows, itemgetter(0))], list(pairwise("abc")), list(repeat(7, 2)), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest("ab", "c", fillvalue="-")))
a, b = tee(iter(range(4)))
print(next(a), list(b), list(a), reduce(add, [1, 2, 3]), reduce(add, [], "none"), partial(int, base=2)("101"), list(map(neg, [1, -2])))


@lru_cache(maxsize=2)
def square(x): return x * x


print([square(x) for x in (1, 2, 1, 3, 1)], square.cache_info(), square.__wrapped__(9), square.cache_clear(), square.cache_info())


@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_parameters())


@total_ordering
class Version:
    def __init__(self, *parts): self.parts = parts
    def __eq__(self, other): return self.parts == other.parts
    def __lt__(self, other): return self.parts < other.parts
    def __repr__(self): return ".".join(map(str, self.parts))
    @cached_property
    def major(self): print("computed"); return self.parts[0]
    def show(self, style): return f"{style}{self}"
    bold = partialmethod(show, "*")


v = Version(1, 2)
print(v >= Version(1, 1), v > Version(2), max(v, Version(1, 10)), sorted([Version(2), v]), v.major, v.major, v.bold(), attrgetter("major", "parts")(v), methodcaller("show", "_")(v))
print(sorted([3, 1, 2], key=cmp_to_key(lambda x, y: y - x)))


@singledispatch
def describe(x): return "something"
@describe.register
def _(x: int): return "int"
@describe.register(list)
@describe.register(tuple)
def _(x): return "sequence of " + ", ".join(map(describe, x))


print(describe(1), describe("a"), describe([1, "a"]), describe((True,)), describe.dispatch(bool) is describe.dispatch(int), sorted(t.__name__ for t in describe.registry))


class Shower:
    @singledispatchmethod
    def show(self, x): return "?"
    @show.register
    def _(self, x: str): return "str " + x


print(Shower().show(1), Shower().show("a"))


def logged(function):
    @wraps(function)
    def inner(*args): print("call", function.__name__, args); return function(*args)
    return inner


@logged
def add_up(a, b):
    "adds"
    return a + b


print(add_up(1, 2), add_up.__name__, add_up.__doc__, add_up.__wrapped__(3, 4))
