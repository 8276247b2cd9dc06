# Tracebacks of programs that fail in every kind of expression and statement.
# compare: stderr
import sys

PROGRAMS = {
    'attr': r"""x = 5
x.foo
""",
    'call1': r"""def f(a, b): pass
f(1)
""",
    'call2': r"""def f(a, b): pass
print(f(1, 2), f(1, 2, 3) + 1)
""",
    'sub': r"""d = {}
y = d['a']['b']
""",
    'binop': r"""a = 1
b = 'x'
c = a + b * 2 + (a + b)
""",
    'binop2': r"""x = [1] * 3 + (1 / 0) ** 2
""",
    'cmp': r"""print(1 < 2 < 'a')
""",
    'unary': r"""x = 'a'
print(1, -x)
""",
    'comp': r"""x = [1/i for i in [1, 0]]
""",
    'comp2': r"""x = {k: v.foo for k, v in {1: 2}.items()}
""",
    'gen': r"""x = list(1/i for i in [0])
""",
    'fstring': r"""x = 3
print(f"abc {x} {x.foo} def")
""",
    'fstring2': r"""print(f"{1/0:>10}" + f'''
{undefined}''')
""",
    'lam': r"""f = lambda x: x / 0
print(f(1))
""",
    'decor': r"""def d(f): raise ValueError
@d
def g(): pass
""",
    'decor2': r"""@undefined
class C: pass
""",
    'classbody': r"""class C:
    x = 1
    y = x.z
""",
    'with2': r"""class M:
    def __enter__(self): return 1
    def __exit__(self, *a): raise KeyError('exit')
with M() as m:
    1/0
""",
    'with3': r"""with 5 as x:
    pass
""",
    'for': r"""for i in 5:
    pass
""",
    'for2': r"""for a, b in [(1, 2, 3)]:
    pass
""",
    'unpack': r"""a, b = 1, 2, 3
""",
    'unpack2': r"""a, b, *c = 1,
""",
    'unpack3': r"""a, b = 5
""",
    'assert': r"""x = 3
assert x == 4, f"x is {x}"
""",
    'assert2': r"""assert (1 ==
    2)
""",
    'raisefrom': r"""try:
    1/0
except ZeroDivisionError as e:
    raise ValueError('v') from e
""",
    'raisefrom2': r"""try:
    1/0
except ZeroDivisionError as e:
    raise ValueError('v') from None
""",
    'context': r"""try:
    {}['x']
except KeyError:
    undefined
""",
    'nestedcalls': r"""def f(*a): return g(
    a,
    h(1))
def g(*a): return 1
def h(x):
    return (x +
            None)
f(1,
  2)
""",
    'multiline': r"""def foo(a,
        b): pass
foo(1,
    2,
    3
)
""",
    'multiline2': r"""x = (1 +
     2 +
     'a' +
     3)
""",
    'genfn': r"""def g():
    yield 1
    raise ValueError('in gen')
for x in g():
    pass
""",
    'genfn2': r"""def g():
    yield 1
    return 5
it = g()
next(it)
next(it)
""",
    'prop': r"""class C:
    @property
    def p(self):
        return self._missing
print(C().p)
""",
    'rec2': r"""def f(n):
    if n == 0: raise ValueError('bottom')
    f(n - 1)
f(10)
""",
    'rec3': r"""def a(n):
    b(n)
def b(n):
    if n > 5: 1/0
    a(n+1)
a(0)
""",
    'eg': r"""raise ExceptionGroup('msg', [ValueError(1), TypeError('t'), ExceptionGroup('inner', [KeyError('k')])])
""",
    'eg2': r"""def f(): raise ValueError('v')
es = []
try: f()
except ValueError as e: es.append(e)
try: 1/0
except Exception as e: es.append(e)
try:
    raise ExceptionGroup('group', es)
except* ValueError:
    print('caught')
""",
    'eg3': r"""try:
    raise ExceptionGroup('g', [ValueError(1)])
except* ValueError:
    raise KeyError('new')
""",
    'tabs': r"""if 1:
	x = 1	+	'a'
""",
    'sug1': r"""import sys
sys.argvv
""",
    'sug2': r"""class C:
    def method_one(self): pass
C().method_on()
""",
    'sug3': r"""def f():
    variable = 1
    return varable
f()
""",
    'sug4': r"""prnt('x')
""",
    'notes': r"""e = ValueError('x')
e.add_note('note 1')
e.add_note('note 2\nline 2')
raise e
""",
    'evalerr': r"""eval('1 +')
""",
    'evalerr2': r"""eval('1/0')
""",
    'execerr': r"""exec('x = 1\ny = = 2')
""",
    'compilenull': r"""compile('a\0b', 'f', 'exec')
""",
    'keyerr': r"""{}['some key']
""",
    'keyerr2': r"""raise KeyError('multi\nline')
""",
    'emptyexc': r"""raise ValueError
""",
    'multimsg': r"""raise ValueError('line 1\nline 2')
""",
    'badstr': r"""class E(Exception):
    def __str__(self): raise ValueError
raise E
""",
    'raisenon': r"""raise 5
""",
    'raisenon2': r"""raise ValueError('x') from 5
""",
    'int2': r"""int('12', 50)
""",
    'chain3': r"""def a():
    try:
        b()
    except ValueError as e:
        raise TypeError('t') from e
def b():
    try:
        c()
    except KeyError:
        raise ValueError('v')
def c(): raise KeyError('k')
a()
""",
    'cyclic': r"""e = ValueError('a')
f = ValueError('b')
e.__context__ = f
f.__context__ = e
raise e
""",
    'finallyraise': r"""try:
    raise ValueError(1)
finally:
    raise TypeError(2)
""",
    'reraise': r"""try:
    1/0
except ZeroDivisionError:
    raise
""",
    'kwerr': r"""def f(a, *, b): pass
f(1, 2)
""",
    'kwerr2': r"""def f(a, /, b, *, c=1): pass
f(a=1, b=2)
""",
    'kwerr3': r"""def f(a): pass
f(1, a=1)
""",
    'kwerr4': r"""def f(a): pass
f(**{'a': 1}, **{'a': 2})
""",
    'kwerr5': r"""def f(a, b, c): pass
f()
""",
    'kwerr6': r"""class C:
    def __init__(self, x): pass
C()
""",
    'slots': r"""class S:
    __slots__ = 'a',
s = S()
s.b = 1
""",
    'slots2': r"""class S:
    __slots__ = 'a',
S().a
""",
    'meta': r"""class M(type): pass
class N(type): pass
class A(metaclass=M): pass
class B(metaclass=N): pass
class C(A, B): pass
""",
    'mro': r"""class A: pass
class B(A): pass
class C(A, B): pass
""",
    'matcherr': r"""match 1:
    case int(x=1, y=2): pass
    case int(1, 2): pass
""",
    'closure': r"""def f():
    def g(): return x
    g()
    x = 1
f()
""",
    'delname': r"""del undefined
""",
    'aug': r"""x = 'a'
x -= 1
""",
    'aug2': r"""d = {}
d['k'] += 1
""",
    'storeattr': r"""(5).x = 3
""",
    'delattr': r"""del (5).x
""",
    'slicee': r"""[1][1.0:'a']
""",
    'starcall': r"""print(*5)
""",
    'starcall2': r"""print(**5)
""",
    'starcall3': r"""print(**{1: 2})
""",
    'setunhash': r"""{[]}
""",
    'dictunhash': r"""{{}: 1}
""",
    'inop': r"""1 in 5
""",
    'fmt': r"""f"{5:q}"
""",
    'fmt2': r""""{} {}".format(1)
""",
    'fmt3': r""""%d" % 'a'
""",
    'fmt4': r""""%s %s" % 1
""",
    'callnone': r"""None()
""",
    'callnone2': r"""x = None
x.foo(1)(2)
""",
    'chaincall': r"""class A:
    def b(self): return self
    def c(self): raise ValueError('chain')
A().b().c().b()
""",
    'chaincall2': r"""class A:
    def b(self): return self
    def c(self): raise ValueError('chain')
(A()
  .b()
  .c()
  .b())
""",
    'ternary': r"""x = 1 if undefined else 2
""",
    'boolop': r"""x = 1 and 0 or undefined
""",
    'walrus': r"""if (y := 1/0): pass
""",
    'starred': r"""a = [*1]
""",
    'dictcomp': r"""{i: 1/0 for i in range(3)}
""",
    'nestedfn': r"""def outer():
    def inner():
        class K:
            def m(self):
                raise ValueError('deep')
        K().m()
    inner()
outer()
""",
    'lambdadef': r"""(lambda x=undefined: x)()
""",
    'annoterr': r"""def f(x: undefined): pass
""",
    'baseerr': r"""class C(undefined): pass
""",
    'baseerr2': r"""class C(5): pass
""",
    'baseerr3': r"""class C(bool): pass
""",
    'initsub': r"""class A:
    def __init_subclass__(cls, x): pass
class B(A): pass
""",
    'setname': r"""class D:
    def __set_name__(self, o, n): raise ValueError('sn')
class C:
    d = D()
""",
    'gtor': r"""def g():
    yield
x = g()
x.send(5)
""",
    'gtor2': r"""def g():
    x = yield
    1/0
x = g()
next(x)
x.throw(ValueError('thrown'))
""",
    'gtor3': r"""def g():
    raise StopIteration
list(g())
""",
    'overflow': r"""1e308 ** 10
""",
}

for name, source in PROGRAMS.items():
    path = name + ".py"
    with open(path, "w") as file:
        file.write(source)
    print(name, file=sys.stderr)
    try:
        exec(compile(source, path, "exec"), {"__name__": "__main__"})
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        print("no error", file=sys.stderr)
