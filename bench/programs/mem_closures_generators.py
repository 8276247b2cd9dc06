# Closures and generators by the hundred thousand.
def adder(n):
    def add(x):
        return x + n
    return add


def count(n):
    while n:
        yield n
        n -= 1


def main():
    total = 0
    adders = []
    for i in range(900000):
        f = adder(i)
        total += f(1)
        if i % 10 == 0:
            adders.append(f)
    for i in range(400000):
        for value in count(3):
            total += value
    waiting = [count(5) for _ in range(100000)]
    total += sum(next(g) for g in waiting)
    print(total, len(adders))


main()
