"""A list that grows for ever, many times over: each time MemoryError, then the memory is back."""


def fill():
    items, size = [], 0
    try:
        while True:
            items.append(None)
            size += 1
    except MemoryError:
        return size


sizes = [fill() for _ in range(5)]
print(min(sizes) > 1_000_000, max(sizes) - min(sizes) < min(sizes))
print(sum([1] * 1_000_000))
