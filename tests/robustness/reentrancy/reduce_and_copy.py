import copy
class A:
    def __init__(self): self.me = self; self.items = [self]
a = copy.deepcopy(A())
print(a.me is a, a.items[0] is a)
class B:
    def __reduce_ex__(self, version): return (list, ((1, 2),))
print(copy.copy(B()))
class C:
    def __deepcopy__(self, memo):
        source.clear()
        return 5
source = [C(), C(), 3]
print(copy.deepcopy(source), source)
class D:
    def __reduce__(self): return "not a tuple"
print(isinstance(copy.copy(D()), (D, str)))
for broken in ((), (list,), (5, ()), (list, 5)):
    class E:
        def __reduce_ex__(self, version): return broken
    try:
        copy.copy(E())
        print("copied")
    except Exception as error:
        print("refused")
