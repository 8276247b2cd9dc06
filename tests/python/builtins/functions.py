# Built-in functions: results and errors.
print(abs(-3), abs(2.5), abs(3 + 4j), all([]), all([1, 0]), any([]), any([0, 2]), ascii("é"), bin(10), oct(8), hex(255), chr(65), ord("A"), callable(len))
print(divmod(7, 2), divmod(-7, 2.0), pow(2, 3), pow(2, 3, 5), round(2.567, 2), round(-0.5), sum([1, 2], 10), sum([[1]], []), sum((0.1, 0.2)), max(1, 3, 2), min("b", "a"), max([], default=5), max("abc", key=ord), min([3, 1], key=lambda x: -x))
print(list(enumerate("ab", 5)), list(zip("ab", [1, 2, 3])), list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, "", "a"])), list(filter(str.isdigit, "a1b2")), list(reversed("abc")), sorted("cab", reverse=True))
print(isinstance(1, (str, int)), issubclass(bool, int), hasattr("", "join"), getattr("", "nope", 5), len({1: 2}), repr("a"), str(5), format(3.14159, ".2f"), format(5, "b"), format("x", ">3"), hash(5), type(5), id(5) == id(5))
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), list(iter(lambda l=[3]: l.append(l[-1] - 1) or l[-1], 0)), bool([]), int("7"), float("1.5"), complex(1, 2), list("ab"), tuple([1]), set([1]), dict(a=1), frozenset([2]), bytes([65]), bytearray(b"x"), slice(1, 2), range(3), object.__name__)
print(eval("1 + 1"), eval("x", {"x": 5}), eval(compile("2 * 3", "f", "eval")), exec("y = 4"), y, [globals()["y"], "y" in dir()], vars(type("T", (), {"a": 1}))["a"], sorted(locals())[:1] == sorted(globals())[:1])
code = compile("a = 1\nb = a + 1", "file.py", "exec")
space = {}
exec(code, space)
print(space["b"], code.co_filename, code.co_name, sorted(k for k in space), eval("lambda: 5")(), __import__("sys").__name__)
print("a", "b", sep="", end="|\n"); print(); print("x", end=""); print("", "y", sep="-"); print(1, None, sep=None, end=None); print(*[], sep="!")
import sys
print("to stdout", file=sys.stdout, flush=True)
try:
    for pair in zip([1, 2], [1], strict=True):
        print(pair)
except ValueError as error:
    print(error)
for bad in ("abs('a')", "abs()", "all(5)", "ascii()", "bin(1.5)", "chr('a')", "chr(1.5)", "ord(5)", "divmod(1)", "divmod(1, 0)", "pow('a', 2)", "round('a')", "round(1, 'a')", "sum(['a'])", "sum([], '')", "sum(5)", "max()", "max([])", "max(1)", "max([1, 'a'])", "max(1, 2, default=3)", "min([], key=5)",
            "enumerate(5)", "enumerate()", "zip(5)", "zip([1], 5)", "map()", "map(len)", "list(map(5, [1]))", "filter(None)", "list(filter(5, [1]))", "reversed({1})", "reversed(5)", "sorted(5)", "sorted([1, 'a'])", "sorted()", "sorted([1], 2)", "isinstance()", "isinstance(1, 'a')", "issubclass(int, 5)", "hasattr(1)", "getattr(1, 'nope')", "getattr(1, 2)",
            "len()", "len(1, 2)", "repr()", "format()", "format(1, 2)", "format('a', 'd')", "format([], 'x')", "hash({})", "type(1, 2, 3)", "id()", "next(5)", "next()", "next(iter([]))", "iter(5)", "iter(5, 1)", "bool(1, 2)", "eval(5)", "eval('1 +')", "eval('x', 5)", "exec(5)", "compile('1', 'f', 'nope')", "compile(5, 'f', 'eval')", "print(x=1)", "print(sep=5)", "input(1, 2)", "open()", "open('/nope/nope')", "open('/tmp')", "open('x', 'q')", "open(5.5)",
            "__import__(5)", "__import__('')", "__import__('no_such_module')", "vars(5)", "dir(1, 2)", "globals(1)", "locals(1)", "callable()", "delattr(1, 'x')", "setattr(1, 'x', 1)", "slice()", "range()", "complex('a', 1)", "frozenset(5)", "bytes('a')", "memoryview(5)", "super()", "property(1, 2, 3, 4, 5)", "staticmethod()", "classmethod()", "object(1)", "breakpoint.x", "any()", "sum()", "round()", "pow(1)", "pow(1, 2, 3.5)", "hex('a')", "oct(None)"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
