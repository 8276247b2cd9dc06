# Assignment in all its forms, and the order in which its parts are evaluated.
def show(tag, value):
    print("evaluate", tag)
    return value


class Target(dict):
    def __setitem__(self, key, value):
        print("store", key, value)
        dict.__setitem__(self, key, value)


a = b = c = []
print(a is b is c)
x, y = 1, 2
x, y = y, x
print(x, y)
(p, [q, (r, s)]) = 1, (2, "ab")
print(p, q, r, s)
first, *rest = range(5)
print(first, rest)
*init, last = "abc"
print(init, last)
head, *middle, tail = (1, 2)
print(head, middle, tail)
t = Target()
show("target", t)[show("key", "k")] = show("value", 1)
t[0], t[1] = show("left", "l"), show("right", "r")
i = 0
t["z"] = i, i = 5, 6
print(i, t["z"])
n = 5
n += 2; n -= 1; n *= 4; n /= 3; n //= 2; n **= 3; n %= 50
print(n)
m = 0b1100
m |= 1; m &= ~4; m ^= 2; m <<= 3; m >>= 1
print(m)
values = [1, 2]
alias = values
values += (3,)
print(alias, alias is values)
alias = alias + [4]
print(values, alias)
show("object", values)[show("index", 0)] += show("operand", 10)
print(values)
tup = ([],)
try:
    tup[0] += [1]
except TypeError as error:
    print(error, tup)
values[1:2] = [7, 8, 9]
print(values)
values[::2] = "abc"
print(values)
for bad in ((1,), (1, 2, 3), 5, iter(())):
    try:
        u, v = bad
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
try:
    u, *v, w = [1]
except ValueError as error:
    print(error)
number: int = 3
only_declared: "str"
print(number, __annotations__)
if (length := len("four")) > 3 and (half := length // 2):
    print(length, half)
print([last := k * k for k in range(4)], last)
