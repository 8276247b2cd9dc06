# compile, eval, exec: modes, flags, scopes, code objects, and functions made from them.
for mode, text in (("eval", "1 + 2"), ("exec", "x = 1"), ("single", "1 + 2"), ("single", "x = 5"), ("single", "for i in range(2): i\n"), ("single", "None"), ("single", "'text'; 5"), ("exec", ""), ("eval", " 7 "), ("exec", "# comment only"), ("exec", "\n\n"), ("eval", "(\n1\n)")):
    space = {}
    try:
        code = compile(text, "<t>", mode)
        print(mode, repr(text), eval(code, space), sorted(k for k in space if k != "__builtins__"), code.co_name)
    except SyntaxError as error:
        print(mode, repr(text), error)
for mode, text in (("eval", "x = 1"), ("eval", ""), ("single", "a = 1\nb = 2"), ("exec", "return 1"), ("exec", "yield 1"), ("exec", "break"), ("single", "")):
    try:
        print(mode, repr(text), compile(text, "<t>", mode).co_name)
    except SyntaxError as error:
        print(mode, repr(text), type(error).__name__, error)


def f(a, b=1, *args, c, d=2, **kwargs):
    """doc"""
    local = a
    def inner(): return local
    return inner


c = f.__code__
print(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_varnames, c.co_cellvars, c.co_freevars, c.co_name, c.co_qualname, c.co_flags & 0xC, c.co_firstlineno, c.co_consts[0], "a" in c.co_varnames)
print(f(1, c=2).__code__.co_freevars, compile("x.y.z(w)", "", "eval").co_names, sorted(map(repr, compile("(1, 2.5, 'a')", "", "eval").co_consts)), c == f.__code__, hash(c) == hash(f.__code__), f.__code__ is c)
g = type(f)(compile("def h(): return q", "m", "exec").co_consts[0], {"q": 42}, "renamed")
print(g(), g.__name__, g.__globals__["q"], g.__module__ if hasattr(g, "__module__") else None)
r = c.replace(co_name="other")
print(r.co_name, r == c, c.co_name)
x = "global"


def scopes():
    x = "local"
    exec("x = 'changed'")
    print(x, eval("x"), locals()["x"], eval("x", globals()), eval("x", {"x": "given"}), [eval("x") for _ in "a"] if False else "")
    exec("def made(): return 'made'\nprint(made())")
    space = {}
    exec("y = x", {"x": 9}, space)
    return space


print(scopes())


class Names(dict):
    def __missing__(self, key): return "<" + key + ">"


print(eval("a + b", {}, Names()), eval("len('abc')", {}), eval("[q for q in (1, 2)]", {}), eval("__builtins__ is not None", {}))
exec("global g1\ng1 = 5"); print(g1)
exec("import sys as s; t = s.version_info[:2]"); print(t)
exec("class K:\n  v = 1\n  def m(self): return __class__.__name__"); print(K().m(), K.__module__)
try:
    eval("undefined_name_x", {})
except NameError as error:
    print(error)
try:
    eval("open", {"__builtins__": {}})
except NameError as error:
    print(error)
print(eval(b"1 + 1"), eval("1;" [:1]), eval("\t 3"), eval("'é'".encode()), eval("# coding: utf-8\n5") if False else 5, eval("lambda *a, k=1, **kw: (a, k, kw)")(1, z=2))
print(compile("assert False, 'm'", "", "exec", optimize=1).co_consts, compile("__debug__", "", "eval", optimize=2).co_consts, compile("'doc'", "", "exec", optimize=2).co_consts[:1])
exec(compile("from __future__ import annotations\ndef f(x: undefined) -> 1 + 1: pass\nprint(f.__annotations__)", "", "exec"), {})
def gen(): exec("z = 1"); yield locals().get("z", "none")
print(list(gen()), (lambda: exec("w = 3") or "w" in locals())())
