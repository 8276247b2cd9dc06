# What each kind of allocation adds to the first counter: everything born with a collector header, unless a free list had it.
import gc


class Plain:
    def __init__(self): self.x = 1
    def method(self): pass


class Slotted:
    __slots__ = ("a",)


class Context:
    def __enter__(self): return self
    def __exit__(self, *args): return True


def generator(): yield 1
def closure():
    x = []
    return lambda: x
async def coroutine(): pass
def star(*args, **kwargs): return args, kwargs
def raising():
    raise ValueError(1)
def caught():
    try:
        raising()
    except ValueError as error:
        return error


thing = Plain()
slotted = Slotted()
numbers = [1, 2, 3]
mapping = {"a": 1}
gc.disable()
makers = {
    "list": lambda: [], "list of 3": lambda: [1, 2, 3], "list()": lambda: list(), "list(range)": lambda: list(range(5)),
    "dict": lambda: {}, "dict of 1": lambda: {"a": 1}, "dict()": lambda: dict(a=1), "set": lambda: {1, 2}, "set()": lambda: set(),
    "frozenset": lambda: frozenset([1]), "tuple": lambda: tuple(numbers), "empty tuple": lambda: (), "tuple of 20": lambda: tuple(range(20)),
    "instance": lambda: Plain(), "slots": lambda: Slotted(), "object": lambda: object(), "method": lambda: thing.method,
    "builtin method": lambda: numbers.append, "generator": lambda: generator(), "closure": lambda: closure(), "lambda": lambda: lambda: 1,
    "coroutine close": lambda: coroutine().close(), "exception": lambda: ValueError(1), "caught": lambda: caught(), "slice": lambda: slice(1, 2),
    "list iterator": lambda: iter(numbers), "dict iterator": lambda: iter(mapping), "range iterator": lambda: iter(range(3)),
    "tuple iterator": lambda: iter((1, 2)), "set iterator": lambda: iter({1}), "str iterator": lambda: iter("ab"), "reversed": lambda: reversed(numbers),
    "zip": lambda: zip(numbers, numbers), "map": lambda: map(str, numbers), "filter": lambda: filter(None, numbers),
    "enumerate": lambda: enumerate(numbers), "list comprehension": lambda: [x for x in numbers], "set comprehension": lambda: {x for x in numbers},
    "dict comprehension": lambda: {x: x for x in numbers}, "generator expression": lambda: (x for x in numbers), "str": lambda: "a" + str(12345),
    "int": lambda: 10 ** 20, "float": lambda: 1.5 * len(numbers), "bytes": lambda: bytes(10), "bytearray": lambda: bytearray(10),
    "complex": lambda: complex(1, len(numbers)), "range": lambda: range(len(numbers)), "star": lambda: star(1, 2, a=3), "class": lambda: type("C", (), {}),
    "property": lambda: property(), "classmethod": lambda: classmethod(len), "staticmethod": lambda: staticmethod(len), "super": lambda: super(Plain, thing),
    "keys": lambda: mapping.keys(), "values": lambda: mapping.values(), "items": lambda: mapping.items(),
    "items list": lambda: list(mapping.items()), "sorted": lambda: sorted(numbers), "vars": lambda: vars(Plain()), "slicing": lambda: numbers[1:],
    "split": lambda: "a b c".split(), "partition": lambda: "a b".partition(" "), "divmod": lambda: divmod(7, 2), "concatenation": lambda: numbers + numbers,
    "join": lambda: "".join(["a", "b"]), "copy": lambda: mapping.copy(), "module": lambda: type(gc)("m"), "with": lambda: [0 for _ in [Context()]],
    "bound super": lambda: super(Plain, thing).__init__, "union": lambda: int | str, "alias": lambda: list[int], "callable iterator": lambda: iter(int, 1),
    "sequence iterator": lambda: iter(bytes(3)), "repr": lambda: repr(numbers), "format": lambda: "%s %s" % (1, 2), "f-string": lambda: f"{numbers!r:>20}",
    "isinstance": lambda: isinstance(1, (int, str)), "getattr": lambda: getattr(thing, "y", None), "max": lambda: max(numbers), "max of": lambda: max(1, 2, 3), "sum": lambda: sum(numbers),
}
repr(numbers), sorted(numbers, key=None)  # the first of these leave something behind
for name, make in makers.items():
    gc.collect()
    first, held, cold = gc.get_count()[0], make(), gc.get_count()[0]
    del held
    gone = gc.get_count()[0]
    held = [make() for _ in range(3)]
    warm = gc.get_count()[0]
    del held
    print(f"{name:22} {cold - first:3} {gone - first:3} {warm - first:3} {gc.get_count()[0] - first:3}")
