# compare: stderr
# SystemExit with a text: the text on stderr, status 1, and finalizers still run.
import atexit


class Last:
    def __del__(self):
        print("finalizer at the end")


keep = Last()
atexit.register(print, "atexit first registered")
atexit.register(print, "atexit last registered")
try:
    raise SystemExit("stopped on purpose")
finally:
    print("finally")
