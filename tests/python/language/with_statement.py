# with: enter and exit, suppression, several managers, errors on the way.
class Manager:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail

    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise RuntimeError("enter " + self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        print("exit", self.name, kind and kind.__name__, value, traceback is not None)
        if self.fail == "exit":
            raise RuntimeError("exit " + self.name)
        return self.suppress


with Manager("a") as a:
    print("body", a)
with Manager("a") as a, Manager("b") as b:
    print(a, b)
with (Manager("c") as c, Manager("d"),):
    print(c)
with Manager("s", suppress=True):
    raise ValueError("swallowed")
print("after")
try:
    with Manager("o"), Manager("i", suppress=True):
        raise KeyError("x")
    with Manager("o"):
        raise KeyError("y")
except KeyError as error:
    print("caught", error)
for fail in ("enter", "exit"):
    try:
        with Manager("outer"):
            with Manager("inner", fail=fail):
                raise ValueError("body")
    except RuntimeError as error:
        print(repr(error), repr(error.__context__))


def returns():
    with Manager("r"):
        return "value"


def loops():
    for n in range(3):
        with Manager("loop %d" % n):
            if n == 0:
                continue
            break
    return n


print(returns(), loops())


class Half:
    def __enter__(self): return self


for bad in (Half(), 5):
    try:
        with bad:
            pass
    except TypeError as error:
        print(error)
with Manager("t") as (x, *y):
    print(x, y)
target = {}
with Manager("k") as target["key"]:
    print(target)


def generator():
    with Manager("g"):
        yield 1
        yield 2


g = generator()
print(next(g))
g.close()
