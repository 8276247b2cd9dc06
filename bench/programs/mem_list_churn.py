# Short-lived lists of many lengths, with a window of survivors.
def main():
    window = [None] * 1000
    total = 0
    for i in range(2500000):
        row = [i, i + 1, i + 2]
        if i % 3 == 0:
            row.append(i)
            row.extend((1, 2, 3, 4))
        window[i % 1000] = row
        total += len(row) + row[-1]
    for i in range(20000):
        big = [0] * 2000
        big[i % 2000] = i
        total += big[i % 2000] + len(big[500:1500])
    print(total)


main()
