class D:
    def __init__(self, n): self.n = n
    def __del__(self):
        log.append((self.n, len(table)))
        table[self.n + 100] = None
log = []
table = {n: D(n) for n in range(4)}
table.clear()
print(log, table)
log = []
table = {1: D(1)}
table[1] = 5
print(log, table)
log = []
table = {1: D(1)}
del table[1]
print(log, table)
log = []
table = {1: D(1), 2: D(2)}
table.popitem()
print(log, list(table))
table.clear()
log.clear()
