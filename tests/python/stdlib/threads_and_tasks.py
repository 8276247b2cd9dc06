# threading, queue, concurrent.futures, asyncio: several things at once.
import asyncio
import concurrent.futures
import queue
import threading
import time

lock = threading.Lock()
total = 0


def add(count):
    global total
    for _ in range(count):
        with lock:
            total += 1


threads = [threading.Thread(target=add, args=(500,), name=f"t{i}") for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, [t.name for t in threads], threading.current_thread() is threading.main_thread(), threads[0].is_alive())
event, local, condition = threading.Event(), threading.local(), threading.Condition()
local.x = 1


def other():
    print("local", hasattr(local, "x"))
    event.set()


threading.Thread(target=other).start()
print(event.wait(5))
barrier, semaphore, timer_ran = threading.Barrier(3), threading.BoundedSemaphore(2), []
results = []
group = [threading.Thread(target=lambda: results.append(barrier.wait())) for _ in range(3)]
[t.start() for t in group], [t.join() for t in group]
print(sorted(results))
timer = threading.Timer(0.01, timer_ran.append, [1])
timer.start()
timer.join()
print(timer_ran, semaphore.acquire(), semaphore.acquire(), semaphore.acquire(blocking=False))
q = queue.Queue(2)


def produce():
    for i in range(5):
        q.put(i)
    q.put(None)


threading.Thread(target=produce, daemon=True).start()
print(list(iter(q.get, None)))
for kind in (queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    values = kind()
    [values.put(n) for n in (2, 3, 1)]
    print(kind.__name__, [values.get() for _ in range(3)], values.empty())
try:
    q.get(timeout=0.01)
except queue.Empty as error:
    print(type(error).__name__)
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    print(list(pool.map(pow, [2, 3], [5, 2])), pool.submit(sum, [1, 2]).result())
    failing = pool.submit(int, "x")
    print(type(failing.exception()).__name__, failing.done())
    futures = [pool.submit(time.sleep, 0.001) for _ in range(3)]
    print(len(concurrent.futures.wait(futures).done), all(f.done() for f in concurrent.futures.as_completed(futures)))


async def work(name, delay):
    await asyncio.sleep(delay)
    return name


async def numbers(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


class Manager:
    async def __aenter__(self):
        print("enter")
        return self

    async def __aexit__(self, *details):
        print("exit", details[0])
        return True


async def main():
    print(await asyncio.gather(work("a", 0.02), work("b", 0.01)))
    print([i async for i in numbers(3)], {i: i async for i in numbers(2)})
    async with Manager():
        raise ValueError
    try:
        await asyncio.wait_for(work("slow", 5), 0.01)
    except asyncio.TimeoutError as error:
        print(type(error).__name__)
    task = asyncio.create_task(work("cancelled", 5))
    await asyncio.sleep(0)
    task.cancel("why")
    try:
        await task
    except asyncio.CancelledError as error:
        print("cancelled", error.args, task.cancelled())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(n, 0)) for n in "xy"]
    print([t.result() for t in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("fine", 1))
            group.create_task(asyncio.to_thread(int, "bad"))
    except* ValueError as errors:
        print(len(errors.exceptions), errors.exceptions[0])
    lines = asyncio.Queue()
    lock = asyncio.Lock()
    async with lock:
        await lines.put(lock.locked())
    print(await lines.get(), await asyncio.to_thread(threading.current_thread) is not threading.main_thread())

    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    print(await reader.readline(), await reader.read())
    writer.close()
    server.close()
    process = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await process.communicate(b"through cat"))
    async with asyncio.timeout(1):
        print(await work("in time", 0))


asyncio.run(main())
