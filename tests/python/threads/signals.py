# Handlers in Python run on the main thread: at its next look, and in the middle of blocking calls.
import errno
import os
import select
import signal
import socket
import threading
import time

main = threading.get_ident()


def note(number, frame):
    print(signal.Signals(number).name, frame.f_code.co_name, threading.get_ident() == main)


print(signal.signal(signal.SIGUSR1, note) is signal.SIG_DFL, signal.getsignal(signal.SIGUSR1) is note)
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
signal.pthread_kill(main, signal.SIGUSR1)


def sends(number, *, after=0.02):
    thread = threading.Timer(after, os.kill, (os.getpid(), number))
    thread.start()
    return thread


def loop():
    seen = []
    signal.signal(signal.SIGUSR2, lambda number, frame: seen.append(frame.f_code.co_name))
    sends(signal.SIGUSR2)
    while not seen:
        pass
    print(seen)


loop()

# The call goes on after the handler (PEP 475), or is ended by its exception.
reading, writing = os.pipe()
pair = socket.socketpair()


def answer(number, frame):
    print("answer")
    os.write(writing, b"x")
    pair[1].send(b"y")


signal.signal(signal.SIGUSR1, answer)
sends(signal.SIGUSR1)
print(os.read(reading, 1), pair[0].recv(1))
sends(signal.SIGUSR1)
print(select.select([reading], [], [], 10)[0] == [reading], os.read(reading, 1), pair[0].recv(1))
start = time.monotonic()
sends(signal.SIGUSR1)
time.sleep(0.1)
print(time.monotonic() - start >= 0.1, os.read(reading, 1), pair[0].recv(1))

for wait in (lambda: time.sleep(10), lambda: os.read(reading, 1), lambda: pair[0].recv(1), threading.Event().wait,
             lambda: select.select([reading], [], [], 10), lambda: threading.Lock().acquire(timeout=10) and
             threading.Condition().acquire() and time.sleep(10), signal.pause, lambda: open(reading, closefd=False).read()):
    timer = sends(signal.SIGINT)
    try:
        wait()
        print("not interrupted")
    except KeyboardInterrupt:
        print("KeyboardInterrupt")
    timer.join()

# Masks and waiting.
old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
os.kill(os.getpid(), signal.SIGUSR2)
print(old, signal.sigpending(), signal.sigwait([signal.SIGUSR2]))
print(signal.sigtimedwait([signal.SIGUSR2], 0.01))
os.kill(os.getpid(), signal.SIGUSR2)
info = signal.sigwaitinfo([signal.SIGUSR2])
print(info.si_signo == signal.SIGUSR2, info.si_pid == os.getpid(), type(info).__name__)
print(signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2]))

# Timers.
alarms = []
signal.signal(signal.SIGALRM, lambda *_: alarms.append(1))
print(signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01), signal.getitimer(signal.ITIMER_REAL)[1])
while len(alarms) < 3:
    time.sleep(0.001)
print(signal.setitimer(signal.ITIMER_REAL, 0)[1], signal.alarm(100), signal.alarm(0))
try:
    signal.setitimer(99, 1)
except signal.ItimerError as error:
    print(type(error), error, error.errno == errno.EINVAL)

# The wakeup descriptor gets the number.
os.set_blocking(writing, False)
print(signal.set_wakeup_fd(writing), signal.set_wakeup_fd(writing) == writing)
signal.signal(signal.SIGUSR1, lambda *_: print("handler"))
signal.raise_signal(signal.SIGUSR1)
print(os.read(reading, 10) == bytes([signal.SIGUSR1]), signal.set_wakeup_fd(-1) == writing)

for call in (lambda: signal.signal(signal.SIGUSR1, 5), lambda: signal.signal(0, note), lambda: signal.signal(99, note),
             lambda: signal.set_wakeup_fd(9999), lambda: signal.getsignal(1000), lambda: signal.signal(signal.SIGKILL, note),
             lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [500]), lambda: signal.sigtimedwait([signal.SIGUSR1], -1)):
    try:
        print(call())
    except (TypeError, ValueError, OSError) as error:
        print(type(error).__name__, error)


def elsewhere():
    for call in (lambda: signal.signal(signal.SIGUSR1, note), lambda: signal.set_wakeup_fd(-1)):
        try:
            call()
        except ValueError as error:
            print(error)


thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGTERM)
print(signal.getsignal(signal.SIGTERM), signal.signal(signal.SIGTERM, signal.SIG_DFL))
