import gc
class E(Exception): pass
a, b = E("a"), E("b")
a.__context__, b.__context__ = b, a
try:
    raise a
except E as error:
    print(error.__context__)
try:
    try:
        raise a
    except E:
        raise b
except E as error:
    print(error, error.__context__, error.__context__.__context__)
a.__cause__ = a
try:
    raise a from a
except E as error:
    print(error.__cause__ is error)
del a, b
gc.collect()
e = E()
for bad in (5, "x", E):
    for name in ("__cause__", "__context__", "__traceback__"):
        try:
            setattr(e, name, bad)
            print("set", name)
        except TypeError as error:
            print(error)
class Args(Exception):
    @property
    def args(self): raise KeyError
print(repr(str(Args(1)))[:5])
