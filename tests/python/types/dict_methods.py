# Methods of dict, order, views, mutation while iterating.
d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 9
print(d, list(d), len(d), "a" in d, d.get("z"), d.get("z", 0), d.setdefault("d", []), d.setdefault("a", 5), d)
print(d.pop("b"), d.pop("zz", None), d.popitem(), d, list(d.items()), list(d.keys()), list(d.values()))
d.update({"x": 1}, y=2); d.update([("z", 3)]); d.update(a="again")
print(d, d | {"q": 1, "a": 0}, {**d, "a": 1}, d.copy() == d, d.copy() is d, dict(d) == d)
d |= {"w": 5}; d |= [("v", 6)]
del d["x"]
d["x"] = "last"
print(d, list(reversed(d)), list(reversed(d.items()))[0], dict.fromkeys("ab"), dict.fromkeys("ab", 0))
print(dict(), dict(a=1), dict([("a", 1), ["b", 2]]), dict({"a": 1}, b=2), dict(zip("ab", (1, 2))), {1: "int", 1.0: "float", True: "bool"})
keys, items, values = d.keys(), d.items(), d.values()
print(len(keys), "a" in keys, ("c", 3) in items, 3 in values, keys & {"a", "q"}, sorted(keys | {"q"}), sorted(keys - {"a"}), keys ^ keys, keys >= {"a"}, items & [("c", 3)], keys == set(d), keys.isdisjoint("q"))
d["new"] = 1
print("new" in keys, len(items), repr({1: 2}.keys()), repr({1: 2}.values()), repr({1: 2}.items()), {1: 2}.keys().mapping, values == d.values())
for kind in ("d['k0'] = 1", "del d['c']", "d.clear()", "d['a'] = 'changed only'"):
    d = {"a": 1, "b": 2, "c": 3}
    try:
        for key in d:
            exec(kind)
        print(kind, "no error", d)
    except RuntimeError as error:
        print(kind, error)


class Key:
    def __init__(self, n, h=1): self.n, self.h = n, h
    def __hash__(self): return self.h
    def __eq__(self, other): print("eq", self.n, other.n, end="; "); return self.n == other.n
    def __repr__(self): return f"K{self.n}"


collide = {Key(1): "one", Key(2): "two", Key(3): "three"}
print(collide, collide[Key(2)], Key(4) in collide)
del collide[Key(1)]
collide[Key(1)] = "again"
print(collide)
for bad in ("{}['k']", "{}[1, 2]", "{}[[]]", "{[]: 1}", "{}.pop('a')", "{}.popitem()", "del {}['a']", "dict(5)", "dict([1])", "dict([(1, 2, 3)])", "dict(['ab', 'c'])", "{}.update(5)", "{} | 5", "{} + {}", "{} < {}", "hash({})",
            "{}.get()", "{}.fromkeys()", "dict(1, 2)", "{}.setdefault()", "{[1]}", "{}.pop()", "{}.foo", "{}()", "dict.fromkeys(5)", "{1: 2}.keys()[0]", "{}.update([1])", "dict(**{1: 2})", "{1: 2} == {1: [].x}"):
    try:
        exec(bad)
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Default(dict):
    def __missing__(self, key):
        self[key] = value = len(self)
        return value


m = Default(a="x")
print(m["a"], m["b"], m["c"], m.get("z"), m, "q" in m, type(m.copy()).__name__, type(m | {}).__name__)
recursive = {}
recursive["self"] = recursive
print(recursive, {1: {2: {3: {}}}}, {"nested": [{"x": ()}]})
big = {i: str(i) for i in range(1000)}
for i in range(0, 1000, 3):
    del big[i]
print(len(big), sum(big), list(big)[:5], list(big)[-3:], big.get(3), big[4], min(big), max(big.values()))
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, {1: 1.0} == {1: 1}, {} != {1: 1}, bool({}), dict[str, int], {None: 1, (): 2, frozenset(): 3}[()])
it = iter({"x": 1, "y": 2})
print(it.__length_hint__(), next(it), next(it), next(it, "end"), dict.__hash__, [k for k, in [("only",)]])
