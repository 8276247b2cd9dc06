# repr and str of objects of all kinds, nesting, user-defined reprs, errors in them.
class Plain: pass
class WithRepr:
    def __repr__(self): return "<repr>"
class WithStr:
    def __str__(self): return "<str>"
class Both(WithRepr, WithStr): pass
class Wrong:
    def __repr__(self): return 5
    def __str__(self): return None
class Raises:
    def __repr__(self): raise ValueError("in repr")
class Empty(Exception): pass


print(WithRepr(), [WithRepr()], str(WithRepr()), f"{WithRepr()}", str(WithStr()), repr(WithStr())[:19], Both(), [Both()], {WithRepr(): WithRepr()}, (WithRepr(),))
for bad in ("repr(Wrong())", "str(Wrong())", "print([Raises()])", "f'{Raises()}'", "'%s' % Raises()", "str(Raises())", "print(Wrong())", "format(Raises(), '')", "ascii(Wrong())", "'{}'.format(Wrong())", "format(Plain(), 'x')"):
    try:
        print(eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print(repr(ValueError()), repr(ValueError("a")), repr(ValueError("a", 1)), str(ValueError()), str(ValueError("a")), str(ValueError("a", 1)), repr(KeyError("k")), str(KeyError("k")), repr(Empty("x")), str(OSError(2, "No such", "f")), repr(OSError(2, "No such", "f")), str(OSError(2, "x")), str(StopIteration(5)), repr(SyntaxError("m", ("f", 1, 2, "t"))), str(SyntaxError("m", ("f", 1, 2, "t"))), str(UnicodeDecodeError("c", b"ab", 0, 1, "why")), repr(ImportError("m", name="n")), str(SystemExit(3)), repr(BaseException()))
print(int, Plain, type, len, [].__len__.__name__, Plain.__init__, WithRepr.__repr__.__name__, (lambda: 0).__name__, range(3), slice(1), None, ..., NotImplemented, {}.keys(), {}.items(), {1: 2}.values(), enumerate.__name__, property.__name__, memoryview.__name__, type(None), type(...), Exception, list[int], int | str, frozenset(), set(), bytearray(b"a"), b"\x00", 1e100, -0.0, 1j, True)
import sys
print(sys, repr(sys), sys.__name__, type(sys))
deep = [1]
for _ in range(20):
    deep = [deep, (deep,)][:1]
print(deep, len(repr(deep)))
l = [1]; t = (l, {"k": l}); l.append(t); print(l); print(t)
d = {}; d[1] = [d]; print(d)


class MyList(list):
    def __repr__(self): return "MyList" + super().__repr__()


m = MyList([1]); m.append(m); print([m, m])
print(repr({"a": {"b": ["c", ("d", {"e"})]}}), str(["'", '"', "\n"]), [1.0, 1e16, 10**20, "x", b"y", None], {(): []}, ((), ((),)))
print("%r %s %a" % ("é", "é", "é"), "{!r:>6}|{!s:<6}|".format("a", "b"), repr("a\\b"), "%r" % (("t",),), "%s" % {"k": 1}, [str], (int,))
for cls in (Plain, int, Exception):
    print(repr(cls), str(cls), cls.__qualname__, cls.__module__)


def outer():
    class Inner:
        def method(self): pass
    return Inner


print(outer(), outer().method.__qualname__, repr(outer().method)[:36], outer.__qualname__)
