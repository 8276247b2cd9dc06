# logging, traceback, warnings.
import io
import logging
import logging.handlers
import sys
import traceback
import warnings

stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(message)s"))
logger = logging.getLogger("app.part")
parent = logging.getLogger("app")
parent.addHandler(handler)
parent.setLevel(logging.INFO)
parent.propagate = False


def work():
    logger.debug("hidden %d", 1)
    logger.info("shown %s %r", "a", "b")
    logger.warning("map %(x)d", {"x": 5})
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("failed")


work()
logging.LoggerAdapter(logger, {"k": 1}).error("adapted")
handler.addFilter(lambda record: "skip" not in record.getMessage())
logger.error("skip me")
logger.log(35, "odd level")
print("\n".join(line for line in stream.getvalue().splitlines() if "File" not in line and "^" not in line))
print(logger.getEffectiveLevel(), logger.isEnabledFor(10), logger.parent, logging.getLevelName(30), logger)
memory = logging.handlers.MemoryHandler(10, target=handler)
memory.emit(logging.makeLogRecord({"msg": "buffered", "levelno": 20, "levelname": "INFO", "name": "m"}))
memory.flush()
print(stream.getvalue().splitlines()[-1])
style = logging.Formatter("{levelname:>8} {message}", style="{")
print(style.format(logging.makeLogRecord({"msg": "x", "levelname": "INFO"})))


def outer():
    inner()


def inner():
    raise KeyError("the key")


def lines(text):
    return [line for line in text.splitlines() if "File" not in line]


try:
    try:
        outer()
    except KeyError as error:
        raise ValueError("second") from error
except ValueError as error:
    print("\n".join(lines(traceback.format_exc())))
    print([frame.name for frame in traceback.extract_tb(error.__cause__.__traceback__)])
    summary = traceback.TracebackException.from_exception(error)
    print("".join(summary.format_exception_only()), summary.__cause__ is not None)
    print(traceback.format_exception_only(KeyError, KeyError(1)), traceback.format_tb(error.__traceback__)[0].splitlines()[1:])
print(traceback.extract_stack()[-1].line, lines("".join(traceback.format_list([("f", 1, "g", "code")]))))
try:
    raise ExceptionGroup("group", [ValueError(1), ExceptionGroup("sub", [TypeError(2)])])
except ExceptionGroup as error:
    print("\n".join(lines("".join(traceback.format_exception(error)))))

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("careful", DeprecationWarning)
    warnings.warn(UserWarning("object"))
    print([(w.category.__name__, str(w.message)) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("now an error")
    except UserWarning as error:
        print("raised", error)
print(warnings.formatwarning("m", UserWarning, "f.py", 3, "line"))
