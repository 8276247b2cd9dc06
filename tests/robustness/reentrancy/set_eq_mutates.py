class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other):
        if armed:
            group.clear()
        return self.n == other.n
for action in (lambda: K(3) in group, lambda: group.add(K(9)), lambda: group.discard(K(3)), lambda: group.remove(K(3)),
               lambda: len(group | {K(7)}), lambda: len({K(7)} - group), lambda: group.issubset({K(1)}),
               lambda: group == {K(n) for n in range(5)}):
    armed = False
    group = {K(n) for n in range(5)}
    armed = True
    try:
        action()
        print("done")
    except (KeyError, RuntimeError) as error:
        print(type(error).__name__)
    armed = False
