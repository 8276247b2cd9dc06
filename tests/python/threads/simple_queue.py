# _queue.SimpleQueue among threads, with timeouts, in finalizers, and in cycles.
import _queue
import gc
import queue
import threading
import time
import weakref

q = queue.SimpleQueue()
print(type(q) is _queue.SimpleQueue, q.empty(), q.qsize(), queue.Empty is _queue.Empty, queue.Empty.__module__)
for i in range(20):
    q.put(i, timeout="ignored")
q.put_nowait(item=20)
print(q.qsize(), [q.get() for _ in range(21)])
for call in (q.get_nowait, lambda: q.get(False), lambda: q.get(timeout=0.01), lambda: q.get(timeout=-1),
             lambda: q.get(timeout="x"), lambda: q.get(timeout=1e300), lambda: q.put(), lambda: _queue.SimpleQueue(1)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
threading.Timer(0.02, q.put, ["late"]).start()
print(q.get(timeout=10))

results = []


def consume():
    while (item := q.get()) is not None:
        results.append(item)


threads = [threading.Thread(target=consume) for _ in range(3)]
[thread.start() for thread in threads]
for i in range(300):
    q.put(i)
    if i % 100 == 0:
        time.sleep(0.001)
[q.put(None) for _ in threads]
[thread.join() for thread in threads]
print(sorted(results) == list(range(300)), q.empty())


class PutsItself:
    def __del__(self):
        q.put("from a finalizer")


q.put(PutsItself())
q.get()
print(q.get())


class Mine(queue.SimpleQueue):
    pass


mine = Mine()
mine.put(mine)
watch = weakref.ref(mine)
del mine
print(watch() is not None, gc.collect() > 0, watch() is None, queue.SimpleQueue[int])
