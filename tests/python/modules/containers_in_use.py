# collections in everyday use: counting, grouping, bounded queues, layered settings, records.
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple

words = "the quick brown fox jumps over the lazy dog the end".split()
c = Counter(words)
print(c.most_common(2), c["none"], sum(c.values()), sorted(c.elements())[:4], c.total())
c.update(["fox", "fox"]); c.subtract({"the": 5})
print(c["fox"], c["the"], +c == Counter({k: v for k, v in c.items() if v > 0}), (c - Counter(fox=1))["fox"], (c & Counter(fox=2, dog=9)), Counter("ab") | Counter("bbc"))
groups = defaultdict(list)
for w in words: groups[len(w)].append(w)
print(dict(groups), groups.default_factory, groups.get(99), 99 in groups)
d = deque(range(5), maxlen=4)
d.append(9); d.appendleft(7); d.rotate(2)
print(d, d.maxlen, d.index(9), d.count(7), list(reversed(d)), d.pop(), d.popleft(), d.copy() == d)
d.extend([1, 2, 3]); d.extendleft([4]); d.insert(1, 5) if len(d) < 4 else d.remove(1)
print(d, d[0], d[-1], d > deque([0]))
settings = ChainMap({"a": 1}, {"a": 2, "b": 3})
child = settings.new_child({"c": 4})
child["b"] = 10
print(settings["a"], child["b"], settings["b"], sorted(child), child.parents == settings, len(child), child.maps[0])
Point = namedtuple("Point", "x y z", defaults=[0])
p = Point(1, 2)
print(p, p.x, p._replace(z=5), p._asdict(), Point._fields, Point._field_defaults, p == (1, 2, 0), Point._make([7, 8, 9]), *p)
try:
    Point(1)
except TypeError as error:
    print(error)
try:
    namedtuple("Bad", "a class")
except ValueError as error:
    print(error)
print(namedtuple("Renamed", "a class a", rename=True)._fields)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a"); o.move_to_end("c", last=False)
print(o, o.popitem(last=False), list(reversed(o)), o == OrderedDict(b=2, a=1), o == {"a": 1, "b": 2}, o | {"z": 26})


class Upper(UserDict):
    def __setitem__(self, key, value): super().__setitem__(key.upper(), value)


class Listy(UserList): pass


u = Upper(a=1, b=2); u["c"] = 3
print(u, u.data, "A" in u, list(u), Listy([1, 2]) + [3], Listy([3, 1]).data, UserString("abc").upper(), UserString("x") * 3)
