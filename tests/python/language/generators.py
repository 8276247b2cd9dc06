# Generators: next, send, throw, close, yield from, return values.
def simple(n):
    print("starts")
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
    return "result"


g = simple(3)
print(next(g), g.send("hello"), next(g))
try:
    next(g)
except StopIteration as stop:
    print("stopped with", stop.value)
print(list(g), next(g, "default"))
try:
    simple(1).send(1)
except TypeError as error:
    print(error)


def careful():
    try:
        while True:
            try:
                yield "ready"
            except ValueError as error:
                yield "caught " + str(error)
    finally:
        print("cleaned up")


g = careful()
print(next(g), g.throw(ValueError("v")), next(g))
g.close()
g.close()
try:
    careful().throw(KeyError("early"))
except KeyError as error:
    print("early", error)


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as error:
    print(error)


def outer():
    result = yield from inner()
    print("inner gave", result)
    yield from "xy"
    return (yield from [])


def inner():
    try:
        received = yield "a"
        print("received", received)
    except KeyError:
        print("inner saw it")
        yield "b"
    return 99


g = outer()
print(next(g), g.throw(KeyError("k")), list(g))
g = outer()
print(next(g), g.send("s"), list(g))


def raises_stop():
    yield 1
    raise StopIteration("inside")


try:
    list(raises_stop())
except RuntimeError as error:
    print(error, repr(error.__cause__))


def self_running():
    yield from me


me = self_running()
try:
    next(me)
except ValueError as error:
    print(error)
squares = (x * x for x in range(5) if x % 2)
print(type(squares).__name__, squares.gi_running, list(squares), squares.gi_frame)
print(sum(x * y for x in range(3) for y in range(x)), simple.__name__, g.__name__)


def walk(tree):
    if tree:
        left, value, right = tree
        yield from walk(left)
        yield value
        yield from walk(right)


print(list(walk(((None, 1, None), 2, ((None, 3, None), 4, None)))))


# Keyword values spread from a dict into a generator function are released with the call.
def with_keyword(*, value):
    yield value


class Kept:
    def __del__(self):
        print("gone")


kept = {"value": Kept()}
made = with_keyword(**kept)
kept.clear()
print(type(next(made)).__name__)
made.close()
del made
