"""Endless recursion through every kind of call ends in RecursionError, time after time."""
import functools
import sys


class Everything:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __str__(self):
        return str(self)

    def __eq__(self, other):
        return self == other

    def __lt__(self, other):
        return self < other

    def __hash__(self):
        return hash(self)

    def __bool__(self):
        return bool(self)

    def __len__(self):
        return len(self)

    def __iter__(self):
        return iter(self)

    def __call__(self):
        return self()

    def __add__(self, other):
        return self + other

    def __neg__(self):
        return -self

    def __getitem__(self, key):
        return self[key]

    def __setitem__(self, key, value):
        self[key] = value

    def __contains__(self, item):
        return item in self

    def __format__(self, spec):
        return format(self, spec)

    def __index__(self):
        return int(self)

    def __enter__(self):
        with self:
            pass

    def __exit__(self, *args):
        pass

    @property
    def looped(self):
        return self.looped


class SetAttribute:
    def __setattr__(self, name, value):
        setattr(self, name, value)

    def __delattr__(self, name):
        delattr(self, name)

    def __getattribute__(self, name):
        return self.other


class Meta(type):
    def __call__(cls, *args):
        return cls(*args)

    def __instancecheck__(cls, instance):
        return isinstance(instance, cls)


class Metered(metaclass=Meta):
    pass


class New:
    def __new__(cls):
        return New()


class Init:
    def __init__(self):
        Init()


class Descriptor:
    def __get__(self, instance, owner):
        return instance.described


class Described:
    described = Descriptor()


def plain():
    return plain()


def keywords(**names):
    return keywords(**names)


def stars(*args):
    return stars(*args, 1)


def key(item):
    return sorted([item], key=key)


def generate():
    yield from generate()


def through_map():
    return list(map(lambda _: through_map(), [1]))


def through_filter():
    return list(filter(lambda _: through_filter(), [1]))


def through_reduce():
    return functools.reduce(lambda a, b: through_reduce(), [1, 2])


def through_comprehension():
    return [through_comprehension() for _ in [1]]


def through_finally():
    try:
        return through_finally()
    finally:
        pass


def through_except():
    try:
        raise ValueError
    except ValueError:
        return through_except()


def through_exec():
    exec("through_exec()")


def through_eval():
    return eval("through_eval()")


def through_class():
    class Inner:
        through_class()


def through_decorator():
    @lambda function: through_decorator()
    def inner():
        pass


def through_lambda():
    return (lambda: through_lambda())()


def through_max():
    return max([1, 2], key=lambda _: through_max())


def through_format():
    return "{}".format(thing)


def through_import():
    return __import__("sys") and through_import()


def through_partial():
    return functools.partial(through_partial)()


def through_sort():
    [thing, thing].sort()


thing = Everything()
setting = SetAttribute()

ACTIONS = [
    plain, keywords, stars, lambda: key(1), lambda: list(generate()), through_map, through_filter, through_reduce,
    through_comprehension, through_finally, through_except, through_exec, through_eval, through_class, through_decorator,
    through_lambda, through_max, through_format, through_import, through_partial, through_sort,
    lambda: thing.missing, lambda: repr(thing), lambda: str(thing), lambda: thing == 1, lambda: thing < 1, lambda: hash(thing),
    lambda: bool(thing), lambda: len(thing), lambda: iter(thing), lambda: thing(), lambda: thing + 1, lambda: -thing,
    lambda: thing[0], lambda: thing.__setitem__(0, 0), lambda: 1 in thing, lambda: format(thing), lambda: [][thing],
    lambda: thing.looped, lambda: thing.__enter__(), lambda: setattr(setting, "a", 1), lambda: delattr(setting, "a"),
    lambda: setting.a, lambda: Metered(), lambda: isinstance(1, Metered), New, Init, lambda: Described().described,
    lambda: {thing: 1}, lambda: {thing}, lambda: [thing].index(1), lambda: print(thing), lambda: "%r" % thing,
]


def main():
    for limit in 1000, 300:
        sys.setrecursionlimit(limit)
        for index, action in enumerate(ACTIONS):
            for _ in range(2):
                try:
                    action()
                except RecursionError as error:
                    outcome = str(error)[:32]
                else:
                    outcome = "came back"
                print(index, outcome)


main()
