# Each thread has its own frames, context, handled exception; others may look at them.
import contextvars
import sys
import threading
import traceback

there = threading.Event()
leave = threading.Event()
variable = contextvars.ContextVar("variable", default="default")
variable.set("main")


def inner():
    try:
        raise ValueError("inside")
    except ValueError:
        there.set()
        leave.wait()


def outer():
    print(variable.get(), sys.exc_info())
    variable.set("other")
    inner()
    print(variable.get())


thread = threading.Thread(target=outer)
try:
    raise KeyError("outside")
except KeyError:
    thread.start()
    there.wait()
    frame = sys._current_frames()[thread.ident]
    names = []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    print([name for name in names if name in ("inner", "outer", "run", "_bootstrap")])
    print(sys._current_frames()[threading.get_ident()] is sys._getframe(), len(sys._current_frames()))
    errors = sys._current_exceptions()
    print({ident == thread.ident: value and type(value[1]).__name__ for ident, value in errors.items()}
          if isinstance(next(iter(errors.values())), tuple) else "?")
    print("inner" in "".join(traceback.format_stack(sys._current_frames()[thread.ident])))
    leave.set()
    thread.join()
print(variable.get(), len(sys._current_frames()))

print(sys.getswitchinterval())
sys.setswitchinterval(0.001)
print(round(sys.getswitchinterval(), 6))
for bad in (0, -1, "x"):
    try:
        sys.setswitchinterval(bad)
    except (ValueError, TypeError) as error:
        print(error)
