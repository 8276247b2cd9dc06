#!/usr/bin/python3.11 -I
"""Makes one allocation after the other fail and looks at how each run ends.

    oom_sweep.py --binary build/release/ouro tests/robustness/oom            # every allocation, both modes
    oom_sweep.py --binary build/release/ouro --step 7 tests/article/script/02*.py

For each program and each n = first, first + step, … the program runs under `-X failalloc=n` (allocation n and
all later ones fail) and `-X failalloc=n,once` (only that one), with `-X leakcheck`. n counts from the
program's first allocation; the sweep ends where a failure no longer changes anything, which is found by
bisection. A run is right when it ends within the time limit in one of these ways:

  status 0 with the output of an undisturbed run
  status 0, 1 or 120 (standard output could not be flushed), when standard error names MemoryError: it was
  reported, by a traceback or because a finalizer could not raise it

and never with a live block, a signal, a failed check or a sanitizer report.

The last line is a summary. Exit status: 0 when all runs are right, 1 when one is not (its command line is
printed), 2 when the command line makes no sense.
"""
import argparse
import concurrent.futures
import os
import shlex
import subprocess
import sys
import tempfile

TIME_LIMIT = 30.0
SHOWN_FAILURES = 20

# Runs after the last allocation that matters, to see that nothing is wrong there either.
EXTRA_RUNS = 5

# Output that is wrong whatever the exit status is.
ALARMS = (b"ouro: leakcheck:", b"OURO_CHECK", b"OURO_DCHECK", b"AddressSanitizer", b"runtime error:")

MODES = {"all": "", "once": ",once"}


class Sweep:
    """One program under one binary: what it should print, and the runs made of it."""

    def __init__(self, binary, options, program):
        self.command = [os.path.abspath(binary), "-X", "leakcheck", *options]
        self.program = os.path.abspath(program)
        self.expected = self.run(None, "")
        if self.expected[0] != 0:
            raise SystemExit("%s fails without any injection:\n%s"
                             % (program, self.expected[2].decode(errors="replace")))

    def words(self, n, suffix):
        inject = [] if n is None else ["-X", "failalloc=%d%s" % (n, suffix)]
        return [*self.command, *inject, self.program]

    def run(self, n, suffix):
        """Status (None: out of time), standard output and standard error of one run."""
        try:
            done = subprocess.run(self.words(n, suffix), stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=TIME_LIMIT, cwd=tempfile.gettempdir(), check=False)
        except subprocess.TimeoutExpired:
            return None, b"", b""
        return done.returncode, done.stdout, done.stderr

    def fault(self, n, suffix):
        """What is wrong with the run that fails allocation n, or None."""
        status, stdout, stderr = self.run(n, suffix)
        if status is None:
            return "out of time"
        if status not in (0, 1, 120):
            return "status %d: %s" % (status, last_line(stderr))
        for alarm in ALARMS:
            if alarm in stderr:
                return last_line(stderr)
        if b"MemoryError" in stderr or (status, stdout) == self.expected[:2]:
            return None
        return "status %d without MemoryError: %s" % (status, last_line(stderr) or "wrong output")

    def end(self):
        """The first n found by bisection from which failing all allocations changes nothing."""
        low, high = 0, 64
        while self.run(high, "")[:2] != self.expected[:2]:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self.run(middle, "")[:2] == self.expected[:2]:
                high = middle
            else:
                low = middle
        return high


def last_line(text):
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else ""


def programs_of(paths):
    for path in paths:
        if os.path.isdir(path):
            for name in sorted(os.listdir(path)):
                if name.endswith(".py") and not name.startswith("_"):
                    yield os.path.join(path, name)
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--step", type=int, default=1, help="look at every step-th allocation")
    parser.add_argument("--first", type=int, default=1, help="where to start")
    parser.add_argument("--jobs", type=int, default=2, help="runs at the same time")
    parser.add_argument("--mode", choices=[*MODES, "both"], default="both")
    parser.add_argument("--option", action="append", default=[], help="another option for ouro, e.g. -Xheapdebug")
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()

    suffixes = MODES.values() if options.mode == "both" else [MODES[options.mode]]
    runs = faults = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for program in programs_of(options.programs):
            sweep = Sweep(options.binary, options.option, program)
            numbers = range(options.first, sweep.end() + EXTRA_RUNS * options.step, options.step)
            cases = [(n, suffix) for n in numbers for suffix in suffixes]
            for case, fault in zip(cases, pool.map(lambda case: sweep.fault(*case), cases)):
                runs += 1
                if fault is not None:
                    faults += 1
                    if faults <= SHOWN_FAILURES:
                        print("%s\n    %s" % (fault, shlex.join(sweep.words(*case))), flush=True)
    print("%d injections, %d wrong" % (runs, faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
