"""Watches the collector start by itself, and objects grow old."""
import gc


class Node:
    pass


def generation_of(thing):
    for generation in range(3):
        if any(other is thing for other in gc.get_objects(generation)):
            return generation
    return None


print("thresholds:", gc.get_threshold())

started = []


def note(phase, info):
    if phase == "start":
        started.append(info["generation"])


gc.collect()
gc.callbacks.append(note)
keep = [Node() for _ in range(25 * 701)]
gc.callbacks.remove(note)

print("generations collected while 25 x 701 nodes were made:")
print(" ", *started)
print("a collection of generation 1 comes after more than ten of generation 0")

gc.disable()
node = Node()
ages = [generation_of(node)]
for generation in (0, 1, 2):
    gc.collect(generation)
    ages.append(generation_of(node))
print("one node before and after collect(0), collect(1), collect(2):", ages)

gc.freeze()
print("frozen objects are in none of the three:", generation_of(node))
gc.unfreeze()
print("unfrozen, in the oldest:", generation_of(node))
