# One ring of many objects of several types becomes garbage at once.
import gc


class Node:
    def __init__(self, next):
        self.next = next
        self.data = [self]


def main():
    total = 0
    gc.disable()
    for _ in range(10):
        first = node = Node(None)
        for i in range(70000):
            node = Node(node)
            node.extra = {"back": node, "n": i}
        first.next = node
        del first, node
        total += gc.collect() > 70000
    print(total)


main()
