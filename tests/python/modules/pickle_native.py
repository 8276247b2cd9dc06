# Module pickle over _pickle: every protocol in both directions, against the Python version as well, hooks, buffers, and errors.
import collections
import copyreg
import datetime
import io
import pickle
import sys


def show(make, *args, **kwargs):
    try:
        print(ascii(make(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__, error)


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __repr__(self):
        return f"{type(self).__name__}({self.__dict__})"


class Slots:
    __slots__ = "a", "b"

    def __repr__(self):
        return f"Slots({self.a}, {self.b})"


class Stateful(Plain):
    def __getstate__(self):
        return ["state", self.__dict__]

    def __setstate__(self, state):
        self.__dict__.update(state[1], restored=True)


class Arguments(str):
    def __new__(cls, text, *, upper=False):
        return super().__new__(cls, text.upper() if upper else text)

    def __getnewargs_ex__(self):
        return (str(self),), {"upper": True}


class Rows(list):
    pass


class Outer:
    class Inner(Plain):
        pass

    def method(self):
        return 1


Point = collections.namedtuple("Point", "x y")
slots = Slots()
slots.a, slots.b = 1, "two"
VALUES = [None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -129, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**2000, -2**2040, 0.0, -1.5,
          float("inf"), 1e-320, "", "text", "é\n\\\r\0\x1a", "€", "\U0001f600", "\ud800", "x" * 300, b"", b"\0\xff", b"y" * 300, bytearray(b"ba"), (), (1,),
          (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], list(range(1001)), {}, {1: 2}, {"a": 1, "b": [2]}, set(), {1}, frozenset(), frozenset({2}),
          1 + 2j, range(3), slice(1, 2), ..., NotImplemented, type(None), type(...), int, Plain, Outer.Inner, Outer.method, len, print, sys.exit, [].append,
          ValueError("bad", 1), Plain(x=1, y=[2]), slots, Stateful(z=3), Arguments("arg"), Rows([1, 2]), Point(1, 2), collections.OrderedDict(a=1),
          collections.Counter("aab"), collections.deque([1], 3), datetime.date(2020, 1, 2), Outer.Inner(q=1)]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    for value in VALUES:
        try:
            data = pickle.dumps(value, protocol)
        except Exception as error:
            print(protocol, type(error).__name__, error)
            continue
        back = pickle.loads(data)
        same = data == pickle._dumps(value, protocol)
        print(protocol, same, ascii(data)[:200], ascii(back)[:60] if " at 0x" not in repr(back) and "built-in" not in repr(back) else "",
              pickle.load(io.BytesIO(data)) == back)

loop = []
loop.append((loop, {"self": loop}))
item = Plain(loop=loop)
item.me = item
for protocol in range(6):
    again = pickle.loads(pickle.dumps(item, protocol))
    print(again.me is again, again.loop[0][0] is again.loop, again.loop[0][1]["self"] is again.loop)


class Hooked(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table | {complex: lambda c: (complex, (c.real, -c.imag))}

    def persistent_id(self, value):
        return f"id-{value}" if value == 42 else None

    def reducer_override(self, value):
        return (Point, (7, 8)) if type(value) is Plain else NotImplemented


class Unhooked(pickle.Unpickler):
    def persistent_load(self, text):
        return ["loaded", text]

    def find_class(self, module, name):
        if name == "exit":
            raise pickle.UnpicklingError("forbidden")
        return super().find_class(module, name)


for protocol in range(6):
    out = io.BytesIO()
    pickler = Hooked(out, protocol)
    pickler.dump([42, 1j, Plain(), {42: "x"}])
    show(lambda: Unhooked(io.BytesIO(out.getvalue())).load())
    out = io.BytesIO()
    pickle.Pickler(out, protocol).dump(sys.exit)
    show(lambda: Unhooked(io.BytesIO(out.getvalue())).load())
    show(pickle.loads, pickle.dumps(Plain, protocol))
print(sorted(type(k).__name__ for k in pickler.memo.copy()), len(pickler.memo.copy()) > 3)
pickler.clear_memo()
print(pickler.memo.copy(), pickler.bin, pickler.fast)

buffers = []
data = pickle.dumps([pickle.PickleBuffer(b"frozen"), pickle.PickleBuffer(bytearray(b"fluid"))], 5, buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers], pickle.loads(data, buffers=buffers)[0] is buffers[0])
print(pickle.loads(pickle.dumps([pickle.PickleBuffer(b"frozen"), pickle.PickleBuffer(bytearray(b"fluid"))], 5)))
show(pickle.loads, data)
show(pickle.loads, data, buffers=[])
show(pickle.dumps, pickle.PickleBuffer(b"x"), 4)
show(pickle.dumps, pickle.PickleBuffer(memoryview(b"abcd")[::2]), 5)
wrapped = pickle.PickleBuffer(b"abc")
view = memoryview(wrapped)
print(view.obj, view.readonly, view.tolist())
wrapped.release()
print(bytes(view))
show(wrapped.raw)
show(memoryview, wrapped)


def local():
    class Local:
        pass
    return Local


class Bad:
    def __init__(self, reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced

    def __repr__(self):
        return "Bad()"


for bad in (local(), lambda: 1, sys, (x for x in ()), Bad("nothing"), Bad(1), Bad((1, 2)), Bad((int,)), Bad((int, 1)),
            Bad((int, (), None, 1)), Bad((int, (), None, None, 1)), Bad((int, (), None, None, None, 1)), Bad((copyreg.__newobj__, ())),
            Bad((copyreg.__newobj__, (int,))), Bad((copyreg.__newobj_ex__, (int, ()))), Bad((copyreg.__newobj_ex__, (1, (), {})))):
    for protocol in (0, 2, 5):
        try:
            pickle.dumps(bad, protocol)
            print("fine")
        except Exception as error:
            print(type(error).__name__, str(error).split(" at 0x")[0])
for protocol in (6, 100, "x", 2.5, None, -1):
    show(lambda: pickle.dumps(1, protocol))
show(pickle.dumps, 1, 4, buffer_callback=print)
show(pickle.dumps)
show(pickle.loads)
show(pickle.loads, "text")
show(pickle.load, b"x")
show(pickle.dump, 1, 2)
show(pickle.Pickler)
show(pickle.Unpickler, 1)
show(lambda: pickle.loads(b"I1\n.", encoding=3))

for data in (b"", b"N", b"\x80", b"\x80\x09.", b".", b"(.", b"x", b"\xff", b"'", b"0", b"2", b"g1\n.", b"h\x01.", b"gx\n.", b"I\n.", b"Ix\n.", b"Lx\n.",
             b"I0x10\n.", b"L12345678901234567890L\n.", b"Fx\n.", b"S'a\n.", b"S'a\\x62\\n'\n.", b"Sabc\n.", b"Vab\\u00e9\n.", b"X\x05\0\0\0ab.", b"T\xff\xff\xff\xff.",
             b"\x8b\xff\xff\xff\xff.", b"t.", b"l.", b"(1.", b"(1d.", b"(Nd.", b"N(Nu.", b"]a.", b"]Na.", b"](NNe.", b"}NNs.", b"}(NNNu.", b"NNb.", b"Nb.",
             b"cstring\nnothing\n.", b"cnothing\nx\n.", b"\x82\x01.", b"\x82\0.", b"NN\x93.", b"Pab\n.", b"NQ.", b"P\xff\n.", b"NR.", b"cbuiltins\nint\n)R.",
             b"cbuiltins\nint\nNR.", b"cbuiltins\nint\n)\x81.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)N\x92.", b"(ibuiltins\nint\n.",
             b"(cbuiltins\nint\nI5\no.", b"(cbuiltins\nstr\nI5\no.", b"\x8f(K\x01\x90.", b"(K\x01\x91.", b"p1\n.", b"Np-1\n.", b"\x94.", b"N\x94h\0\x86.",
             b"\x95\x02\0\0\0\0\0\0\0N.", b"\x95\x09\0\0\0\0\0\0\0N.", b"\x8e" + b"\xff" * 8 + b".", b"\x96" + b"\x02" + b"\0" * 7 + b"ab.", b"\x97.", b"N\x98.",
             b"c__builtin__\nxrange\n(K\x01tR.", b"cbuiltins\nobject\n)\x81(NNtb.", b"\x8c\x02ab\x8c.", b"U\x02\xc3\xa9."):
    print(data[:40], end=" ")
    show(pickle.loads, data)
show(pickle.loads, b"U\x02\xc3\xa9.", encoding="utf-8")
show(pickle.loads, b"U\x02\xc3\xa9.", encoding="bytes")
show(pickle.loads, b"U\x02\xc3\xa9.", errors="replace")
show(pickle.loads, b"c__builtin__\nxrange\n.", fix_imports=False)
show(pickle.loads, bytearray(b"N."))
show(pickle.loads, memoryview(b"xN.")[1:])

fast = pickle.Pickler(io.BytesIO(), 2)
fast.fast = 1
try:
    fast.dump(loop)
except ValueError as error:
    print(str(error).split(" at 0x")[0])
big = [b"z" * 70000, "y" * 70000, list(range(30000))]
for protocol in (2, 4, 5):
    out = io.BytesIO()
    pickle.dump(big, out, protocol)
    print(len(out.getvalue()), out.getvalue() == pickle.dumps(big, protocol), pickle.loads(out.getvalue()) == big)


class Peeking(io.BufferedReader):
    pass


many = io.BytesIO()
for number in range(3):
    pickle.dump({"n": number}, many, 2)
many.seek(0)
reader = Peeking(io.BytesIO(many.getvalue() + b"rest"))
print([pickle.load(reader) for _ in range(3)], reader.read())
stream = pickle.Unpickler(many)
print([stream.load() for _ in range(3)], stream.memo.copy())
show(stream.load)

# What is registered leads to this module, which holds picklers: nothing of that may outlive the program.
copyreg.pickle(Slots, lambda value: (Plain, ()))
print(pickle.loads(pickle.dumps(slots)))
kept = pickle.Pickler(io.BytesIO())
