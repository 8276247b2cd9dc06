# Module unicodedata and \N escapes.
import unicodedata as u

print(u.unidata_version, "\N{BULLET}\N{latin small letter e with acute}\N{CJK UNIFIED IDEOGRAPH-4E00}\N{HANGUL SYLLABLE GAG}")
for c in "aÁ½٣²ﬁ한中\u0301\u200f\ud800\U0001f600\x00\u0378":
    print(ascii(c), u.name(c, "-"), u.category(c), u.bidirectional(c), u.combining(c), u.mirrored(c), u.east_asian_width(c),
          u.decomposition(c), u.decimal(c, None), u.digit(c, None), u.numeric(c, None),
          [ascii(u.normalize(form, c)) for form in ("NFC", "NFD", "NFKC", "NFKD")])
for name in ("BULLET", "hangul syllable han", "CJK UNIFIED IDEOGRAPH-20000", "LF", "KEYCAP DIGIT ONE", "nothing of the kind", ""):
    try:
        print(ascii(u.lookup(name)))
    except KeyError as error:
        print(error)
print(u.is_normalized("NFC", "e\u0301"), ascii(u.normalize("NFC", "a\u0327\u0301e\u0301")), b"\\N{BULLET}x".decode("unicode_escape"))
missing = 0
for code in range(0x110000):
    c = chr(code)
    name = u.name(c, None)
    if name is not None:
        assert u.lookup(name) == c
    else:
        missing += 1
print(missing)
for bad in (lambda: u.name("ab"), lambda: u.name(1), lambda: u.digit("x"), lambda: u.normalize("x", "y"), lambda: eval(r"'\N{no such}'"),
            lambda: b"\\N{no such}".decode("unicode_escape"), lambda: eval(r"'\N{'"), lambda: u.name("\0")):
    try:
        bad()
    except (ValueError, TypeError, SyntaxError) as error:
        print(type(error).__name__, error)
