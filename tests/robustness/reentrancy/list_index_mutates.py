class I:
    def __init__(self, n): self.n = n
    def __index__(self):
        items.clear()
        return self.n
for action in ("items[I(5)]", "items.pop(I(5))", "items.insert(I(5), 1)", "items[I(1):I(5)]", "items.index(1, I(0), I(9))", "items * I(3)"):
    items = list(range(10))
    try:
        print(action, eval(action), items)
    except Exception as error:
        print(action, type(error).__name__, error, items)
items = list(range(10))
try:
    items[I(3)] = 1
except IndexError as error:
    print(error)
items = list(range(10))
items[I(2):I(5)] = [7, 8]
print(items)
items = list(range(10))
del items[I(2):I(5)]
print(items)
