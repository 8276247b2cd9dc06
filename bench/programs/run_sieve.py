# Slices and flags.
def main():
    total = 0
    for _ in range(25):
        n = 400000
        flags = [True] * n
        flags[0] = flags[1] = False
        for i in range(2, int(n ** 0.5) + 1):
            if flags[i]:
                for k in range(i * i, n, i):
                    flags[k] = False
        total += sum(1 for f in flags if f)
    print(total)


main()
