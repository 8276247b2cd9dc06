# Exceptions as objects: hierarchy, attributes, arguments, pickling parts, subclasses.
import builtins
names = sorted(n for n in dir(builtins) if isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException))
for n in names:
    cls = getattr(builtins, n)
    print(n, "<", cls.__base__.__name__, sep=" ")
for cls, args in ((OSError, (2, "x")), (OSError, (13, "x")), (OSError, (17, "x", "f")), (OSError, ("only",)), (OSError, (32, "x", "a", None, "b")), (StopIteration, (5,)), (SystemExit, ()), (SystemExit, (1,)), (SystemExit, ("m",)), (KeyError, ("k",)), (KeyError, ("k", 2)), (ImportError, ("m",)), (NameError, ("m",)), (SyntaxError, ("m",)), (SyntaxError, ("m", ("f", 1, 2, "text"))), (SyntaxError, ("m", ("f", 1, 2, "text", 3, 4))), (UnicodeEncodeError, ("c", "abc", 1, 2, "r")), (UnicodeTranslateError, ("abc", 1, 2, "r")), (AttributeError, ("m",))):
    e = cls(*args)
    print(type(e).__name__, e.args, "|", e, "|", {k: getattr(e, k) for k in ("errno", "strerror", "filename", "filename2", "value", "code", "name", "path", "obj", "msg", "lineno", "offset", "text", "end_lineno", "end_offset", "encoding", "object", "start", "end", "reason", "print_file_and_line") if hasattr(e, k)})
for bad in ("StopIteration(x=1)", "ValueError(x=1)", "UnicodeDecodeError('a')", "UnicodeDecodeError('a', 'b', 1, 2, 'c')", "SyntaxError('m', 5)", "SyntaxError('m', (1, 2))", "ImportError('a', q=1)", "BaseException.__new__(int)", "ExceptionGroup('x')", "ValueError().__cause__.x", "setattr(ValueError(), 'args', 5)", "setattr(ValueError(), '__cause__', 5)", "setattr(ValueError(), '__traceback__', 5)", "setattr(ValueError(), '__context__', 5)", "ValueError().with_traceback(5)", "ValueError().add_note(5)", "AttributeError('m', name='n', obj=1).name", "NameError('m', name='n').name", "delattr(ValueError(), 'args')", "KeyError(1) == KeyError(1)"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Custom(ValueError):
    def __init__(self, a, b=2):
        self.a, self.b = a, b


class WithSlots(Exception):
    __slots__ = ("x",)


c = Custom(1, b=3)
print(c, c.args, repr(c), vars(c), Custom("only").args, WithSlots(1, 2).args)
try:
    raise Custom("raised") from KeyError("cause")
except ValueError as error:
    tb = error.__traceback__
    print(error, repr(error.__cause__), tb.tb_lineno, tb.tb_next, tb.tb_frame.f_code.co_name, type(tb).__name__, error.__suppress_context__)


def level(n):
    if n == 0:
        raise LookupError("deep")
    level(n - 1)


try:
    level(3)
except LookupError as error:
    tb, lines = error.__traceback__, []
    while tb:
        lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    print(lines)
import sys
print(sys.exc_info(), sys.exception())
try:
    1 / 0
except ZeroDivisionError as error:
    print(sys.exc_info()[0].__name__, sys.exc_info()[1] is error, sys.exception() is error)
e = ValueError("x"); e.extra = 5; print(e.__dict__, e.__reduce__()[1:], e.__reduce__()[0].__name__)
