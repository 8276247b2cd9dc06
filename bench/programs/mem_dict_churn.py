# Dicts that are made, filled, emptied and dropped.
def main():
    total = 0
    keep = {}
    for i in range(1000000):
        d = {"id": i, "name": "n", "value": i * 2}
        d[i] = d["id"]
        total += len(d) + d[i]
        keep[i % 5000] = d
    for i in range(500):
        big = {}
        for k in range(5000):
            big[k] = i
        for k in range(0, 5000, 2):
            del big[k]
        total += len(big)
    print(total, len(keep))


main()
