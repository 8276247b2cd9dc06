# exit status: 1
"""Nobody catches it: MemoryError on standard error, and finalizers still run."""
items = []


class Holder:
    def __del__(self):
        print("finalized")


holder = Holder()
print("start")
while True:
    items.append([items, holder])
