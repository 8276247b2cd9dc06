"""A cache under pressure: garbage cycles fill the heap with the collector off; collecting gives it back."""
import gc


class Entry:
    def __init__(self):
        self.me = self
        self.data = bytearray(100)


gc.disable()
for _ in range(3):
    made = 0
    try:
        while True:
            Entry()
            made += 1
    except MemoryError:
        found = gc.collect()
    print(made > 10_000, found >= made)
gc.enable()
print(len([Entry() for _ in range(1000)]))
