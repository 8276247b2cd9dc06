items = [1, 2, 3]
items.extend(items)
print(items)
items += items
print(len(items))
items[1:1] = items
print(len(items))
class It:
    def __iter__(self):
        items.clear()
        yield 1
        items.append("x")
        yield 2
        del items[:]
        yield 3
items.extend(It())
print(items)
items[:] = It()
print(items)
items[0:2] = It()
print(items)
