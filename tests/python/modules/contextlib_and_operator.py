# contextlib and operator.
import contextlib
import io
import operator as op


@contextlib.contextmanager
def managed(name):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as error:
        print("handled", error)
    finally:
        print("exit", name)


with managed("a") as a:
    print(a)
with managed("b"):
    raise ValueError("v")
try:
    with managed("c"):
        raise KeyError("k")
except KeyError as error:
    print("passed on", error)
with contextlib.suppress(ZeroDivisionError):
    1 / 0
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()))
with contextlib.ExitStack() as stack:
    print(stack.enter_context(managed("x")), stack.enter_context(managed("y")))
    stack.callback(print, "callback")


class Closes:
    def close(self): print("closed")


with contextlib.closing(Closes()), contextlib.nullcontext(5) as five:
    print(five)


@managed("decorator")
def function(): print("in function")


function(); function()
print(op.add(1, 2), op.itemgetter(1)("ab"), op.itemgetter(0, 2)("abc"), op.attrgetter("real")(5), op.attrgetter("a.b", "a")(type("T", (), {"a": type("U", (), {"b": 1})}))[0], op.methodcaller("upper")("x"), op.contains([1], 1), op.not_(0), op.truth([]), op.index(True), op.concat([1], [2]), op.countOf([1, 1], 1), op.indexOf([5, 6], 6), op.length_hint([1, 2]), op.iadd([1], [2]), op.is_(None, None), op.mod(7, 3), op.pow(2, 3), op.lt(1, 2), op.neg(5), op.invert(5), op.getitem({"k": 1}, "k"))
d = {}; op.setitem(d, "a", 1); print(d); op.delitem(d, "a"); print(d, sorted([(2, "a"), (1, "b")], key=op.itemgetter(1)))
