# copy, heapq, bisect, random with a seed, operator.
import bisect
import copy
import heapq
import operator
import random


class Node:
    def __init__(self, value): self.value = value; self.links = []
    def __repr__(self): return f"Node({self.value}, {len(self.links)})"


a = Node([1]); b = Node({"k": (1, [2])}); a.links.append(b); b.links.append(a)
shallow, deep = copy.copy(a), copy.deepcopy(a)
print(shallow.links is a.links, deep.links[0].links[0] is deep, deep.value == a.value, deep.value is a.value, deep.links[0].value["k"][1] is b.value["k"][1])


class Special:
    def __init__(self): self.log = []
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep", len(memo) >= 0
    def __reduce__(self): return (list, ((1, 2),))


print(copy.copy(Special()), copy.deepcopy([Special()]), copy.copy({1: 2}), copy.deepcopy(({1, 2}, frozenset([3]), b"a", None, range(3), len, Node)))


class Slotted:
    __slots__ = ("x", "y")


s = Slotted(); s.x = [1]
t = copy.deepcopy(s); print(t.x, t.x is s.x, hasattr(t, "y"))
h = []
for x in (5, 1, 8, 3): heapq.heappush(h, x)
print(h, heapq.heappop(h), heapq.heappushpop(h, 0), heapq.heapreplace(h, 9), heapq.nlargest(2, h), heapq.nsmallest(2, [5, 2, 9], key=lambda x: -x), list(heapq.merge([1, 4], [2, 3], reverse=False)))
data = [1, 3, 3, 5]
print(bisect.bisect(data, 3), bisect.bisect_left(data, 3), bisect.insort(data, 4), data, bisect.bisect_left([("a", 1), ("b", 2)], 2, key=lambda r: r[1]))
r = random.Random(42)
print([r.randint(1, 100) for _ in range(5)], r.random(), r.choice("abc"), r.sample(range(20), 4), r.choices("ab", weights=[1, 9], k=4), round(r.gauss(0, 1), 6), r.uniform(1, 2), r.getrandbits(70), r.randrange(0, 100, 7))
x = list(range(8)); r.shuffle(x); print(x)
state = r.getstate(); first = r.random(); r.setstate(state); print(first == r.random(), random.Random("text").random(), random.Random(b"b").random(), r.expovariate(2), r.triangular(), r.betavariate(1, 2), r.normalvariate(), r.randbytes(4))
print(operator.itemgetter(1, slice(0, 2))("abc"), operator.concat([1], [2]), operator.countOf([1, 1, 2], 1), operator.indexOf("abc", "c"), operator.length_hint(iter([1, 2])), operator.index(True), operator.truth([]), operator.is_not(1, 2), operator.iadd([1], [2]), operator.matmul)
