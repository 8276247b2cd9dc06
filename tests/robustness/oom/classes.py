"""Classes with slots, properties, metaclasses, inheritance, generators and exceptions."""


class Meta(type):
    def __new__(mcs, name, bases, namespace, **extra):
        namespace["extra"] = sorted(extra)
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **extra):
        super().__init__(name, bases, namespace)


class Shape(metaclass=Meta, sides=0):
    __slots__ = ("name", "__weakref__")

    def __init__(self, name):
        self.name = name

    @property
    def title(self):
        return self.name.title()

    @classmethod
    def make(cls, *args):
        return cls(*args)

    @staticmethod
    def twice(value):
        return value * 2

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"

    def __eq__(self, other):
        return isinstance(other, Shape) and self.name == other.name

    def __hash__(self):
        return hash(self.name)


class Box(Shape, colour="red"):
    def __init__(self, name, **more):
        super().__init__(name)
        self.__dict__.update(more)

    def __getattr__(self, name):
        return "no " + name


def walk(count):
    for index in range(count):
        try:
            yield Box.make("b%d" % index)
        finally:
            last = index
    return last


def outer(count):
    result = yield from walk(count)
    yield result


def main():
    seen = {}
    for item in outer(4):
        seen[item] = [item, (item, Shape.twice(str(item)))]
    print(seen, Box.extra, Shape.extra)
    box = Box("x", depth=3)
    print(box.depth, box.width, box.title, vars(box))
    try:
        try:
            seen["nothing"]
        except KeyError as error:
            raise ValueError("lost", error.args) from error
    except ValueError as error:
        print(repr(error), repr(error.__cause__), error.__context__ is error.__cause__)
    counts = [0]

    def count(by):
        nonlocal box
        box = Box("n")
        counts[0] += by
        return lambda more=1: counts[0] + more + by
    print([count(n)() for n in range(3)], {n: n * n for n in range(5)}, {n % 3 for n in range(9)})


main()
