"""str, bytes, bytearray and int that double for ever; huge requests at once."""


def double(value):
    rounds = 0
    try:
        while True:
            value = value + value
            rounds += 1
    except MemoryError:
        return rounds > 15


def square():
    number = 3
    try:
        while True:
            number = number * number
            if number.bit_length() > 1 << 20:
                return True
    except MemoryError:
        return True


def attempt(action):
    try:
        action()
    except (MemoryError, OverflowError) as error:
        return type(error).__name__
    return "it worked"


for _ in range(3):
    print(double("x"), double("€"), double(b"x"), double(bytearray(b"x")), double([1]), double((1,)), square())
print(attempt(lambda: "x" * (1 << 40)), attempt(lambda: [0] * (1 << 40)), attempt(lambda: b"x" * (1 << 62)),
      attempt(lambda: bytearray(1 << 40)), attempt(lambda: bytes(1 << 40)), attempt(lambda: 1 << (1 << 40)),
      attempt(lambda: "x".ljust(1 << 40)), attempt(lambda: list(range(1 << 40))), attempt(lambda: (0,) * (1 << 62)),
      attempt(lambda: "%1000000000000d" % 1), attempt(lambda: "ab".replace("a", "x" * 10_000_000).replace("x", "y" * 100)),
      attempt(lambda: ",".join(["x" * 1_000_000] * 1000)), attempt(lambda: "x\t".expandtabs(1 << 40)))
