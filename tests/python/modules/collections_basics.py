# The collections module.
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple, abc

d = deque([1, 2, 3], maxlen=4)
d.append(4); d.appendleft(0); d.extend([5, 6]); d.extendleft("ab"); d.rotate(1)
print(d, d.maxlen, len(d), d[0], d[-1], d.pop(), d.popleft(), list(reversed(d)), d.count(3), 3 in d, d.copy() == d, d.index("a") if "a" in d else None)
d.clear(); print(d, deque("abc"), deque([1]) + deque([2]), deque([1, 2]) < deque([1, 3]), bool(deque()), deque([1]) * 3)
for bad in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[5], lambda: deque(5), lambda: deque([1], -1), lambda: deque([1]).remove(3), lambda: deque([1]).index(3)):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)
dd = defaultdict(list)
dd["a"].append(1); dd["b"]
print(dd, dd["a"], dd.get("z"), len(dd), defaultdict(int, x=1), dd.default_factory, dict(dd), defaultdict(None, {1: 2}))
c = Counter("abracadabra")
print(c, c["a"], c["z"], c.most_common(2), sorted(c.elements())[:4], c - Counter("aab"), c + Counter(a=1), Counter(a=3) & Counter(a=1, b=2), Counter(a=3) | Counter(b=1), c.total(), +Counter(a=-1, b=2))
c.update("aaa"); c.subtract("b"); print(c["a"], c["b"], Counter({"x": 0}), Counter())
od = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
od.move_to_end("a"); od.move_to_end("c", last=False)
print(od, od.popitem(), od.popitem(last=False), od, OrderedDict(a=1) == {"a": 1}, OrderedDict([(1, 1), (2, 2)]) == OrderedDict([(2, 2), (1, 1)]), list(reversed(OrderedDict(a=1, b=2))))
Point = namedtuple("Point", "x y", defaults=[0])
p = Point(1)
print(p, p.x, p._replace(y=5), p._asdict(), Point._fields, Point(1, 2) == (1, 2), Point._make([7, 8]), p._field_defaults, Point.__doc__, Point.x.__doc__)
try:
    Point()
except TypeError as error:
    print(error)
cm = ChainMap({"a": 1}, {"a": 2, "b": 3})
cm["c"] = 4
print(cm, cm["a"], cm["b"], len(cm), cm.maps, cm.new_child({"z": 0})["z"], cm.parents)


class Upper(UserDict):
    def __setitem__(self, key, value): super().__setitem__(key.upper(), value)


u = Upper(a=1); u["b"] = 2
print(u, UserList([1, 2]) + [3], isinstance([], abc.Sequence), isinstance({}, abc.Mapping), isinstance(5, abc.Hashable), issubclass(list, abc.Iterable), isinstance((i for i in ()), abc.Generator))
