# Long linked lists of instances with a dict each; the head goes and all fall.
class Link:
    def __init__(self, value, next):
        self.value = value
        self.next = next


def main():
    total = 0
    for length in (100000, 200000, 300000, 400000, 500000):
        head = None
        for i in range(length):
            head = Link(i, head)
        node = head
        while node is not None:
            total += node.value
            node = node.next
        head = node = None
    print(total)


main()
