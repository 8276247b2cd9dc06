# timing: collections
# Which objects the collector watches, and when tuples and dicts leave its sight.
import gc, types


class Plain: pass
class Slots: __slots__ = ()
class I(int): pass
class S(str): pass
class F(float): pass
class B(bytes): pass
class T(tuple): pass
class D(dict): pass


def function(): yield
async def asynchronous(): yield


thing = Plain()
values = {
    "int": 1, "big int": 10 ** 30, "float": 1.5, "complex": 1j, "str": "abc", "bytes": b"abc", "bytearray": bytearray(b"a"), "None": None, "Ellipsis": ...,
    "NotImplemented": NotImplemented, "True": True, "range": range(3), "object": object(), "code": function.__code__, "static type": int, "type": type,
    "()": (), "dict": {}, "dict of ints": {1: 2}, "dict of list": {1: []}, "dict of tuple": {1: tuple([1])}, "list": [], "set": set(), "frozenset": frozenset(),
    "frozenset of int": frozenset([1]), "function": function, "lambda": lambda: 1, "builtin": len, "method": thing.__init__, "bound": [].append,
    "generator": function(), "async generator": asynchronous(), "slice": slice(1), "memoryview": memoryview(b"a"), "module": gc, "class": Plain,
    "instance": thing, "slots": Slots(), "I": I(), "S": S(), "F": F(), "B": B(), "T": T(), "D": D(), "T of int": T((1,)), "exception": ValueError(),
    "property": property(), "classmethod": classmethod(len), "staticmethod": staticmethod(len), "super": super(Plain, thing), "mappingproxy": Plain.__dict__,
    "list iterator": iter([]), "dict iterator": iter({}), "set iterator": iter(set()), "tuple iterator": iter(()), "str iterator": iter(""),
    "range iterator": iter(range(1)), "big range iterator": iter(range(10 ** 30)), "bytes iterator": iter(b""), "zip": zip(), "map": map(len, ()), "filter": filter(None, ()), "enumerate": enumerate(()),
    "reversed": reversed([]), "reversed range": reversed(range(2)), "keys": {}.keys(), "values": {}.values(), "items": {}.items(), "method descriptor": list.append,
    "slot wrapper": int.__add__, "method wrapper": (1).__add__, "getset": types.FunctionType.__code__, "member": types.FunctionType.__closure__,
    "cell": types.CellType(1), "alias": list[int], "union": int | str, "namespace": types.SimpleNamespace(), "class method descriptor": dict.__dict__["fromkeys"],
    "coroutine": types.CoroutineType, "callable iterator": iter(int, 1), "weakref": __import__("weakref").ref(thing), "proxy": __import__("weakref").proxy(thing),
}
for name, value in values.items(): print(f"{name:24} {gc.is_tracked(value)}")


def history(name, make):
    value = make()
    seen = [gc.is_tracked(value)]
    for generation in (0, 0, 1, 1, 2, 2):
        gc.collect(generation)
        seen.append(gc.is_tracked(value))
    print(f"{name:26}", *["T" if tracked else "-" for tracked in seen])


n = 5
history("tuple of ints", lambda: tuple([1, n]))
history("tuple of list", lambda: (n, []))
history("tuple of tuple", lambda: (n, (n, (n, n))))
history("tuple of outer tuple", lambda: tuple([tuple([tuple([n])])]))
history("tuple of dict", lambda: (n, {n: n}))
history("tuple of frozenset", lambda: (n, frozenset([n])))
history("tuple of object", lambda: (n, object(), "x", 1.5, None, ...))
history("tuple of function", lambda: (len,))
history("tuple of type", lambda: (int, n))
history("tuple of code", lambda: (function.__code__, n))
history("tuple subclass", lambda: T([n, n]))
history("dict of ints", lambda: {n: n})
history("dict with list removed", lambda: (d := {n: []}, d.clear(), d.update(a=1))[0])
history("dict of tuple", lambda: {n: (n, n)})
history("dict of tuple of list", lambda: {n: ([],)})
history("dict with tuple key", lambda: {(n, n): 1})
history("dict with frozenset key", lambda: {frozenset(): 1})
history("dict of int keys made", lambda: dict([(1, 2), (3, 4)]))
history("dict(a=[])", lambda: dict(a=[]))
history("dict copy", lambda: {n: []}.copy())
history("dict copy of ints", lambda: {n: n}.copy())
history("dict | dict", lambda: {n: n} | {1: []})
history("fromkeys", lambda: dict.fromkeys("ab", n))
history("fromkeys list", lambda: dict.fromkeys("ab", []))
history("setdefault", lambda: (d := {}, d.setdefault(1, []), d.pop(1))[0])
history("comprehension", lambda: {x: x for x in range(3)})
history("instance dict", lambda: Plain().__dict__)
history("vars with list", lambda: (p := Plain(), setattr(p, "a", []), p.__dict__)[2])
history("kwargs", lambda: (lambda **k: k)(a=1))
history("args", lambda: (lambda *a: a)(n, 2))
history("zip item", lambda: next(zip([n], [n])))
history("items item", lambda: next(iter({n: n}.items())))
