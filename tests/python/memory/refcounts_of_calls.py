# getrefcount through many forms of calls: what each way of passing an argument holds.
from sys import getrefcount

x = [1]
print(getrefcount(x), getrefcount(*[x]), getrefcount(*(x,)), (lambda: getrefcount(x))())


def positional(a): return getrefcount(a)
def default(a=x): return getrefcount(a)
def star(*a): return getrefcount(a[0])
def keyword(*, a): return getrefcount(a)
def keywords(**k): return getrefcount(k["a"])
def many(a, b, c): return getrefcount(a)
def local(a):
    b = a
    return getrefcount(a)
def rebinds(a):
    b = a
    a = None
    return getrefcount(b)
def cell(a):
    def inner(): return getrefcount(a)
    return inner()
def generator(a): yield getrefcount(a)
def deep(a, n): return getrefcount(a) if n == 0 else deep(a, n - 1)
def deletes(a):
    before = getrefcount(a)
    del a
    return before, getrefcount(x)


print(positional(x), default(), star(x), keyword(a=x), keywords(a=x), many(x, x, x), local(x), rebinds(x), cell(x), next(generator(x)))
del default
print(deep(x, 0), deep(x, 3), deletes(x), positional(*[x]), positional(*(x,)), positional(**{"a": x}), star(*[x, x]), keyword(**{"a": x}))


class C:
    def __init__(self, a=None): self.count = getrefcount(a)
    def method(self, a): return getrefcount(a)
    def me(self): return getrefcount(self)
    @staticmethod
    def static(a): return getrefcount(a)
    @classmethod
    def klass(cls, a): return getrefcount(a)
    def __call__(self, a): return getrefcount(a)
    def __getitem__(self, a): return getrefcount(a)
    def __add__(self, a): return getrefcount(a)
    def __contains__(self, a): return getrefcount(a) == 99
    def __eq__(self, a): return getrefcount(a)
    def __setattr__(self, k, a):
        object.__setattr__(self, k, a)
    @property
    def prop(self): return getrefcount(self)


c = C(x)
bound = c.method
print(c.count, c.method(x), bound(x), C.method(c, x), c.me(), bound.__self__ is c and c.me(), C.static(x), c.klass(x), c(x), c[x], c + x, c == x, c.prop)
print(getrefcount(C()), C().me(), [getrefcount(i) for i in [x, x]], list(map(getrefcount, [x])), max([x], key=lambda a: print("key", getrefcount(a)) or 0) is x)
print(sorted([x, x], key=getrefcount), [f(x) for f in (getrefcount, positional)], list(map(positional, [x])), list(filter(lambda a: print(getrefcount(a)), [x])))
for item in [x]:
    print("loop variable", getrefcount(item))
del item
with_tuple = (x, x)
print(getrefcount(x), getrefcount(with_tuple))
for a, b in [with_tuple]:
    print(getrefcount(a), getrefcount(with_tuple))
del a, b, with_tuple
try:
    raise ValueError(x)
except ValueError as error:
    print(getrefcount(x), getrefcount(error.args), getrefcount(error))
print(getrefcount(x), getrefcount("".join(["a", "b"])), getrefcount([]), getrefcount(1.5 * 2), getrefcount(object()), getrefcount((x,)), getrefcount({}), getrefcount(lambda: 0))
y = x; z = [x, y]; w = {"k": x}; v = (x,); u = {1: z}
print(getrefcount(x), getrefcount(z), z.pop() is x, getrefcount(x), w.pop("k") is x, getrefcount(x), w.setdefault("n", x) is x, w.get("n") is x, getrefcount(x))
del y, z, w, v, u
print(getrefcount(x), getrefcount(C), getrefcount(c), getrefcount(positional))
