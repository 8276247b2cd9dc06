# Lambdas, docstrings, bodies of one line, many returns.
"""A comment before it does not count: this is the module's docstring."""
print(__name__, __doc__ is not None)


def documented():
    "first statement"
    return documented.__doc__


def undocumented():
    x = "not a docstring"


class Documented:
    """of the class"""

    def method(self):
        ...


print(documented(), undocumented.__doc__, Documented.__doc__, Documented().method())
add = lambda a, b=2, *c, d, **e: (a, b, c, d, e)
print(add(1, d=4), add(1, 2, 3, d=4, e=5), (lambda: (yield))().__class__.__name__, (lambda *, k=1: k)())
print((lambda x: lambda y: x + y)(1)(2), [*map(lambda x, y: x * y, [1, 2], [3, 4])])
print(max([3, 1, 2], key=lambda n: -n), sorted("bca", key=lambda c: -ord(c)))
if True:
    def conditional(): return "first"
else:
    def conditional(): return "second"
print(conditional())


def many_returns(n):
    match n:
        case 1: return "one"
    if n == 2: return "two"
    try:
        if n == 3: return "three"
    finally:
        pass
    with open("/dev/null"):
        if n == 4: return "four"
    for _ in "a":
        return "rest"


print([many_returns(n) for n in range(1, 6)])


def early():
    return
    print("never")


print(early(), (lambda: None)())
def nested_functions(depth):
    if depth == 0:
        return lambda: "bottom"
    def level(): return nested_functions(depth - 1)
    return level()
print(nested_functions(20)())
x = 5
def default_is_evaluated_at_definition(v=x): return v
x = 6
print(default_is_evaluated_at_definition())
print([f.__name__ for f in (documented, add, Documented.method)], documented.__code__.co_name, documented.__code__.co_argcount)
print(add.__code__.co_varnames, add.__code__.co_kwonlyargcount, add.__code__.co_flags & 12, documented.__code__.co_firstlineno)
