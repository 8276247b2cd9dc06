# An uncaught KeyboardInterrupt ends the process by the signal itself.
import subprocess
import sys

for program in ("import os, signal; os.kill(os.getpid(), signal.SIGINT); print('not reached')",
                "import _thread; _thread.interrupt_main(); [None for _ in range(10)]; print('not reached')",
                "import signal, os; signal.signal(signal.SIGINT, signal.SIG_IGN); os.kill(os.getpid(), 2); print('alive')",
                "import signal, os; signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), 2); print('alive')",
                "import signal, _thread; signal.signal(signal.SIGINT, signal.SIG_DFL); _thread.interrupt_main(); print('alive')",
                "import signal; signal.signal(signal.SIGUSR1, lambda *_: 1 / 0); signal.raise_signal(signal.SIGUSR1)"):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    print(done.returncode, done.stdout.split(), done.stderr.strip().splitlines()[-1:])
