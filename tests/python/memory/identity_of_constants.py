# Which equal objects are one object, by compilation unit. Warnings about `is` are off.
def run(source):
    space = {}
    exec(compile(source, "unit", "exec"), space)
    return space


pairs = ["1000", "'long text with blanks'", "'identifier'", "1.5", "2j", "(1, 2)", "b'bytes'", "()", "''", "b''", "...", "-1", "-6", "10**5",
         "2**100", "'a' * 20", "'a b' * 30", "'x' * 5000", "(1, (2, 'x'))", "frozenset({1})", "[1]", "'é'", "1 + 2j", "'%s' % 5", "True", "1 == 1", "'ab'[0]", "(1, 2)[0]", "not 5"]
for text in pairs:
    one = run(f"a = {text}\nb = {text}\ndef f(): return {text}\nclass C:\n    d = {text}\n")
    two, three = run(f"a = {text}"), run(f"a = {text}")
    print(f"{text:26}", one["a"] is one["b"], one["a"] is one["f"](), one["f"]() is one["f"](), one["a"] is one["C"].d, two["a"] is three["a"])
space = run("a = 0.0; b = -0.0; c = 0; d = False; e = 1; f = 1.0; g = True; h = (1,); i = (1.0,); j = (True,); k = ('a',); m = ('a',)")
print([type(space[n]).__name__ for n in "abcdefg"], space["h"], space["i"], space["j"], space["k"] is space["m"], repr(space["b"]))
for n in (-7, -6, -5, 0, 256, 257, 258):
    print(n, n + 0 is int(str(n)), int(str(n)) is int(str(n)), n * 1 is -(-n), abs(n) is abs(n), sum([n]) is n + 0)
print([i for i in range(-10, 262) if (i + 1) - 1 is not (i + 2) - 2][4:8])
s = "made at run time"
print(s[:] is s, str(s) is s, s + "" is s, "" + s is s, s * 1 is s, s.strip() is s, s.replace("q", "") is s, "".join([s]) is s, s[0:len(s)] is s, s.lower() is s, f"{s}" is s, s.format() is s, "%s" % s is s, s.ljust(3) is s)
t = (1, [2])
print(t[:] is t, tuple(t) is t, t + () is t, () + t is t, t * 1 is t, t[0:2] is t)
b = b"made at run time"
print(b[:] is b, bytes(b) is b, b + b"" is b, b.strip() is b, b * 1 is b, b.replace(b"q", b"") is b)
f = frozenset([1])
x = 1.5
i = 10**20
print(frozenset(f) is f, f.copy() is f, f | f is f, float(x) is x, +x is x, x + 0 is x, int(i) is i, +i is i, i + 0 is i, i * 1 is i, i // 1 is i, abs(x) is x, i.__index__() is i, i.conjugate() is i, round(i) is i)
print(tuple([]) is (), "".join([]) is "", "abc"[3:] is "", b"abc"[3:] is b"", frozenset() is frozenset(), (1, 2)[2:] is (), "a"[:0] is str(), 5 // 2 is 2, 255 + 1 is 256, True + 0 is 1, len("abc") is 3, int(2.0) is 2)
name = "".join(["run", "_time"])
import sys
sys.intern(name)
print(name is "run_time", sys.intern("run" + "_time") is name, getattr(sys, "intern").__name__ is sys.intern("intern"))


class Thing:
    def method(self): pass


thing = Thing()
thing.attribute_name = 1
print(list(vars(thing))[0] is "attribute_name", list(Thing.__dict__)[1] is "method", thing.method is thing.method, Thing.method is Thing.method, thing.method == thing.method, thing.__dict__ is thing.__dict__, Thing.__dict__ is Thing.__dict__)
print((lambda: "shared")() is (lambda: "shared")(), (lambda: (1, 2))() is (lambda: (1, 2))(), Thing.__name__ is "Thing", type(thing) is Thing, thing.__class__.__name__ is Thing.__name__)
