"""Compiles and runs source text: most kinds of statement, and errors in them."""

SOURCE = '''
import sys
from math import floor as down, pi
x: int = 3
def f(a, /, b=2, *c, d, e=5, **g) -> "r":
    """doc"""
    global x
    x += a
    with_ = [i for i in range(b) if i if i > 0 for j in (1, 2)]
    while a < 10:
        a += 1
        if a == 5: continue
        elif a == 7: break
    else:
        pass
    try:
        assert a, f"{a!r:>{b}} {{}}"
    except (ValueError, TypeError) as err:
        del err
    finally:
        x -= 1
    return lambda q=a: (yield q)
class C(object, metaclass=type):
    y = x
    async def co(self): await self
    @property
    def p(self): return [*self.z, *{**{}}]
def m(v):
    match v:
        case [1, 2, *rest] if rest: return rest
        case {"k": k, **more}: return k, more
        case str() | None: return "s"
        case C(y=1) as c: return c
        case _: return -1
with open(__import__("os").devnull) as fh, \\
     open("/dev/null") as gh:
    data = fh.read()
result = (m([1, 2, 3]), m({"k": 1, "o": 2}), m("x"), m(9), down(pi), 0x10 + 1_000, 1e3, b"a" b"c", x if x else 0)
'''

BROKEN = ("f(", "x = = 1", "def f(:\n pass", "'abc", "for x in y\n  pass", "return 1", "a b", "\tif 1:\n  2", "1 = x",
          "nonlocal q", "f(a=1, a=2)", "{**x for x in y}", "(yield) = 1", "x = 'é' + ß +", "print 1", "if x = 1: pass")


def main():
    names = {}
    exec(compile(SOURCE, "<source>", "exec"), names)
    print(names["result"], names["data"], sorted(name for name in names if name[0] != "_"))
    for text in BROKEN:
        try:
            compile(text, "<broken>", "exec")
        except SyntaxError as error:
            print(type(error).__name__, error)
    print(eval("[n * 2 for n in range(3)] + list(range(2))", {}))


main()
