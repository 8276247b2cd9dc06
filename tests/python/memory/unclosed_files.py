# Which stream warns when files die open, and what the unraisable hook is given when the warning is an error.
# compare: stderr
import gc
import io
import os
import sys
import warnings

warnings.simplefilter("always")


def text():
    open("/dev/null")


def buffered():
    open("/dev/null", "rb")


def raw():
    open("/dev/null", "rb", 0)


def writer():
    open("/dev/null", "wb")


def both_ways():
    open("/dev/null", "r+b")


def in_a_cycle():
    stream = open("/dev/null", "rb", 0)
    stream.me = stream


def buffer_lives_longer():
    stream = open("/dev/null")
    buffer = stream.buffer
    stream = None


def detached():
    stream = open("/dev/null")
    stream.detach()


def not_the_owner():
    descriptor = os.open("/dev/null", os.O_RDONLY)
    io.open(descriptor, closefd=False)
    os.close(descriptor)


def derived():
    class Mine(io.FileIO):
        pass

    Mine("/dev/null")


def closed():
    open("/dev/null").close()


def memory():
    io.TextIOWrapper(io.BytesIO())


def asked_for():
    with open("/dev/null", "rb") as stream:
        stream._dealloc_warn(6)
        stream.raw._dealloc_warn("seven")


def an_error():
    warnings.simplefilter("error")
    open("/dev/null")
    warnings.simplefilter("always")


for case in (text, buffered, raw, writer, both_ways, in_a_cycle, buffer_lives_longer, detached, not_the_owner,
             derived, closed, memory, asked_for, an_error):
    sys.stderr.write(f"-- {case.__name__}\n")
    case()
    gc.collect()


def hook(unraisable):
    print(type(unraisable).__name__, len(unraisable), type(unraisable.exc_value).__name__, unraisable.err_msg)
    print(unraisable.exc_traceback.tb_frame.f_code.co_name, unraisable[0] is ResourceWarning)


sys.unraisablehook = hook
an_error()
