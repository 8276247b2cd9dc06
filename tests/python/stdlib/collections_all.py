# collections: named tuples, counters, chained maps, ordered and default dicts, deques, user classes.
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
import collections.abc

Point = namedtuple("Point", "x y", defaults=[0])
p = Point(3)
print(p, p._replace(y=4), p._asdict(), Point._fields, Point._field_defaults, p == (3, 0), Point._make([1, 2]))
try:
    Point()
except TypeError as error:
    print(error)
try:
    namedtuple("Bad", "a a")
except ValueError as error:
    print(error)
print(namedtuple("R", "def 1a ok ok", rename=True)._fields)
c = Counter("abracadabra")
print(c.most_common(3), c["z"], c.total(), +Counter(a=1, b=-1), c - Counter("aaa"), c & Counter("ab"), c | Counter("zz"))
c.update("zz")
c.subtract({"a": 2})
print(sorted(c.elements()), c)
chain = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(chain["a"], chain["b"], dict(chain), chain.new_child({"c": 5}), chain.parents, len(chain))
chain["b"] = 9
print(chain.maps)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
print(o, o.popitem(last=False), list(reversed(o)), o == OrderedDict(b=2, a=1), o == {"a": 1, "b": 2})
d = defaultdict(list)
d["x"].append(1)
print(d, d.default_factory, dict(d | {"y": 2}))
q = deque(range(5), maxlen=4)
q.rotate(1)
q.appendleft("l")
print(q, q.maxlen, q.index(2), q.count(3), list(reversed(q)), q.pop(), q.popleft())
q.extendleft([7, 8])
print(q, deque("abc") + deque("d"), deque("ab") * 2)


class Lower(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)


print(Lower({"A": 1}, B=2), UserList([3, 1]) + [2], UserString("ab").upper(), sorted(UserList([3, 1])))
for name in ("Hashable", "Iterable", "Sized", "Container", "Sequence", "Mapping", "MutableSequence", "Set"):
    kind = getattr(collections.abc, name)
    print(name, [isinstance(value, kind) for value in ((), [], {}, set(), "", 1, iter(()), p, q, chain)])
