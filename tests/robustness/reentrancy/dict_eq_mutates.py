class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other):
        if armed: table.clear()
        return self.n == other.n
for action in (lambda: table[K(3)], lambda: K(3) in table, lambda: table.pop(K(3), "none"), lambda: table.get(K(2)),
               lambda: table.setdefault(K(9), 1), lambda: table.__delitem__(K(1)), lambda: table.update({K(2): 5})):
    armed = False
    table = {K(n): n for n in range(6)}
    armed = True
    try:
        print(action(), end=" ")
    except KeyError as error:
        print("KeyError", end=" ")
    armed = False
    print(len(table))
