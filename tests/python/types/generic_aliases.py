# types.GenericAlias: subclasses of it, starred arguments, iteration, copying, what dir() shows.
import copy
import types
from typing import ParamSpec, TypeVar, TypeVarTuple

T = TypeVar("T")
K = TypeVar("K")
Ts = TypeVarTuple("Ts")
P = ParamSpec("P")


class Alias(types.GenericAlias):
    pass


a = Alias(list, (T,))
print(type(a).__name__, a, a[int], type(a[int]).__name__, a == list[T], a == Alias(list, T))
print(list[T][*tuple[int]], dict[T, K][*tuple[int, str]], tuple[T, *Ts][int, str, float])
print(tuple[*Ts][int, str], tuple[*Ts][()], list[tuple[T, *Ts]][int, str, bytes])
for bad in (lambda: dict[T, K][int], lambda: list[T][int, str], lambda: list[int][str]):
    try:
        print(bad())
    except TypeError as error:
        print(error)
starred = next(iter(tuple[int, str]))
print(starred, starred.__unpacked__, starred.__typing_unpacked_tuple_args__)
print(copy.deepcopy(starred) == starred, copy.copy(list[int]) == list[int])
iterator = iter(list[int])
print(type(iterator).__name__, [x for x in iterator], next(iterator, "end"))
print({"append", "__origin__", "__args__", "__parameters__"} <= set(dir(list[int])))
print(int | a, list[int] | a | None, (int | list[T])[str])


class Base(Alias(list, int)):
    pass


print(Base.__mro__, Base.__orig_bases__)
