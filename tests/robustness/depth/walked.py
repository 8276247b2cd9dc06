"""Operations that walk a deep structure raise RecursionError, can be caught, and can be tried again."""


class Node:
    def __init__(self, link):
        self.link = link

    def __eq__(self, other):
        return self.link == other.link

    def __hash__(self):
        return hash(self.link)

    def __repr__(self):
        return "N(%r)" % (self.link,)

    def __getattr__(self, name):
        return getattr(self.link, name)

    def __call__(self):
        return self.link()


def nest(make, depth=200_000):
    inner = None
    for _ in range(depth):
        inner = make(inner)
    return inner


def attempt(action):
    try:
        action()
    except RecursionError:
        return "RecursionError"
    except Exception as error:
        return repr(error)
    return "done"


def make_list(inner):
    return [inner]


def make_tuple(inner):
    return (inner,)


def make_dict(inner):
    return {"x": inner}


def main():
    for _ in range(2):
        for make in make_list, make_tuple, make_dict, Node:
            first, second = nest(make), nest(make)
            print(make.__name__, attempt(lambda: repr(first)), attempt(lambda: first == second), attempt(lambda: str(first)),
                  attempt(lambda: "%s" % (first,)), attempt(lambda: f"{first!r}"))
        first, second = nest(make_list), nest(make_list)
        print(attempt(lambda: first < second), attempt(lambda: first in [second]), attempt(lambda: [second].index(first)))
        deep = nest(make_tuple)
        print(attempt(lambda: hash(deep)), attempt(lambda: {deep}), attempt(lambda: {deep: 1}), attempt(lambda: isinstance(1, deep)))
        node = nest(Node)
        print(attempt(lambda: hash(node)), attempt(lambda: node.missing), attempt(node))


main()
