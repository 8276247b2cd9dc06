# Casting a memoryview to other item formats.
words = memoryview(bytearray(8)).cast("I")
words[0] = 0x01020304
print(words.tolist(), words.tobytes(), words.cast("B")[0], words.format, words.nbytes)
shorts = memoryview(bytearray(range(8))).cast("h")
print(shorts.tolist(), shorts[1:3].tolist(), shorts.itemsize, len(shorts), shorts == memoryview(bytes(range(8))).cast("h"))
doubles = memoryview(bytearray(16)).cast("d")
doubles[1] = 2.5
print(doubles.tolist(), doubles.nbytes, doubles.shape)
grid = memoryview(bytearray(range(6))).cast("B", (2, 3))
print(grid.tolist(), grid.ndim, grid.shape, grid[1, 2], grid.strides)
for bad in ("memoryview(bytearray(4)).cast('I')[1]", "memoryview(bytearray(3)).cast('I')", "memoryview(b'abcd').cast('I')[0] = 1",
            "memoryview(b'ab').cast('z')", "memoryview(b'abcd').cast('h').cast('I')", "grid[0]", "memoryview(bytearray(4)).cast('b')[0] != 300"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
