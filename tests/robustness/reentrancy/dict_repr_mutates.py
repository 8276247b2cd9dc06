class R:
    def __repr__(self):
        table.clear()
        return "R"
table = {1: R(), 2: R()}
try:
    print(repr(table))
except RuntimeError as error:
    print(error)
print(table)
table = {}
table["me"] = table
table["items"] = table.items()
print(len(repr(table)) > 5)
table.clear()
