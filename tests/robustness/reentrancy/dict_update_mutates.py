class M:
    def keys(self):
        table.clear()
        return iter("abc")
    def __getitem__(self, key):
        table.pop(key, None)
        table["z" + key] = 1
        return key
table = {"a": 1, "b": 2}
table.update(M())
print(table)
table = {"a": 1}
table.update(table)
print(table)
def pairs():
    table.clear()
    yield "a", 1
    table.clear()
    yield ["b", 2]
table.update(pairs())
print(table)
class K:
    def __hash__(self): return 1
    def __eq__(self, other):
        source.clear()
        return False
source = {}
source = {K(): 1, 2: 2}
target = {K(): 3}
try:
    target.update(source)
    print("updated")
except RuntimeError as error:
    print(error)
