# threading.local: each thread has its own attributes; they go with the thread or with the object.
import gc
import threading
import weakref


class Thing:
    pass


class Mine(threading.local):
    shared = "class"

    def __init__(self, start=0):
        self.number = start
        made.append(threading.current_thread().name)

    def next(self):
        self.number += 1
        return self.number


def run(function, name="other"):
    thread = threading.Thread(target=function, name=name)
    thread.start()
    thread.join()


made = []
plain = threading.local()
plain.x = 1
print(plain.__dict__, hasattr(plain, "y"))


def other():
    print(plain.__dict__, hasattr(plain, "x"))
    plain.x = 2
    print(plain.x, vars(plain))


run(other)
print(plain.x)
del plain.x
print(plain.__dict__)
try:
    plain.x
except AttributeError as error:
    print(error)
try:
    plain.__dict__ = {}
except AttributeError as error:
    print(error)
try:
    threading.local(1)
except TypeError as error:
    print(error)

mine = Mine(10)
print(mine.next(), mine.next(), mine.shared)
run(lambda: print(mine.next(), mine.shared), "second")
print(mine.number, made)

# A value dies with its thread.
references = []


def hold():
    plain.thing = Thing()
    references.append(weakref.ref(plain.thing))
    print(references[-1]() is not None)


run(hold)
print(references[-1]() is None)

# Values of all threads die with the object.
there = threading.Event()
leave = threading.Event()
doomed = threading.local()


def wait():
    doomed.thing = Thing()
    references.append(weakref.ref(doomed.thing))
    there.set()
    leave.wait()


thread = threading.Thread(target=wait)
thread.start()
there.wait()
print(references[-1]() is not None)
watch = weakref.ref(doomed)
del doomed
print(references[-1]() is None, watch() is None)
leave.set()
thread.join()

# A cycle through a value.
cycle = threading.local()
cycle.me = cycle
watch = weakref.ref(cycle)
del cycle
print(watch() is not None, gc.collect() > 0, watch() is None)


# __init__ that fails in a thread leaves nothing behind there.
class Fails(threading.local):
    def __init__(self):
        if threading.current_thread() is not threading.main_thread():
            raise KeyError("not here")


fails = Fails()
fails.x = 1


def look():
    for _ in range(2):
        try:
            fails.x
        except KeyError as error:
            print(error)


run(look)
print(fails.x)


# A value whose finalizer uses local data again at the thread's end.
class Last:
    def __del__(self):
        plain.again = "again"
        print("finalized", plain.again)


def finish():
    plain.last = Last()


run(finish)
print(sorted(plain.__dict__))
