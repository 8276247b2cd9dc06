class I:
    def __index__(self):
        view.release()
        return 1
data = bytearray(b"abcdef")
for action in ("view[I()]", "view.__setitem__(I(), 7)", "view.__setitem__(0, I())"):
    view = memoryview(data)
    try:
        print(action, eval(action))
    except ValueError as error:
        print(action, error)
    view.release()
for action in ("len(view)", "view[0]", "view.tobytes()", "view == view", "hash(view)", "list(view)", "view.nbytes", "view.cast('B')"):
    try:
        print(action, eval(action))
    except ValueError as error:
        print(action, error)
print(repr(view)[:20])
