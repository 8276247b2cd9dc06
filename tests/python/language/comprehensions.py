# Comprehensions: all four kinds, nesting, scopes, conditions, walrus.
print([x for x in "abc"], {x for x in [1, 1, 2]}, {k: v for k, v in zip("ab", (1, 2))}, list(x for x in (1,)))
print([(x, y) for x in range(3) if x for y in range(x) if (x + y) % 2])
print([[row[i] for row in ([1, 2], [3, 4])] for i in range(2)])
x = "outside"
print([x for x in range(3)], x)
print([y for x in [[1, 2], [3]] for y in x], x)
print([a + b for a, b in [(1, 2), (3, 4)]], [a for a, *_ in ["xyz"]])
print([i if i % 2 else -i for i in range(4)], [i for i in range(9) if i > 2 if i < 6])
print({len(w): w for w in ["a", "bb", "cc"]})
print([f(2) for f in [lambda v, k=k: v * k for k in range(3)]])
print([y := 1, y ** 2], y, [z for v in range(5) if (z := v * v) > 3], z)


def evaluated(tag, values):
    print("iterable", tag)
    return values


generator = (x for x in evaluated("outer", [1]) for y in evaluated("inner", [2]))
print("made")
print(list(generator))


def local():
    n = 3
    return [n * k for k in range(n)], {n for _ in "a"}, [[n for _ in range(1)] for _ in range(1)]


print(local())


class Body:
    width = 2
    outer_only = [w for w in range(width)]
    try:
        broken = [width for _ in range(1)]
    except NameError as error:
        broken = str(error)


print(Body.outer_only, Body.broken)
try:
    [1 / k for k in (1, 0)]
except ZeroDivisionError as error:
    print(error)
print(sorted({(a, b) for a in "ab" for b in "ab" if a != b}))
print([*range(3), *"ab"], {*[1, 2], 2}, {**{"a": 1}, "b": 2, **{"a": 3}}, (*[], 1))
print([line for line in [c.upper() for c in "xy"]][::-1])
print(any(n > 2 for n in range(5)), max((n * -1 for n in range(3)), default=None), dict((n, n) for n in "q"))
print(next((n for n in range(10) if n > 20), "none"))
