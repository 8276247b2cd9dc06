# None, NotImplemented, Ellipsis, bool, object, type, slice, SimpleNamespace-like classes, function attributes.
print(None, repr(None), bool(None), None == None, None is None, hash(None) == hash(None), type(None).__name__, {None: 1}[None])
print(Ellipsis, ... is Ellipsis, type(...).__name__, NotImplemented, type(NotImplemented).__name__, bool(...))
print(True, False, bool(), bool([]), bool([0]), bool("False"), True is (1 == 1), int(True), True == 1, str(True), True < 2, True / 2, -True, f"{True:d} {True:>6}", repr(False), [10, 20][True])
o = object()
print(type(o) is object, o == o, o == object(), hash(o) == hash(o), object.__doc__ is not None, isinstance(o, object), str(o)[:15], dir(o)[:4], object.__subclasshook__(), o.__reduce_ex__(2)[0].__name__)
for bad in ("None.x", "None()", "None[0]", "None + 1", "None < 1", "object().x = 1", "object(1)", "bool(1, 2)", "type(None)(1)", "True.x", "type()", "type(1, 2)", "type('A', (), {}, x=1)", "type('A', (bool,), {})", "type(1, (), {})", "type('A', (5,), {})",
            "type('A', (type(None),), {})", "type('A', (range,), {})", "type('A', (int, str), {})", "isinstance(1, 5)", "issubclass(1, int)", "isinstance(1, [int])", "int.x = 1", "del int.real", "object.__new__(int)", "int.__new__(5)", "int.__new__(str)", "object.__new__()", "super()", "super(int, 'a')",
            "(1).__class__ = str", "NotImplemented()", "Ellipsis[0]", "len(5)", "len(None)", "iter(None)", "next([])", "[] + None", "for_x", "setattr(1, 'a', 2)", "getattr(1)", "getattr(1, 2)", "hasattr(1, 5)", "vars(1)", "dir(1, 2)", "(lambda: 0).__code__ = 5", "type.mro()", "object.__init__()"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class A:
    x = 1


a, b = A(), A()
print(a == b, a != b, a == a, A.__dict__["x"], type(A.__dict__).__name__, A.__name__, A.__bases__, A.__base__, A.__mro__[-1], "x" in dir(a), A.__weakref__ is not None)
a.__dict__ = {"z": 3}
print(a.z, vars(a), a.x)
a.__dict__["w"] = 4
print(a.w, getattr(a, "w"), sorted(n for n in dir(a) if n[0] != "_"), repr(type(a)), repr(int), repr(type), repr(A.__init__)[:12], repr(len), repr([].append)[:38], repr(int.__add__), repr(str.join), repr(dict.fromkeys)[:37])
print(int.__name__, int.__module__, int.mro(), bool.__bases__, type(int), type(len).__name__, type(print).__name__, type([].append).__name__, type(int.__add__).__name__, type(1 .__add__).__name__, type(str.join).__name__, type(A.x).__name__, type(lambda: 0).__name__)
print(callable(A), callable(a), callable(len), issubclass(bool, int), isinstance(True, (str, int)), isinstance(1, int | str), issubclass(int, int | None), int | None, (int | str) == (str | int), type(int | str).__name__, list[int] | None)
print(a.__eq__(b), a.__lt__(b), object.__eq__(1, 2), (1).__eq__("a"), "a".__lt__(1), a.__ne__(a))
