# if, while, for, else clauses, break, continue, pass, conditional expressions, boolean operators, chains.
def kinds(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10: return "small"
    else:
        return "big"


print([kinds(n) for n in (-1, 0, 5, 50)])
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 4:
        break
    print("while", i)
else:
    print("never")
while i:
    i -= 1
else:
    print("ran out at", i)
for n in range(2, 12):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        print(n, end=" ")
print()
for n in ():
    pass
else:
    print("empty loop, n is still", n)
for x, (y, *z) in [(1, "abc"), (2, "d")]:
    print(x, y, z)
places = [0, 0]
for places[0] in range(3):
    pass
print(places)


def in_finally():
    for n in range(3):
        try:
            if n == 1:
                continue
            if n == 2:
                break
            print("body", n)
        finally:
            print("finally", n)
    return "done"


print(in_finally())


def override():
    try:
        return "try"
    finally:
        return "finally"


def loop_return():
    while True:
        try:
            raise ValueError
        except ValueError:
            break
        finally:
            print("left")
    return "out"


print(override(), loop_return())
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 == 2, 1 < 2 > 1 != 0, 1 in [1] == True)


def say(x):
    print("say", x, end=" ")
    return x


print(say(1) < say(5) < say(3) < say(9))
print(say(0) or say("") or say([]), say(1) and say(0) and say(2), not say(0))
print("yes" if say(1) else say("no"), [] or None, 0 and 1, "" or "x")
print(True + True, not not "x", not 1 == 2, (1, 2) < (1, 3), [1] < [1, 0], "a" < "b", {1} < {1, 2})


class Truth:
    def __bool__(self):
        print("bool", end=" ")
        return False


class Length:
    def __len__(self):
        print("len", end=" ")
        return 1


print("t" if Truth() else "f", "t" if Length() else "f", bool(Truth()), not Length())
values = [1, 2, 3]
for v in values:
    if v < 3:
        values.append(v + 10)
print(values)
