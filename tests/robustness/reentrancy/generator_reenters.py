def g():
    try:
        next(me)
    except ValueError as error:
        print(error)
    try:
        me.send(1)
    except ValueError as error:
        print(error)
    try:
        me.close()
    except ValueError as error:
        print(error)
    try:
        me.throw(KeyError)
    except ValueError as error:
        print(error)
    yield 1
me = g()
print(next(me))
me.close()
def h():
    yield from them
them = h()
try:
    next(them)
except ValueError as error:
    print(error)
print(list(them))
def d():
    try:
        yield 1
    finally:
        print("closing")
        yield 2
x = d()
next(x)
try:
    x.close()
except RuntimeError as error:
    print(error)
try:
    print(next(x, "end"))
except GeneratorExit:
    print("GeneratorExit")
