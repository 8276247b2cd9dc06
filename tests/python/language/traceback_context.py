# compare: stderr
# An error while another one is handled, in nested functions, a generator and a comprehension.
def values():
    yield 1
    yield 1 / 0


def consume():
    return [value + 1 for value in values()]


def cleanup(name):
    print("cleaning", name)
    {}[name]


try:
    consume()
except ZeroDivisionError:
    cleanup("files")
