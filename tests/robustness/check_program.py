#!/usr/bin/python3.11 -I
"""Runs programs under ouro in a hard situation and compares what they print.

    check_program.py --binary build/release/ouro --option heaplimit=64M tests/robustness/limits
    check_program.py --binary build/release/ouro --stack 1024 tests/robustness/depth
    check_program.py --binary build/asan/ouro --option gcstress tests/robustness/reentrancy

Every run has `-X leakcheck`, and `-X` each --option. What is right: standard output as in NAME.out beside
NAME.py, or, without such a file, what /usr/bin/python3.11 prints; exit status 0, or the one that a line
`# exit status: N` in the program names. A program with the line `# not under: OPTION` is left out when that
option is given. Standard error counts only for alarms: leaks, failed checks, sanitizer reports.

The last line is a summary. Exit status: 0 when all programs pass, 1 when one does not, 2 for a wrong command line.
"""
import argparse
import difflib
import os
import re
import resource
import subprocess
import sys
import tempfile

ORACLE = "/usr/bin/python3.11"
ALARMS = (b"ouro: leakcheck:", b"OURO_CHECK", b"OURO_DCHECK", b"AddressSanitizer", b"runtime error:")


def run(words, stack_kib, limit):
    """Status (None: out of time), standard output, standard error."""
    def shrink_stack():
        if stack_kib:
            resource.setrlimit(resource.RLIMIT_STACK, (stack_kib * 1024, resource.RLIM_INFINITY))
    try:
        with tempfile.TemporaryDirectory(prefix="ouro-test-") as folder:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, cwd=folder,
                                  preexec_fn=shrink_stack, check=False)
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return done.returncode, done.stdout, done.stderr


def expected_of(path, limit):
    recorded = os.path.splitext(path)[0] + ".out"
    if os.path.exists(recorded):
        with open(recorded, "rb") as file:
            return file.read()
    return run([ORACLE, path], 0, limit)[1]


def faults(path, options):
    """What is wrong with one program: lines to print; none when it passes."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if any(re.search(r"^# not under: %s$" % re.escape(option), text, re.M) for option in options.option):
        return []
    words = [os.path.abspath(options.binary), "-X", "leakcheck"]
    for option in options.option:
        words += ["-X", option]
    status, stdout, stderr = run([*words, path], options.stack, options.time_limit)
    if status is None:
        return ["out of time"]
    found = ["alarm: " + line.decode(errors="replace") for line in stderr.splitlines()
             if any(alarm in line for alarm in ALARMS)][:10]
    named = re.search(r"^# exit status: (\d+)$", text, re.M)
    wanted = int(named.group(1)) if named else 0
    if status != wanted:
        found.append("exit status %d, should be %d" % (status, wanted))
        found += stderr.decode(errors="replace").splitlines()[-10:]
    expected = expected_of(path, options.time_limit)
    if stdout != expected:
        found += list(difflib.unified_diff(
            expected.decode(errors="replace").splitlines(), stdout.decode(errors="replace").splitlines(),
            "expected", "got", lineterm="", n=1))[:40]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--option", action="append", default=[], help="for -X, e.g. gcstress or heaplimit=64M")
    parser.add_argument("--stack", type=int, default=0, help="size of the native stack in KiB")
    parser.add_argument("--time-limit", type=float, default=120.0, help="seconds for one program")
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()

    paths = []
    for path in map(os.path.abspath, options.programs):
        if os.path.isdir(path):
            paths += sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(".py"))
        else:
            paths.append(path)
    failed = 0
    for path in paths:
        found = faults(path, options)
        if found:
            failed += 1
            print("%s\n    %s" % (os.path.relpath(path), "\n    ".join(found)), flush=True)
    print("%d programs, %d failed" % (len(paths), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
