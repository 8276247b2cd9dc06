# try, except, else, finally, raise, chains, groups of types, and what stays after the handler.
def attempt(action):
    try:
        print("do", end=" ")
        action()
    except (KeyError, IndexError) as error:
        print("lookup", repr(error), end=" ")
    except ZeroDivisionError:
        print("zero", end=" ")
        return "returned"
    except Exception as error:
        print("other", repr(error), end=" ")
        raise
    else:
        print("else", end=" ")
    finally:
        print("finally")


attempt(lambda: None)
attempt(lambda: {}["k"])
attempt(lambda: [][0])
print(attempt(lambda: 1 / 0))
try:
    attempt(lambda: int("x"))
except ValueError as error:
    print("outer", error)
try:
    error
except NameError as missing:
    print(missing)


def chain(how):
    try:
        try:
            raise KeyError("first")
        except KeyError as first:
            if how == "from":
                raise ValueError("second") from first
            if how == "none":
                raise ValueError("second") from None
            if how == "context":
                raise ValueError("second")
            if how == "again":
                raise
    except Exception as caught:
        print(how, repr(caught), repr(caught.__cause__), repr(caught.__context__), caught.__suppress_context__)


for how in ("from", "none", "context", "again"):
    chain(how)


class Custom(Exception):
    def __init__(self, code, *rest):
        super().__init__(code, *rest)
        self.code = code

    def __str__(self): return f"code {self.code}"


try:
    raise Custom(5, "x")
except Custom as error:
    print(error, repr(error), error.args, error.code)
for bad in ("raise 5", "raise", "raise ValueError from 3", "raise int", "raise ValueError(1)", "raise KeyError"):
    try:
        exec(bad)
    except BaseException as error:
        print(bad, "->", type(error).__name__, error)
try:
    try:
        1 / 0
    except 5:
        pass
except TypeError as error:
    print(error)


def nested():
    try:
        raise ValueError("v")
    except ValueError:
        try:
            raise KeyError("k")
        except KeyError as inner:
            return repr(inner.__context__)


print(nested())


def generator():
    try:
        yield 1
    except ValueError as error:
        yield repr(error.__context__)


g = generator()
next(g)
try:
    raise TypeError("around")
except TypeError:
    print(g.throw(ValueError("thrown")))
try:
    assert 1 == 2, "told so"
except AssertionError as error:
    print(repr(error))
error = ValueError("noted")
error.add_note("a note")
print(error.__notes__, error.with_traceback(None) is error, ValueError(1) == ValueError(1))
