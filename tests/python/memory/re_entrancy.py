# User code that changes the container under the operation that called it: an error or a result, never a crash.
import gc


class Evil:
    def __init__(self, act, answer=False): self.act, self.answer = act, answer
    def __eq__(self, other): self.act(); return self.answer
    def __lt__(self, other): self.act(); return self.answer
    def __hash__(self): return 1
    def __repr__(self): self.act(); return "E"
    def __index__(self): self.act(); return 0
    def __len__(self): self.act(); return 1


def attempt(name, action):
    try:
        print(name, "->", action())
    except Exception as error:
        print(name, "->", type(error).__name__, error)


l = []
l[:] = [Evil(l.clear), 1, 2]; attempt("in list", lambda: 5 in l)
l[:] = [Evil(l.clear), 1, 2]; attempt("remove", lambda: l.remove(5))
l[:] = [Evil(l.clear), 1, 2]; attempt("index", lambda: l.index(5))
l[:] = [Evil(l.clear), 1, 2]; attempt("count", lambda: l.count(5))
l[:] = [Evil(l.clear), 1]; attempt("compare", lambda: l == [5, 1])
l[:] = [Evil(l.clear), 1]; attempt("repr", lambda: repr(l))
l[:] = [1, 2, 3]; attempt("slice index", lambda: l[Evil(l.clear):3])
l[:] = [1, 2, 3]; attempt("store", lambda: l.__setitem__(Evil(l.clear), 9))
l[:] = [1, 2, 3]; attempt("insert", lambda: (l.insert(Evil(l.clear), 9), l))
l[:] = [1, 2, 3]; attempt("pop", lambda: l.pop(Evil(l.clear)))
l[:] = [Evil(l.clear), Evil(l.clear)]; attempt("sort", lambda: l.sort())
l[:] = [1, 2, 3]; attempt("sort key", lambda: l.sort(key=lambda x: l.append(x) or x))
l[:] = [1, 2, 3]; attempt("extend itself", lambda: l.extend(x for x in l if len(l) < 10) or l)
d = {}
d[Evil(lambda: d.clear())] = 1; attempt("dict lookup", lambda: d.get(Evil(lambda: None)))
d.clear(); d[Evil(lambda: d.clear())] = 1; attempt("dict store", lambda: d.__setitem__(Evil(lambda: None), 2) or len(d))
d.clear(); d.update(a=Evil(lambda: d.clear()), b=2); attempt("dict repr", lambda: repr(d))
d.clear(); d.update(a=Evil(lambda: d.clear()), b=2); attempt("dict ==", lambda: d == {"a": 5, "b": 2})
d.clear(); d.update(a=1, b=2); attempt("values loop", lambda: [d.pop("b", None) for _ in d.values()])
s = set()
s.add(Evil(lambda: s.clear())); attempt("set lookup", lambda: Evil(lambda: None) in s)
s.clear(); s.add(Evil(lambda: s.clear())); attempt("set add", lambda: s.add(Evil(lambda: None)) or len(s))
s.clear(); s.update([Evil(lambda: s.clear()), 1]); attempt("set ==", lambda: s == {5, Evil(lambda: None)})
s.clear(); s.add(Evil(lambda: s.clear())); attempt("set repr", lambda: repr(s))


class Dies:
    def __init__(self, act): self.act = act
    def __del__(self): self.act()


l[:] = [Dies(l.clear), 1, 2]; attempt("store over", lambda: l.__setitem__(0, 5) or l)
l[:] = [Dies(lambda: l.append(9)), 1]; attempt("clear", lambda: l.clear() or l)
l[:] = [Dies(lambda: l.append(9)), 1, 2]; attempt("del slice", lambda: l.__delitem__(slice(0, 2)) or l)
d.clear(); d["k"] = Dies(d.clear); attempt("dict over", lambda: d.__setitem__("k", 1) or d)
d.clear(); d["k"] = Dies(lambda: d.update(z=1)); attempt("dict clear", lambda: d.clear() or d)
d.clear(); d["k"] = Dies(lambda: d.update(z=1)); attempt("dict pop", lambda: type(d.pop("k")).__name__); print(d)
attempt("join", lambda: "-".join(iter(lambda c=[3]: c.__setitem__(0, c[0] - 1) or str(c[0]), "0")))
attempt("tuple of growing", lambda: tuple(x for x in l if len(l) < 5 and not l.append(x)))
b = bytearray(b"abc"); attempt("bytearray", lambda: b.__setitem__(Evil(b.clear), 65))
b = bytearray(b"abc"); attempt("bytearray insert", lambda: b.insert(Evil(b.clear), 65) or b)


class Tree:
    def __init__(self): self.kids = [self]
    def __del__(self): gc.collect(); self.kids.append(Tree())


Tree(); Tree(); attempt("collect in finalizer", lambda: gc.collect() > 0)
class Switch:
    def __getattr__(self, name): self.__class__ = Other; return name
class Other: value = 5
x = Switch(); print(x.first, x.value, type(x).__name__)
