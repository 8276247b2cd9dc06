# Sorting with and without keys.
def main():
    values, x = [], 12345
    for _ in range(60000):
        x = (x * 1103515245 + 12345) % 2147483648
        values.append(x)
    total = 0
    for _ in range(4):
        total += sorted(values)[1000]
        total += sorted(values, key=lambda v: -v)[1000]
        total += len(sorted(map(str, values))[500])
        pairs = sorted((v % 100, v) for v in values)
        total += pairs[30000][1]
    print(total)


main()
