# timing: collections
# What dies when at the end of the program: names of the main module, in order, and cycles.
import gc


class Node:
    def __init__(self, name): self.name = name
    def __del__(self, print=print): print("dies:", self.name)


_private = Node("underscore name")
first = Node("first")
second = Node("second")
cycle = Node("cycle")
cycle.me = cycle
in_list = [Node("in list"), Node("in list too")]


def function(default=Node("default of function")): pass


class Holder:
    attribute = Node("class attribute")


holder = Holder()
holder.node = Node("attribute of instance")
second = None
gc.disable()
forgotten = Node("forgotten cycle"); forgotten.me = forgotten; del forgotten
print("end of program")
