class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return self.n % 3
    def __eq__(self, other):
        if armed[0] > 0:
            armed[0] -= 1
            for n in range(100, 200): table[n] = n
        return self.n == other.n
armed = [0]
table = {K(n): n for n in range(9)}
armed[0] = 2
print(table[K(8)], len(table))
armed[0] = 2
table[K(20)] = "new"
print(len(table), table[K(20)])
armed[0] = 2
del table[K(20)]
print(len(table))
