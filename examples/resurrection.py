"""An object that its own finalizer brings back. The finalizer runs once, the object dies in the end."""
import gc


class Phoenix:
    ashes = []

    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("  finalizer of", self.name)
        Phoenix.ashes.append(self)


print("by count:")
bird = Phoenix("the first")
bird = None
print("  back again:", [b.name for b in Phoenix.ashes])
print("  its finalizer has run:", gc.is_finalized(Phoenix.ashes[0]))
Phoenix.ashes.clear()
print("  gone for good, without a word")

print("by the collector:")
left, right = Phoenix("the left"), Phoenix("the right")
left.mate, right.mate = right, left
del left, right
gc.collect()
print("  back again:", sorted(b.name for b in Phoenix.ashes))
print("  still a cycle:", Phoenix.ashes[0].mate.mate is Phoenix.ashes[0])
Phoenix.ashes.clear()
print("  collected now:", gc.collect() >= 2)
