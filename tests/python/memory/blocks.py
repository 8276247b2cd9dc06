# The private heap as a program sees it.
import sys


def blocks(): return sys.getallocatedblocks()


class Plain: pass


class Slotted:
    __slots__ = ("a", "b")


before = blocks()
keep = [object() for _ in range(5000)]
print(abs(blocks() - before - 5000) < 100)
keep = None
print(abs(blocks() - before) < 100)
keep = [Slotted() for _ in range(5000)]
print(abs(blocks() - before - 5000) < 100)
keep = None
keep = [float(i) + 0.5 for i in range(5000)]
print(abs(blocks() - before - 5000) < 200)
keep = None
print(abs(blocks() - before) < 200)
for make in (object, list, dict, set, Plain, Slotted, lambda: [1, 2, 3], lambda: {"a": 1}, lambda: (1, make), lambda: "".join(["x", "y"]), lambda: 1.5 * 3, lambda: 10 ** 20 + 1, lambda: bytearray(5), lambda: (i for i in ()), lambda: slice(1), lambda: lambda: 0):
    for _ in range(10):
        make()
    start = blocks()
    for _ in range(3000):
        make()
    print(abs(blocks() - start) < 50, end=" ")
print()


def same_place(make):
    first = make(); place = id(first); del first
    second = make()
    return id(second) == place


print(same_place(Slotted), same_place(object), same_place(Plain), same_place(list), id([]) == id([]), id(object()) == id(object()), id(Plain()) == id(Plain()))
many = [object() for _ in range(1000)]
print(len(set(map(id, many))), all(id(o) == id(o) for o in many), id(many[0]) != id(many[1]))
a, b = [], []
print(id(a) != id(b), (a is b) == (id(a) == id(b)), isinstance(id(a), int), id(a) % 8)
print(sys.getsizeof([]) > 0, sys.getsizeof([1] * 100) > sys.getsizeof([]) + 700, sys.getsizeof("a" * 1000) >= 1000, sys.getsizeof({i: i for i in range(1000)}) > 10000, sys.getsizeof((1, 2)) - sys.getsizeof((1,)), sys.getsizeof(2 ** 3000) > 350, sys.getsizeof(Plain()) > 0)
for bad in ("sys.getsizeof()", "sys.getrefcount()", "sys.getallocatedblocks(1)", "id()", "sys.getrefcount(1, 2)", "sys.intern(5)", "sys.getsizeof(1, 2, 3)"):
    try:
        print(bad, eval(bad) > 0)
    except TypeError as error:
        print(bad, "->", error)


class Sized:
    def __sizeof__(self): return 1000


class Broken:
    def __sizeof__(self): return -1


print(sys.getsizeof(Sized()) >= 1000, sys.getsizeof(Broken, 5) > 0)
try:
    sys.getsizeof(Broken())
except ValueError as error:
    print(error)
