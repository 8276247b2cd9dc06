"""Cycles, finalizers, weak references and collections."""
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name
        self.links = []

    def __del__(self):
        gone.append(self.name)


def main():
    a, b = Node("a"), Node("b")
    a.links.append(b)
    b.links.append(a)
    calls = []
    refs = [weakref.ref(a, lambda ref: calls.append("ref")), weakref.proxy(b)]
    table = weakref.WeakValueDictionary()
    table["a"] = a
    print(refs[0]() is a, refs[1].name, len(table))
    del a, b
    print(gc.collect() > 0, sorted(gone), calls, refs[0](), len(table))
    gone.clear()
    for index in range(30):
        left, right = Node(index), Node(-index)
        left.links.append(right)
        right.links.append(left)
    del left, right
    gc.collect()
    print(len(gone), gc.isenabled())


gone = []
main()
gc.collect()
gone.clear()
