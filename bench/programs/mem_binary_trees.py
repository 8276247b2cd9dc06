# Complete binary trees of tuples and of instances, made, walked and dropped.
class Tree:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    if depth == 0:
        return Tree(None, None)
    return Tree(make(depth - 1), make(depth - 1))


def check(tree):
    if tree.left is None:
        return 1
    return 1 + check(tree.left) + check(tree.right)


def main():
    longest = make(17)
    total = 0
    for depth in range(4, 17, 2):
        for _ in range(1 << (16 - depth)):
            total += check(make(depth))
    print(total, check(longest))


main()
