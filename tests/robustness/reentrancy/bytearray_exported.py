data = bytearray(b"abcdef")
view = memoryview(data)
for action in (lambda: data.append(1), lambda: data.clear(), lambda: data.extend(b"x"), lambda: data.pop(), lambda: data.__delitem__(0),
               lambda: data.__setitem__(slice(0, 1), b""), lambda: data.__iadd__(b"x"), lambda: data.__imul__(3), lambda: data.insert(0, 1),
               lambda: data.remove(97), lambda: data.__init__(b"zz")):
    try:
        action()
        print("allowed", data)
    except BufferError as error:
        print(error)
data[0:2] = b"xy"
print(bytes(view))
view.release()
data.clear()
print(data)
data = bytearray(b"abc")
data[-1:] = data
print(data)
try:
    data += data
except BufferError as error:
    print(error)
data[1:1] = memoryview(data)[0:0].tobytes()
print(data)
