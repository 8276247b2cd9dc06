# Async generators without an event loop: steps, throwing, closing, hooks, finalization, comprehensions.
import sys
import types


@types.coroutine
def pause(value):
    return (yield value)


def drive(awaitable):
    """Runs to the end; shows what is yielded on the way."""
    coroutine = awaitable.__await__()
    send = None
    while True:
        try:
            got = coroutine.send(send) if send is not None else next(coroutine)
        except StopIteration as stop:
            return stop.value
        print("  yielded", got)
        send = got * 2


async def numbers(count):
    try:
        for i in range(count):
            sent = yield i
            if sent is not None:
                print("  sent", sent, "paused", await pause(10))
    except ValueError as error:
        print("  caught", error)
        yield "after error"
    finally:
        print("  cleanup")


g = numbers(3)
print(type(g).__name__, g.ag_running, g.ag_await, g.ag_code.co_name, g.__name__)
print(drive(g.__anext__()))
print(drive(g.asend("x")))
print(drive(g.athrow(ValueError("wrong"))))
print(drive(g.aclose()))
for make in (g.__anext__, g.aclose, lambda: g.asend(1), lambda: g.athrow(ValueError)):
    try:
        print(drive(make()))
    except BaseException as error:
        print(type(error).__name__, error)

# An awaitable is for once, and one step at a time.
g = numbers(2)
step = g.__anext__()
print(drive(step))
for use in (step.__next__, lambda: step.send(None), lambda: step.throw(ValueError)):
    try:
        use()
    except RuntimeError as error:
        print(error)


async def waits():
    await pause("inside")
    yield 1


w = waits()
first = w.__anext__()
print(next(first), w.ag_running, w.ag_await is not None)
for other in (w.__anext__(), w.aclose(), w.athrow(ValueError)):
    try:
        other.send(None)
    except RuntimeError as error:
        print(error)
first.close()
try:
    drive(w.asend("early"))
except (TypeError, RuntimeError) as error:
    print(type(error).__name__, error)


async def stubborn():
    try:
        yield 1
    finally:
        yield 2


s = stubborn()
drive(s.__anext__())
try:
    drive(s.aclose())
except RuntimeError as error:
    print(error)


async def stops(kind):
    yield 0
    raise kind


for kind in StopIteration, StopAsyncIteration:
    g = stops(kind)
    drive(g.__anext__())
    try:
        drive(g.__anext__())
    except RuntimeError as error:
        print(error, type(error.__cause__).__name__)


async def comprehensions():
    print([i async for i in numbers(3)], {i async for i in numbers(2)})
    print({i: i * i async for i in numbers(3) if i}, [i for i in [1, 2] if await pause(i)])
    lazy = (i + 1 async for i in numbers(2))
    print(type(lazy).__name__, [i async for i in lazy])
    nested = [[j async for j in numbers(i)] for i in range(3)]
    print(nested)
    it = aiter(numbers(1))
    print(await anext(it), await anext(it, "end"), await anext(it, "end"))
    try:
        await anext(it)
    except StopAsyncIteration:
        print("really over")
    async for i in numbers(5):
        if i == 1:
            break
    else:
        print("not reached")
    async for i in numbers(0):
        pass
    else:
        print("else")


drive(comprehensions())

# The hooks of an event loop.
print(sys.get_asyncgen_hooks())
sys.set_asyncgen_hooks(
    firstiter=lambda gen: print("  first", gen.__name__),
    finalizer=lambda gen: print("  final", gen.__name__),
)
g = numbers(3)
drive(g.__anext__())
drive(g.__anext__())
del g
g = numbers(1)
del g
sys.set_asyncgen_hooks(None, None)
print(sys.get_asyncgen_hooks() == (None, None))
for bad in (1,), (None, 2):
    try:
        sys.set_asyncgen_hooks(*bad)
    except TypeError as error:
        print(error)


# Where a coroutine came from.
async def simple():
    pass


sys.set_coroutine_origin_tracking_depth(2)


def maker():
    return simple()


c = maker()
print([(line, name) for file, line, name in c.cr_origin])
c.close()
sys.set_coroutine_origin_tracking_depth(0)
c = simple()
print(c.cr_origin, sys.get_coroutine_origin_tracking_depth())
c.close()
try:
    sys.set_coroutine_origin_tracking_depth(-1)
except ValueError as error:
    print(error)
for bad in "aiter(1)", "anext(1)":
    try:
        eval(bad)
    except TypeError as error:
        print(error)
