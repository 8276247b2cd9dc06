# sys.settrace and sys.setprofile: what is told when, f_trace, opcodes, errors of the function, jumps.
import sys


def shown(value):
    if isinstance(value, tuple) and len(value) == 3:
        return value[0].__name__, str(value[1]), value[2] is not None
    return value if isinstance(value, (int, str, type(None))) else type(value).__name__


def tell(frame, event, argument):
    code = frame.f_code
    print(" ", code.co_name, event, frame.f_lineno - code.co_firstlineno, shown(argument))
    return tell


def traced(function, *args):
    print(function.__name__)
    sys.settrace(tell)
    try:
        result = function(*args)
    except Exception as error:
        result = error
    sys.settrace(None)
    print(" ", "->", result)


def loops(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += i
        else:
            continue
    while total > 5:
        total -= 3
    return total


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, *what):
        return None


def catches():
    try:
        fails()
    except ZeroDivisionError as error:
        kept = str(error)
    finally:
        done = True
    return kept


def fails():
    with Quiet():
        1 / 0


def counts():
    got = yield 1
    yield from iter([2, 3])
    return got


def runs_counts():
    g = counts()
    next(g)
    try:
        g.throw(ValueError("thrown"))
    except ValueError:
        pass
    return [x for x in counts()]


def comprehends():
    class Local:
        x = 1

        def method(self):
            return [
                i
                for i in range(2)
            ]

    return (lambda: Local().method())()


for function, *args in (loops, 6), (catches,), (fails,), (runs_counts,), (comprehends,):
    traced(function, *args)


# Opcode events, and lines switched off.
def counts_events(lines, opcodes):
    events = []

    def count(frame, event, argument):
        frame.f_trace_lines = lines
        frame.f_trace_opcodes = opcodes
        events.append(event)
        return count

    def body():
        a = 1
        b = a
        return b

    sys.settrace(count)
    body()
    sys.settrace(None)
    return sorted(set(events)), events.count("line"), events.count("opcode") > 3


print(counts_events(True, False), counts_events(False, True), counts_events(True, True))


# A trace function of a running frame, set by hand.
def by_hand():
    def local(frame, event, argument):
        print("  local", event, frame.f_lineno - frame.f_code.co_firstlineno)
        return local

    sys.settrace(lambda *a: None)
    sys._getframe().f_trace = local
    x = 1
    y = 2
    sys.settrace(None)
    z = 3


by_hand()


# What the function changes in f_locals is seen; what it raises is, too, and ends the tracing.
def variable():
    x = "old"
    return x


def changes(frame, event, argument):
    if event == "line" and frame.f_locals.get("x") == "old":
        frame.f_locals["x"] = "new"
    return changes


sys.settrace(changes)
print(variable())
sys.settrace(None)
for when in "call", "line", "return", "exception":
    def raises(frame, event, argument):
        if event == when:
            raise RuntimeError(when)
        return raises

    sys.settrace(raises)
    try:
        print(fails() if when == "exception" else variable())
    except Exception as error:
        print(type(error).__name__, error, sys.gettrace())
    sys.settrace(None)


# Profiling.
def profile(frame, event, argument):
    if event.startswith("c_"):
        argument = argument.__name__
    print(" ", frame.f_code.co_name, event, shown(argument))


def uses_natives():
    text = str(len([1, 2]))
    [3, 1].sort()
    try:
        "x".index("y")
    except ValueError:
        pass
    return max(*[1, 2])


print(sys.getprofile())
sys.setprofile(profile)
uses_natives()
list(counts())
sys.setprofile(None)


# Jumps.
def jump(function, start, end):
    def tracer(frame, event, argument):
        if frame.f_code is function.__code__ and event == "line":
            if frame.f_lineno - frame.f_code.co_firstlineno == start and not jumped:
                jumped.append(True)
                frame.f_lineno = frame.f_code.co_firstlineno + end
        return tracer

    jumped = []
    out = []
    sys.settrace(tracer)
    try:
        function(out)
    except Exception as error:
        out.append((type(error).__name__, str(error)))
    sys.settrace(None)
    print(function.__name__, start, end, out)


def straight(out):
    out.append(1)
    out.append(2)
    out.append(3)


def nested(out):
    out.append(1)
    for i in 1, 2:
        out.append(i + 1)
        try:
            out.append(4)
        finally:
            out.append(6)
    out.append(7)
    try:
        1 / 0
    except ZeroDivisionError:
        out.append(10)
    out.append(11)


def recursive(out):
    class Manager:
        def __enter__(self):
            out.append("enter")

        def __exit__(self, *what):
            out.append("exit")

    with Manager():
        out.append(9)
    out.append(10)


jump(straight, 1, 3)
jump(straight, 3, 3)
jump(straight, 2, 1)
jump(straight, 2, 50)
jump(straight, 2, -1)
for start, end in (1, 3), (3, 7), (5, 7), (6, 7), (1, 5), (1, 10), (10, 11), (8, 11), (7, 5), (11, 1):
    jump(nested, start, end)
jump(recursive, 9, 10)
jump(recursive, 1, 10)
jump(recursive, 1, 9)
frame = sys._getframe()
for line in 1, "x":
    try:
        frame.f_lineno = line
    except (ValueError, TypeError) as error:
        print(error)
try:
    del frame.f_lineno
except AttributeError as error:
    print(error)


def inner(a, b):
    return a + b


def in_tracer(frame, event, argument):
    if event == "call" and frame.f_code is loops.__code__:
        sys.settrace(tell)
        print("  traced within:", sys.call_tracing(inner, (1, 2)))


sys.settrace(in_tracer)
loops(1)
sys.settrace(None)
