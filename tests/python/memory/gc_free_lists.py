# Free lists: a dead list, dict or tuple that goes to one, and the next that comes from there, do not move the counter.
import gc

gc.disable()


def series(make, counts, kind):
    gc.collect()
    result = []
    for count in counts:
        before = gc.get_count()[0]
        held = [make() for _ in range(count)]
        born = gc.get_count()[0]
        del held
        result.append((born - before, gc.get_count()[0] - before))
    print(f"{kind:14}", result)


counts = [1, 5, 79, 80, 81, 82, 100, 200, 79, 200, 10]
series(lambda: [], counts, "list")
series(lambda: [1, 2], counts, "list of 2")
series(lambda: {}, counts, "dict")
series(lambda: {"a": 1}, counts, "dict of 1")
series(lambda: {i: i for i in range(20)}, counts, "dict of 20")
for size in (1, 2, 3, 18, 19, 20, 21, 25):
    series(lambda: tuple([0] * size), [1, 5, 100, 1999, 2000, 2001, 2100, 3000, 5], f"tuple of {size}")
series(lambda: set(), counts, "set")
series(lambda: ([], {}), counts, "both")
series(lambda: object.__new__(type("K", (), {})), [1, 5], "classes")


class L(list): pass
class D(dict): pass
class T(tuple): pass


series(lambda: L(), counts, "list subclass")
series(lambda: D(), counts, "dict subclass")
series(lambda: T((1, 2)), counts, "tuple subclass")
print(gc.collect())
for generation in (0, 1, 2):
    held = [[] for _ in range(90)]
    del held
    before = gc.get_count()[0]
    gc.collect(generation)
    middle = gc.get_count()[0]
    held = [[] for _ in range(85)]
    print(generation, middle, gc.get_count()[0] - middle)
    del held
