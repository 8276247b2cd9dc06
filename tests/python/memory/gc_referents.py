# What each type tells the collector it refers to, and in which order.
import gc, types, weakref, functools, collections


class Named:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name
class Plain: pass
class Slots: __slots__ = ("b", "a")
class E(Exception): pass
class L(list): pass
class D(dict): pass
class T(tuple): pass
class St(set): pass
class Meta(type): pass
class WithMeta(Plain, metaclass=Meta):
    attribute = 1
a, b, c, d = [Named(x) for x in "abcd"]


def show(value):
    if type(value) in (dict, types.MappingProxyType): return f"{type(value).__name__}({', '.join(map(str, list(value)[:3]))})"
    if type(value) is tuple: return f"tuple({', '.join(map(show, value))})"
    if isinstance(value, type): return f"class {value.__name__}"
    if isinstance(value, (str, int, Named, type(None))): return repr(value)
    if callable(value) and hasattr(value, "__name__"): return f"{type(value).__name__} {value.__name__}"
    return type(value).__name__


def tell(name, *values): print(f"{name}:", *[show(x) for x in gc.get_referents(*values)], sep=" | ")


def function(x=a, *, y=b) -> c: return (a, d, x)
def closing():
    x, y, z = a, b, 1
    def inner(): return (y, x)
    return inner
def generator(first):
    second = b
    for third in (1, 2, 3):
        yield third
def raising(n):
    local = n
    raise E(a, b)
def caught():
    try: raising(1)
    except E as error: return error


tell("list", [a, b, c]); tell("tuple", (a, b, c)); tell("dict str", {"k": a, "l": b}); tell("dict int", {1: a, 2: b}); tell("dict mixed", {"k": a, 2: b})
tell("set", {a}); tell("frozenset", frozenset([b])); tell("function", function); tell("closure", closing()); tell("cells", *closing().__closure__)
tell("lambda", lambda: a); tell("method", a.__init__); tell("builtin", len); tell("bound builtin", [a].append); tell("module", types.ModuleType("m"))
p = Plain(); p.x = a; p.y = b
tell("instance", p); p.__dict__; tell("instance with dict", p)
s = Slots(); s.a = a; s.b = b; tell("slots", s);
l = L([a, b]); l.x = c; tell("list subclass", l); dd = D(k=a); dd.x = b; tell("dict subclass", dd); t = T((a, b)); t.x = c; tell("tuple subclass", t)
st = St([a]); st.x = b; tell("set subclass", st); e = E(a, b); e.x = c; tell("exception", e)
g = generator(a); tell("new generator", g); next(g); tell("generator", g); g.close(); tell("closed generator", g)
err = caught(); tell("caught", err); tell("traceback", err.__traceback__); tell("traceback next", err.__traceback__.tb_next)
err2 = KeyError(1); err2.__cause__ = err; err2.__context__ = ValueError(); err2.add_note("n"); tell("cause", err2)
tell("property", property(function, len, None, "doc")); tell("classmethod", classmethod(function)); tell("staticmethod", staticmethod(len))
tell("super", super(Plain, p)); tell("weakref", weakref.ref(a)); tell("weakref callback", weakref.ref(a, function)); tell("proxy", weakref.proxy(a, function))
tell("partial", functools.partial(function, a, y=b)); tell("deque", collections.deque([a, b, c])); tell("slice", slice(a, b, c)); tell("mappingproxy", types.MappingProxyType({"k": a}))
tell("list iterator", iter([a])); tell("tuple iterator", iter((a,))); tell("dict iterator", iter({"k": a})); tell("items iterator", iter({"k": a}.items())); tell("set iterator", iter({a}))
tell("zip", zip([a], [b])); tell("map", map(len, [a], [b])); tell("filter", filter(len, [a])); tell("enumerate", enumerate([a])); tell("reversed", reversed([a])); tell("reversed seq", reversed((a, b)))
tell("callable iterator", iter(function, a)); tell("keys", {"k": a}.keys()); tell("namespace", types.SimpleNamespace(x=a)); tell("alias", list[int]); tell("union", int | str)
tell("method descriptor", list.append); tell("slot wrapper", int.__add__); tell("method wrapper", (1).__add__); tell("getset", types.FunctionType.__code__); tell("member", types.FunctionType.__closure__)
tell("class", Plain); tell("class with bases", WithMeta); tell("slots class", Slots); tell("code", function.__code__); tell("int", 1); tell("str", "x"); tell("object", object()); tell("type", int)
tell("cell", types.CellType(a)); tell("empty cell", types.CellType()); tell("defaultdict", collections.defaultdict(list, k=a));
tell("classmethod descriptor", dict.__dict__["fromkeys"]); tell("bound class method", dict.fromkeys); tell("range iterator", iter(range(3))); tell("exhausted", (lambda i: (list(i), i)[1])(iter([a])))
tell("os error", OSError(1, "x", "f")); tell("name error", NameError("x", name="y")); tell("import error", ImportError("x", name="n", path="p")); tell("stop", StopIteration(a)); tell("exit", SystemExit(b)); tell("syntax", SyntaxError("m", ("f", 1, 2, "t")))
