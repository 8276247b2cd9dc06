#!/usr/bin/python3.11 -I
"""Looks for work that grows faster than the number of objects: each case at n and at 10 n, Ouro and CPython.

    bench/scaling.py build/release/ouro               # writes its part of bench/RESULTS.md
    bench/scaling.py --divide 100 BINARY [WORD...]    # smaller n, cases whose name contains a word; writes nothing

A case builds a heap of n objects, collects it twice, and drops it; each step is timed by the program itself, in CPU
seconds. Growth is time(10 n) / time(n) / 10: 1 is linear, 10 is quadratic. Caches that no longer hold the heap push
it above 1 by themselves, to 2 or 3; the check is whether it is above 4 for a step of more than a fifth of a second.
Exit status: 0; 1 when a process failed or a step grows too fast in Ouro; 2 when the command line makes no sense.
"""
import argparse
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import results  # noqa: E402

REFERENCE = "/usr/bin/python3.11"
TOO_FAST = 4
WORTH_A_LOOK_SECONDS = 0.2
STEPS = ["build", "collect", "again", "drop"]

# Name, the bigger n, and code that leaves the heap in `keep` (which is then set to None, and collected).
CASES = [
    ("objects with a weak reference each", 1_000_000,
     "import weakref\nkeep = [Node() for i in range(n)]\nkeep.append([weakref.ref(node) for node in keep])"),
    ("objects with two weak references with callbacks", 1_000_000,
     "import weakref\ndef gone(ref): pass\n"
     "keep = [Node() for i in range(n)]\n"
     "keep.append([weakref.ref(node, gone) for node in keep for j in range(2)])"),
    ("weak references to one object", 1_000_000,
     "import weakref\nnode = Node()\ndef gone(ref): pass\n"
     "keep = [node, [weakref.ref(node, gone) for i in range(n)]]\nnode = None"),
    ("cycles with a finalizer each", 1_000_000,
     "keep = []\nfor i in range(n):\n    node = Finalized()\n    node.next = node\n    keep.append(node)\nnode = None"),
    ("one list", 10_000_000, "keep = [None] * n\nkeep.append(keep)"),
    ("one list of lists", 1_000_000, "keep = [[] for i in range(n)]"),
    ("one dict of lists", 1_000_000, "keep = {i: [] for i in range(n)}"),
    ("chain of lists", 10_000_000, "keep = None\nfor i in range(n): keep = [keep]"),
    ("chain of instances", 1_000_000,
     "keep = None\nfor i in range(n):\n    node = Node()\n    node.next = keep\n    keep = node\nnode = None"),
    ("ring of instances", 1_000_000,
     "first = keep = Node()\nfor i in range(n):\n    node = Node()\n    node.next = keep\n    keep = node\n"
     "first.next = keep\nnode = first = None"),
    ("star: all refer to one", 1_000_000, "hub = []\nkeep = [[hub] for i in range(n)]\nhub.append(keep)\nhub = None"),
    ("nested tuples", 1_000_000, "keep = ()\nfor i in range(n): keep = (keep,)"),
    ("nested tuples around a list", 1_000_000, "keep = ([],)\nfor i in range(n): keep = (keep,)"),
    ("nested dicts", 1_000_000, "keep = {}\nfor i in range(n): keep = {0: keep}"),
]
PROGRAM = """
import gc, sys, time

class Node:
    def __init__(self):
        self.next = None

class Finalized(Node):
    def __del__(self):
        self.next = None

def step():
    global last
    now = time.process_time()
    print(now - last)
    last = time.process_time()

n = int(sys.argv[1])
last = time.process_time()
%s
step()
gc.collect()
step()
gc.collect()
step()
keep = None
gc.collect()
step()
"""


def run(binary, code, n):
    """Seconds by step; raises RuntimeError with a sentence."""
    done = subprocess.run([binary, "-c", PROGRAM % code, str(n)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().split("\n") or [""])[-1]
        raise RuntimeError("%s at %d: exit status %d: %s" % (binary, n, done.returncode, last))
    return dict(zip(STEPS, map(float, done.stdout.split())))


def growth(small, big, step):
    return big[step] / max(small[step], 1e-5) / 10


def parse_options():
    parser = argparse.ArgumentParser(usage="bench/scaling.py [options] BINARY [WORD...]", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--divide", type=int, default=1, help="take that part of each n; default: %(default)s")
    parser.add_argument("binary", metavar="BINARY")
    parser.add_argument("words", nargs="*", metavar="WORD")
    options = parser.parse_args()
    if not os.access(options.binary, os.X_OK):
        parser.error("no executable " + options.binary)
    if not 1 <= options.divide <= 10_000:
        parser.error("--divide wants a number from 1 to 10000")
    options.binary = os.path.join(".", options.binary)
    return options


def main():
    options = parse_options()
    rows, bad = [], []
    for name, full, code in CASES:
        if options.words and not any(word in name for word in options.words):
            continue
        n = full // options.divide
        sides = []
        for binary in (options.binary, REFERENCE):
            try:
                sides.append((run(binary, code, n // 10), run(binary, code, n)))
            except RuntimeError as error:
                sides.append(None)
                bad.append("%s: %s" % (name, error))
        cells = [name, "{:,}".format(n)]
        for step in STEPS:
            texts = ["failed" if side is None else "%.2f s, x%.1f" % (side[1][step], growth(*side, step)) for side in sides]
            cells.append(" / ".join(texts))
            if sides[0] is not None and sides[0][1][step] > WORTH_A_LOOK_SECONDS and growth(*sides[0], step) > TOO_FAST:
                bad.append("%s: %s grows %.1f times as fast as the objects" % (name, step, growth(*sides[0], step)))
        rows.append(cells)
        print("%-48s %12s  %s" % (cells[0], cells[1], "  ".join("%s %s" % pair for pair in zip(STEPS, cells[2:]))), flush=True)
    for line in bad:
        print("bad: " + line)
    if not options.words and options.divide == 1:
        lines = ["## Growth with the number of objects", "",
                 "Written by `bench/scaling.py`: CPU seconds at n objects, ours / CPython, and growth from n / 10 (1 is linear).",
                 ""]
        lines += results.facts([]) + [""] + results.table(["case", "n", *STEPS], rows)
        if bad:
            lines += ["", "Too fast, or failed:", ""] + ["* " + line for line in bad]
        results.write_section("scaling", "\n".join(lines))
        print("written: " + os.path.relpath(results.RESULTS))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
