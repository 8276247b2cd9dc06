class D:
    def __del__(self):
        items.clear()
        print("del")
items = [D(), 1, D(), 2]
items[0:3] = []
print(items)
items = [D()]
items[0] = 5
print(items)
items = [D(), 1, 2]
del items[0]
print(items)
items = [1, D(), 2, D(), 3]
del items[1::2]
print(items)
items = [D(), D()]
items.clear()
print(items)
items = [D(), 2, 3]
items.pop(0)
print(items)
items = [D(), D(), D()]
items.__init__([1])
print(items)
