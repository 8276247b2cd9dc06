# Messages of operations that fail at run time, with suggestions.
class Thing:
    attribute_name = 1
    __slots__ = ()
    def method(self, a, b=1): pass


class Other:
    def __init__(self): self.value = 1


thing, other, numbers, table = Thing(), Other(), [1, 2], {"a": 1}
for bad in ("thing.atribute_name", "thing.missing", "thing.x = 1", "other.valeu", "Thing.methd", "numbers.apend(1)", "table.kyes()", "''.jion", "(1).foo", "None.foo", "Thing.foo", "thing.method()", "thing.method(1, 2, 3)", "thing.method(1, c=2)", "Thing.method()", "undefinedd", "numbrs", "pritn", "thing()", "thing[0]", "thing[0] = 1", "del thing[0]", "thing + 1", "1 + thing", "thing += 1", "thing < 1", "thing in thing", "1 in thing", "1 in 5",
            "for_ in thing", "[x for x in thing]", "a, b = thing", "a, b = 1, 2, 3", "a, b = 1,", "a, *b, c = 1,", "[a] = 'ab'", "len(thing)", "int(thing)", "float(thing)", "iter(thing)", "next(thing)", "thing.__len__", "numbers[2]", "numbers['a']", "numbers[1.0]", "numbers[thing]", "numbers[None]", "table['missing']", "table[numbers]", "table[1]", "{numbers}", "{numbers: 1}", "'abc'[10]", "'abc'['a']", "'a' + 1", "1 + 'a'", "'a' - 'b'", "'a' * 'b'", "[] + ()", "() + []", "{} + {}", "None + None", "[] - []", "-'a'", "~1.5", "+[]", "not_a_name + 1", "1 / 0", "1 // 0", "1 % 0", "1.0 / 0", "0 ** -1", "divmod(1, 0.0)", "1 << -1", "1 @ 2", "'%d' % 'a'", "'%s' % ()", "int('x')", "float('x')", "raise 5", "raise Thing", "raise None", "assert 0", "assert 0, 'message'", "assert 0, (1, 2)", "import nope", "import os.nope", "from sys import nope", "from nope.sub import x", "import sys.x", "from . import x", "from .a import b", "class A(5): pass", "class A(int, 5): pass", "class A(Thing, metaclass=5): pass", "class A(x=1): pass", "class A(bool): pass", "class A(Thing, Thing): pass", "class A(Other):\n __slots__ = ('__dict__', '__dict__')", "class A:\n __slots__ = ('1x',)", "class A:\n __slots__ = ('a',)\n a = 1", "class A(int):\n __slots__ = ('a',)", "Thing.__bases__ = ()", "Other.__class__ = 5", "thing.__class__ = Other", "other.__dict__ = 5", "Thing.__name__ = 5", "del Thing.__name__", "int.x = 5", "len.x = 5", "super().x", "super(5)", "(lambda: 0)(1)", "(lambda x: 0)()", "print(1)(2)", "5()", "'a'()", "[]()", "None()", "type('A', 5, {})", "type(5, (), {})", "with 5: pass", "with thing as x: pass", "del undefined_", "del numbers[5]", "del table['x']", "del thing.x", "del numbers.x", "exec('def f(): return x_y\\nf()')", "{**5}", "[*5]", "f(**5)", "print(*5)", "print(**5)", "print(**{1: 2})", "dict(**{'a': 1}, a=2)", "lambda_ = (yield_)", "async_", "__builtins__.nope", "eval('1 +')", "numbers.sort(5)", "numbers.index(5)", "numbers.pop(10)", "numbers.remove(9)", "max([])", "chr(-1)", "ord('ab')", "bytes([256])", "range(0, 1, 0)", "[][0]", "()[0]", "''[0]", "b''[0]", "bytearray()[0]", "range(0)[0]", "[][0] = 1", "()[0] = 1", "''[0] = 1", "(i for i in 5)", "next(i for i in ())", "numbers.__getattribute__('q')", "object().q", "object.q", "type.q", "thing.method.q", "len.q", "(lambda: 0).q", "Exception().q", "[].append.q", "match_"):
    space = dict(globals())
    try:
        exec(bad, space)
        print(bad, "is fine")
    except BaseException as error:
        print(bad.replace("\n", "; "), "->", type(error).__name__, "|", error, "|", getattr(error, "name", "-"))
