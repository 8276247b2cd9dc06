# A weak reference to an object that waits to be taken apart, deep inside others, is dead.
import gc
import weakref

locked = 0


class Peek:
    def __init__(self, *references):
        self.references = references

    def __del__(self):
        global locked
        for reference in self.references:
            if reference is not None and reference() is not None:
                locked += 1


class Link:
    pass


gc.disable()
head = None
for _ in range(200):  # deeper than what is taken apart inside each other
    link = Link()
    link.next = head
    link.twin = Link()
    link.peek = Peek(head and weakref.ref(head), weakref.ref(link.twin))
    head = link
del link
head = None
print(locked)
