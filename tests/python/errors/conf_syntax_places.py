# Syntax errors: class, message and place.
SOURCES = [
    'x = (1,\ny = 2\n',
    'def f()\n    pass\n',
    'if x = 3:\n    pass\n',
    '  x = 1\n',
    'if 1:\nx = 1\n',
    "x = 'abc\n",
    'print "hello"\n',
    'x = 1 +\n',
    'for x in range(10)\n    print(x)\n',
    'class C\n    pass\n',
    'return 5\n',
    'def f():\n    nonlocal x\n',
    'x = {1: 2, 3}\n',
    'f(a=1, 2)\n',
    'a, b += 1\n',
    'None = 1\n',
    "f'{a b}'\n",
    "f'{'\n",
    'break\n',
    'yield 1\n',
    'if 1:\n    x\n  y\n',
    'x = 5 if 3\n',
    'def f(a, a): pass\n',
    'from __future__ import nope\n',
    'x = 1\nfrom __future__ import annotations\n',
    'import a.b as\n',
    "'''abc\ndef\n",
    'x = [1, 2\ny = 3\nz = 4]\n',
    'async def f():\n    await = 1\n',
    'await x\n',
    'try:\n    x\ny\n',
    'else:\n    x\n',
    'del f()\n',
    "with open('x') as 1: pass\n",
    'lambda: (yield) = 1\n',
    '(x for x in y) = 1\n',
    'x = 0777\n',
    'x = 1__0\n',
    'x = \\ y\n',
    "x = '\\x1'\n",
    "x = '\\u12'\n",
    'global x\nx = 1\ndef f():\n    x = 1\n    global x\n',
    'class C:\n    def f(self):\n        x = [\n    def g(self): pass\n',
    "match x:\n    case 1 | y: pass\n    case {**rest, 'a': 1}: pass\n",
    'try: pass\nexcept* ValueError: pass\nexcept TypeError: pass\n',
    "x = = 1", "f(a b)", "(", "if 1:\nx", " x", "x\n  y", '"abc', "f(**a, *b)", "def f(:\n pass", "x = 08", "print 1",
    "if 1:\n\tx\n        y", "a\n\n\nb c\n", "f'{x!z}'", "break", "def f():\n x: int\n global x", 'x = """abc\n\n',
]

for source in SOURCES:
    for mode in ("exec", "eval", "single"):
        try:
            compile(source, "name", mode)
        except SyntaxError as error:
            print(mode, type(error).__name__, error, error.lineno, error.offset, error.end_lineno, error.end_offset,
                  repr(error.text))
        else:
            print(mode, "compiles")
