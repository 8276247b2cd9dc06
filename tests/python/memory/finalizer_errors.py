# compare: stderr
# An exception in __del__ is told on stderr and goes no further. (Its text names the function by address: not here.)
import sys


class Quiet:
    def __del__(self):
        sys.stderr.write("finalizer speaks\n")
        try:
            1 / 0
        except ZeroDivisionError:
            sys.stderr.write("and handles its own errors\n")


def hook(unraisable):
    sys.stderr.write(f"unraisable: {unraisable.exc_type.__name__}: {unraisable.exc_value} in {unraisable.object.__qualname__}\n")
    sys.stderr.write(f"traceback: {unraisable.exc_traceback is not None}, message: {unraisable.err_msg}\n")


sys.unraisablehook = hook


class Loud:
    def __del__(self):
        self.missing


Quiet()
Loud()
try:
    raise KeyError("in flight")
except KeyError as error:
    Loud()
    print("still handling", repr(error), repr(sys.exc_info()[1]))


def returns():
    try:
        return "value"
    finally:
        Loud()


print(returns())
[Loud() for _ in range(2)]
print("end")
