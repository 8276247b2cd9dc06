# inspect and typing.
import inspect
import typing
from typing import (Annotated, Any, Callable, ClassVar, Generic, Literal, NamedTuple, Optional, Protocol, TypedDict, TypeVar,
                    Union, get_args, get_origin, get_type_hints, overload, runtime_checkable)


def function(a, b: int = 2, /, c=3, *args: str, d, e=5, **kwargs) -> "list[int]":
    """The doc.

    indented
    """
    local = a
    return [local]


signature = inspect.signature(function)
print(signature, signature.return_annotation)
for name, parameter in signature.parameters.items():
    print(name, parameter.kind.description, parameter.default is inspect.Parameter.empty, parameter)
bound = signature.bind(1, d=4, x=9)
bound.apply_defaults()
print(bound.args, bound.kwargs, bound)
for arguments in ((), (1, 2, 3)):
    try:
        signature.bind(*arguments)
    except TypeError as error:
        print(error)
print(inspect.getdoc(function), inspect.getfullargspec(lambda x, *y: 0), inspect.signature(len), inspect.signature(dict.get))


class Base:
    "base"

    def method(self):
        pass

    @staticmethod
    def static():
        pass

    @property
    def prop(self):
        return 1


class Derived(Base):
    x = 1

    def method(self, y):
        pass


print([name for name, _ in inspect.getmembers(Derived, inspect.isfunction)], inspect.getmro(Derived)[1].__name__)
print([(a.name, a.kind, a.defining_class.__name__) for a in inspect.classify_class_attrs(Derived) if a.name[0] != "_"])
print(inspect.isclass(Base), inspect.ismethod(Derived().method), inspect.isbuiltin(len), inspect.isgeneratorfunction(function))
print(inspect.getsource(Base.prop.fget).strip(), inspect.getsourcelines(Derived)[1], inspect.getmodule(Base).__name__)
print(inspect.unwrap(function) is function, inspect.currentframe().f_lineno, inspect.stack()[0].function)
generator = (x for x in [1])
print(inspect.getgeneratorstate(generator), inspect.getattr_static(Derived, "prop").__class__.__name__, inspect.cleandoc(" a\n   b"))
print(inspect.signature(Derived), inspect.signature(Derived().method), inspect.getclosurevars(function).globals)

T = TypeVar("T")
print(Optional[int], Union[int, str, None], list[int], Callable[[int], str], Literal["a", 1], Any, ClassVar[int], Annotated[int, "m"])
print(get_origin(dict[str, int]), get_args(dict[str, int]), get_args(Callable[[int], str]), Union[int, int], Union[int, str] == Union[str, int])


class Box(Generic[T]):
    item: T

    def get(self) -> T:
        return self.item


print(Box[int], Box[int].__origin__, Box.__parameters__, get_type_hints(Box.get), Box[int]().__orig_class__)
print(get_type_hints(function), get_type_hints(function).keys())


class Movie(TypedDict, total=False):
    title: str
    year: int


class Pair(NamedTuple):
    a: int
    b: str = "x"


@runtime_checkable
class Closes(Protocol):
    def close(self): ...


print(Movie(title="t"), Movie.__annotations__, sorted(Movie.__optional_keys__), Pair(1), Pair.__annotations__, isinstance(open(__file__), Closes))
print(isinstance(1, Closes), typing.cast(int, "x"), typing.NewType("Id", int)(5), typing.get_overloads(function), int | None)
for action in (lambda: isinstance(1, list[int]), lambda: Union[()], lambda: Optional[1, 2], lambda: Box[int, str]):
    try:
        print(action())
    except TypeError as error:
        print(error)
