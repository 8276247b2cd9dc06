# argparse: positionals, options, types, choices, groups, sub-commands, help and errors.
import argparse
import contextlib
import io
import sys


def build():
    parser = argparse.ArgumentParser(prog="tool", description="Does things.", epilog="The end.")
    parser.add_argument("source", help="where from")
    parser.add_argument("targets", nargs="*", type=int, default=[1], metavar="N")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("--mode", choices=["fast", "slow"], default="slow", help="how (default: %(default)s)")
    parser.add_argument("--pair", nargs=2, type=float, action="append")
    parser.add_argument("--flag", action=argparse.BooleanOptionalAction)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--on", dest="state", action="store_const", const=1)
    either.add_argument("--off", dest="state", action="store_const", const=0)
    return parser


def attempt(parser, arguments):
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(errors):
        try:
            result = parser.parse_args(arguments)
        except SystemExit as end:
            result = f"exit {end.code}"
    print(arguments, result)
    print(errors.getvalue(), end="")


for arguments in (["a"], ["a", "1", "2", "-vv", "--mode", "fast"], ["a", "--pair", "1", "2", "--pair", "3", "4"],
                  ["a", "--no-flag", "--on"], [], ["a", "x"], ["a", "--mode", "odd"], ["a", "--on", "--off"],
                  ["a", "--unknown"], ["--help"]):
    attempt(build(), arguments)
print(build().parse_known_args(["a", "--what", "-v"]))
build().print_usage()

commands = argparse.ArgumentParser(prog="git")
commands.add_argument("--version", action="version", version="%(prog)s 1.0")
which = commands.add_subparsers(dest="command", required=True, title="commands")
add = which.add_parser("add", aliases=["a"], help="adds")
add.add_argument("files", nargs="+")
add.set_defaults(run=len)
which.add_parser("rm", help="removes")
for arguments in (["add", "x", "y"], ["rm"], [], ["nothing"], ["--version"], ["-h"], ["add"]):
    attempt(commands, arguments)

shared = argparse.ArgumentParser(add_help=False, fromfile_prefix_chars="@")
shared.add_argument("--level", type=lambda text: int(text, 0))
child = argparse.ArgumentParser(parents=[shared], prog="child", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
child.add_argument("--size", default=3, help="how large")
attempt(child, ["--level", "0x10"])
attempt(child, ["-h"])
print(argparse.Namespace(a=1) == argparse.Namespace(a=1), vars(child.parse_args([])))
