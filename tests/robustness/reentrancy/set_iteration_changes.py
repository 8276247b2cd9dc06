group = set(range(5))
try:
    for item in group:
        group.add(item + 100)
except RuntimeError as error:
    print(error)
group = set(range(5))
try:
    for item in group:
        group.clear()
except RuntimeError as error:
    print(error)
class It:
    def __iter__(self):
        group.clear()
        yield 1
        group.clear()
        yield 2
group.update(It())
print(group)
group |= group
group ^= group
print(group)
group = {1, 2}
group -= group
print(group)
class D:
    def __del__(self): group.add(7)
group = {D(), D()}
group.clear()
print(group)
