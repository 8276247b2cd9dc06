# Requests that can never be met are MemoryError or OverflowError, and the program goes on.
import gc

requests = ["[0] * (1 << 62)", "[0] * (1 << 70)", "'a' * (1 << 62)", "b'a' * (1 << 62)", "bytearray(1 << 62)", "bytes(1 << 62)", "(1,) * (1 << 61)",
            "'ab' * (1 << 62)", "[1, 2] * (1 << 61)", "'a'.ljust(1 << 62)", "'a'.center(1 << 62)", "b'a'.zfill(1 << 62)",
            "list(range(1 << 62))", "'%*d' % (1 << 62, 1)", "' ' * (1 << 63)", "range(1 << 80)[1 << 70]", "len(range(1 << 63))", "'a'.replace('', 'b' * 10) * (1 << 60)"]
for request in requests:
    try:
        eval(request)
        print(request, "is fine")
    except (MemoryError, OverflowError) as error:
        print(request, "->", type(error).__name__)
print(len([0] * 1000), gc.collect() >= 0)


def in_function():
    x = [1]
    try:
        return x * (1 << 62)
    except MemoryError as error:
        return repr(error), x


print(in_function())
try:
    try:
        "a" * (1 << 62)
    finally:
        print("finally")
except MemoryError as error:
    print(type(error), error.args, str(error) == "")
raised = [MemoryError() for _ in range(50)]
print(len(raised), MemoryError("told").args, issubclass(MemoryError, Exception))
for _ in range(100):
    try:
        bytes(1 << 62)
    except MemoryError:
        pass
print("still here")
