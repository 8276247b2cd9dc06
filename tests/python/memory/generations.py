# Generations: where objects are, what moves them, freeze, counts, statistics.
import gc

gc.disable()


class Node: pass


def where(thing):
    return [g for g in range(3) if any(o is thing for o in gc.get_objects(generation=g))]


n = Node()
print(where(n), gc.collect(0) >= 0, where(n), gc.collect(1) >= 0, where(n), gc.collect() >= 0, where(n))
gc.collect()
l = [[] for _ in range(10)]
print(gc.get_count()[0] >= 10, gc.get_count()[1:])
gc.collect(0)
print(gc.get_count()[1:], where(l)); gc.collect(0); print(gc.get_count()[1:]); gc.collect(1); print(gc.get_count()[1:], where(l)); gc.collect(1); print(gc.get_count()[1:]); gc.collect(2); print(gc.get_count()[1:])
before = gc.get_stats()
x = []; x.append(x); del x
gc.collect(0)
x = Node(); x.me = x; gc.collect(0); del x
print(gc.collect(0), gc.collect(1) in (1, 2), gc.collect(2))
after = gc.get_stats()
print([{k: after[g][k] - before[g][k] for k in ("collections", "collected", "uncollectable")} for g in range(3)][0]["collections"], [after[g]["collections"] - before[g]["collections"] for g in range(3)], sorted(after[0]))
print(gc.get_freeze_count(), gc.freeze(), gc.get_freeze_count() > 1000, where(n), gc.get_objects(2) == [], gc.unfreeze(), gc.get_freeze_count(), where(n))
frozen = Node(); frozen.me = frozen; gc.freeze(); frozen_id = id(frozen); del frozen
print(gc.collect(), gc.unfreeze(), gc.collect() in (1, 2))
for bad in ("gc.collect(3)", "gc.collect(-1)", "gc.collect('a')", "gc.set_threshold()", "gc.set_threshold('a')", "gc.get_objects(3)", "gc.get_objects(-1)", "gc.get_objects('x')", "gc.get_objects(generation=None) == 5", "gc.set_debug()", "gc.is_tracked()", "gc.collect(generation=1, x=2)", "gc.enable(1)", "gc.set_threshold(1, 2, 3, 4)", "gc.get_objects(x=1)"):
    try:
        print(bad, type(eval(bad)).__name__)
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print(gc.get_threshold(), gc.set_threshold(5), gc.get_threshold(), gc.set_threshold(5, 6), gc.get_threshold(), gc.set_threshold(700, 10, 10), gc.get_threshold(), gc.isenabled(), gc.enable(), gc.isenabled(), gc.get_debug())
gc.disable()
tracked = {"[]": [], "()": (), "(1,)": (1,), "([],)": ([],), "{}": {}, "{1: 2}": {1: 2}, "{1: []}": {1: []}, "{1: (1,)}": {1: (1,)}, "set()": set(), "frozenset": frozenset(), "int": 1, "str": "a", "bytes": b"", "bytearray": bytearray(), "None": None, "float": 1.5, "object": object(), "Node": Node(), "class": Node, "int type": int, "function": where, "len": len, "iter": iter([]), "range": range(3), "slice": slice(1), "gen": (i for i in ()), "method": [].append, "code": where.__code__, "module": gc, "exception": ValueError(), "memoryview": memoryview(b""), "cell": (lambda q: (lambda: q))(1).__closure__[0], "property": property(), "lambda": lambda: 0}
print([k for k in tracked if gc.is_tracked(tracked[k])], "not:", [k for k in tracked if not gc.is_tracked(tracked[k])])
del tracked
t = tuple([1, "a", (2,)]); d = {"k": 1}; d2 = dict(d); d2["x"] = (1,); u = (1, [])
print([gc.is_tracked(o) for o in (t, d, d2, u)], gc.collect(), [gc.is_tracked(o) for o in (t, d, d2, u)]); d["l"] = []; print(gc.is_tracked(d)); del d["l"]; print(gc.is_tracked(d)); gc.collect(); print(gc.is_tracked(d), gc.is_tracked(dict(a=1)), gc.is_tracked({"a": 1}.copy()), gc.is_tracked({}.fromkeys("a", [])), gc.is_tracked({k: k for k in "ab"}))
