# timing: collections
# gc.callbacks: when they run, what they are told, and errors in them.
import gc

gc.disable()
gc.collect()
events = []


def note(phase, info): events.append((phase, sorted(info.items())))


gc.callbacks.append(note)
l = []; l.append(l); del l
print(gc.collect(), events); events.clear()
print(gc.collect(0), gc.collect(1), events); events.clear()
gc.callbacks.append(lambda phase, info: events.append("second"))
gc.collect()
print(events); events.clear()
del gc.callbacks[:]
starts = []
gc.callbacks.append(lambda phase, info: phase == "start" and starts.append((info["generation"], len(keep))))


class Node: pass


keep = []


def make(n):
    gc.collect(); starts.clear(); gc.enable()
    for _ in range(n):
        keep.append(Node())
    gc.disable()


make(3000)
print([s[0] for s in starts], [b[1] - a[1] for a, b in zip(starts, starts[1:])])
keep.clear()
gc.set_threshold(50, 3, 100)
make(1000)
print([s[0] for s in starts])
gc.set_threshold(0)
make(2000)
print(starts)
gc.set_threshold(700, 10, 10)
keep.clear()
make(8500)
print([s[0] for s in starts])
keep.clear()


def lists(n):
    gc.collect(); starts.clear(); gc.enable()
    for _ in range(n):
        keep.append([])
    gc.disable()


lists(1500); print(len(starts)); keep.clear()


def dicts(n):
    gc.collect(); starts.clear(); gc.enable()
    for _ in range(n):
        keep.append({"a": 1})
    gc.disable()


dicts(1500); print(len(starts)); keep.clear()


def tuples(n):
    gc.collect(); starts.clear(); gc.enable()
    for i in range(n):
        keep.append((i, i))
    gc.disable()


tuples(1500); print(len(starts)); keep.clear()


def atoms(n):
    gc.collect(); starts.clear(); gc.enable()
    for i in range(n):
        keep.append(str(i) + "x"); keep.append(i * 1.5); keep.append(object())
    gc.disable()


atoms(3000); print(len(starts))
