# What an exception thrown into a generator has as context.
def g():
    try: yield 1
    except ValueError as e: yield repr(e.__context__)
def h():
    try: raise KeyError(1)
    except KeyError:
        try: yield 1
        except ValueError as e: yield repr(e.__context__)
def outer(inner): yield from inner
for make in (g, h, lambda: outer(g()), lambda: outer(h())):
    x = make(); next(x)
    print(x.throw(ValueError("a")))
    x = make(); next(x)
    try: raise TypeError("around")
    except TypeError: print(x.throw(ValueError("b")))
    x = make(); next(x)
    try: raise TypeError("around")
    except TypeError:
        try: x.throw(OSError("b"))
        except OSError as e: print(repr(e.__context__))
    x = make(); next(x)
    try: raise TypeError("around")
    except TypeError: print(x.close())
