# Raising and handling, near and far.
class Stop(Exception):
    pass


def deep(n):
    if n == 0:
        raise Stop("bottom")
    deep(n - 1)


def main():
    total = 0
    for i in range(900000):
        try:
            if i % 2:
                raise ValueError(i)
            total += 1
        except ValueError as error:
            total += error.args[0]
        finally:
            total += 1
    for i in range(100000):
        try:
            deep(8)
        except Stop:
            total += 1
    table = {1: 1}
    for i in range(900000):
        try:
            total += table[i % 3]
        except KeyError:
            total -= 1
    print(total)


main()
