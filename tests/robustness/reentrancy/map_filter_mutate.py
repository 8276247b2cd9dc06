items = [1, 2, 3, 4]
def f(x):
    items.clear()
    return x
print(list(map(f, items)))
items = [1, 2, 3]
print(list(filter(f, items)))
items = [1, 2, 3]
print(list(enumerate(map(f, items))), list(zip(map(f, [1, 2]), [3, 4])))
class It:
    def __next__(self):
        global z
        z = None
        return 1
    def __iter__(self): return self
z = zip(It(), It())
print(next(z))
m = map(lambda x: next(m, "inner"), [1, 2, 3])
print(next(m), list(m))
