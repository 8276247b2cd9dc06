class It:
    def __iter__(self):
        yield 1
        stuff.clear()
        yield 2
stuff = [1]
a, b = It()
print(a, b, stuff)
try:
    a, b, c = It()
except ValueError as error:
    print(error)
class Len(tuple):
    def __len__(self): return 99
    def __iter__(self): return iter("xy")
a, b = Len((1, 2))
print(a, b)
a, *b = Len((1, 2, 3))
print(a, b)
i = 0
x = [1, 2]
i, x[i] = 1, 9
print(i, x)
(x, x[0]) = [[7], 8][::-1][::-1]
print(x)
match {"a": 1}:
    case {"a": int() as v, **rest}: print(v, rest)
class P:
    __match_args__ = ("a", "b")
    @property
    def a(self):
        P.__match_args__ = ()
        return 1
    b = 2
match P():
    case P(x, y): print(x, y)
