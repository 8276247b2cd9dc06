"""Structures that nest for ever: lists, tuples, instances, closures, cycles."""
import gc


class Node:
    def __init__(self, link):
        self.link = link


class Slotted:
    __slots__ = ("link",)

    def __init__(self, link):
        self.link = link


def nest(step):
    inner, depth = None, 0
    try:
        while True:
            inner = step(inner)
            depth += 1
    except MemoryError:
        return depth > 50_000


def close_over(inner):
    return lambda: inner


def cycle(_):
    node = Node(None)
    node.link = [node, kept]
    kept.append(node)
    return node


kept = []
for _ in range(2):
    print(nest(lambda inner: [inner]), nest(lambda inner: (inner,)), nest(lambda inner: {"inner": inner}), nest(Node),
          nest(Slotted), nest(close_over))
    try:
        while True:
            cycle(None)
    except MemoryError:
        kept.clear()
    print(gc.collect() > 50_000)
