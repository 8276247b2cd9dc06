# Many small cycles that only the collector frees, at CPython's default thresholds.
class Node:
    def __init__(self, name):
        self.name = name
        self.peer = None


def main():
    total = 0
    for i in range(1000000):
        a, b = Node(i), Node(i)
        a.peer, b.peer = b, a
        total += a.peer.name
    for i in range(600000):
        loop = [i]
        loop.append(loop)
        total += loop[1][0]
    print(total)


main()
