"""Generators, exceptions and frames that pile up for ever; MemoryError inside finally and except blocks."""
import gc


def endless():
    n = 0
    while True:
        yield n
        n += 1


def pile():
    running, size = [], 0
    try:
        while True:
            generator = endless()
            next(generator)
            running.append(generator)
            size += 1
    except MemoryError:
        return size > 10_000


def chain():
    error, count = None, 0
    try:
        while True:
            try:
                raise ValueError(count) from error
            except ValueError as caught:
                error = caught
                count += 1
    except MemoryError:
        return count > 10_000


def inside_handlers():
    steps = []
    ballast = []
    try:
        try:
            while True:
                ballast.append(bytearray(5000))
        except MemoryError:
            steps.append("except")
            more = []
            while True:
                more.append(bytearray(500))
        finally:
            steps.append("finally")
    except MemoryError as error:
        steps.append(type(error.__context__).__name__)
    return steps


def consume():
    try:
        return list(endless())
    except MemoryError:
        return "list"


def unpack():
    try:
        first, *rest = endless()
    except MemoryError:
        return "unpack"


def comprehend():
    try:
        return {n: [n] for n in endless()}
    except MemoryError:
        return "comprehension"


def alone(step):
    gc.collect()  # caught exceptions are cycles with their frames: the step before left the heap full of them
    return step()


for _ in range(2):
    print(*map(alone, (pile, chain, inside_handlers, consume, unpack, comprehend)))
