# Counting in a dict with str keys.
def main():
    words = ["w%d" % (i * i % 997) for i in range(5000)]
    counts = {}
    for _ in range(900):
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    for _ in range(500):
        for word in words:
            if word in counts:
                counts[word] += 1
    print(len(counts), sum(counts.values()), max(counts.items(), key=lambda item: (item[1], item[0])))


main()
