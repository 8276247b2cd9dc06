# Locks, their timeouts, and what is built of them.
import _thread
import queue
import threading
import time

lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print(error)
for arguments in ((False, 1), (True, -2), (True, 1e300), ("x", "y")):
    try:
        lock.acquire(*arguments)
    except (ValueError, OverflowError, TypeError) as error:
        print(type(error).__name__, error)
with lock:
    print(lock.locked())

# Another thread may release it.
lock.acquire()
threading.Timer(0.02, lock.release).start()
start = time.monotonic()
print(lock.acquire(timeout=10), 0.01 < time.monotonic() - start < 5)
lock.release()

rlock = threading.RLock()
with rlock, rlock:
    print(rlock._is_owned(), repr(rlock).split(" object")[0], "count=2" in repr(rlock))
    answers = []
    thread = threading.Thread(target=lambda: answers.extend((rlock.acquire(False), rlock.acquire(timeout=0.01),
                                                             rlock._is_owned())))
    thread.start()
    thread.join()
    print(answers)
    state = rlock._release_save()
    thread = threading.Thread(target=lambda: answers.append(rlock.acquire()) or rlock.release())
    thread.start()
    thread.join()
    rlock._acquire_restore(state)
    print(answers[3:], state[0])
for wrong in (rlock.release, rlock._release_save):
    try:
        wrong()
    except RuntimeError as error:
        print(error)

# A counter that only a lock keeps right.
counter = 0


def count():
    global counter
    for _ in range(500):
        with lock:
            value = counter
            if value % 50 == 0:
                time.sleep(0)
            counter = value + 1


threads = [threading.Thread(target=count) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(counter)

condition = threading.Condition()
ready = []


def consume():
    with condition:
        condition.wait_for(lambda: ready)
        ready.append("consumed")
        condition.notify_all()


thread = threading.Thread(target=consume)
thread.start()
with condition:
    ready.append("made")
    condition.notify()
    print(condition.wait_for(lambda: len(ready) == 2, timeout=10), ready)
thread.join()

event = threading.Event()
print(event.wait(0.01))
threading.Timer(0.01, event.set).start()
print(event.wait(10))

barrier = threading.Barrier(3)
order = []
threads = [threading.Thread(target=lambda: order.append(barrier.wait())) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(order))

semaphore = threading.BoundedSemaphore(2)
print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(blocking=False))
semaphore.release(2)
try:
    semaphore.release()
except ValueError as error:
    print(error)

numbers = queue.Queue(2)
got = []


def take():
    while (item := numbers.get()) is not None:
        got.append(item)
        numbers.task_done()


thread = threading.Thread(target=take)
thread.start()
for i in range(50):
    numbers.put(i)
numbers.join()
numbers.put(None)
thread.join()
print(got == list(range(50)))
print(_thread.TIMEOUT_MAX == threading.TIMEOUT_MAX, threading.TIMEOUT_MAX > 1e9)
