# Scopes: closures, cells, global, nonlocal, and what is not bound yet.
def counter():
    n = 0

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step


c, d = counter(), counter()
print(c(), c(5), d(), c.__closure__[0].cell_contents, c.__code__.co_freevars)
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])
total = 10


def use_global():
    global total, fresh
    total += 1
    fresh = "made"


use_global()
print(total, fresh)


def outer():
    x = "outer"

    class Inner:
        y = x
        x = "class"

        def method(self): return x

    return Inner.y, Inner.x, Inner().method()


def outer2():
    z = "outer"

    class Inner:
        w = z

        def method(self): return z

    return Inner.w, Inner().method()


try:
    print(outer())
except NameError as error:
    print(type(error).__name__, error)
print(outer2())


def unbound():
    print(later)
    later = 1


def free_unbound():
    def inner(): return value
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)
    value = 1
    print(inner())
    del value
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)


for function in (unbound, lambda: undefined_name):
    try:
        function()
    except NameError as error:
        print(type(error).__name__, error)
free_unbound()


def deep():
    a = 1

    def middle():
        def inner():
            nonlocal a
            a += 1
            return a
        return inner
    return middle()


f = deep()
print(f(), f())


def make_recursive():
    def fact(n): return 1 if n == 0 else n * fact(n - 1)
    return fact


print(make_recursive()(10))


def shadows(len):
    return len, [len for len in range(3)], len


print(shadows("argument"), sorted(locals().keys() & {"c", "d", "f"}))


def local_view(a, b=2):
    c = a
    return sorted(locals().items())


print(local_view(1))
