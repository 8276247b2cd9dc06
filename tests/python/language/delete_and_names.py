# del of every kind of target; names that go and come back.
a = b = 1
del a
try:
    a
except NameError as error:
    print(error)
values = [0, 1, 2, 3, 4, 5, 6]
del values[0], values[-1]
print(values)
del values[1:3]
print(values)
values = list(range(10))
del values[::3]
print(values)
del values[:]
print(values)
table = {"x": 1, "y": 2}
del table["x"]
print(table)


class Thing:
    attribute = 1


thing = Thing()
thing.own = 2
del thing.own, Thing.attribute
print(vars(thing), hasattr(Thing, "attribute"))
c, d, e = 1, 2, 3
del (c, [d, e])
for statement in ("del c", "del thing.own", "del table['x']", "del values[0]", "del (1).real", "del 'abc'[0]", "del (1, 2)[0]",
                  "del Thing.missing", "del thing.__class__", "del thing[0]"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


def local():
    x = 1
    del x
    try:
        x
    except UnboundLocalError as error:
        print(error)
    x = 2
    return x


print(local())


def in_loop():
    for n in range(3):
        value = n
        del value
    return "value" in locals()


print(in_loop())
try:
    1 / 0
except ZeroDivisionError as problem:
    kept = problem
print("problem" in globals(), type(kept).__name__)
del kept
import builtins
builtins.made_up = "from builtins"
print(made_up)
del builtins.made_up
try:
    made_up
except NameError as error:
    print(error)
len = lambda x: "mine"
print(len([]))
del len
print(len([]))
globals()["dynamic"] = 5
print(dynamic)
exec("hidden = 1", {"__builtins__": {}}, table)
print(table)
print(eval("x + y", {"x": 1}, {"y": 2}), eval("[k for k in 'ab']"))
for source in ("undefined_thing", "lenn", "thing.valu", "__import__('nope_module')"):
    try:
        eval(source)
    except Exception as error:
        print(type(error).__name__, error)
