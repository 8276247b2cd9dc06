# A document tree whose nodes know their parents: built, searched, dropped, collected.
class Element:
    def __init__(self, tag, parent=None):
        self.tag = tag
        self.parent = parent
        self.children = []
        self.attributes = {"id": tag}
        if parent is not None:
            parent.children.append(self)

    def depth(self):
        n, node = 0, self
        while node.parent is not None:
            n += 1
            node = node.parent
        return n


def build(depth, parent, fan):
    if depth == 0:
        return 0
    made = 0
    for i in range(fan):
        child = Element("div" if i % 2 else "p", parent)
        made += 1 + build(depth - 1, child, fan)
    return made


def count(element, tag):
    found = element.tag == tag
    for child in element.children:
        found += count(child, tag)
    return found


def main():
    total = 0
    for _ in range(50):
        root = Element("html")
        total += build(5, root, 6)
        total += count(root, "p")
        total += root.children[0].children[1].children[2].depth()
    print(total)


main()
