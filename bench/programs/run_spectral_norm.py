# Nested generator expressions and function calls on floats.
def a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v, at):
    n = len(v)
    return [sum(at(i, j) * v[j] for j in range(n)) for i in range(n)]


def main():
    n = 260
    u = [1.0] * n
    for _ in range(7):
        v = times(times(u, a), lambda i, j: a(j, i))
        u = times(times(v, a), lambda i, j: a(j, i))
    vbv = sum(x * y for x, y in zip(u, v))
    vv = sum(y * y for y in v)
    print("%.9f" % (vbv / vv) ** 0.5)


main()
