# functools and itertools.
import functools
import itertools as it

print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(max, [3], 9))
p = functools.partial(int, base=2)
print(p("101"), p.func is int, p.args, p.keywords, functools.partial(p, "11")())


@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info(), fib.__wrapped__.__name__, fib.cache_clear(), fib.cache_info())


@functools.lru_cache(maxsize=2)
def small(x): return [x]


print(small(1) is small(1), small(2), small(3), small.cache_info())


def decorator(f):
    @functools.wraps(f)
    def wrapper(*a): return f(*a)
    return wrapper


@decorator
def named(x):
    "doc"
    return x


print(named.__name__, named.__doc__, named(5))


@functools.total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n


print(V(1) <= V(2), V(3) > V(2), V(1) >= V(2), sorted([3, 1], key=functools.cmp_to_key(lambda a, b: a - b)))


@functools.singledispatch
def kind(x): return "other"


@kind.register(int)
def _(x): return "int"


@kind.register
def _(x: list): return "list"


class Lazy:
    @functools.cached_property
    def value(self): print("computed"); return 5


lazy = Lazy()
print(kind(5), kind([]), kind(""), kind(True), lazy.value, lazy.value, vars(lazy))
print(list(it.chain("ab", [1])), list(it.chain.from_iterable(["ab", "c"])), list(it.islice(it.count(5, 2), 3)), list(it.islice("abcdef", 1, None, 2)), list(it.repeat(7, 2)), list(it.islice(it.cycle("ab"), 5)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(it.compress("abc", [1, 0, 1])), list(it.dropwhile(lambda x: x < 3, [1, 3, 1])), list(it.takewhile(lambda x: x < 3, [1, 3, 1])), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.pairwise("abc")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", "x", fillvalue="-")))
print(list(it.product("ab", repeat=2)), list(it.permutations("abc", 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), len(list(it.permutations(range(5)))))
print([(k, list(g)) for k, g in it.groupby("aabbba")], [(k, len(list(g))) for k, g in it.groupby(range(10), lambda x: x // 4)])
a, b = it.tee(iter(range(3)))
print(list(a), list(b), next(it.count()), list(it.islice(it.count(1.5, 0.5), 2)), repr(it.count(3)), repr(it.repeat(1, 2)))
for bad in (lambda: functools.reduce(max, []), lambda: functools.partial(), lambda: list(it.islice([1], -1)), lambda: it.product(5), lambda: it.count("a"), lambda: list(it.chain(5)), lambda: it.combinations("ab", -1), lambda: list(it.starmap(pow, [5])), lambda: functools.partial(5)):
    try:
        print(bad())
    except Exception as error:
        print(type(error).__name__, error)
