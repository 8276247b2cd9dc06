# Strings built by appending, joining, slicing and formatting.
def main():
    total = 0
    for _ in range(300):
        text = ""
        for i in range(10000):
            text += "ab"
        total += len(text)
        parts = []
        for i in range(8000):
            parts.append("item %d" % i)
        joined = ",".join(parts)
        total += len(joined) + joined.count("9")
        words = joined.split(",")
        total += sum(len(w[5:]) for w in words)
        total += len(f"{total}:{len(words)}")
    print(total)


main()
