# What the collector says under gc.set_debug, with addresses, seconds and sizes of generations masked.
import gc
import io
import sys


class Node:
    def __init__(self, name): self.name = name


def masked(line):
    words = line.split(" ")
    for i, word in enumerate(words):
        if word.startswith("0x"):
            words[i] = "0x..." + ">" * word.endswith(">")
        elif word.endswith("s") and word[:1].isdigit():
            words[i] = str(word.count(".")) + "s"
        elif word.isdigit() and "objects in each" in line:
            words[i] = "N"
    return " ".join(words)


def collect(flags, generation=2):
    stderr, sys.stderr = sys.stderr, io.StringIO()
    gc.set_debug(flags)
    try:
        result = gc.collect(generation)
        text = sys.stderr.getvalue()
    finally:
        gc.set_debug(0)
        sys.stderr = stderr
    print("flags", flags, "generation", generation, "returned", result)
    for line in text.splitlines():
        print("  " + masked(line))


gc.disable()
gc.collect()
for flags in (0, gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK):
    pair = [{}]
    pair[0]["back"] = pair
    del pair
    collect(flags)
    print("  garbage", [type(g).__name__ for g in gc.garbage])
    gc.garbage.clear()
    gc.collect()
for generation in range(3):
    node = Node("n")
    node.me = node
    del node
    collect(gc.DEBUG_STATS, generation)
    gc.collect()
collect(gc.DEBUG_STATS)
print(gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK, gc.get_debug())
