class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other):
        if armed: left.clear()
        return self is other
armed = False
for op in ("left.keys() & other", "left.keys() | other", "left.keys() - other", "left.keys() ^ other", "left.keys().isdisjoint(other)",
           "left.keys() <= other", "other == left.keys()"):
    left = {K(1): 1, K(2): 2}
    other = {K(3), K(4)}
    armed = True
    try:
        value = eval(op)
        print(op)
    except RuntimeError as error:
        print(op)
    armed = False
