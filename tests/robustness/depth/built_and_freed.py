"""Structures a million deep are built, dropped by counting or by the collector, and use no native stack."""
import gc


class Node:
    def __init__(self, link):
        self.link = link


class Slotted:
    __slots__ = ("link",)

    def __init__(self, link):
        self.link = link


class Finalized:
    count = 0

    def __init__(self, link):
        self.link = link

    def __del__(self):
        Finalized.count += 1


class Listed(list):
    pass


def partial_of(inner):
    return lambda: inner


def generator_of(inner):
    def generate():
        yield inner
    generator = generate()
    next(generator)
    return generator


def failed_with(inner):
    try:
        raise ValueError from inner
    except ValueError as error:
        return error


def method_of(inner):
    return Node(inner).__init__


MAKERS = [lambda inner: [inner], lambda inner: (inner,), lambda inner: {0: inner}, Node,
          Slotted, Finalized, lambda inner: Listed([inner]), partial_of, lambda inner: iter([inner]),
          lambda inner: map(None.__eq__, [inner]), lambda inner: reversed([inner]), lambda inner: enumerate([inner]), method_of,
          lambda inner: slice(inner), lambda inner: zip([inner]), lambda inner: property(inner)]


def nest(make, depth):
    inner = None
    for _ in range(depth):
        inner = make(inner)
    return inner


def main():
    for make in MAKERS:
        nest(make, 1_000_000)
    for make in MAKERS:
        ends = [None]
        ends[0] = [nest(make, 200_000), ends]
        del ends
    gc.collect()
    print(Finalized.count)
    nest(generator_of, 100_000)
    nest(failed_with, 100_000)
    head = None
    for _ in range(3_000_000):
        head = Slotted(head)
    del head
    print("freed", gc.collect())


main()
