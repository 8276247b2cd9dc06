items = [1, 2, 3, 4, 5]
seen = []
for item in items:
    seen.append(item)
    if item == 2: items.clear()
print(seen, items)
items = [1, 2, 3]
it = iter(items)
print(next(it), it.__length_hint__())
items.clear()
print(list(it), it.__length_hint__())
items.append(5)
print(list(it))
items = [1, 2, 3]
rev = reversed(items)
del items[1:]
print(list(rev))
