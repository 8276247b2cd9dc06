class It:
    def __iter__(self):
        import gc
        for n in range(20):
            if n == 10:
                found = [o for o in gc.get_objects() if type(o) is tuple and len(o) > 5 and o[0] == "first"]
                print(len(found) < 2)
            yield "first" if n == 0 else n
print(len(tuple(It())))
class Hint:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): raise TypeError
print(tuple(Hint()))
class Bad:
    def __length_hint__(self): return -1
    def __iter__(self): return iter(())
try:
    print(list(Bad()))
except ValueError as error:
    print(error)
class Huge:
    def __iter__(self): return iter((1,))
    def __length_hint__(self): return 2 ** 62
try:
    print(list(Huge()))
except MemoryError:
    print("MemoryError")
