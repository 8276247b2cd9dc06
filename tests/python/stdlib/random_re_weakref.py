# random, re, weakref.
import gc
import random
import re
import weakref

r = random.Random(42)
print(r.random(), r.randint(1, 100), r.choice("abc"), r.sample(range(100), 5), r.uniform(1, 2), r.gauss(0, 1), r.randrange(0, 50, 5))
items = list(range(8))
r.shuffle(items)
print(items, r.choices("ab", weights=[1, 9], k=6), r.getrandbits(70), r.betavariate(1, 2), r.expovariate(1), r.triangular(), r.randbytes(4))
state = r.getstate()
first = r.random()
r.setstate(state)
print(first == r.random(), random.Random("seed").random(), random.Random(b"x").random(), random.Random(1.5).random(), r.normalvariate())
print(0 <= random.SystemRandom().random() < 1, 0 <= random.random() < 1)
for action in (lambda: r.choice([]), lambda: r.randrange(5, 5), lambda: r.sample([1], 2), lambda: r.sample({1}, 1)):
    try:
        action()
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__, error)

m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(-(\d\d))?", "2024-05 tail")
print(m, m.groupdict(), m.groups("?"), m.span("month"), m.expand(r"\2/\g<year>"), m.lastgroup, m["year"], m.end())
print(re.findall(r"(\w)(\d)", "a1 b2"), re.split(r"([,;])\s*", "a, b;c"), re.sub(r"(?i)x+", lambda m: f"<{len(m[0])}>", "axXb xxx"), re.subn("a", "b", "aaa", 2))
print([x.start() for x in re.finditer("(?=aa)", "aaaa")], re.fullmatch("a+", "aab"), re.search("^b", "a\nb", re.M), re.escape("a.b*c"))
print(re.compile(r"""
    (?P<int> \d+ )   # digits
    (?! \. )
""", re.X), re.findall(r"(?<=\$)\d+", "$5 6 $7"), re.findall(r"\b\w+?\b", "héllo wörld"), re.findall(r"\w", "é", re.A))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.match(r"(a)|(b)", "b").groups(), re.findall(r"(?s).", "a\n"), re.match(r"(?>a+)b", "aab"))
print(re.findall(r"a*+", "aab"), re.match(rb"\xff", b"\xff"), re.compile("a|b", re.I | re.S).flags, re.match("(.)(?(1)b|c)", "ab"))
for bad in ("(", "[a", "a**", "(?P<1>x)", r"\1", "(?<=a+)b", "x{2,1}", r"(?P<n>a)(?P<n>b)", "*a"):
    try:
        re.compile(bad)
    except re.error as error:
        print(error, error.pos)
scanner = re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\s+", None), (r"\w+", lambda s, t: t)])
print(scanner.scan("12 ab 3!"))


class Thing:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"Thing({self.name})"


a, b = Thing("a"), Thing("b")
ref = weakref.ref(a, lambda reference: print("gone", reference() is None))
proxy = weakref.proxy(b)
values = weakref.WeakValueDictionary(a=a, b=b)
keys = weakref.WeakKeyDictionary({a: 1, b: 2})
both = weakref.WeakSet([a, b])
method = weakref.WeakMethod(a.__repr__)
end = weakref.finalize(a, print, "finalized", "a")
print(ref(), proxy.name, sorted(values), len(keys), len(both), method()(), end.alive, weakref.getweakrefcount(a) > 3)
del a
gc.collect()
print(ref(), sorted(values), list(keys.values()), len(both), method(), end.alive)
try:
    del b
    proxy.name
except ReferenceError as error:
    print(error)
try:
    weakref.ref(5)
except TypeError as error:
    print(error)
