# select.epoll objects, and select() over lists.
import os
import select
import signal
import threading
import time

reading, writing = os.pipe()
with select.epoll() as poller:
    print(poller.closed, poller.fileno() > 2, poller.poll(0))
    poller.register(reading, select.EPOLLIN)
    poller.register(writing, select.EPOLLOUT)
    print(poller.poll(1) == [(writing, select.EPOLLOUT)])
    os.write(writing, b"x")
    print(sorted(poller.poll(maxevents=5)) == sorted([(reading, select.EPOLLIN), (writing, select.EPOLLOUT)]))
    poller.modify(writing, 0)
    print(poller.poll() == [(reading, select.EPOLLIN)])
    for call in (lambda: poller.register(reading), lambda: poller.modify(9999, 1), lambda: poller.unregister(9999),
                 lambda: poller.poll(1, 0), lambda: poller.poll("x"), lambda: poller.poll(1e10),
                 lambda: select.epoll(0), lambda: select.epoll(flags=77), lambda: poller.register("x")):
        try:
            print(call())
        except Exception as error:
            print(type(error).__name__, error)
    poller.unregister(reading)
    start = time.monotonic()
    print(poller.poll(0.05), time.monotonic() - start >= 0.05)

    # A handler runs, and the wait goes on.
    signal.signal(signal.SIGUSR1, lambda *_: os.write(writing, b"y") and poller.register(reading, select.EPOLLIN))
    threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    print(poller.poll(10) == [(reading, select.EPOLLIN)])
for call in (poller.fileno, lambda: poller.poll(0), lambda: poller.register(1), poller.__enter__):
    try:
        call()
    except ValueError as error:
        print(error)
print(poller.closed, poller.close())
again = select.epoll.fromfd(os.dup(reading))
print(again.closed, again.close(), again.closed)

changing = []


class Changes:
    def fileno(self):
        del changing[-1]
        return writing


changing[:] = [Changes() for _ in range(10)]
print(len(select.select([], changing, [])[1]), len(changing))
try:
    select.poll().poll(1 << 64)
except OverflowError:
    print("OverflowError")
