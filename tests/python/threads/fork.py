# A fork has the forking thread only; hooks of os.register_at_fork run around it.
import os
import threading
import time

calls = []
os.register_at_fork(before=lambda: calls.append("before"), after_in_parent=lambda: calls.append("parent"),
                    after_in_child=lambda: calls.append("child"))
stop = threading.Event()
lock = threading.Lock()
local = threading.local()
busy = threading.Thread(target=lambda: [time.sleep(0.001) for _ in iter(stop.is_set, True)])
busy.start()


def in_child(function):
    pid = os.fork()
    if pid == 0:
        try:
            function()
        finally:
            os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def report():
    print(threading.active_count(), busy.is_alive(), threading.current_thread() is threading.main_thread(), calls,
          flush=True)
    thread = threading.Thread(target=lambda: print("a thread of the child", flush=True))
    thread.start()
    thread.join()


in_child(report)
print(calls)


def from_thread():
    in_child(lambda: print(threading.current_thread() is threading.main_thread(), threading.current_thread().name,
                           flush=True))


thread = threading.Thread(target=from_thread, name="forker")
thread.start()
thread.join()
stop.set()
busy.join()
print(threading.active_count())
