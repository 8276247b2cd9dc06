# bytes, bytearray, memoryview.
b = b"hello world"
print(b.upper(), b.split(), b.find(b"o"), b.find(111), b.replace(b"l", b"LL"), b.startswith(b"he"), b[0], b[1:3], b[-1:], list(b[:3]), b"l" in b, 104 in b)
print(b.hex(), b.hex("-"), b.hex(":", 2), bytes.fromhex("00 ff 1A"), b.title(), b.center(15, b"*"), b"42".zfill(4), b.partition(b" "), b",".join([b"a", bytearray(b"b")]))
print(bytes(3), bytes([1, 2]), bytes("é", "utf-8"), bytes(b"x"), bytes(bytearray(b"y")), bytes(range(3)), bytes(memoryview(b"mv")), b"" + b"a" * 3)
print(repr(b"\x00\n\t'\"\\\x7f\xff"), b"a" < b"b", b"a" == bytearray(b"a"), hash(b"a") == hash(bytes([97])), b"%s %d %x" % (b"a", 5, 255), b"%b" % b"z", b"\xe9".decode("latin-1"))
print(b"a\tb".expandtabs(4), b" x ".strip(), b"a\nb\r\n".splitlines(), b"aXbX".rsplit(b"X", 1), b"abc".translate(bytes.maketrans(b"a", b"z"), b"c"), b"AbC".swapcase(), b"12".isdigit(), b"ab".isalpha())
a = bytearray(b"abc")
a.append(100); a.extend(b"ef"); a += b"g"; a[0] = 65; a[1:3] = b"XYZ"; a.insert(0, 33)
print(a, a.pop(), a.pop(0), len(a), a.index(b"d"), a.count(b"X"), a.reverse(), a, a.copy() is a, a * 2)
del a[0], a[::2]
a.remove(a[0])
print(a, a.clear(), a, bytearray(5), bytearray("é", "latin-1"), bytearray([1, 2]) + b"x", bytearray.fromhex("0102"))
data = bytearray(b"0123456789")
view = memoryview(data)
print(view[2], bytes(view[2:5]), view[::2].tobytes(), view.nbytes, view.format, view.shape, view.strides, view.readonly, len(view), view[-1], view.tolist()[:3])
view[0] = 90
view[1:3] = b"ab"
print(data, view[::-1].tobytes(), view == data, view.hex(), memoryview(b"ro").readonly, view.itemsize, view.ndim, view.contiguous)
try:
    data.append(1)
except BufferError as error:
    print(error)
view.release()
data.append(33)
print(data)
with memoryview(b"xyz") as v:
    print(v.tobytes(), v.obj)
for bad in ("bytes(-1)", "bytes([256])", "bytes('x')", "bytes(1, 2)", "b'a' + 'b'", "b'a'[5]", "b'a'[0] = 1", "bytearray(b'a')[0] = 300", "b'abc'.index(b'z')", "bytes.fromhex('0')", "bytes.fromhex('zz')",
            "b'\\xff'.decode()", "b'\\xff'.decode('ascii')", "bytes(5.5)", "b','.join(['a'])", "bytearray(b'').pop()", "b'a' * 'b'", "memoryview('x')", "memoryview(b'x')[0] = 1", "memoryview(b'x')[5]", "b'%d' % 'x'",
            "bytearray([1]).remove(5)", "b''.find('a')", "v.tobytes()", "hash(bytearray())", "hash(memoryview(bytearray()))", "bytes(['a'])", "b'a'.split('x')", "int.from_bytes('a', 'big')", "bytes('a', 'nope')", "b'abc'.decode('utf-8', 'nope') + b''",
            "b'a'.replace('a', b'')", "bytearray().append('a')", "bytearray().extend([400])"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
for codec in ("utf-8", "utf-16", "utf-32-be", "latin-1", "ascii"):
    for handler in ("ignore", "replace", "backslashreplace"):
        print(codec, handler, b"a\xff\xfeb".decode(codec, handler) if codec not in ("utf-16", "utf-32-be") else "aé€😀".encode(codec, handler))
