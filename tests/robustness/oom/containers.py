"""Growing, copying, sorting, merging and printing of the built-in containers."""


def main():
    numbers = list(range(40))
    numbers[5:10] = range(100, 120)
    del numbers[::3]
    numbers.sort(key=lambda n: -n)
    print(numbers, sorted(map(str, numbers))[:3], numbers[::-2])
    table = {str(n): [n] for n in numbers}
    table.update(a=1, b=2)
    for key in list(table)[::2]:
        del table[key]
    print(table | {"z": None}, list(table.items())[-1], dict.fromkeys("abc", 0))
    group = set(range(30)) ^ set(range(20, 60))
    group.update([1, 2], "xy")
    print(sorted(group & set(range(100))), frozenset(group) == group, len(group - {1}))
    row = tuple(numbers) + ("end",) * 3
    print(row[-5:], row.index("end"), hash(row[:2]) == hash(row[:2]))
    data = bytearray(b"abc")
    for n in range(50):
        data.append(n)
        data += b"xy"
    view = memoryview(data)[3:9]
    print(bytes(view), data[-4:], view.tolist())
    view.release()
    first, *middle, last = row
    print(first, len(middle), last, [*middle, *numbers][:3], {**table, "q": 9}["q"])
    print(list(zip(numbers, "abc")), list(enumerate("ab")), list(reversed(numbers))[:2], [[1] * 3] * 2)


main()
