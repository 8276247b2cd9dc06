# Daemon threads are left where they are when the program ends.
import subprocess
import sys

common = """
import atexit, sys, threading, time
class Told:
    def __del__(self): print("never told", flush=True)
def sleeps():
    told = Told()
    while True: time.sleep(0.001)
def spins():
    while True: pass
def waits():
    threading.Lock().__enter__(); lock = threading.Lock(); lock.acquire(); lock.acquire()
def writes():
    while True: sys.stderr.write("")
for function in (sleeps, spins, waits, writes):
    threading.Thread(target=function, daemon=True).start()
atexit.register(print, "atexit")
time.sleep(0.02)
"""
for ending in ("print('end')", "raise SystemExit(5)", "1 / 0", "import os; print('now', flush=True); os._exit(6)"):
    done = subprocess.run([sys.executable, "-c", common + ending], capture_output=True, text=True, timeout=30)
    print(done.returncode, done.stdout.split(), done.stderr.strip().splitlines()[-1:])
