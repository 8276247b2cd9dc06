# How each of several hundred expressions and statements moves the collector's counter, hence when collections start:
# the value kept and dropped, three times after three runs.
# timing: collections
# time limit: 60
import gc, sys, re, itertools, functools, collections, contextlib, operator
gc.disable()
class C:
    def m(self): return 1
    def n(self, *a, **k): return 1
    @property
    def p(self): return 1
    @classmethod
    def cm(cls): return 1
    @staticmethod
    def sm(): return 1
class S:
    __slots__ = ('a', 'b')
class D(dict): pass
class L(list): pass
class Ctx:
    def __enter__(self): return self
    def __exit__(self, *a): return False
class It:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 3: raise StopIteration
        return self.i
class GI:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i
@contextlib.contextmanager
def cman():
    yield 1
def gen():
    yield 1
    yield 2
def f0(): pass
def fa(*a): return a
def fk(**k): return k
def fak(a, *b, c=1, **k): return None
def fd(a, b=2, c=3): return None
def closure():
    x = 1
    def g(): return x
    return g
def deep(n): return n and deep(n-1)
def raiser(): raise ValueError('x')
def tryraise():
    try: raiser()
    except ValueError as e: return None
async def coro(): return 1
class Meta(type): pass
class Desc:
    def __get__(self, o, t): return 1
    def __set__(self, o, v): pass
class HasDesc:
    d = Desc()
    def __getattr__(self, n): return 1
    def __add__(self, o): return self
    def __eq__(self, o): return True
    def __hash__(self): return 1
    def __len__(self): return 3
    def __call__(self, *a, **k): return 1
    def __iter__(self): return iter((1,2))
    def __contains__(self, x): return True
    def __getitem__(self, x): return 1
    def __bool__(self): return True
    def __str__(self): return 'x'
    def __format__(self, s): return 'x'
    def __enter__(self): return self
    def __exit__(self, *a): pass
    def __lt__(self, o): return True
    def __del__(self): pass
h = HasDesc()
c = C()
lst = list(range(10)); tup = tuple(range(10)); dct = {i: i for i in range(10)}; st = set(range(10)); s = 'a b c d'; bs = b'a b c'
pat = re.compile(r'(a)(?P<x> b)?')
NT = collections.namedtuple('NT', 'a b')
dq = collections.deque(range(5)); dd = collections.defaultdict(list); od = collections.OrderedDict(a=1); ctr = collections.Counter('abca')
part = functools.partial(fa, 1); 
@functools.lru_cache(maxsize=4)
def cached(x): return x
@functools.lru_cache(maxsize=None)
def cached2(x): return x
attrget = operator.attrgetter('m'); itemget = operator.itemgetter(1, 2); itemget1 = operator.itemgetter(1); methc = operator.methodcaller('n', 1)
class K:
    def __init__(self, x, a=1): self.x = x
class N:
    def __new__(cls, *a, **k): return object.__new__(cls)
class GA:
    def __getattribute__(self, n): return object.__getattribute__(self, n)
    def __getattr__(self, n): return 5
ga = GA()
class PD:
    @functools.cached_property
    def cp(self): return 1
class SubL(list):
    def append(self, x): super().append(x)
class SubD(dict):
    def __missing__(self, k): return k
    def __getitem__(self, k): return super().__getitem__(k)
class Cmp:
    def __lt__(self, o): return True
    def __eq__(self, o): return NotImplemented
    def __add__(self, o): return NotImplemented
    def __radd__(self, o): return 1
    def __iadd__(self, o): return self
    def __hash__(self): return 1
    def __index__(self): return 1
    def __length_hint__(self): return 1
    def __reversed__(self): return iter(())
    def __repr__(self): return 'r'
    def __setattr__(self, n, v): object.__setattr__(self, n, v)
    def __delattr__(self, n): object.__delattr__(self, n)
    def __dir__(self): return []
    def __sizeof__(self): return 1
cm = Cmp()
class ME(Exception):
    def __init__(self, a, b=1): super().__init__(a, b)
import weakref
wr = weakref.ref(c); 
keep = []
TESTS = '''
[]
[1]
[1,2,3]
[*lst]
[*lst, 1]
(*lst,)
()
(lst,)
(lst, lst)
(1,2,3)
{}
{1: 2}
{'a': lst}
{**dct}
{**dct, 1: 2}
{lst[0], 1}
{*lst}
set()
set(lst)
frozenset(lst)
frozenset()
frozenset((1,2))
list(lst)
list(tup)
list(range(5))
list(dct)
list(s)
list()
tuple(lst)
tuple(dct)
tuple()
tuple(tup)
tuple(x for x in lst)
list(x for x in lst)
dict()
dict(a=1)
dict(dct)
dict([(1,2)])
dict(zip(lst, lst))
dict.fromkeys(lst)
D()
D(a=1)
L()
L(lst)
C()
S()
object()
c.m
c.m()
c.n(1)
c.n(1, a=2)
c.n(*lst)
c.n(**{'a': 1})
c.n(*lst, **{'a': 1})
c.p
c.cm()
c.cm
C.cm
C.sm()
C.m
C.m(c)
f0()
f0
fa()
fa(1)
fa(1,2,3)
fa(*lst)
fa(*tup)
fa(*lst, *lst)
fa(1, *lst)
fk()
fk(a=1)
fk(**{'a': 1})
fk(a=1, **{'b': 1})
fak(1, 2, 3, c=2, d=4)
fd(1)
fd(1, c=2)
fd(*(1,), **{'c': 2})
fd(a=1, b=2, c=3)
lambda: 0
lambda x=1: 0
closure()
closure()()
deep(5)
tryraise()
gen()
list(gen())
next(gen())
gen().close()
[x for x in lst]
{x for x in lst}
{x: x for x in lst}
(x for x in lst)
sum(x for x in lst)
[x for x in lst if x for y in tup]
lst[1:3]
tup[1:3]
s[1:3]
bs[1:3]
lst[:]
tup[:]
lst[::2]
lst[1:3:1]
range(3)[1:2]
slice(1)
slice(1,2,3)
iter(lst)
iter(tup)
iter(dct)
iter(st)
iter(s)
iter(bs)
iter(range(3))
iter(It())
iter(GI())
list(It())
list(GI())
iter(f0, 1)
reversed(lst)
reversed(tup)
reversed(dct)
reversed(range(3))
enumerate(lst)
list(enumerate(lst))
zip(lst, lst)
list(zip(lst, lst))
zip()
map(str, lst)
list(map(str, lst))
list(map(fa, lst))
filter(None, lst)
list(filter(f0, lst))
sorted(lst)
sorted(lst, key=lambda x: -x)
sorted(lst, key=str, reverse=True)
min(lst)
max(lst, key=str)
min(1, 2)
max(1, 2, key=f1)
sum(lst)
any(lst)
all(x for x in lst)
dct.keys()
dct.values()
dct.items()
list(dct.items())
list(dct.values())
dct.copy()
dct.get(1)
dct.get(99)
dct.setdefault(1, 2)
dct.keys() & {1}
dct.keys() | {1}
dct.items() - set()
dct.keys() == {1}
dct | {1: 2}
dct == dct.copy()
lst.copy()
lst + lst
lst * 2
tup + tup
tup * 2
lst == tup
lst.index(3)
lst.count(3)
tup.index(3)
st | {1}
st & {1}
st - {1}
st ^ {1}
st.union(lst)
st.copy()
st.issubset(lst)
st == {1}
s.split()
s.split(' ')
s.rsplit()
s.partition(' ')
s.rpartition(' ')
s.splitlines()
s.join(['a', 'b'])
s.join(x for x in 'ab')
','.join(map(str, lst))
s.replace('a', 'b')
s.format(1)
'{} {}'.format(1, 2)
'{a}'.format(a=1)
'{0.m}'.format(c)
'{0[1]}'.format(lst)
'%s %s' % (1, 2)
'%s' % 1
'%(a)s' % {'a': 1}
f'{c.p} {s!r:>10}'
str(lst)
repr(tup)
repr(dct)
repr(st)
repr(c)
str(1.5)
s.encode()
bs.decode()
bs.split()
bytes(lst)
bytearray(lst)
bytearray(3)
bytes(3)
memoryview(bs)
memoryview(bs)[1:]
int('5')
int(5.5)
float('1.5')
str(5)
complex(1, 2)
divmod(7, 2)
pow(2, 10)
round(1.5)
round(1.55, 1)
(1.5).as_integer_ratio()
(5).to_bytes(2, 'big')
int.from_bytes(b'ab', 'big')
isinstance(1, int)
isinstance(1, (int, str))
issubclass(int, (int, str))
isinstance(1, int | str)
int | str
list[int]
dict[str, int]
getattr(c, 'm')
getattr(c, 'zz', None)
hasattr(c, 'zz')
setattr(c, 'q', 1)
vars(c)
c.__dict__
type(c)
type('X', (), {})
id(c)
hash(tup)
callable(c)
len(lst)
abs(-1)
chr(97)
ord('a')
hex(5)
format(5, 'x')
format(c)
print(end='')
print('', end='')
ascii(s)
bool(lst)
super(C, c)
property(f0)
staticmethod(f0)
classmethod(f0)
globals()
locals()
pat.match('a b')
pat.match('a b').groups()
pat.match('a b').group(1, 2)
pat.match('a b').groupdict()
pat.match('a b').span()
pat.match('zz')
pat.search(s)
pat.findall(s)
pat.finditer(s)
list(pat.finditer(s))
pat.sub('x', s)
pat.sub(lambda m: 'x', s)
pat.split(s)
pat.fullmatch(s)
re.sub('a', 'b', s)
NT(1, 2)
NT(1, b=2)
NT(1,2)._asdict()
NT._make([1,2])
NT(1,2).a
collections.deque()
collections.deque(lst)
dq.copy()
iter(dq)
list(dq)
dq.rotate(1)
dq + dq
dd[1]
dd['new']
collections.defaultdict(int)
list(od)
collections.ChainMap({}, {})
part
part()
part(2, a=1) if 0 else part(2)
functools.partial(fa, 1, 2)
functools.reduce(operator.add, lst)
cached2(1)
functools.cmp_to_key(f0)
attrget(c)
itemget(lst)
itemget1(lst)
methc(c)
operator.attrgetter('a')
operator.methodcaller('m')
operator.add(1, 2)
operator.contains(lst, 1)
itertools.chain(lst, lst)
list(itertools.chain(lst, lst))
list(itertools.chain.from_iterable([lst, lst]))
itertools.count()
itertools.repeat(1)
list(itertools.repeat(1, 3))
itertools.cycle(lst)
list(itertools.islice(lst, 3))
itertools.islice(lst, 1, 3)
list(itertools.accumulate(lst))
list(itertools.groupby(lst))
[(k, list(g)) for k, g in itertools.groupby(lst)]
list(itertools.product(lst, 'ab'))
list(itertools.permutations([1,2,3]))
list(itertools.combinations([1,2,3], 2))
list(itertools.starmap(fa, [(1,2),(3,)]))
list(itertools.takewhile(bool, lst))
list(itertools.dropwhile(bool, lst))
list(itertools.filterfalse(bool, lst))
list(itertools.compress(lst, lst))
list(itertools.pairwise(lst))
weakref.ref(c)
weakref.ref(c, f0)
weakref.proxy(c)
wr()
weakref.WeakValueDictionary()
weakref.WeakKeyDictionary()
weakref.WeakSet()
weakref.finalize(c, f0).detach()
weakref.getweakrefs(c)
h.d
h.zzz
h + h
h == h
h != h
h in [h]
1 in h
len(h)
h(1)
h(1, a=2)
h[1]
h[1:2]
bool(h)
str(h)
format(h, 'x')
[h] == [h]
sorted([h, h])
list(h)
{h: 1}
{h, h}
HasDesc()
sys._getframe()
sys._getframe().f_locals
sys.exc_info()
sys.getrefcount(c)
gc.get_referents(c)
gc.get_stats()
gc.get_threshold()
gc.get_count()
gc.is_tracked(c)
coro().close()
gen().send(None)
ValueError()
ValueError('x')
ValueError('x', 1)
KeyError('x')
OSError(1, 'x')
StopIteration(1)
ValueError('x').args
ValueError('x').with_traceback(None)
ImportError('x', name='y')
SystemExit()
UnicodeDecodeError('a', b'b', 1, 2, 'c')
ExceptionGroup('x', [ValueError()])
globals().get('c')
'abc'.translate({97: 'b'})
str.maketrans('a', 'b')
'abc'.startswith(('a', 'b'))
s.title()
int.__add__(1, 2)
(1).__add__(2)
(1).__add__
[].append
lst.append
str.join
'a'.join
dict.get
''.join([])
c.__class__
c.__init__
c.__eq__(c)
C.__mro__
C.mro()
C.__bases__
C.__dict__
C.__dict__['m']
f0.__code__
f0.__code__.co_varnames
f0.__code__.co_consts
f0.__dict__
f0.__defaults__
f0.__get__(c)
f0.__closure__
closure().__closure__
vars(C)
lst.__iter__()
lst.__len__()
tup.__hash__()
lst.__getitem__(1)
lst.__add__(lst)
dct.__contains__(1)
dct.__getitem__(1)
import_copy.copy(lst)
import_copy.deepcopy([1,[2]])
types.SimpleNamespace(a=1)
types.MethodType(f0, c)
types.MappingProxyType(dct)
types.FunctionType(f0.__code__, {})
types.CellType(1)
types.ModuleType('x')
contextlib.suppress(ValueError)
cman()
random.random()
random.choice(lst)
random.shuffle(lst2)
math.floor(1.5)
math.hypot(3, 4)
math.frexp(1.5)
math.modf(1.5)
math.fsum(lst)
math.gcd(4, 6)
math.prod(lst)
math.isclose(1, 2)
time.time()
time.localtime()
json.dumps(dct)
json.loads('[1, {"a": 2}]')
json.dumps([1, 2, {'a': None}])
struct.unpack('ii', b'x'*8)
copyreg.__name__
os.getpid()
os.path.join('a', 'b')
os.stat('/')
os.listdir('/usr/lib/python3.11/json')
os.environ.get('HOME')
os.fspath('a')
heapq.heapify([3,2,1])
heapq.nsmallest(2, lst)
heapq.merge(lst, lst)
bisect.bisect(lst, 3)
io.StringIO('a')
io.StringIO('a\\nb').readlines()
io.BytesIO(b'a').read()
Color.RED
Color('r')
Color['RED']
list(Color)
DC(1, 2)
DC(1, 2) == DC(1, 2)
repr(DC(1, 2))
dataclasses.replace(DC(1,2), a=3)
string.Template('$a').substitute(a=1)
K(1)
K(1, 2)
K(1, a=2)
K(x=1, a=2)
N()
N(1, a=2)
ga.x
ga.__class__
PD().cp
SubL([1]).append(2)
SubD()[5]
SubD({1: 2})[1]
cm < cm
cm == cm
cm != cm
cm > cm
cm + 1
1 + cm
cm in [cm]
lst[cm]
list(range(3))[cm:]
reversed(cm)
repr(cm)
str(cm)
f'{cm}'
'%s' % cm
'{}'.format(cm)
dir(cm)
sys.getsizeof(cm)
sys.getsizeof(lst)
ME(1)
ME(1, b=2)
hex(cm)
sum([1.0, 2])
object.__repr__(c)
object().__eq__(1)
type.__call__(C)
C.__call__()
C.__new__(C)
object.__new__(C)
list.__new__(list)
list.__init__([], lst)
dict.__new__(dict)
tuple.__new__(tuple, lst)
int.__new__(int, 5)
Exception.__new__(Exception, 1)
[].__class__
super(C, c).__init__()
getattr(c, '__class__')
property(f0).__get__
fd.__call__(1)
fd.__get__(c, C)
functools.partial(fa, 1)(2)
functools.partial(fd, b=1)(2)
functools.singledispatch(f0)
types.MethodType(fa, c)(1)
c.m.__func__
c.m.__call__()
map(fa, lst, lst)
list(map(fd, lst, lst))
max([1], default=2)
max(lst, key=lambda v: v, default=2)
min(lst, lst, key=len)
sorted(lst, reverse=True)
lst2.sort(key=str)
enumerate(lst, 1)
enumerate(lst, start=1)
zip(lst, lst, strict=True)
list(zip(lst, lst, strict=True))
str(b'a', 'utf-8')
bytes('a', 'utf-8')
'a'.ljust(3, ' ')
'a'.center(3)
'a'.strip()
'a'.count('a')
'a'.find('a', 0)
'abc'.index('b')
b'abc'.find(b'b')
'%d' % 5
'a'.zfill(3)
dct.update({1: 1})
dct.update(a=1)
dct.pop('a', None)
dct.pop('zz', 1)
st.add(1)
st.pop
st.isdisjoint(lst)
st.issuperset(lst)
st.symmetric_difference(lst)
lst.extend(())
lst.insert(0, lst.pop(0))
tup.count(1)
tup.__contains__(1)
lst.__contains__(1)
st.__contains__(1)
dct.__len__()
len.__call__(lst)
'''
STMTS = '''
for x in lst: pass
for x in range(10): pass
for i, x in enumerate(lst): pass
for a, b in zip(lst, lst): pass
for k, v in dct.items(): pass
for k in dct: pass
for k in gen(): pass
for x in It(): pass
for x in GI(): pass
for x in h: pass
while 0: pass
a, b = 1, 2
a, b = lst[:2]
a, *b = lst
a, *b = tup
*a, b = 'abc'
(a, b), c2 = (1, 2), 3
a = b = []
a, b = b, a
a, b, c2 = c2, b, a
a = lst[:]; a[1:3] = [4]
a = lst[:]; del a[1:3]
a = lst[:]; a.sort()
a = lst[:]; a.reverse()
a = []; a += [1]; a += (2,); a.extend(x for x in lst)
a = []; a.append(a); a.pop()
a = {}; a['x'] = 1; del a['x']
a = {}; a.update(b=1); a.update({'c': 2}); a.update([(1, 2)])
a = {1: 2}; a.popitem()
a = {1: 2}; a.pop(1); a.clear()
a = set(); a.add(1); a.discard(1); a.update(lst)
with Ctx(): pass
with Ctx() as a, Ctx() as b: pass
with cman() as a: pass
with h: pass
with contextlib.suppress(ValueError): raise ValueError
try: pass\nfinally: pass
try: raise ValueError\nexcept ValueError: pass
try: raise ValueError('x')\nexcept ValueError as e: pass
try: raise ValueError('x')\nexcept (KeyError, ValueError) as e: pass
try:\n    try: raise ValueError('x')\n    except ValueError as e: raise KeyError from e\nexcept KeyError: pass
try: 1/0\nexcept ZeroDivisionError: pass
try: [][1]\nexcept IndexError: pass
try: {}[1]\nexcept KeyError: pass
try: dct[lst]\nexcept TypeError: pass
try: c.nope\nexcept AttributeError: pass
try: nope\nexcept NameError: pass
try: next(iter([]))\nexcept StopIteration: pass
try: int('x')\nexcept ValueError: pass
try: f0(1)\nexcept TypeError: pass
try: import nope\nexcept ImportError: pass
try: open('/nope')\nexcept OSError: pass
try: raise ExceptionGroup('x', [ValueError()])\nexcept* ValueError: pass
try: 'a' + 1\nexcept TypeError: pass
try: deep(2000)\nexcept RecursionError: pass
def g(): pass
def g(a, b=1, *c, d=2, **e): pass
def g(a: int) -> str: pass
async def g(): pass
def g():\n    yield
class X: pass
class X(C): a = 1
class X(C):\n    def m(self): return super().m()\nX().m()
class X(metaclass=Meta): pass
class X:\n    __slots__ = ('a',)
class X(dict): pass
class X(Exception): pass\ntry: raise X\nexcept X: pass
import sys
import os.path
from os import path
from os import path, sep
global gg; gg = 1
del gen2
assert True
x: int = 1
match lst:\n    case [a, *b]: pass
match dct:\n    case {1: x, **r}: pass
match c:\n    case C(): pass
match (1, 2):\n    case (1, x): pass
match 'a':\n    case 'b' | 'a': pass
lst2 = [C() for _ in range(3)]; del lst2
a = C(); a.x = 1; a.y = 2
a = C(); a.__dict__
a = S(); a.a = 1
a = C(); a.self = a; del a
a = gen(); next(a); del a
a = gen(); next(a); a.close()
a = gen(); next(a)\ntry: a.throw(ValueError)\nexcept ValueError: pass
def outer():\n    yield from gen()\nlist(outer())
a = iter(lst); next(a); next(a)
a = [[] for i in range(3)]; del a
a = [() for i in range(3)]; del a
a = [(i,) for i in range(30)]; del a
a = [{} for i in range(100)]; del a
a = [[] for i in range(100)]; del a
a = [(i, i) for i in range(100)]; del a
a = [C() for i in range(100)]; del a
a = [lambda: 0 for i in range(100)]; del a
a = [c.m for i in range(100)]; del a
a = [iter(lst) for i in range(100)]; del a
a = [iter(tup) for i in range(100)]; del a
a = [slice(i) for i in range(100)]; del a
a = [(yield_ for yield_ in lst) for i in range(100)]; del a
a = [coro() for i in range(100)]; [x.close() for x in a]; del a
a = [ValueError() for i in range(100)]; del a
a = [set() for i in range(100)]; del a
a = [frozenset((i,)) for i in range(100)]; del a
a = [{i} for i in range(100)]; del a
a = [dct.keys() for i in range(100)]; del a
a = [range(i) for i in range(100)]; del a
a = [bytearray() for i in range(100)]; del a
a = [memoryview(bs) for i in range(100)]; del a
a = [object() for i in range(100)]; del a
a = [weakref.ref(c) for i in range(100)]; del a
a = [weakref.ref(c, f0) for i in range(100)]; del a
a = [collections.deque() for i in range(100)]; del a
a = [functools.partial(f0) for i in range(100)]; del a
a = [NT(1, 2) for i in range(100)]; del a
a = [type('X', (), {}) for i in range(10)]; del a; gc.collect()
for i in range(20): lst[1:3]
for i in range(20): tup[1:3]
for i in range(20): lst[i % 10:]
for i in range(20): s[1:3]
for i in range(20): slice(i)
for i in range(20): fa(i)
for i in range(20): fk(a=i)
for i in range(20): c.m()
for i in range(20): C()
for i in range(20): c.n(1, a=2)
for i in range(20): divmod(i, 3)
for i in range(20): s.split()
for i in range(20): print('', end='')
for i in range(20): '%s %s' % (i, i)
for i in range(20): '{}'.format(i)
for i in range(20): [i]
for i in range(20): sorted(lst, key=lambda v: v)
for i in range(20): max(i, 3)
for i in range(20): getattr(c, 'm')
for i in range(20): isinstance(i, (int, str))
for i in range(20): gen()
for i in range(20): list(gen())
for i in range(20): tryraise()
for i in range(20): list(zip(lst, lst))
for i in range(20): list(enumerate(lst))
for i in range(20): dict(zip(lst, lst))
for i in range(20): tuple(lst)
for i in range(20): (*lst, i)
for i in range(20): {**dct}
for i in range(20): pat.match('a b').groups()
for i in range(20): json.dumps(dct)
for i in range(20): cached(i)
for i in range(20): closure()()
for i in range(20): a, *b = lst
for i in range(20): a, b = i, i
for i in range(20): lst2 = lst + [i]
for i in range(20): part(i)
for i in range(20): str(lst)
for i in range(20): DC(i, i)
for i in range(20): NT(i, i)
for i in range(20): h + h
for i in range(20): h == h
for i in range(20): h(1)
for i in range(20): super(C, c)
for i in range(20): list(map(lambda v: v, lst))
for i in range(20): Color('r')
for i in range(20): sys.exc_info()
for i in range(20): (i for i in lst)
for i in range(20): dct.items()
for i in range(20):\n    with Ctx(): pass
for i in range(20):\n    with cman(): pass
for i in range(20):\n    try: raise ValueError\n    except ValueError: pass
for i in range(20):\n    try: raise ValueError(i)\n    except ValueError as e: pass
for i in range(20):\n    def q(): return i
for i in range(30):\n    class Q: pass
cm.x = 1; del cm.x
cm2 = cm; cm2 += 1
a = K(1); a.y = 2; del a.y
a = {}; a[cm] = 1; a[cm]
a = bytearray(b'abc'); a[1:2] = b'x'; del a[:1]
a = [3, 1]; a[cm] = 5; a *= 2
try: ga.__nope__\nexcept AttributeError: pass
try: raise ME(1)\nexcept ME: pass
try: dct['nope']\nexcept KeyError as e: e.args
try: [].pop()\nexcept IndexError: pass
try: lst.index(99)\nexcept ValueError: pass
try: iter(5)\nexcept TypeError: pass
try: a, b = 1, 2, 3\nexcept ValueError: pass
try: a, b = [1]\nexcept ValueError: pass
try: c()\nexcept TypeError: pass
try: fd()\nexcept TypeError: pass
try: fd(z=1)\nexcept TypeError: pass
try: len()\nexcept TypeError: pass
try: assert 0\nexcept AssertionError: pass
try: assert 0, 'x'\nexcept AssertionError: pass
try: raise KeyError\nexcept KeyError: pass
try: raise KeyError from None\nexcept KeyError: pass
try:\n    try: 1/0\n    finally: x = 1\nexcept ZeroDivisionError: pass
try: sys.exit()\nexcept SystemExit: pass
try: undefined_name\nexcept NameError as e: str(e)
for i in range(20): K(i, a=2)
for i in range(20): K(i)
for i in range(20): h.zzz
for i in range(20): ga.x
for i in range(20): h(i, a=2)
for i in range(20): cm == cm
for i in range(20): c.zz if hasattr(c, 'zz') else 0
for i in range(20): getattr(c, 'zz', None)
for i in range(20):\n    try: c.zz\n    except AttributeError: pass
for i in range(20):\n    try: dct['x']\n    except KeyError: pass
for i in range(20): int.__add__(i, 1)
for i in range(20): max(lst, key=str)
for i in range(20): sorted(dct.items(), key=lambda kv: kv[0])
for i in range(20): list(itertools.permutations([1,2,3]))
for i in range(20): list(itertools.combinations(lst, 2))
for a, b in itertools.product(lst, lst): pass
for a, b in itertools.zip_longest(lst, lst): pass
for a, b in zip(lst, lst): pass
for i in range(20): print(i, file=sio)
for i in range(20): sio.write('x')
for i in range(20): PD().cp
for i in range(20): functools.reduce(fd, lst)
for i in range(20): st | {i}; st.union([i])
for i in range(20): '{0} {a}'.format(i, a=i)
for i in range(20): 'a,b'.split(',')
for i in range(20): isinstance(c, C)
for i in range(20): dict(a=i)
for i in range(20): dict(dct, a=i)
for i in range(20): SubD()[i]
for i in range(20): SubL().append(i)
for i in range(20): next(gen(), None)
for i in range(20): [*range(5)]
for i in range(20): (lambda *a: a)(*lst)
for i in range(20): fa(*lst, **{})
for i in range(20): fk(**{'a': i})
for i in range(20): fak(1, *lst, c=2, **{'d': 4})
'''
sio = None
import types, copy as import_copy, random, math, time, json, struct, copyreg, os, heapq, bisect, array, io, enum, dataclasses, string, textwrap, traceback
lst2 = list(range(5)); gen2 = 1; sio = io.StringIO()
def f1(x): return x
class Color(enum.Enum):
    RED = 'r'
    BLUE = 'b'
@dataclasses.dataclass
class DC:
    a: int
    b: int = 2
def count(code, g):
    out = []
    for i in range(3):
        exec(code, g)   # warm
    gc.collect()
    for i in range(3):
        b = gc.get_count()[0]
        exec(code, g)
        e = gc.get_count()[0]
        out.append(e - b)
    return out
g = globals()
for t in TESTS.strip().splitlines():
    # value kept: what the expression leaves behind; and value dropped
    for form in ('keepv = ' + t, t + '\nkeepv = None'):
        try:
            code = compile(form, '<t>', 'exec')
            print(repr(form), count(code, g))
        except BaseException as e:
            print(repr(form), 'EXC', type(e).__name__, str(e)[:80])
    keepv = None
for t in STMTS.strip().splitlines():
    t = t.replace('\\n', '\n')
    try:
        code = compile(t, '<t>', 'exec')
        print(repr(t), count(code, g))
    except BaseException as e:
        print(repr(t), 'EXC', type(e).__name__, str(e)[:80])
