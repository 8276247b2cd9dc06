class Phoenix:
    def __init__(self, name): self.name = name
    def __del__(self):
        print("del", self.name)
        ashes.append(self)
ashes = []
Phoenix("a")
print(len(ashes), ashes[0].name)
ashes.clear()
print(len(ashes))
import gc
bird = Phoenix("b")
bird.me = bird
del bird
print(gc.collect(), len(ashes))
ashes.clear()
print(gc.collect(), len(ashes))
class Slotted(Phoenix):
    __slots__ = ("extra",)
bird = Slotted("c")
bird.extra = [bird]
del bird
gc.collect()
print(ashes[0].extra[0] is ashes[0])
ashes.clear()
gc.collect()
