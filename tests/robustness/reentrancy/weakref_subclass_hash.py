import weakref
class A:
    def __hash__(self):
        drop.clear()
        return 7
    def __eq__(self, other):
        drop.clear()
        return self is other
drop = [A()]
r = weakref.ref(drop[0])
try:
    print(hash(r))
except TypeError as error:
    print(error)
drop = [A(), A()]
r, s = weakref.ref(drop[0]), weakref.ref(drop[1])
print(r == s, r(), s())
p = weakref.proxy(A())
try:
    p.x
except ReferenceError as error:
    print(error)
class B:
    def __getattr__(self, name):
        drop.clear()
        return name
    def __add__(self, other):
        drop.clear()
        return "sum"
drop = [B()]
p = weakref.proxy(drop[0])
print(p.hello)
drop = [B()]
p = weakref.proxy(drop[0])
print(p + 1)
