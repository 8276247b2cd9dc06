# doctest, unittest and unittest.mock.
import doctest
import io
import sys
import unittest
from unittest import mock


def average(values):
    """The average.

    >>> average([20, 30, 70])
    40.0
    >>> average([])
    Traceback (most recent call last):
        ...
    ZeroDivisionError: division by zero
    >>> print(list(range(20))) # doctest: +ELLIPSIS, +NORMALIZE_WHITESPACE
    [0,  1, ..., 19]
    """
    return sum(values) / len(values)


def wrong():
    """
    >>> 1 + 1
    3
    """


finder = doctest.DocTestFinder()
for test in finder.find(average, "average") + finder.find(wrong, "wrong"):
    out = io.StringIO()
    result = doctest.DocTestRunner(verbose=False).run(test, out=out.write)
    print(test.name, result)
    print("\n".join(line for line in out.getvalue().splitlines() if "File" not in line))


class Things(unittest.TestCase):
    log = []

    @classmethod
    def setUpClass(cls):
        cls.log.append("class")

    def setUp(self):
        self.addCleanup(self.log.append, "cleanup")

    def test_equal(self):
        self.assertEqual({"a": [1, 2]}, {"a": [1, 3]})

    def test_raises(self):
        with self.assertRaisesRegex(ValueError, "inval.d"):
            int("x")

    def test_parts(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)

    @unittest.skip("not now")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail("as expected")

    def test_error(self):
        raise KeyError("k")

    def test_logs(self):
        import logging
        with self.assertLogs("x", "INFO") as caught:
            logging.getLogger("x").info("hello")
        self.assertEqual(caught.output, ["INFO:x:hello"])

    def test_almost(self):
        self.assertAlmostEqual(0.1 + 0.2, 0.3)
        self.assertIn(1, [1])
        self.assertCountEqual([1, 2], [2, 1])
        with self.assertWarns(UserWarning):
            __import__("warnings").warn("w", UserWarning)


suite = unittest.defaultTestLoader.loadTestsFromTestCase(Things)
stream = io.StringIO()
result = unittest.TextTestRunner(stream, verbosity=2).run(suite)
print(result, len(Things.log))
for line in stream.getvalue().splitlines():
    if not line.startswith("Ran ") and "File" not in line and "^^" not in line:
        print(line)

m = mock.Mock(return_value=3)
print(m(1, key=2), m.called, m.call_args, m.call_count, m.method.sub.return_value is m.method.sub())
m.assert_called_once_with(1, key=2)
try:
    m.assert_called_with(5)
except AssertionError as error:
    print(error)
m.side_effect = [1, ValueError("second")]
print(m())
try:
    m()
except ValueError as error:
    print(error)
with mock.patch("os.getcwd", return_value="/nowhere"):
    import os
    print(os.getcwd())
with mock.patch.dict("os.environ", {"A_NEW_ONE": "1"}):
    print(os.environ["A_NEW_ONE"])
print("A_NEW_ONE" in os.environ)
magic = mock.MagicMock()
magic.__len__.return_value = 7
magic["k"] = 1
print(len(magic), magic.mock_calls)
print(mock.create_autospec(average)([1]) is not None, mock.sentinel.thing, mock.call(1, a=2))
with mock.patch("builtins.open", mock.mock_open(read_data="contents")) as opened:
    print(open("x").read(), opened.mock_calls[0])
