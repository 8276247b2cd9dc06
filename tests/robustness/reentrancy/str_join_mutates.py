class It:
    def __iter__(self):
        for n in range(5):
            source.clear()
            yield "x"
source = ["a", "b"]
print(",".join(It()))
class S(str):
    def __str__(self):
        source.clear()
        return "s"
source = [S("a"), S("b")]
print(",".join(source), "%s %s" % tuple(source))
source = [S("a"), S("b")]
print("{} {!s}".format(*source))
class F:
    def __format__(self, spec):
        args.clear()
        return "f" + spec
args = {"a": F(), "b": F()}
try:
    print("{a:1}{b:2}".format_map(args))
except KeyError as error:
    print("KeyError", error)
class M(dict):
    def __missing__(self, key):
        return key * 2
print("%(a)s %(b)s" % M(), "{a}{b}".format_map(M()))
