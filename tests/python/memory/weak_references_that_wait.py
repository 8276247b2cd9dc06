# Dead containers, deep in each other, whose parts refer weakly to each other: both the referents and
# the references wait to be taken apart.
from collections import OrderedDict
from weakref import WeakValueDictionary, proxy, ref


class Link:
    __slots__ = ("before", "after", "__weakref__")


class Chain(dict):
    """Keeps a ring of links, as a list with a hard reference one way and a weak one the other."""

    def __init__(self, inner):
        self.hard = Link()
        self.root = root = proxy(self.hard)
        link = Link()
        root.before = root.after = root
        link.before, link.after = root, root
        root.after = link
        root.before = proxy(link)
        self[None] = inner
        self.links = {None: link}


def nest(make, depth):
    value = None
    for _ in range(depth):
        value = make(value)
    return value


for depth in (10, 49, 50, 51, 60, 100, 1000, 20000):
    nest(Chain, depth)
    nest(lambda inner: OrderedDict([(None, inner)]), depth)
    print("depth", depth)

called = []


class Node:
    pass


def watched(inner):
    node = Node()
    node.inner = inner
    node.watcher = ref(node, lambda _: called.append(1))
    node.other = ref(node.inner, lambda _: called.append(2)) if inner else None
    return node


outer = nest(watched, 500)
del outer
print("callbacks ran:", len(called) > 900)

table = WeakValueDictionary()


def listed(inner):
    node = Node()
    node.inner = inner
    table[len(table)] = node
    return node


outer = nest(listed, 3000)
print(len(table))
del outer
print(len(table))
