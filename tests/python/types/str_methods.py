# Methods of str.
s = "Hello, World"
print(s.lower(), s.upper(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "straße".casefold(), "ǆ".title(), "ﬁ".upper())
print(s.find("o"), s.rfind("o"), s.find("z"), s.find("o", 5), s.find("o", 5, 7), s.find("", 3), s.find("", 50), s.index("W"), s.count("l"), s.count(""), "aaa".count("aa"))
print(s.startswith("He"), s.startswith(("x", "He")), s.endswith("ld", 3), s.startswith("", 50), s.endswith(()), "W" in s, "" in s)
print(s.replace("l", "L"), s.replace("l", "", 2), "aaa".replace("", "-"), "aaa".replace("a", "b", 0), "abc".replace("abc", ""))
print(s.split(), s.split(","), s.split("l", 1), s.rsplit("l", 1), " a  b ".split(), " a  b ".split(" "), "a,b,".split(","), "".split(), "".split(","), "a b c".split(None, 1), "a b c".rsplit(None, 1))
print("a\nb\r\nc\rd\x0be\x1cf\u2028g".splitlines(), "a\n\nb\n".splitlines(True), s.partition(", "), s.rpartition("o"), s.partition("z"), s.rpartition("z"))
print("  x ".strip() + "|", "  x ".lstrip() + "|", "  x ".rstrip() + "|", "xyxaxy".strip("xy"), "xxa".lstrip("x"), s.removeprefix("Hello"), s.removesuffix("d"), s.removesuffix(""))
print("x".center(5, "-"), "x".ljust(4, ".") + "|", "x".rjust(4), "x".center(4) + "|", "42".zfill(5), "-42".zfill(5), "+".zfill(3), "long".center(2))
print("-".join("abc"), "".join([]), ", ".join(["a", "b"]), "x".join(["only"]), "ab" * 3, "ab" * -1, 2 * "x")
print("a\tb".expandtabs(), "a\tb\tc".expandtabs(4), "\t".expandtabs(0) + "|", "ab\ncd\te".expandtabs(3))
for t in ("", "abc", "ABC", "Abc Def", "123", "²", "½", "a1", " \t", "a b", "_x1", "1x", "é", "\x00", "٣", "ß", "class"):
    print(repr(t), "".join(str(int(getattr(t, "is" + k)())) for k in
          ("alpha", "digit", "decimal", "numeric", "alnum", "lower", "upper", "title", "space", "identifier", "printable", "ascii")))
table = str.maketrans({"a": "1", "b": None, ord("c"): "three", "d": 100})
print("abcd".translate(table), "hello".translate(str.maketrans("el", "ip", "o")), "abc".translate({97: "é"}))
print("é€😀"[1], len("é€😀"), "é€😀".encode(), "é".encode("latin-1"), "abc".encode("ascii"), "é".encode("ascii", "replace"), "é€".encode("ascii", "backslashreplace"), "é".encode("ascii", "xmlcharrefreplace"), "a€".encode("latin-1", "ignore"))
print("abc" < "abd", "a" < "B", "" < "a", "é" > "z", "abc" == "abc", "a" != "b", sorted(["b", "A", "a", "é"]), max("hello"), min("hello"))
print("{:>5}|{:<5}|{:^5}|{:*^7}|{:.2}".format("a", "b", "c", "d", "efg"), "{0}{1}{0}".format(1, 2), "{a.real} {b[0]} {c[k]}".format(a=1, b=[2], c={"k": 3}), "{!r:>5} {!s} {!a}".format("a", "b", "é"))
print(ord("a"), chr(8364), ord("😀"), chr(0x10FFFF) == "\U0010ffff", "abc"[-1], "abc"[::-1], list("ab"), tuple("ab"), "a" "b")
print(hash("") == 0, hash("a") == hash("a"), "abc".__len__(), "a".__add__("b"), "abc".__contains__("b"), str(), str(5), str(b"x"), str(b"\xc3\xa9", "utf-8"), str(object=1))
print("ab".format_map({}), "{x}".format_map({"x": 1}), "%s" % "x", "%%" % (), "%(a)s" % {"a": 1}, "%c%c" % ("a", 98), "%5s|%-5s|%.1s" % ("a", "b", "cd"))
for bad in ("'a' + 1", "'abc'.index('z')", "'a'.join([1])", "'a'.join(5)", "'abc'.split('')", "'a'.center(5, 'xy')", "'a'.zfill('x')", "ord('ab')", "ord('')", "chr(1114112)",
            "'é'.encode('ascii')", "b'\\xff'.decode()", "'a'.encode('nope')", "'%d' % 'x'", "'%s %s' % 1", "'%s' % (1, 2)", "'%z' % 1", "'%' % 1", "'{}'.format()", "'{1}'.format(0)", "'{a}'.format()",
            "'{'.format()", "'}'.format()", "'{0.x}'.format(1)", "'{0[}'.format(1)", "'{!x}'.format(1)", "'{} {0}'.format(1)", "'abc'[5]", "'abc'['a']", "'a'.replace('a')", "'a'.startswith(1)",
            "'a'.count(1)", "'a' in 5", "5 in 'a'", "str(b'x', 5)", "str('x', 'utf-8')", "'a'.strip(1)", "'a'.partition('')", "str.maketrans('ab', 'c')", "'a'.translate(5)", "'abc'.upper(1)", "'a' * 10**19",
            "'a'.foo", "'%c' % 'ab'", "'%(a)s' % 1", "'%(b)s' % {}", "'%*d' % ('a', 1)", "'\\ud800'.encode()", "'%x' % 1.5", "'a'.expandtabs('b')", "str.upper(1)", "str.join('a')"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
