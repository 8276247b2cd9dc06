import collections
d = collections.deque([1, 2, 3], maxlen=3)
d.extend(d)
print(d)
d.extendleft(d)
print(d)
d += d
print(d)
class D:
    def __del__(self): q.append("late")
q = collections.deque([D(), D()], maxlen=2)
q.append(1); q.append(2)
print(list(q))
q.clear()
print(list(q))
class R:
    def __repr__(self):
        r.clear()
        return "R"
r = collections.deque([R(), R()])
try:
    print(r)
except RuntimeError as error:
    print(error)
class E:
    def __eq__(self, other):
        x.clear(); y.clear()
        return True
x, y = collections.deque([E(), E()]), collections.deque([E(), E()])
try:
    print(x == y)
except RuntimeError as error:
    print(error)
dd = collections.defaultdict(lambda: dd.clear() or 5)
dd[1] = 1
print(dd[2], dict(dd))
