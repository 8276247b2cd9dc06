class R:
    def __repr__(self):
        if len(items) > 1: items.pop()
        return "R"
items = [R() for _ in range(6)]
print(repr(items))
class S:
    def __repr__(self):
        items.append(1)
        if len(items) > 20: raise KeyError("enough")
        return "S"
items = [S(), S()]
print(items)
items = [S()] + [0] * 20
try:
    print(items)
except KeyError as error:
    print("caught", error)
