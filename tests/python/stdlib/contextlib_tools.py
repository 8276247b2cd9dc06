# contextlib: managers from generators, stacks, suppression, redirection.
import contextlib
import io
import sys


@contextlib.contextmanager
def shown(name):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as error:
        print("handled", error)
    finally:
        print("leave", name)


with shown("a") as value:
    print(value)
with shown("b"):
    raise ValueError("inside")
try:
    with shown("c"):
        raise KeyError("through")
except KeyError as error:
    print("out", error)


@shown("decorator")
def work():
    print("working")


work()
work()
with contextlib.ExitStack() as stack:
    names = [stack.enter_context(shown(name)) for name in "xyz"]
    stack.callback(print, "callback", end="!\n")
    stack.push(lambda *details: print("pushed", details[0]))
    print(names)
with contextlib.ExitStack() as stack:
    stack.enter_context(shown("kept"))
    kept = stack.pop_all()
kept.close()
with contextlib.suppress(ZeroDivisionError, KeyError):
    1 / 0
text = io.StringIO()
with contextlib.redirect_stdout(text):
    print("captured")
print(repr(text.getvalue()))
with contextlib.closing(io.StringIO("x")) as stream:
    print(stream.read())
print(stream.closed)
with contextlib.nullcontext(5) as five:
    print(five)


class Base(contextlib.ContextDecorator):
    def __enter__(self):
        print("in")
        return self

    def __exit__(self, *details):
        print("out", details[0])
        return True


with Base():
    raise RuntimeError
try:
    with contextlib.contextmanager(lambda: iter(()))():
        pass
except (RuntimeError, AttributeError, TypeError) as error:
    print(type(error).__name__, error)
print(isinstance(Base(), contextlib.AbstractContextManager))
