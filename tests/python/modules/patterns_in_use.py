# re: matching, groups, substitution, splitting, flags, lookaround, errors.
import re

print(re.findall(r"(\w+)@(\w+)\.com", "a@b.com, cd@ef.com"), re.search(r"\d+", "ab12cd").span(), re.match(r"\d", "a"), re.fullmatch(r"[a-c]+", "abc").group())
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)?", "2024-05 rest")
print(m.groups(), m.groupdict(), m["year"], m.start("month"), m.end(), m.lastgroup, m.lastindex, m.expand(r"\g<month>/\1"), m.string, m.re.groupindex)
print(re.sub(r"(a)(b)?", lambda m: repr(m.groups()), "ab a"), re.sub("x*", "-", "abxd"), re.subn("a", "b", "aaa", count=2), re.sub(r"(\w)(\w)", r"\2\1", "abcd"))
print(re.split(r"[,;]\s*", "a, b;c,d", maxsplit=2), re.split(r"(,)", "a,b"), re.split(r"\b", "hi you"), re.split("x*", "axbc"))
print([m.group() for m in re.finditer(r"(?i)[ä-ü]+", "xÄÖz äb")], re.findall(r"^\w", "a\nb\nc", re.M), re.findall(r"a.c", "a\nc abc", re.S), re.compile(r"""\d +  # digits
 \. """, re.X).search("12.").group())
print(re.findall(r"(?<=\$)\d+(?!\d|%)", "$12 $5% $77"), re.findall(r"(?<!a)b", "ab cb b"), re.search(r"(a+)+b", "aaab").group(), re.search(r"(\w)\1", "hello").group(), re.findall(r"a*?b|a+", "aaab aa"))
print(re.search(r"(?(1)a|b)", "b"), re.match(r"(\()?x(?(1)\))", "(x)").group(), re.findall(r"(?:ab){2,3}", "abababab"), re.findall(r"[^\W\d_]+", "ab1_cé"), re.match(r"a++b", "aaab"), re.match(r"(?>a+)ab", "aaab"))
print(re.escape("a.b*c[d]"), re.compile("a|b").pattern, re.compile("a", re.I | re.M), re.compile(b"\\d").findall(b"1a2"), re.purge(), re.compile("(a)(?P<n>b)").groups)
for bad in ("(", "a{2,1}", "*a", "[a", r"(?P<1>a)", r"\1", "(?<=a*)b", "(?z)", "a**", "(?P=x)", "[b-a]"):
    try:
        re.compile(bad)
        print(bad, "is fine")
    except re.error as error:
        print(bad, "->", error, error.pos, error.lineno, error.colno)
scanner = re.Scanner([(r"\d+", lambda s, t: int(t)), (r"[a-z]+", lambda s, t: t), (r"\s+", None)])
print(scanner.scan("12 ab 3!"))
p = re.compile(r"\w+")
print(p.match("  ab", 2), p.search("ab cd", 2, 4), p.fullmatch("abc", 1), list(p.finditer("a bb"))[1].span(), p == re.compile(r"\w+"), hash(p) == hash(re.compile(r"\w+")))
