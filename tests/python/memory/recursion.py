# timing: collections
# Depth: RecursionError where Python recurses, and no limit where it should not.
import sys


def down(): return down()


def attempt(name, action):
    try:
        action()
        print(name, "fine")
    except RecursionError as error:
        print(name, "->", type(error).__name__, str(error).split(" while")[0].split(" in")[0])


attempt("function", down)


class Deep:
    def __repr__(self): return repr(self)
    def __getattr__(self, name): return getattr(self, name + "x")
    def __eq__(self, other): return self == other
    def __len__(self): return len(self)
    def __call__(self): return self()
    def __hash__(self): return hash(self)
    def __str__(self): return str(self)
    def __add__(self, other): return self + other
    def __getitem__(self, i): return self[i]
    def __iter__(self): return iter(self)
    def __bool__(self): return bool(self)


deep = Deep()
for name, action in {"repr": lambda: repr(deep), "getattr": lambda: deep.x, "eq": lambda: deep == 1, "len": lambda: len(deep), "call": deep, "hash": lambda: hash(deep), "str": lambda: str(deep), "add": lambda: deep + 1, "item": lambda: deep[0], "iter": lambda: iter(deep), "bool": lambda: not deep}.items():
    attempt(name, action)
nested = []
for _ in range(100000):
    nested = [nested]
attempt("repr of nested", lambda: repr(nested))
attempt("== of nested", lambda: nested == [nested])
del nested
d = {}
for _ in range(100000):
    d = {"d": d}
attempt("repr of dicts", lambda: repr(d))
d = None
g = iter([1])
for _ in range(50000):
    g = map(lambda x: x, g)
del g
f = lambda: 0
for _ in range(50000):
    f = (lambda f: lambda: f)(f)
del f
print(sys.getrecursionlimit())
sys.setrecursionlimit(200)


def depth(n=0):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


print(150 < depth() < 200, depth() == depth())
sys.setrecursionlimit(5000)
print(4900 < depth() < 5000)
for bad in (0, -1, "a"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as error:
        print(error)
sys.setrecursionlimit(1000)


def mutual_a(n): return n if n == 0 else mutual_b(n - 1)
def mutual_b(n): return n if n == 0 else mutual_a(n - 1)


print(mutual_a(900))
attempt("mutual", lambda: mutual_a(2000))


def generator(n):
    if n:
        yield from generator(n - 1)
    yield n


print(sum(generator(300)))
attempt("generators", lambda: sum(generator(3000)))
attempt("parser", lambda: compile("(" * 150 + ")" * 150, "p", "eval"))
attempt("isinstance", lambda: isinstance(1, eval("(" * 60 + "int" + ",)" * 60)))
