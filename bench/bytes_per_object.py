#!/usr/bin/python3.11 -I
"""Measures how many bytes an object of each common kind takes, in Ouro and in CPython.

    bench/bytes_per_object.py build/release/ouro              # writes its part of bench/RESULTS.md
    bench/bytes_per_object.py --count 100000 BINARY [WORD...] # kinds whose name contains a word; writes nothing

For each kind a fresh process makes a list of a million places, notes its resident size, fills the places, and notes
it again: the growth, divided by a million. All that an object needs is in it: header, collector's books, rounding.
Exit status: 0; 1 when a process failed; 2 when the command line makes no sense.
"""
import argparse
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import results  # noqa: E402

REFERENCE = "/usr/bin/python3.11"
# Kind, what makes one (of the running number i), and the goal in bytes.
KINDS = [
    ("float", "i + 0.5", 24),
    ("int below 2**62", "i + large", 24),
    ("str of 3 ASCII letters", "two + letters[i % 20]", 40),
    ("empty list", "[]", 40),
    ("tuple of 2", "(two, letters)", 40),
    ("instance with 2 attributes", "Plain(two, letters)", 48),
    ("instance with 2 __slots__", "Slotted(two, letters)", 32),
    ("empty dict", "{}", 40),
    ("dict of 5 keys, same keys each", "{'a': two, 'b': two, 'c': two, 'd': two, 'e': two}", 184),
]
PROGRAM = """
import os, sys

class Plain:
    def __init__(self, a, b):
        self.a = a
        self.b = b

class Slotted:
    __slots__ = ("a", "b")
    def __init__(self, a, b):
        self.a = a
        self.b = b

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

def main(count):
    large = 1 << 40
    two = "xy"
    letters = list("abcdefghijklmnopqrst")
    keep = [None] * count
    i = 0
    keep[0] = %(make)s  # what the first one alone brings
    before = resident()
    for i in range(count):
        keep[i] = %(make)s
    print((resident() - before) / count)

main(int(sys.argv[1]))
"""


def bytes_each(binary, make, count):
    """Bytes per object; raises RuntimeError with a sentence."""
    done = subprocess.run([binary, "-c", PROGRAM % {"make": make}, str(count)], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: exit status %d: %s" % (binary, done.returncode, done.stderr.strip().split("\n")[-1]))
    return float(done.stdout)


def parse_options():
    parser = argparse.ArgumentParser(usage="bench/bytes_per_object.py [options] BINARY [WORD...]",
                                     description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000, help="objects of each kind; default: %(default)s")
    parser.add_argument("binary", metavar="BINARY")
    parser.add_argument("words", nargs="*", metavar="WORD")
    options = parser.parse_args()
    if not os.access(options.binary, os.X_OK):
        parser.error("no executable " + options.binary)
    if options.count < 1:
        parser.error("--count wants a number above 0")
    options.binary = os.path.join(".", options.binary)
    return options


def main():
    options = parse_options()
    layout = "%-32s %8s %8s %6s  %s"
    headings = ("kind", "ours", "CPython", "goal", "reached")
    print(layout % headings)
    rows, failed = [], False
    for kind, make, goal in KINDS:
        if options.words and not any(word in kind for word in options.words):
            continue
        try:
            ours, theirs = (bytes_each(binary, make, options.count) for binary in (options.binary, REFERENCE))
        except RuntimeError as error:
            print("%s: %s" % (kind, error))
            failed = True
            continue
        # Pages round; half a byte is not what a goal is about.
        row = (kind, "%.1f" % ours, "%.1f" % theirs, "≤ %d" % goal, "yes" if ours < goal + 0.5 else "no")
        rows.append(row)
        print(layout % row, flush=True)
    if not options.words and not failed and options.count >= 1_000_000:
        lines = ["## Bytes per object", "",
                 "Written by `bench/bytes_per_object.py`: growth of the resident size over a million of each.", ""]
        lines += results.facts([]) + [""] + results.table(headings, rows)
        results.write_section("bytes per object", "\n".join(lines))
        print("written: " + os.path.relpath(results.RESULTS))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
