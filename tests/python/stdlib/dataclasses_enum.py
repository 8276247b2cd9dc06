# dataclasses and enum.
import dataclasses
import enum
from dataclasses import dataclass, field, fields, asdict, astuple, replace, make_dataclass, InitVar


@dataclass(order=True)
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list, compare=False, repr=False)
    total: float = field(init=False)
    scale: InitVar[int] = 2

    def __post_init__(self, scale):
        self.total = self.price * scale


a, b = Item("a"), Item("b", 2.5, ["t"], 3)
print(a, b, a < b, a == Item("a"), asdict(b), astuple(b), replace(b, name="c", scale=1))
print([(f.name, f.init) for f in fields(Item)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    x: int
    y: int = 0


f = Frozen(x=1)
print(f, hash(f) == hash(Frozen(x=1)), Frozen.__slots__)
for action in (lambda: setattr(f, "x", 2), lambda: Frozen(1), lambda: Frozen()):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
print(make_dataclass("Made", [("q", int), ("r", str, "z")])(5), dataclasses.is_dataclass(Item))
try:
    @dataclass
    class Wrong:
        a: list = []
except ValueError as error:
    print(error)


class Color(enum.Enum):
    RED = 1
    GREEN = "g"
    CRIMSON = 1

    @property
    def nice(self):
        return self.name.title()


print(list(Color), Color.CRIMSON, Color("g"), Color["RED"].nice, Color.__members__.keys(), Color.RED in Color)
for action in (lambda: Color(9), lambda: Color["X"], lambda: setattr(Color, "RED", 2), lambda: type("C", (Color,), {})):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)


class Access(enum.IntFlag):
    READ = enum.auto()
    WRITE = enum.auto()
    ALL = READ | WRITE


print(Access.READ | Access.WRITE, Access(3), Access.ALL & ~Access.READ, list(Access.ALL), Access.WRITE + 1, repr(Access(0)))


class Level(enum.IntEnum):
    LOW, HIGH = 1, 5


class Word(enum.StrEnum):
    HELLO = enum.auto()


print(Level.HIGH > 3, f"{Level.LOW}", Word.HELLO, Word.HELLO.upper(), sorted(Level, reverse=True))


@enum.unique
class Planet(enum.Enum):
    EARTH = (1, 2)

    def __init__(self, mass, radius):
        self.mass = mass

    @classmethod
    def _missing_(cls, value):
        return cls.EARTH if value == "home" else None


print(Planet.EARTH.mass, Planet("home"), enum.Enum("Animal", "CAT DOG").DOG.value)
