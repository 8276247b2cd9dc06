"""A cycle that counting can't free, and the collector that does."""
import gc
import weakref
from sys import getrefcount


class Person:
    def __init__(self, name):
        self.name = name
        self.friend = None

    def __repr__(self):
        return "<%s>" % self.name


gc.disable()

ann, bob = Person("Ann"), Person("Bob")
ann.friend, bob.friend = bob, ann
print("references to Ann, less the argument:", getrefcount(ann) - 1)

watch = [weakref.ref(ann), weakref.ref(bob)]
del ann, bob
print("both names are gone, and still there are", [ref() for ref in watch])

ann = watch[0]()
print("one reference is the cycle's, one the name's:", getrefcount(ann) - 1)
del ann

print("the collector finds at least two objects:", gc.collect() >= 2)
print("and now there are", [ref() for ref in watch])
