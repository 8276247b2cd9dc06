# enum, abc, contextlib, typing basics.
import abc
import contextlib
import enum
import typing


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    @property
    def nice(self): return self.name.title()


print(list(Color), Color.CRIMSON is Color.RED, Color(2), Color["RED"].nice, Color.RED.value, repr(Color.GREEN), Color.__members__.keys(), Color.RED in Color, len(Color), hash(Color.RED) == hash("RED"))
try:
    Color(9)
except ValueError as error:
    print(error)
try:
    Color.RED = 5
except AttributeError as error:
    print(error)


class Perm(enum.Flag):
    R = enum.auto(); W = enum.auto(); X = enum.auto()


class Level(enum.IntEnum):
    LOW = 1; HIGH = 5


print(Perm.R | Perm.W, Perm.R in (Perm.R | Perm.X), ~Perm.R, Perm(0), Perm.R ^ Perm.R, bool(Perm.R & Perm.W), Level.HIGH > 3, Level.LOW + 1, sorted(Level), f"{Level.HIGH}", enum.Enum("Made", "A B").B.value)


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
    @property
    @abc.abstractmethod
    def name(self): ...


class Square(Shape):
    name = "square"
    def area(self): return 4


try:
    Shape()
except TypeError as error:
    print(error)
Shape.register(int)
print(Square().area(), isinstance(5, Shape), issubclass(bool, Shape), sorted(Shape.__abstractmethods__), isinstance([], typing.Sequence), isinstance({}, typing.Mapping))


@contextlib.contextmanager
def tag(name):
    print("<" + name + ">")
    try:
        yield name.upper()
    except ValueError as error:
        print("swallowed", error)
    finally:
        print("</" + name + ">")


with tag("a") as t, contextlib.suppress(KeyError):
    print(t); {}["x"]
with tag("b"): raise ValueError("inside")
with contextlib.ExitStack() as stack:
    stack.enter_context(tag("c")); stack.callback(print, "callback"); stack.push(lambda *e: print("exit", e[0]))
with contextlib.closing(type("C", (), {"close": lambda self: print("closed")})()), contextlib.nullcontext(5) as n: print(n)


class Decorating(contextlib.ContextDecorator):
    def __enter__(self): print("in")
    def __exit__(self, *e): print("out")


@Decorating()
def decorated(): print("body")


decorated()
T = typing.TypeVar("T")


class Box(typing.Generic[T]):
    def __init__(self, item: T): self.item = item


print(Box[int](5).item, typing.List[int], typing.Optional[str], typing.Union[int, str, int], typing.get_type_hints(Box.__init__), typing.Dict[str, typing.Any], typing.Callable[[int], str], typing.get_origin(typing.List[int]), typing.get_args(typing.Dict[int, str]), Box[int], typing.cast(int, "a"), typing.Literal["a", 1])


class Movie(typing.NamedTuple):
    title: str
    year: int = 2000


class Options(typing.TypedDict, total=False):
    a: int


@typing.runtime_checkable
class Closable(typing.Protocol):
    def close(self): ...


print(Movie("x"), Options(a=1), Options.__annotations__, isinstance(open, Closable), typing.NewType("Id", int)(5))
