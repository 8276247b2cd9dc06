class H:
    def __hash__(self):
        table.clear()
        return 5
table = {1: 1, 2: 2}
table[H()] = 3
print(len(table))
table = {1: 1}
print(table.get(H()), len(table))
print(table.setdefault(H(), 4), len(table))
print(dict.fromkeys([H(), H(), 1]).__len__())
