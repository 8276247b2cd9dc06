# tracemalloc: what is traced, where it was allocated, and that clearing and stopping forget it.
# timing: collections
# compare: stderr
import _tracemalloc
import gc
import sys
import tracemalloc
import warnings


def here(function):
    """The traceback lines of this file, relative to the function that allocated."""
    start = function.__code__.co_firstlineno
    return lambda trace: [(frame.lineno - start) for frame in trace if frame.filename == __file__]


def make_bytes(size):
    return bytes(size)


def make_list(n):
    made = []
    for i in range(n):
        made.append(None)
    return made


def nested(depth, make):
    if depth:
        return nested(depth - 1, make)
    return make()


print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit(), tracemalloc.get_traced_memory())
print(tracemalloc.get_object_traceback([]), _tracemalloc._get_traces(), tracemalloc.get_tracemalloc_memory() < 10_000)
for wrong in (0, -1, 65536, 2**40, "x", 1.5):
    try:
        tracemalloc.start(wrong)
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
for call in (lambda: _tracemalloc.start(nframe=1), lambda: _tracemalloc.start(1, 2), lambda: _tracemalloc.stop(1),
             lambda: _tracemalloc._get_object_traceback()):
    try:
        call()
    except TypeError as error:
        print(error)

tracemalloc.start()
block = make_bytes(5000)
print(here(make_bytes)(tracemalloc.get_object_traceback(block)), tracemalloc.get_traceback_limit())
current, peak = tracemalloc.get_traced_memory()
print(current >= 5000, peak >= current)
sizes = {size for domain, size, trace, total in _tracemalloc._get_traces() if domain == 0}
print(sys.getsizeof(b"") + 5000 in sizes)
del block
print(tracemalloc.get_traced_memory()[0] < 5000, tracemalloc.get_traced_memory()[1] >= 5000)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < 5000)

gc.collect()  # a list that CPython kept for reuse has no trace
grown = make_list(1000)
lines = here(make_list)
print(lines(tracemalloc.get_object_traceback(grown)))
by_line = {}
for domain, size, trace, total in _tracemalloc._get_traces():
    by_line[trace[0][1] - make_list.__code__.co_firstlineno] = size
print(by_line[3] >= 8000)  # the list's items were allocated where it grew

tracemalloc.clear_traces()
print(tracemalloc.get_object_traceback(grown), tracemalloc.get_traced_memory())
tracemalloc.stop()
tracemalloc.start(4)
deep = nested(10, lambda: bytearray(100))
trace = tracemalloc.get_object_traceback(deep)
print(len(trace), trace.total_nframe, here(nested)(trace))
twice = [nested(3, lambda: object()) for _ in range(2)]
a, b = (tracemalloc.get_object_traceback(each) for each in twice)
print(a == b, trace == a)
interned = {}
for domain, size, trace, total in _tracemalloc._get_traces():
    interned.setdefault(trace, trace)
    if interned[trace] is not trace:
        print("two objects for one traceback")
tracemalloc.start(9)  # already on: nothing changes
print(tracemalloc.get_traceback_limit())


class Cyclic:
    def __init__(self):
        self.me = self
        self.load = bytes(100_000)


for _ in range(3):
    Cyclic()
gc.collect()
print(tracemalloc.get_traced_memory()[0] < 100_000)

first = tracemalloc.take_snapshot()
kept = [bytes(1000) for _ in range(100)]
second = tracemalloc.take_snapshot()
top = second.filter_traces([tracemalloc.Filter(True, __file__)]).compare_to(first, "lineno")[0]
print(top.count_diff >= 100, top.size_diff >= 100 * 1033, top.traceback[0].filename == __file__)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(kept))

# A file that dies open tells where it was opened.
warnings.simplefilter("always")
tracemalloc.start(2)


def forget():
    open("/dev/null")


forget()
tracemalloc.stop()
forget()
