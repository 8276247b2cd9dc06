class I:
    def __init__(self, n): self.n = n
    def __index__(self):
        data.clear()
        return self.n
for action in ("data[I(3)]", "data.append(I(3))", "data.insert(I(0), 1)", "data.pop(I(0))", "data.remove(I(3))",
               "data.extend([I(1), I(2)])", "data[I(1):I(3)]", "data * I(2)"):
    data = bytearray(range(10))
    try:
        print(action, eval(action), data)
    except Exception as error:
        print(action, type(error).__name__, error, data)
data = bytearray(range(10))
try:
    data[I(5)] = 1
except IndexError as error:
    print(error)
data = bytearray(range(10))
try:
    data[3] = I(5)
except IndexError as error:
    print(error)
print(data)
