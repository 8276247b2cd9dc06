# Literals: numbers, strings, bytes, escapes, containers, implicit joining.
print(0, 1_000, 0x_ff, 0o17, 0b101, 00, 1e3, 1_0.5_0e-1, .5, 5., 1E5, 3j, 1.5J, 0xDEAD_beef)
print(10 ** 30, -0, -0.0, 1e400, -1e400, 1e-400, 0.1 + 0.2, 123456789012345678901234567890)
print('single', "double", '''triple 'quotes' ''', """line
break""", 'a\
b')
print("\a\b\f\v".encode(), "\x41\u00e9\U0001F600\u03b1\101\0".encode("utf-8"))
print(r"\n\x", b"\x00\xffabc\n\101", rb"\x41", Rb'\z', u"unicode")
print("implicit " 'join' """ works""", b"also " b"bytes")
print([], [1, ], (), (1,), {}, {1: 2, }, {1, 2}, (1, 2), [[], [[]]], 1,)
print(None, True, False, Ellipsis, ..., NotImplemented, __debug__)
print("tab\tnew\\line", 'it''s', "it's", 'say "hi"', "both ' and \"")
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\x00\x7f\x80\xa0é\u200b\U0001F600\ud800"))
print(ascii("é\u20ac\U0001F600"), repr(b"'\"\\\x80"))
x = (1
     + 2  # a comment
     + 3)
print(x); y = 1; print(y)
if x: print("one line"); print("same line")
z = \
    5
print(z)
print(1if x else 2, [1for _ in "a"], 1or 2)
print(1 .real, 1..real, 1.0.is_integer(), (5).bit_length())
π = 3.14
naïve = "ok"
print(π, naïve, ﬁne := 3, fine)
print("a" "b"[0], ("a" "b")[0], -1 ** 2, (-1) ** 2, not True == False, 2 * 3 % 4)
print(1 if False else 2 if False else 3)
print(*[1, 2], sep="-"); print(*"ab", *"cd", sep=""); print(end="no newline\n")
print(1 <2, 1== 1, [1,2][-1], {'a':1}['a'], "abc"[::-1], (1,2)+(3,))
assert (x, y) == (6, 1), "not shown"
pass; pass
