# Dicts made by the same display: each goes its own way, and keys are counted by every dict that holds them.
import gc
import sys


def make(n):
    return {"alpha_key": n, "beta_key": n + 1, "gamma_key": None}


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


class Same:
    """Equal to a text, with its hash."""
    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        print("compare", self.text, other)
        return self.text == other


dicts = [make(n) for n in range(100)]
print(dicts[0], dicts[99], dicts[5] == make(5), dicts[5] != make(6))

key = "alpha_key"
before = sys.getrefcount(key)
more = [make(n) for n in range(50)]
print("keys counted:", sys.getrefcount(key) - before)
del more[:20]
print("keys counted:", sys.getrefcount(key) - before)
copies = [dict(d) for d in more] + [d.copy() for d in more] + [{**d} for d in more]
print("keys counted:", sys.getrefcount(key) - before)
del copies, more
print("keys counted:", sys.getrefcount(key) - before)

# Growing the same way and in different ways.
for n, d in enumerate(dicts[:60]):
    d["delta_key"] = n
    if n % 3:
        d["third_%d" % (n % 3)] = n
    if n % 2:
        d[n] = "number"
    d["gamma_key"] = -n
for n in (0, 1, 2, 3, 58, 59):
    print(list(dicts[n].items()))

# Removing: the last, the first, all, and coming back.
d, e, f = make(1), make(2), make(3)
print(d.popitem(), d, e.pop("alpha_key"), e, f.pop("gamma_key"), f)
d["gamma_key"] = 4
d["alpha_key"] = 5
e["alpha_key"] = 6
f["other_key"] = 7
print(d, e, f, list(reversed(d)), list(reversed(f)))
d.clear()
d["x"] = 1
print(d, d.pop("absent", "default"), "alpha_key" in d, "alpha_key" in e)
while e:
    print(e.popitem(), end=" ")
print(e)

# Keys that are equal and not the same object; keys of other types.
d = make(1)
print(d["".join(["alpha", "_key"])], d.get("".join(["delta", "_key"])), d.get(1), (1, 2) in d)
print(d[Same("beta_key")], d.get(Same("no_key")))
d["".join(["eps", "ilon"])] = 1
d["".join(["eps", "ilon"])] = 2
print(d)

# Iteration notices changes.
d = make(1)
try:
    for k in d:
        d["new_key"] = 1
except RuntimeError as error:
    print(error)
for k in d:
    d[k] = k
print(d, list(d.keys() & {"alpha_key"}), sorted(d.keys() | {"z"}))

# One key, many keys, keys twice, and keys that are not constants.
for n in range(4):
    print({"one": n}, {"one": n, "one": n + 1, "two": n}, {"k%d" % n: n}, {n: n, "s": n}, {None: n})


def wide(n):
    return {"k00": n, "k01": n, "k02": n, "k03": n, "k04": n, "k05": n, "k06": n, "k07": n, "k08": n, "k09": n,
            "k10": n, "k11": n, "k12": n, "k13": n, "k14": n, "k15": n, "k16": n, "k17": n, "k18": n, "k19": n,
            "k20": n, "k21": n, "k22": n, "k23": n, "k24": n, "k25": n, "k26": n, "k27": n, "k28": n, "k29": n}


for n in range(3):
    d = wide(n)
    for i in range(40):
        d["x%d" % i] = i
    print(len(d), sum(map(str(n).__eq__, map(str, d.values()))), list(d)[28:33], list(d)[-1])

# Values die at the right moment; cycles through such dicts are found.
for n in range(4):
    d = {"first": Loud("first %d" % n), "second": Loud("second %d" % n)}
    d["first"] = None
    del d
gc.collect()
for n in range(4):
    d = {"me": None, "loud": Loud(n)}
    print(gc.is_tracked(d), gc.is_tracked({"me": None, "loud": n}))
    d["me"] = d
    del d
    print(gc.collect())
print(exec("c = d['alpha_key']; d['zeta'] = c", {"d": make(9)}) is None)
for n in range(3):
    space = {"a": 1, "b": 2}
    exec("def f(): return a + b\nfor _ in range(40): f()\nc = f()\na = 10\nr = f()", space)
    print(space["c"], space["r"])
