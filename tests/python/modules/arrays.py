# Module array: items, growing, slices, buffers that are lent.
import copy
import pickle
from array import array, typecodes

print(typecodes)
for code, values in (("b", [-128, 127]), ("B", [0, 255]), ("h", [-32768]), ("H", [65535]), ("i", [-2**31]), ("I", [2**32 - 1]),
                     ("q", [-2**63]), ("Q", [2**64 - 1]), ("f", [1.5]), ("d", [1e300]), ("u", "añ€")):
    a = array(code, values)
    print(a, a.itemsize, a.tobytes(), a.tolist(), pickle.loads(pickle.dumps(a)) == a, len(pickle.dumps(a, 2)) > 0)
a = array("i", range(10))
print(a[2:5], a[::-3], a[-1], 3 in a, a.index(4), a.count(4), a + array("i", [1]), array("i", [1, 2]) * 2)
a[1:3] = array("i", [7, 8, 9])
a[::4] = array("i", [0, 0, 0])
del a[-2:], a[0]
a *= 2
print(a, a.pop(), a.pop(0), a.remove(7), a.insert(1, 55), a.reverse(), a)
a.extend([1, 2]); a.fromlist([3]); a.frombytes(b"\1\0\0\0"); a.byteswap()
print(a, list(a) == a.tolist(), copy.copy(a) == a, a < array("i", [5]), a == [1], sorted(a)[:2])
view = memoryview(a)
print(view.format, view.itemsize, view.shape, view[0])
view[0] = 99
for grow in (lambda: a.append(1), lambda: a.extend([1]), lambda: a.pop()):
    try:
        grow()
    except BufferError as error:
        print(error)
view.release()
a.append(1)
print(a[0], bytes(array("B", b"xyz")), bytearray(b"ab") + array("B", b"c"))
for bad in (lambda: array("x"), lambda: array("b", [128]), lambda: array("B", [-1]), lambda: array("i", ["a"]), lambda: array("i", "abc"),
            lambda: array("f", ["a"]), lambda: array("u", [1]), lambda: array("I", [2**32]), lambda: a[100], lambda: a + [1],
            lambda: a.index(12345), lambda: array("h", b"abc"), lambda: a.__setitem__(slice(0, 1), [1]), lambda: array("i").pop(),
            lambda: array()):
    try:
        print(bad())
    except (TypeError, ValueError, OverflowError, IndexError) as error:
        print(type(error).__name__, error)


class Sub(array):
    pass


s = Sub("i", [1])
s.note = "kept"
print(s, s.note, type(s[:]), iter(s).__class__.__name__)
