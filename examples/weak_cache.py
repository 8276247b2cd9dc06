"""A cache that keeps nothing alive: entries live as long as somebody uses their values."""
import weakref


class Picture:
    loads = 0

    def __init__(self, name):
        Picture.loads += 1
        self.name = name


cache = weakref.WeakValueDictionary()


def load(name):
    picture = cache.get(name)
    if picture is None:
        picture = cache[name] = Picture(name)
    return picture


first = load("cat")
second = load("cat")
print("the same object:", first is second, "- loaded", Picture.loads, "time")

weakref.finalize(first, print, "the cat is not used any more")
del first
print("one user left, in the cache:", list(cache))
del second
print("no user left, in the cache:", list(cache))

load("dog")
load("dog")
print("nobody kept the dog, so in all there were", Picture.loads, "loads")
