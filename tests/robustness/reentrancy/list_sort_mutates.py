items = []
class K:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        items.append(self)
        return self.n < other.n
    def __repr__(self): return str(self.n)
items = [K(n) for n in (3, 1, 2)]
try:
    items.sort()
except ValueError as error:
    print(error)
print(items)
class L(K):
    def __lt__(self, other):
        items.clear()
        return self.n < other.n
items = [L(n) for n in (3, 1, 2)]
try:
    items.sort()
    print("sorted", items)
except ValueError as error:
    print(error)
print(items)
def key(item):
    print(len(items))
    items.extend([1, 2])
    return item
items = [3, 2, 1]
try:
    items.sort(key=key)
except ValueError as error:
    print(error, items)
