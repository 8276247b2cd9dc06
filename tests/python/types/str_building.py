# Strings of mixed widths, built in many ways; identity rules; subclasses.
pieces = ["a", "é", "€", "😀"]
text = ""
for i in range(40):
    text += pieces[i % 4] * (i % 3)
print(len(text), text[:12], text.count("€"), text.find("😀"), text[::-3], text.encode("utf-8")[:20])
for n in range(5):
    joined = "".join(pieces[:n])
    print(n, repr(joined), joined.encode("utf-16-le").hex(), joined == "".join(list(joined)), max(joined, default="-"))
print("a" + "é" == "aé", "é"[0] is "é"[0], ("a" * 1000)[500] == "a", "abc"[1:2] == "b", "" is "abc"[3:])
wide = "x" * 100 + "€"
narrow = wide[:100]
print(narrow == "x" * 100, hash(narrow) == hash("x" * 100), narrow.isascii(), wide.isascii())
alias = s = "start"
s += " more"
print(alias, s)


def build(n):
    out = ""
    for i in range(n):
        out += str(i)
        if i == 5:
            keep = out
    return out, keep


print(build(15))


class MyStr(str):
    def upper(self): return "custom"
    def __str__(self): return "str of mine"
    def __getitem__(self, k): return "item"


m = MyStr("abc")
print(m.upper(), m.lower(), str(m), m[0], m + "d", type(m + "d").__name__, type(m.strip()).__name__, f"{m}", "%s" % m, "".join([m]), {m: 1}["abc"])
m.attribute = 5
print(m.attribute, m == "abc", hash(m) == hash("abc"), isinstance(m, str), len(m), repr(m))
print(repr("a'b"), repr('a"b'), repr("a'b\"c"), repr("\n\t\\\r\x1b"), repr("\xad\u0600\ufeff\U000e0001"), ascii("aé\u1234\U00012345"))
print("x".join(str(i) for i in range(10)), "".join(map(chr, range(97, 110))), "ab".join(["1"] * 4))
print("%s-%s" % ("é", "€"), "{}{}".format("😀", "a"), f"{'€':>3}{'é':<3}|", "é" in "caf\xe9", "€é".replace("€", "E"), "É".lower(), "İ".lower().encode())
print("abc" > "ab", "\uffff" < "\U00010000", "Z" < "a" < "é" < "€" < "😀", sorted("zé€a😀"), "a\x00b" == "a\x00b", "a\x00b" < "a\x01")
print("ab\0cd".split("\0"), "x\0".strip("\0"), len("\0" * 5), "😀😀".find("😀", 1), "aé" * 2, ("é" * 3).count("é"), "€uro".index("u"))
