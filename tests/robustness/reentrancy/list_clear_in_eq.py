class K:
    def __init__(self, n): self.n = n
    def __eq__(self, other):
        items.clear()
        return False
items = [K(n) for n in range(10)]
for action in (lambda: items.index(3), lambda: 3 in items, lambda: items.count(3), lambda: items.remove(3)):
    items[:] = [K(n) for n in range(10)]
    try:
        print(action(), len(items))
    except ValueError as error:
        print(type(error).__name__, len(items))
