"""Strings: building, formatting, splitting, encoding, and integers as text."""


def main():
    words = "the quick brown fox jumps over the lazy dog".split()
    text = ""
    for word in words:
        text += word.capitalize() + "-"
    print(text, text.replace("-", " — "), text.lower().upper().swapcase())
    print("%s %r %5.2f %x %-5d|" % ("a", "b\n", 3.14159, 255, 7))
    print("{:>10}|{!r:^8}|{w[1]}".format("right", "mid", w=words))
    print(f"{words[0]!r:>8} {10 ** 30:,} {1 / 3:.3e} {True}", 2 ** 200, int("9" * 60), hex(1 << 70))
    data = "häß€𝄞".encode()
    print(data, data.decode(), data.hex(), bytes.fromhex("00ff"), "ab".encode("utf-16"))
    try:
        b"\xff".decode()
    except UnicodeDecodeError as error:
        print(error)
    print(b"\xff".decode("utf-8", "replace"), "x".join(words), "a,b,,c".rsplit(",", 1), "l1\nl2\r\n".splitlines())
    print("abc".translate({97: "A", 98: None}), "tab\tx".expandtabs(4), " x ".strip(), "x".center(5, "*"), "7".zfill(3))
    print(float("1e10"), repr(0.1), round(2.675, 2), complex(1, 2) * 2, divmod(10 ** 25, 7 ** 9))


main()
