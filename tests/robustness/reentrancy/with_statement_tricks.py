class C:
    def __enter__(self):
        del C.__exit__
        return self
    def __exit__(self, *args):
        print("exit", args[0])
with C() as c:
    print("body")
class D:
    def __enter__(self): return self
    def __exit__(self, kind, value, tb):
        value.__traceback__ = None
        raise KeyError("from exit")
try:
    with D():
        raise ValueError
except KeyError as error:
    print(error, repr(error.__context__))
class B:
    def __enter__(self): return 1
    class Truth:
        def __bool__(self): raise OSError("bool")
    def __exit__(self, *args): return B.Truth()
try:
    with B():
        raise ValueError
except OSError as error:
    print(error)
