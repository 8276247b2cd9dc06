# Views of several dimensions, all item formats, and what they refuse.
import gc


def attempt(text):
    try:
        print(text, "->", eval(text))
    except Exception as error:
        print(text, "->", type(error).__name__, error)


m = memoryview(bytearray(range(12)))
g = m.cast("B", (3, 4))
cube = memoryview(bytearray(range(24))).cast("B", [2, 3, 4])
for code in "bB?hHiIfc":
    view = m.cast(code)
    print(code, view.itemsize, view.nbytes, view.shape, view.strides, view.format, view.tolist()[-3:])
for code in "lLqQnNPd":
    view = memoryview(bytearray(b"\xff" * 7 + b"\x7f" + b"\x00" * 8)).cast(code)
    print(code, view.itemsize, len(view), view[1], view[0] == view[0], view == view.cast("B").cast(code))
print(cube.tolist(), cube.shape, cube.strides, cube[1, 2, 3], cube[-1, -3, 0], cube[1:].tolist(), cube[::-1].strides)
for text in ("m.cast(5)", "m.cast('B', 5)", "m.cast('B', [0])", "m.cast('B', ['a'])", "m.cast('B', [5])", "m.cast('B', [2**62, 4])",
             "m.cast('B', [2**70])", "m.cast('B', [1] * 65)", "m.cast('B', ())", "m.cast('@I').format", "m.cast('P')", "m.cast('@')", "m.cast('IB')",
             "m.cast('')", "m[::2].cast('I')", "g.cast('B', (4, 3))", "g.cast('B').strides", "g[::2].cast('B')", "memoryview(b'').cast('I').tolist()",
             "memoryview(b'').cast('B', [1])", "g[0:2].shape", "g[0:2].tolist()", "g[::2].strides", "bytes(g[::2])", "bytes(m.cast('I')[::2])",
             "m.cast('I').hex()", "g.f_contiguous, g.c_contiguous, g.contiguous", "m.cast('B', (1, 12)).f_contiguous", "g[(0,)]", "g[0, 1, 2]",
             "g[0, 9]", "g[9, 0]", "g[:, :]", "g[1:2, 1]", "m[1, 'a']", "m['a']", "g[1.5]", "g[()]", "iter(g)", "len(g)", "m.cast('I')[5]",
             "list(m.cast('I'))", "5 in m.cast('I')", "5 in m", "hash(m.toreadonly().cast('I'))", "hash(memoryview(b'abcd').cast('c')) == hash(b'abcd')",
             "m.cast('f') == m.cast('I')", "m.cast('h') == m.cast('H')", "g == m", "g == g[:]", "m == bytes(range(12))",
             "memoryview(b'\\0\\0\\xc0\\x7f').cast('f') == memoryview(b'\\0\\0\\xc0\\x7f').cast('f')"):
    attempt(text)
for code, values in (("I", ("a", -1, 2**40, 1.5, True)), ("c", (5, b"ab", b"z")), ("f", ("x", 1, 10**400, 0.1)), ("b", (200, -128, 127)),
                     ("?", ([], "x")), ("h", (2**15, -2**15)), ("H", (2**16, 65535))):
    view = m.cast(code)
    for value in values:
        try:
            view[0] = value
            print(code, repr(value)[:10], view[0], view.tobytes()[:4])
        except Exception as error:
            print(code, repr(value)[:10], type(error).__name__, error)
q = memoryview(bytearray(8)).cast("Q")
for value in (2**64 - 1, 2**64, -1, 2**63):
    attempt(f"q.__setitem__(0, {value})")
    print(q[0])
for text in ("m.cast('I').__setitem__(slice(0, 1), b'abcd')", "g.__setitem__(0, 1)", "g.__setitem__((1, 1), 99)", "g[1, 1]",
             "g.__setitem__(slice(0, 1), g[1:2])", "m.cast('I').__delitem__(0)", "m.cast('I').__setitem__(slice(0, 2), m.cast('I')[1:3])",
             "m.__setitem__(slice(1, 5), m[0:4])", "m.tolist()", "memoryview(b'a').__setitem__(0, 1)"):
    attempt(text)


class Releases:
    def __init__(self, view): self.view = view
    def __index__(self): self.view.release(); return 1


for use in (lambda v: v[Releases(v)], lambda v: v.__setitem__(Releases(v), 1), lambda v: v.__setitem__(0, Releases(v))):
    try:
        print(use(memoryview(bytearray(4))))
    except Exception as error:
        print(type(error).__name__, error)
array = bytearray(8)
a = memoryview(array); b = a.cast("I"); a.release()
attempt("array.append(1)")
attempt("a.tolist()")
attempt("b.obj is array")
b.release()
array.append(1); print(len(array))


class Array(bytearray): pass


array = Array(4); array.view = memoryview(array).cast("H"); array.view[1] = 7
del array
print(gc.collect())
