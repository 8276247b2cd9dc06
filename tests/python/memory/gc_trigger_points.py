# timing: collections
# Where automatic collections start: how many survivors there are then, to the object, for many patterns of allocation.
import gc


gc.collect(); gc.freeze()  # full collections depend on the number of old objects: these are no longer among them


class Plain: pass
class Attributes:
    def __init__(self, n): self.n = n; self.rest = [n]


def generator(n): yield n
def fails(n):
    try:
        raise KeyError(n)
    except KeyError as error:
        return error


def pattern(name, make, count=4000, limits=(700, 10, 10)):
    gc.set_threshold(*limits)
    gc.disable()
    make(0)  # what only the first call makes is no part of the pattern
    for _ in range(3): gc.collect()
    keep, seen = [], []
    def note(phase, info):
        if phase == "start": seen.append((info["generation"], len(keep)))
        elif info["collected"]: seen.append(("freed", info["collected"]))
    gc.callbacks.append(note)
    append = keep.append
    gc.enable()
    for i in range(count): append(make(i))
    gc.disable()
    gc.callbacks.remove(note)
    print(f"{name:12} {len(seen)} {seen[:14]} {seen[-1:]}")
    keep.clear()


def cycle(n):
    a = []; a.append(a); return n
def cycle_instance(n):
    a = Plain(); a.me = a; return n
def half(n): return [n] if n % 2 else n
def nested(n): return [[n], {n: [n]}, (n, [n])]


pattern("list", lambda n: [n])
pattern("dict", lambda n: {"n": n})
pattern("tuple", lambda n: (n, n))
pattern("instance", lambda n: Plain())
pattern("attributes", lambda n: Attributes(n))
pattern("set", lambda n: {n})
pattern("closure", lambda n: lambda: n)
pattern("generator", lambda n: generator(n))
pattern("exception", lambda n: ValueError(n))
pattern("caught", fails)
pattern("cycle", cycle)
pattern("own cycle", cycle_instance)
pattern("half", half)
pattern("nested", nested)
pattern("method", lambda n: keep.append if (keep := []) else [].append)
pattern("comprehend", lambda n: [x for x in range(5)])
pattern("dict list", lambda n: [{x: [x]} for x in range(3)])
pattern("temporaries", lambda n: len([n] * 3 + [n for n in ()]) and n)
pattern("strings", lambda n: str(n) * 2)
pattern("sort", lambda n: sorted([n, 1, 2], key=lambda x: -x))
pattern("zip", lambda n: list(zip([n, 2], (3, 4))))
pattern("format", lambda n: "%d %s" % (n, [n]))
pattern("class", lambda n: type("C", (), {"n": n}), 500)
pattern("star", lambda n: (lambda *a, **k: (a, k))(n, 1, x=n))
pattern("small", lambda n: [n], 400, (10, 2, 2))
pattern("smaller", nested, 60, (1, 1, 1))
pattern("one", lambda n: {n: [n]}, 40, (1, 2, 3))
pattern("only young", lambda n: [n], 3000, (100, 1000000, 1))
pattern("zeros", lambda n: [n], 3000, (100, 0, 0))
pattern("off", lambda n: [n], 3000, (0, 1, 1))
pattern("negative", lambda n: [n], 100, (-1, 5, 5))
pattern("long", lambda n: [n], 60000)
pattern("long cycles", cycle, 60000)
