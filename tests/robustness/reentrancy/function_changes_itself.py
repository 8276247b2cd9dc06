def f():
    f.__code__ = g.__code__
    return "f"
def g():
    return "g"
print(f(), f())
def h(a=1, *, b=2):
    h.__defaults__ = (5,)
    h.__kwdefaults__ = {"b": 6}
    return a, b
print(h(), h())
def k():
    global k
    k = None
    return "k ran"
print(k(), k)
def outer():
    x = 1
    def inner():
        nonlocal x
        x += 1
        del inner.__closure__[0].cell_contents
        return "deleted"
    print(inner())
    try:
        print(x)
    except NameError as error:
        print(type(error).__name__)
outer()
try:
    f.__code__ = (lambda: outer_variable).__code__
    print("ok")
except ValueError as error:
    print(error)
try:
    f.__defaults__ = 5
except TypeError as error:
    print(error)
