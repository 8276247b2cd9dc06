# Threads start, run at the same time, end, and are waited for; their errors are told.
# compare: stderr
import _thread
import sys
import threading
import time

results = []


def work(number, rounds, *, sign=1):
    total = 0
    for i in range(rounds):
        total += i * sign
    results.append((number, total))


threads = [threading.Thread(target=work, args=(n, 1000), kwargs={"sign": -1 if n % 2 else 1}) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results))
print([thread.is_alive() for thread in threads], threading.active_count(), _thread._count())

for bad in ((1, ()), (print, []), (print, (), 3)):
    try:
        _thread.start_new_thread(*bad)
    except TypeError as error:
        print(error)

# The value is what get_ident gives there.
done = _thread.allocate_lock()
done.acquire()
seen = []


def note():
    seen.append(_thread.get_ident())
    done.release()


ident = _thread.start_new_thread(note, ())
done.acquire()
print(seen == [ident], ident != _thread.get_ident(), threading.main_thread() is threading.current_thread())

# SystemExit ends a thread in silence; other errors go to the hooks.
for ending in (SystemExit, _thread.exit):
    def leave():
        if ending is SystemExit:
            raise SystemExit(3)
        ending()
    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()

told = []
threading.excepthook = lambda args: told.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))
thread = threading.Thread(target=lambda: 1 / 0, name="divider")
thread.start()
thread.join()
print(told)
threading.excepthook = threading.__excepthook__

raw = []
sys.unraisablehook = lambda args: raw.append((args.exc_type.__name__, args.err_msg, args.object is fail))


def fail():
    raise ValueError("raw")


_thread.start_new_thread(fail, ())
while not raw:
    time.sleep(0.001)
print(raw)
sys.unraisablehook = sys.__unraisablehook__

# A dead thread's frames and values are gone.
import weakref


class Thing:
    pass


kept = []


def hold():
    thing = Thing()
    kept.append(weakref.ref(thing))


thread = threading.Thread(target=hold)
thread.start()
thread.join()
print(kept[0]() is None)

old = threading.stack_size(1 << 20)
deep = []


def dive(depth):
    deep[:] = [depth]
    dive(depth + 1)


def catch():
    try:
        dive(0)
    except RecursionError as error:
        deep.append(type(error).__name__)


thread = threading.Thread(target=catch)
thread.start()
thread.join()
print(old, threading.stack_size(0), 500 < deep[0] < 1000, deep[1])
for size in (-1, 4096):
    try:
        threading.stack_size(size)
    except ValueError as error:
        print(error)


# The main thread's end waits for this one.
def last():
    time.sleep(0.05)
    print("last")


threading.Thread(target=last).start()
print("end of main")
