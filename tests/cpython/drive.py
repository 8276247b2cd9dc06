"""Runs one of CPython's test modules under whatever interpreter runs this, and writes one line per
test to the file named first: outcome, tab, test id. Lines are written as tests end, so that a crash
leaves those before it.

    drive.py RESULTS test.test_gc
"""
import sys
import unittest


PRIVATE_MODULES = ("_testcapi", "_testinternalcapi", "_testbuffer", "_testmultiphase", "_testclinic",
                   "_testimportmultiple", "_xxsubinterpreters", "xxlimited", "xxlimited_35", "xxsubtype")


class Recorder(unittest.TestResult):
    """Outcomes: passed, failed, skipped; one per test method, whatever its subtests say."""

    def __init__(self, out):
        super().__init__()
        self.out = out
        self.outcome = None

    def startTest(self, test):
        super().startTest(test)
        self.outcome = "passed"

    def stopTest(self, test):
        super().stopTest(test)
        self.record(self.outcome, test)

    def record(self, outcome, test):
        self.out.write(f"{outcome}\t{test.id()}\n")
        self.out.flush()

    def tell(self, test, error):
        print(f"== {test.id()}\n{self._exc_info_to_string(error, test)}", file=sys.stderr, flush=True)

    def addError(self, test, error):
        self.tell(test, error)
        self.outcome = "failed"
        if not isinstance(test, unittest.TestCase):  # a fixture of a class or module
            self.record("failed", test)

    def addFailure(self, test, error):
        self.tell(test, error)
        self.outcome = "failed"

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.addFailure(subtest, error)

    def addSkip(self, test, reason):
        if self.outcome == "passed":
            self.outcome = "skipped"
        if not isinstance(test, unittest.TestCase):
            self.record("skipped", test)

    def addExpectedFailure(self, test, error):
        pass

    def addUnexpectedSuccess(self, test):
        self.outcome = "failed"


def main():
    results, name = sys.argv[1:]
    sys.argv[1:] = []
    # Tests of what only CPython promises are asked of ouro, too: those on memory are the point.
    sys.implementation.name = "cpython"
    # CPython's private test modules look inside CPython; ouro has none, so neither run gets them.
    for module in PRIVATE_MODULES:
        sys.modules[module] = None
    from test import support

    support.use_resources = []  # nothing that needs a network, a screen, minutes or gigabytes
    support.verbose = 0
    with open(results, "w", encoding="utf-8", errors="backslashreplace") as out:
        try:
            suite = unittest.defaultTestLoader.loadTestsFromName(name)
        except unittest.SkipTest as reason:
            out.write(f"skipped\t{name}\n")
            print(reason, file=sys.stderr)
            return
        suite.run(Recorder(out))
        out.write("end\n")


main()
