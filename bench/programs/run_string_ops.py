# Methods of str in a loop.
def main():
    text = "the quick brown fox jumps over the lazy dog and runs away from it all " * 20
    total = 0
    for i in range(14000):
        words = text.split()
        total += len(" ".join(w.capitalize() for w in words[:50]))
        total += text.find("lazy", i % 100) + text.count("the") + len(text.replace("dog", "cat"))
        total += sum(1 for w in words if w.startswith("r") or w.endswith("y"))
        total += len(text.upper().strip("T")) + (text[i % 50] in "aeiou")
    print(total)


main()
