# Decorators on functions and classes, order of application, arguments, attributes of functions.
def tag(name):
    print("make", name)

    def decorate(thing):
        print("apply", name, thing.__name__)
        thing.tags = getattr(thing, "tags", []) + [name]
        return thing

    return decorate


@tag("outer")
@tag("inner")
def function(a: int, b: "text" = 2) -> float:
    """Doc text."""
    return a


print(function.tags, function(1))


@tag("on class")
class Decorated:
    @staticmethod
    @tag("on static")
    def static(): return "s"

    @classmethod
    def cls(cls): return cls.__name__

    @property
    def prop(self): return "p"


print(Decorated.static(), Decorated.cls(), Decorated().prop, Decorated.tags)


def twice(f):
    def wrapper(*args, **kwargs):
        return f(f(*args, **kwargs))
    wrapper.__wrapped__ = f
    return wrapper


@twice
def add_one(x): return x + 1


print(add_one(1), add_one.__name__, add_one.__wrapped__.__name__)
print((lambda f: f)(twice)(len.__class__ and (lambda x: x * 2))(3))


@(lambda f: "replaced")
def gone(): pass


print(gone)
buttons = [tag("from list")]


@buttons[0]
def listed(): pass


print(function.__annotations__, function.__doc__, function.__defaults__, function.__name__, function.__module__)
function.__name__ = "renamed"
function.extra = 1
print(function.__dict__, function.__name__, function.__qualname__)
function.__defaults__ = (7, 8)
print(function())
function.__code__ = (lambda a, b: (b, a)).__code__
print(function(1, 2))
try:
    function.__name__ = 5
except TypeError as error:
    print(error)


class Callable:
    def __init__(self, f): self.f, self.calls = f, 0

    def __call__(self, *args):
        self.calls += 1
        return self.f(*args)


@Callable
def counted(x): return x


counted(1), counted(2)
print(counted.calls, callable(counted), callable(5))


def annotated(x: print("evaluated once")) -> None: pass


def local_function():
    def inner(): pass
    return inner


print(local_function().__qualname__, (lambda: 0).__qualname__, Decorated.cls.__qualname__)
