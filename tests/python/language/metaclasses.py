# Metaclasses: __prepare__, __new__, __init__, __call__, conflicts, keywords.
class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        print("prepare", name, [b.__name__ for b in bases], kw)
        return {"prepared": True}

    def __new__(mcls, name, bases, namespace, **kw):
        print("new", name, sorted(k for k in namespace if not k.startswith("__")))
        return super().__new__(mcls, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kw):
        print("init", name, kw)
        super().__init__(name, bases, namespace)

    def __call__(cls, *args):
        print("call", cls.__name__, args)
        return super().__call__(*args)

    def __len__(cls): return 42

    def __getattr__(cls, name): return "meta " + name

    @property
    def shout(cls): return cls.__name__.upper()

    def __instancecheck__(cls, instance): return instance == 7

    def __iter__(cls): return iter("xyz")


class A(metaclass=Meta, option=1):
    def method(self): pass


class B(A):
    pass


print(len(A), A.missing, A.shout, B.prepared, isinstance(7, A), isinstance(8, A), list(B))
instance = A()
print(type(instance) is A, type(A) is Meta, hasattr(instance, "shout"), hasattr(instance, "missing"))


class OtherMeta(type): pass


try:
    class Conflict(A, metaclass=OtherMeta): pass
except TypeError as error:
    print(error)


class Registry(type):
    known = []

    def __new__(mcls, name, bases, namespace):
        cls = type.__new__(mcls, name, bases, namespace)
        mcls.known.append(name)
        return cls


class R1(metaclass=Registry): pass
class R2(R1): pass


print(Registry.known)


def not_a_class(name, bases, namespace):
    return name, bases, sorted(k for k in namespace if k[0] != "_")


class Tuple(metaclass=not_a_class):
    x = 1


print(Tuple)


class WithNames:
    class Field:
        def __set_name__(self, owner, name):
            print("named", owner.__name__, name)

    one = Field()
    two = Field()


class Single(type):
    def __call__(cls, *args):
        if not hasattr(cls, "_it"):
            cls._it = super().__call__(*args)
        return cls._it


class Only(metaclass=Single):
    def __init__(self, value): self.value = value


print(Only(1) is Only(2), Only(3).value)
print(type(type) is type, isinstance(type, object), issubclass(type, object), type.__mro__)
