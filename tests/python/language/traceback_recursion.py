# compare: stderr
# Repeated frames of a traceback are folded.
def down(n):
    if n == 0:
        raise OverflowError("bottom")
    return down(n - 1)


class Ratio:
    def __truediv__(self, other):
        return down(10)


print("before")
x = Ratio()
y = 1 + (x / 2)
