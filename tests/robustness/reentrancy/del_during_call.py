class A:
    def f(self, other):
        global a
        del a, other
        return "still " + type(self).__name__
a = A()
print(a.f(a))
def f(x, y):
    holder.clear()
    return x, y
holder = [[1], [2]]
print(f(*holder))
holder = {"x": [1], "y": [2]}
print(f(**holder))
class Callable:
    def __call__(self, *args):
        funcs.clear()
        return len(args)
funcs = [Callable()]
print(funcs[0](1, 2))
class Keys:
    def keys(self):
        names.clear()
        return ["x", "y"]
    def __getitem__(self, key): return key
names = {}
print(f(**Keys()))
def g(*args, **kw):
    args = None
    kw.clear()
    return kw
print(g(1, a=2))
