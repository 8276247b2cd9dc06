#!/usr/bin/python3.11 -I
"""Source text that is no program, and command lines that make no sense.

    bad_input.py --binary build/release/ouro [--step N]

Three kinds of case:
  prefixes    every step-th prefix of each file in tests/robustness/oom and tests/article/script, through compile():
              accepted or refused as python3.11 does, refused with the same type and line
  texts       generated sources (deep nesting, very long lines, NUL bytes, wrong encodings …), as files: the run
              ends with a proper exception and no crash; where python3.11 ends in SyntaxError, so does ouro
  commands    options and files that do not exist: exit status and text as python3.11's

The last line is a summary. Exit status: 0 when all is right, 1 when something is not.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

ORACLE = "/usr/bin/python3.11"
HERE = os.path.dirname(os.path.abspath(__file__))
TIME_LIMIT = 60.0
ALARMS = (b"ouro: leakcheck:", b"OURO_CHECK", b"OURO_DCHECK", b"AddressSanitizer", b"runtime error:")

# Run under both: prints one line for each prefix of the file.
PREFIXES = """
import sys
text = open(sys.argv[1], encoding="utf-8").read()
for end in range(0, len(text) + 1, int(sys.argv[2])):
    try:
        compile(text[:end], "<prefix>", "exec")
    except SyntaxError as error:
        print(end, type(error).__name__, error.lineno)
    else:
        print(end, "compiled")
"""

TEXTS = {
    "parentheses": b"(" * 10_000 + b")" * 10_000,
    "open_parentheses": b"(" * 100_000,
    "brackets": b"[" * 100_000 + b"]" * 100_000,
    "braces": b"{" * 100_000,
    "mixed": b"([{" * 50_000,
    "closing": b")" * 100_000,
    "nested_calls": b"f(" * 5_000 + b")" * 5_000,
    "minus": b"x = " + b"-" * 100_000 + b"1",
    "not": b"x = " + b"not " * 50_000 + b"1",
    "lambda": b"x = " + b"lambda: " * 20_000 + b"1",
    "power": b"x = 1" + b"**1" * 20_000,
    "attributes": b"x = 1\nx" + b".real" * 100_000,
    "subscripts": b"x = {}\nx" + b"[0]" * 100_000,
    "calls": b"x = 1\nx" + b"()" * 100_000,
    "sum": b"x = 0" + b"+0" * 100_000,
    "sum_of_names": b"x = 0\ny = x" + b"+x" * 100_000,
    "comparison": b"x = 0" + b"<1" * 100_000,
    "and": b"x = 1" + b" and 1" * 100_000,
    "conditional": b"x = " + b"1 if 0 else " * 20_000 + b"1",
    "walrus": b"x = " + b"(y := " * 5_000 + b"1" + b")" * 5_000,
    "elif": b"x = 9\nif x == 0: pass\n" + b"".join(b"elif x == %d: pass\n" % n for n in range(100_000)),
    "else_if": b"".join(b" " * n + b"if 1:\n" for n in range(150)),
    "deep_for": b"".join(b" " * n + b"for x in y:\n" for n in range(30)) + b" " * 30 + b"pass",
    "deep_def": b"".join(b" " * n + b"def f():\n" for n in range(99)) + b" " * 99 + b"pass",
    "long_line": b"x = '" + b"a" * 1_000_000 + b"'",
    "long_name": b"a" * 1_000_000 + b" = 1",
    "long_list": b"x = [" + b"1," * 300_000 + b"]",
    "long_tuple_target": b"(" + b"a," * 50_000 + b") = 1",
    "long_comment": b"#" * 1_000_000,
    "many_lines": b"\n" * 1_000_000 + b"(",
    "many_semicolons": b"pass;" * 200_000,
    "big_int": b"x = " + b"9" * 5_000,
    "big_hex": b"x = 0x" + b"f" * 1_000_000,
    "big_float": b"x = " + b"9" * 100_000 + b".0e5",
    "big_exponent": b"x = 1e" + b"9" * 100_000,
    "folded_power": b"x = 9**9**9**9 if 0 else 1",
    "folded_repeat": b"def f(): return 'x' * 10**12\n",
    "folded_shift": b"def f(): return 1 << 10**12\n",
    "nul": b"x = 1\0\n",
    "nul_in_string": b"x = 'a\0b'\n",
    "nul_first": b"\0",
    "only_bom": b"\xef\xbb\xbf",
    "utf16": "x = 1".encode("utf-16"),
    "latin1": b"x = '\xe9'\n",
    "declared_latin1": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    "unknown_coding": b"# coding: no-such-thing\nx = 1\n",
    "bom_and_coding": b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
    "truncated_utf8": b"x = '\xe2\x82",
    "surrogate": b"x = '\xed\xa0\x80'\n",
    "overlong": b"x = '\xc0\x80'\n",
    "lone_cr": b"x = 1\ry = 2\r",
    "formfeed": b"\f\f x = 1\n",
    "tabs": b"if 1:\n\tx = 1\n        y = 1\n",
    "dedent": b"if 1:\n    x = 1\n  y = 1\n",
    "backslash": b"x = 1 + \\",
    "backslash_blank": b"x = 1 + \\ \n1",
    "quotes": b"'''" * 3 + b"'",
    "open_string": b"x = '" + b"\\" * 99_999,
    "escapes": b"x = '\\N{NO SUCH NAME}'",
    "wrong_escape": b"x = '\\x1'",
    "wrong_unicode": b"x = '\\U00110000'",
    "open_fstring": b"x = f'{",
    "nested_fstring": b"x = f'{" + b"(" * 300 + b"'",
    "fstring_depth": b"x = f'{1:{2:{3}}}'",
    "fstring_empty": b"x = f'{}'",
    "fstring_backslash": b"x = f'{\"\\n\"}'",
    "many_arguments": b"def f(" + b",".join(b"a%d" % n for n in range(5_000)) + b"): pass",
    "call_arguments": b"print(" + b"1," * 100_000 + b") if 0 else 0",
    "same_argument": b"def f(a, a): pass",
    "nonlocal": b"nonlocal x",
    "star": b"*a, *b = 1",
    "match": b"match x:\n case " + b"[" * 5_000 + b"]" * 5_000 + b": pass",
    "match_or": b"match 1:\n case " + b"|".join([b"1"] * 20_000) + b": pass",
    "decorators": b"@x\n" * 20_000 + b"def f(): pass",
    "with": b"with " + b",".join([b"a"] * 100) + b": pass",
    "try": b"try: pass\n" * 3,
    "control": bytes(range(1, 32)),
    "all_bytes": bytes(range(256)),
    "unicode_name": "ﬁ = 1\nprint(fi)\n".encode(),
    "unicode_digit": "x = ١\n".encode(),
    "unicode_space": "x\u00a0= 1\n".encode(),
    "emoji": "😀 = 1\n".encode(),
    "annotation": b"x: " + b"[" * 150 + b"]" * 150 + b"\n",
    "comprehension": b"x = " + b"[" * 100 + b"1" + b" for a in b]" * 100,
    "class_depth": b"".join(b" " * n + b"class A:\n" for n in range(99)) + b" " * 99 + b"pass",
    "del": b"del " + b"(" * 150 + b"a" + b")" * 150,
    "global": b"global " + b",".join(b"a%d" % n for n in range(20_000)),
    "imports": b"import " + b"a." * 20_000 + b"b",
}

COMMANDS = [
    (["-Z"], 2), (["--no-such-option"], 2), (["-c"], 2), (["-m"], 2), (["-X"], 2), (["/no/such/file.py"], 2), (["/"], 1),
    (["-m", "no_such_module"], 1), (["-c", "("], 1), (["-c", "import sys; sys.exit(7)"], 7),
]

BAD_SWITCHES = ["heaplimit=", "heaplimit=x", "heaplimit=-1", "heaplimit=99999999999999999999T", "failalloc=", "failalloc=0x",
                "failalloc=1,twice", "failalloc=-5", "gcstress=x", "gcstress=0", "gcverify=sometimes"]


class Checks:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.count = 0
        self.wrong = 0

    def run(self, command, folder):
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT, cwd=folder, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, None, b"", b"out of time")

    def expect(self, good, name, got):
        self.count += 1
        if not good:
            self.wrong += 1
            print("%s: status %s: %s" % (name, got.returncode, last_line(got)), flush=True)


def last_line(done):
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1][:150] if lines else ""


def exception_of(done):
    """The type of the exception a run ended with; "" when it did not."""
    found = re.match(r"(\w+)(:|$)", last_line(done))
    return found.group(1) if done.returncode == 1 and found else ""


def sound(done):
    return done.returncode in (0, 1) and not any(alarm in done.stderr for alarm in ALARMS)


def check_prefixes(checks, folder, step):
    script = os.path.join(folder, "prefixes.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(PREFIXES)
    for path in sorted(glob.glob(HERE + "/oom/*.py") + glob.glob(os.path.dirname(HERE) + "/article/script/*.py")):
        arguments = [script, path, str(step)]
        got = checks.run([checks.binary, "-X", "leakcheck", *arguments], folder)
        wanted = checks.run([ORACLE, "-W", "ignore", *arguments], folder)
        checks.expect(sound(got) and got.returncode == 0, "prefixes of " + path, got)
        for mine, theirs in zip(got.stdout.decode().splitlines(), wanted.stdout.decode().splitlines()):
            checks.count += 1
            if mine != theirs:
                checks.wrong += 1
                print("%s: prefix %s, should be %s" % (os.path.basename(path), mine, theirs))


def check_texts(checks, folder):
    for name, text in TEXTS.items():
        path = os.path.join(folder, name + ".py")
        with open(path, "wb") as file:
            file.write(text)
        got = checks.run([checks.binary, "-X", "leakcheck", path], folder)
        wanted = checks.run([ORACLE, path], folder)
        proper = sound(got) and (got.returncode == 0 or exception_of(got) != "")
        if name.startswith("nul"):
            pass  # python3.11 drops the rest of such a line without a word
        elif exception_of(wanted) in ("SyntaxError", "IndentationError", "TabError"):
            proper = proper and got.returncode == 1
        elif wanted.returncode == 0:
            proper = proper and (got.returncode == 0 or exception_of(got) in ("RecursionError", "MemoryError"))
        checks.expect(proper, "%s (python3.11: status %s, %s)" % (name, wanted.returncode, exception_of(wanted)), got)


def check_commands(checks, folder):
    for arguments, status in COMMANDS:
        got = checks.run([checks.binary, "-X", "leakcheck", *arguments], folder)
        wanted = checks.run([ORACLE, *arguments], folder)
        good = got.returncode == status == wanted.returncode and (status == 7) == (got.stderr == b"")
        if arguments[0][0] == "/":
            strip = lambda text, program: text.replace(program.encode(), b"")
            good = good and strip(got.stderr, checks.binary) == strip(wanted.stderr, ORACLE)
        checks.expect(good, "ouro " + " ".join(arguments), got)
    for switch in BAD_SWITCHES:
        got = checks.run([checks.binary, "-X", switch, "-c", "print(1)"], folder)
        checks.expect(got.returncode == 2 and got.stderr != b"" and got.stdout == b"", "ouro -X " + switch, got)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--step", type=int, default=1, help="look at every step-th prefix")
    options = parser.parse_args()
    checks = Checks(options.binary)
    with tempfile.TemporaryDirectory(prefix="ouro-test-") as folder:
        check_commands(checks, folder)
        check_texts(checks, folder)
        check_prefixes(checks, folder, options.step)
    print("%d checks, %d wrong" % (checks.count, checks.wrong))
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
