# copy and pickle: shapes, cycles, own protocols, all pickle protocols, what cannot be pickled.
import copy
import copyreg
import io
import pickle
import pickletools


class Node:
    def __init__(self, value):
        self.value, self.link = value, None


class Slots:
    __slots__ = ("a", "b")


class Reduced:
    def __init__(self, n):
        self.n = n

    def __reduce__(self):
        return (Reduced, (self.n + 1,))


class Stateful:
    def __getstate__(self):
        return {"kept": self.kept}

    def __setstate__(self, state):
        self.kept = state["kept"] * 2


class NewArgs(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    def __getnewargs__(self):
        return tuple(self)


ring = Node(1)
ring.link = ring
again = copy.deepcopy(ring)
print(again.link is again, again is ring, again.value)
shared = [1]
double = copy.deepcopy([shared, shared])
print(double[0] is double[1], copy.copy([shared])[0] is shared)
slots = Slots()
slots.a, slots.b = 1, [2]
other = copy.copy(slots)
print(other.a, other.b is slots.b)
state = Stateful()
state.kept = 5
values = [None, True, 1, -1, 2**70, 1.5, complex(1, 2), "é\U0001f600", b"x\0", bytearray(b"y"), (1,), [], {}, {1: [2]},
          {1, 2}, frozenset((3,)), range(3), slice(1, 2, 3), Ellipsis, NotImplemented, int, len, Node, ring.__class__]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    same = [pickle.loads(pickle.dumps(value, protocol)) == value for value in values]
    print(protocol, all(same), pickle.loads(pickle.dumps(ring, protocol)).link.value)
    print(pickle.loads(pickle.dumps(Reduced(1), protocol)).n, pickle.loads(pickle.dumps(state, protocol)).kept)
    if protocol >= 2:
        print(pickle.loads(pickle.dumps(NewArgs(1, 2), protocol)), pickle.loads(pickle.dumps(slots, protocol)).b)
for bad in (lambda: 0, (x for x in ())):
    try:
        pickle.dumps(bad)
        print("pickled", type(bad))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        print(type(error).__name__)
buffer = io.BytesIO()
writer = pickle.Pickler(buffer, 2)
writer.dump([1, 2])
writer.dump("second")
buffer.seek(0)
reader = pickle.Unpickler(buffer)
print(reader.load(), reader.load())
try:
    reader.load()
except EOFError as error:
    print("EOF")
try:
    pickle.loads(b"\x80\x63.")
except Exception as error:
    print(type(error).__name__)


class Safe(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"no {module}.{name}")

    def persistent_load(self, key):
        return f"<{key}>"


class Keeping(pickle.Pickler):
    def persistent_id(self, value):
        return "node" if isinstance(value, Node) else None


buffer = io.BytesIO()
Keeping(buffer).dump([ring])
print(Safe(io.BytesIO(buffer.getvalue())).load())
try:
    Safe(io.BytesIO(pickle.dumps(Node))).load()
except pickle.UnpicklingError as error:
    print(error)
copyreg.pickle(Slots, lambda value: (Node, ("from copyreg",)))
print(pickle.loads(pickle.dumps(slots)).value)
pickletools.dis(pickletools.optimize(pickle.dumps((1, "a", [None]), 4)))
