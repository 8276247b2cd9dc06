items = [5, 3, 4, 1, 2]
class Boom(Exception): pass
count = 0
def key(item):
    global count
    count += 1
    if count == 3: raise Boom
    return item
for _ in range(2):
    try:
        items.sort(key=key)
    except Boom:
        print("boom", items)
items.sort(key=key)
print(items)
