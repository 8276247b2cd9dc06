# Every kind of parameter and argument, and the errors of calls that do not fit.
def plain(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())


print(plain(1, c=3))
print(plain(1, 5, 6, 7, c=8, e=9, f=10))
print(plain(*[1, 2], *(3,), c=4, **{"x": 1}, **{"y": 2}))
print(plain(a=1, c=2, **dict(b=3)))


def positional(a, b=1, /, c=2, *, d):
    return a, b, c, d


print(positional(0, d=1), positional(0, 9, 8, d=7), positional(0, c=5, d=6))


def anything(*args, **kwargs):
    return args, kwargs


print(anything(), anything(1, k=2), anything(*"ab", **{"not an identifier": 1}))


def no(): pass
def one(a): pass
def two(a, b): pass
def keyword(*, key): pass
def keywords(*, k1, k2, k3): pass
def defaults(a, b=1): pass


calls = [
    "no(1)", "no(x=1)", "one()", "one(1, 2)", "two()", "two(1)", "two(1, 2, 3)", "two(1, a=2)", "two(1, c=2)",
    "keyword()", "keyword(1)", "keywords()", "keywords(k1=1)", "defaults()", "defaults(1, 2, 3)",
    "positional(a=1, d=2)", "positional(1, 2, 3, 4, d=5)", "positional(1)", "one(*3)", "one(**3)",
    "one(**{1: 2})", "two(1, **{'a': 1})", "two(b=1, **{'b': 1})", "one(*[1], **{'a': 1})",
    "keyword(1, key=2)", "plain()", "5()", "'x'(1)", "no.missing()",
]
for call in calls:
    try:
        eval(call)
        print(call, "is fine")
    except Exception as error:
        print(call, "->", type(error).__name__, error)


class Meeting:
    def method(self, a): pass

    def no_self(): pass


for call in ("Meeting().method()", "Meeting().method(1, 2)", "Meeting.method(1)", "Meeting().no_self()", "Meeting(1)"):
    try:
        eval(call)
        print(call, "is fine")
    except TypeError as error:
        print(call, "->", error)


def order(*args, **kwargs):
    print(args, kwargs)


def say(x):
    print("say", x)
    return x


order(say(1), *[say(2)], k=say(3), *[say(4)], **{"l": say(5)})


def shared(item, into=[]):
    into.append(item)
    return into


print(shared(1), shared(2), shared.__defaults__)
print(plain.__kwdefaults__, plain.__defaults__, positional.__code__.co_posonlyargcount)
