# Module ast: trees as objects, compiling them, what is refused.
import ast

SOURCE = '''
@decorate(1, *a, k=2, **kw)
def f(p, /, q: int = 1, *rest, r, s=2, **more) -> str:
    "doc"
    global g
    x: int
    y = z = [i async for i in w if i] if 0 else {1: 2, **d}
    return f"a{x!r:>{y}}b" + (yield) - 1.5j

class C(B, metaclass=M):
    x: int = 3
    def m(self): return lambda *a, k=1: (a, k)

try:
    import a.b as c, d
    from ..e import (f as g, h)
except (A, B) as e:
    raise X from e
else:
    del x, y[1], z.w
finally:
    pass

while x < 1 <= y is not z in w:
    x += 1; x @= 2; continue
else:
    break
with a as b, c: assert x, "m"
for a, *b in c: ...
match x:
    case {"k": 1, **rest} | [1, *_, -2.5] | C(1, a=None) if y: pass
    case (a.b | 'str') as n: pass
    case _: pass
(n := 10)
'''
tree = ast.parse(SOURCE.replace("[i async for i in w if i]", "[i for i in w if i]"))
print(ast.dump(tree, indent=1, include_attributes=True))
print(ast.unparse(tree))
print(ast.dump(ast.parse("1 + 2", mode="eval")))
print(ast.dump(ast.parse("1\n", mode="single")))

namespace = {}
exec(compile(ast.parse("def f(a, b=2): return a * b, (1, (2.5, b'x')), {3}\nr = f(4)"), "<t>", "exec"), namespace)
print(namespace["r"])
print(eval(compile(ast.Expression(ast.Constant((1, frozenset([2]), 3j))), "<t>", "eval", dont_inherit=True))
      if False else eval(compile(ast.fix_missing_locations(ast.Expression(ast.Constant((1, 3j)))), "<t>", "eval")))

for expression in ("[1, -2, (3+4j), {5: 'x'}, b'y', None]", "f(1)", "1 + x"):
    try:
        print(ast.literal_eval(expression))
    except ValueError as error:
        print("ValueError:", str(error).split(" at 0x")[0])

print(ast.Name("x", ast.Load()).id, ast.Name(id="y").id, ast.BinOp._fields, ast.expr._attributes)
print(ast.If.__doc__, ast.operator.__doc__, sep="\n")
print(isinstance(ast.Add(), ast.operator), ast.Return().value, ast.Constant(1).kind)
for make in (lambda: ast.Name("x", ast.Load(), 3, 4), lambda: ast.Name("x", id="y")):
    try:
        make()
    except TypeError as error:
        print(error)


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value * 2), node)


print(eval(compile(ast.fix_missing_locations(Double().visit(ast.parse("21 + 1", mode="eval"))), "<t>", "eval")))

load, at = ast.Load(), dict(lineno=1, col_offset=0)
for body in ([ast.Expr(ast.Name("None", load, **at), **at)], [ast.If(ast.Constant(1, **at), [], [], **at)],
             [ast.Assign([ast.Constant(1, **at)], ast.Constant(1, **at), **at)],
             [ast.Expr(ast.Name("x", ast.Store(), **at), **at)], [ast.Expr(1, **at)], [None], [ast.Expr()],
             [ast.Expr(ast.Constant([], **at), **at)], [ast.Raise(None, ast.Constant(1, **at), **at)],
             [ast.Expr(ast.Dict([None], [], **at), **at)], 3):
    try:
        compile(ast.Module(body, []), "<t>", "exec")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
try:
    compile(ast.Module([], []), "<t>", "eval")
except TypeError as error:
    print(error)
