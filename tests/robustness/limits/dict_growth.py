"""A dict, a set and an instance's attributes that grow for ever."""


class Open:
    pass


def fill_dict():
    table, size = {}, 0  # counted apart: there is no memory for a new number afterwards
    try:
        while True:
            table[size] = size
            size += 1
    except MemoryError:
        return size > 100_000


def fill_set():
    group, size = set(), 0
    try:
        while True:
            group.add(size)
            size += 1
    except MemoryError:
        return size > 100_000


def fill_attributes():
    open_object, size = Open(), 0
    try:
        while True:
            setattr(open_object, "a%d" % size, [])
            size += 1
    except MemoryError:
        return size > 10_000


def keys_survive():
    table = {n: [n] for n in range(1000)}
    ballast = []
    try:
        while True:
            ballast.append(bytearray(1000))
    except MemoryError:
        pass
    try:
        for n in range(1000, 1_000_000):
            table[n] = [n]
    except MemoryError:
        pass
    ballast.clear()
    return all(table[n] == [n] for n in table)


for _ in range(2):
    print(fill_dict(), fill_set(), fill_attributes(), keys_survive())
