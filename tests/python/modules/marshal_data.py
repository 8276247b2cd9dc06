# Module marshal: plain data in CPython's format, shared parts, damaged input.
import io
import marshal

shared = ["shared"]
VALUES = [None, True, ..., StopIteration, 0, -1, 2**31 - 1, 2**31, -2**31 - 1, 2**100, -3**70, 1.5, float("inf"), 2 - 3j,
          "", "abc", "x" * 300, "é", "\U0001f600", "\ud800", b"", b"\0\xff", (), (1, (2,)), [1, [2]], {1: {2: 3}},
          {1}, frozenset("a"), bytearray(b"z"), [shared, shared]]
for value in VALUES:
    data = marshal.dumps(value)
    again = marshal.loads(data)
    print(data[:40], again == value or value is again, type(again).__name__)
for version in range(5):
    print(version, marshal.dumps(["a", 1, (2.5,)], version))
pair = marshal.loads(marshal.dumps([shared, shared]))
print(pair[0] is pair[1])
stream = io.BytesIO()
marshal.dump({"k": [1]}, stream)
marshal.dump("next", stream)
stream.seek(0)
print(marshal.load(stream), marshal.load(stream))
for data in (b"", b"i\1", b"?", b"(\xff\xff\xff\xff", b"[\1\0\0\0", b"r\0\0\0\0", b"l\1\0\0\0\0\0", b"0", b"[\1\0\0\0" * 3000):
    try:
        print(marshal.loads(data))
    except (ValueError, EOFError, TypeError) as error:
        print(type(error).__name__, error)
deep = []
for _ in range(5000):
    deep = [deep]
for value in (object(), deep, [1, print]):
    try:
        marshal.dumps(value)
    except ValueError as error:
        print(error)
