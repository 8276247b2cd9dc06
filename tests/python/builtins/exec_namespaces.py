# exec and eval: closures, builtins of other kinds, functions made of module code, top-level await.
import ast
import asyncio
import types


def outer():
    a, b = 2, 3
    result = 0

    def inner():
        nonlocal result
        result = a * b

    def read():
        return result

    return inner, read


inner, read = outer()
exec(inner.__code__, globals(), closure=inner.__closure__)
print(read())
cells = (types.CellType(5), types.CellType(7), inner.__closure__[2])
exec(inner.__code__, closure=cells)
print(read())
for code, closure in (
    (inner.__code__, None),
    (inner.__code__, cells[:2]),
    (inner.__code__, list(cells)),
    (inner.__code__, (1, 2, 3)),
    (outer.__code__, cells),
    ("1", cells),
):
    try:
        exec(code, closure=closure)
    except TypeError as error:
        print(error)
try:
    eval(inner.__code__)
except TypeError as error:
    print(error)


class Refuses(dict):
    def __getitem__(self, key):
        raise ZeroDivisionError(key)


for namespace in (
    {"__builtins__": {}},
    {"__builtins__": 123},
    {"__builtins__": Refuses(print=1)},
    Refuses(print=1),
):
    try:
        exec("print", namespace)
    except Exception as error:
        print(type(error).__name__, error)

space = {"value": 1}
types.FunctionType(compile("value += 1\nother = locals() is globals()", "x", "exec"), space)()
print(space["value"], space["other"])

flag = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
code = compile("await sleep(0)\nx = [i async for i in numbers()]", "x", "exec", flags=flag)


async def numbers():
    for i in range(3):
        yield i


space = {"sleep": asyncio.sleep, "numbers": numbers}
result = eval(code, space)
print(type(result).__name__)
asyncio.run(result)
print(space["x"])
print(eval(compile("1 + 1", "x", "eval", flags=flag)))
for text in "await x", "async def f():\n  def g():\n    await x", "[await x for y in z]":
    try:
        compile(text, "x", "exec", flags=0 if text == "await x" else flag)
    except SyntaxError as error:
        print(error.msg, error.lineno)


class Silly(str):
    def __bytes__(self):
        return b"silly"


print(bytes(Silly("\u20ac")))


class Seven(int):
    pass


class Numbers:
    def __int__(self):
        return Seven(7)

    def __index__(self):
        return Seven(7)

    def __float__(self):
        return type("F", (float,), {})(7)

    def __complex__(self):
        return type("C", (complex,), {})(7)


import warnings

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    print(int(Numbers()), [0] * 9 == [0] * 9 and list(range(9))[Numbers()], float(Numbers()), complex(Numbers()))
for warning in seen:
    print(warning.category.__name__, warning.message, warning.lineno > 0)
for expression in "with object() as o:\n break", "for x in y:\n pass\nelse:\n with z:\n  continue":
    try:
        compile(expression, "x", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno)


class Late:
    def __getattr__(self, name):
        raise AttributeError


try:
    Late().missing
except AttributeError as error:
    print(error.name, type(error.obj).__name__)
print(type(complex.real).__name__, type(slice.start).__name__, type(types.FunctionType.__globals__).__name__)
print(complex.real, complex.real.__get__(3 + 4j), complex.real.__doc__)
try:
    complex.real.__set__(1j, 2)
except AttributeError as error:
    print(error)
