# contextvars: values by context, tokens, running code in a context.
import contextvars
import gc
import re

x = contextvars.ContextVar("x", default=1)
y = contextvars.ContextVar("y")


def show(thing): return re.sub("0x[0-9a-f]+", "0x", repr(thing))


def attempt(function, *args):
    try:
        print(show(function(*args)))
    except Exception as error:
        print(type(error).__name__, re.sub("0x[0-9a-f]+", "0x", str(error)))


print(x.get(), x.get(5), y.get("none"), x.name, show(x), show(y), contextvars.ContextVar[int])
attempt(y.get)
t = x.set(2); u = x.set(3)
print(x.get(), t.var is x, t.old_value, u.old_value, show(t), t.old_value is contextvars.Token.MISSING, show(contextvars.Token.MISSING))
attempt(x.reset, 5)
attempt(y.reset, t)
print(x.reset(u), x.get(), x.reset(t), x.get(), show(t))
attempt(x.reset, t)
x.set("outer")
c = contextvars.copy_context()
def inside():
    x.set("inner"); y.set([1])
    return x.get(), c[x], len(c), x in c
print(c.run(inside), x.get(), c[x], c.get(y), y in contextvars.copy_context(), sorted(v.name for v in c), sorted(map(str, c.values())), len(c.copy()), dict(c.items()) == {x: "inner", y: [1]})
attempt(lambda: c.run(lambda: c.run(print)))
attempt(lambda: c["x"])
attempt(lambda: contextvars.Context()[x])
attempt(contextvars.Token)
attempt(lambda: contextvars.Context(1))
attempt(lambda: contextvars.ContextVar(5))
attempt(lambda: contextvars.Context().run())
attempt(lambda: c.run(lambda: 1 / 0))
print(x.get(), c.run(lambda a, *, b: (a, b, x.get()), 1, b=2))
token = contextvars.Context().run(x.set, 9)
attempt(x.reset, token)
attempt(hash, token)
class Cell: pass
cell = Cell(); other = contextvars.Context(); cell.context = other; other.run(y.set, cell); cell.own = contextvars.ContextVar("own", default=cell)
del cell, other
print(gc.collect() > 0)
