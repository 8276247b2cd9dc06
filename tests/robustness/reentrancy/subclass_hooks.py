import gc
class Base:
    def __init_subclass__(cls, **kw):
        gc.collect()
        cls.hooked = sorted(kw)
        for name in list(vars(cls)):
            if name.startswith("x"): delattr(cls, name)
class Named:
    def __set_name__(self, owner, name):
        owner.extra = name
        setattr(owner, "more_" + name, 1)
class C(Base, a=1, b=2):
    xx = 1
    y = Named()
    z = Named()
print(C.hooked, hasattr(C, "xx"), C.extra, C.more_y, C.more_z)
class Broken:
    def __set_name__(self, owner, name): raise KeyError(name)
try:
    class D:
        q = Broken()
except RuntimeError as error:
    print(error, repr(error.__cause__))
try:
    class E(Base, metaclass=lambda *a, **k: 5): pass
    print(E)
except TypeError as error:
    print(error)
