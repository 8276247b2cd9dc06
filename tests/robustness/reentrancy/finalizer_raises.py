class D:
    def __init__(self, n): self.n = n
    def __del__(self):
        raise ValueError(self.n)
D(1)
try:
    D(2)
    raise KeyError("x")
except KeyError as error:
    D(3)
    print(error)
def f():
    d = D(4)
    return "returned"
print(f())
def g():
    d = D(5)
    yield 1
next(g())
items = [D(6), D(7)]
del items
print("end")
