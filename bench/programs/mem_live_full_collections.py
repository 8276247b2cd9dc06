# Full collections of a large heap in which everything is alive.
import gc


class Node:
    def __init__(self, i):
        self.i = i
        self.links = []


def main():
    gc.disable()
    nodes = [Node(i) for i in range(60000)]
    for i, node in enumerate(nodes):
        node.links.append(nodes[(i * 7919) % 60000])
        node.links.append(nodes[(i * 104729) % 60000])
        node.info = {"pair": (i, node)}
    found = 0
    for _ in range(8):
        found += gc.collect()
    print(len(nodes), found)


main()
