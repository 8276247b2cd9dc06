# Nested loops with small ints.
def main():
    total = 0
    for a in range(1, 260):
        for b in range(a, 260):
            c = a * a + b * b
            k = b
            while k * k < c:
                k += 1
            if k * k == c and k < 600:
                total += a + b + k
    i = 0
    while i < 20000000:
        total ^= i
        i += 3
    print(total)


main()
