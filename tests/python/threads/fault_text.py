# What faulthandler writes, with the threads' identifiers left out.
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def text_of(write):
    with tempfile.TemporaryFile() as file:
        write(file)
        file.seek(0)
        text = file.read().decode()
    return re.sub("0x[0-9a-f]+", "0x", text).replace(__file__, "FILE")


def inner(file):
    faulthandler.dump_traceback(file, all_threads=False)


print(text_of(inner))
there = threading.Event()
leave = threading.Event()


def waits():
    there.set()
    leave.wait()


thread = threading.Thread(target=waits)
thread.start()
there.wait()
time.sleep(0.02)
lines = text_of(faulthandler.dump_traceback).splitlines()
print([line for line in lines if not line.startswith("  File")], any("in waits" in line for line in lines))
leave.set()
thread.join()


def signalled(file):
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    os.kill(os.getpid(), signal.SIGUSR1)
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))


print(text_of(signalled))


def later(file):
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.2)
    faulthandler.cancel_dump_traceback_later()


print(text_of(later).splitlines()[0])
for call in (lambda: faulthandler.dump_traceback_later(0), lambda: faulthandler.register(signal.SIGSEGV),
             lambda: faulthandler.register(1000), lambda: faulthandler.dump_traceback(-1),
             lambda: faulthandler.dump_traceback(file=3.5)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)

# In a build with sanitizers these would else tell of the faults.
surroundings = {**os.environ, "ASAN_OPTIONS": "handle_segv=0:handle_sigfpe=0:handle_abort=0:detect_leaks=0"}
for fault in ("faulthandler._sigsegv()", "faulthandler._sigabrt()", "faulthandler._sigfpe()",
              "faulthandler._stack_overflow()"):
    program = f"import faulthandler\nfaulthandler.enable()\ndef f():\n    {fault}\nf()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings)
    shown = re.sub("0x[0-9a-f]+", "0x", done.stderr).split("\nExtension modules")[0]
    print(signal.Signals(-done.returncode).name, shown)
print(faulthandler.is_enabled(), faulthandler.enable(), faulthandler.is_enabled(), faulthandler.disable(),
      faulthandler.disable())
