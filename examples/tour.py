"""A guided tour: the experiments of a talk or an article on Python's memory, run before your eyes.

    make run                     or:  build/release/ouro examples/tour.py

Each experiment shows what is typed, what comes back, and one sentence on what that shows. Nothing in the
output depends on addresses or on absolute sizes, so CPython 3.11 prints the same. The picture of chapter 6 is
written to the working folder, as topology.dot and (when Graphviz is installed) topology.png.
"""
import gc
import io
import sys

WIDTH = 78
chapters = 0
space = {}


def chapter(title):
    """Starts a chapter: a numbered heading, and a fresh set of names for its experiments."""
    global chapters, space
    chapters += 1
    heading = "%d. %s" % (chapters, title)
    print("\n%s\n%s" % (heading, "-" * len(heading)))
    space = {"__name__": "tour", "gc": gc, "sys": sys, "getrefcount": sys.getrefcount}


def statements(source):
    """Splits `source` where a line starts at the margin: what the prompt takes as one statement."""
    statement = []
    for line in source.strip("\n").split("\n"):
        if statement and line[:1] not in (" ", ""):
            yield "\n".join(statement)
            statement = []
        statement.append(line)
    yield "\n".join(statement)


def wrapped(text):
    line = " "
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = " "
        line += " " + word
    yield line


def experiment(source, explanation):
    """Runs `source` one statement at a time, each compiled on its own, as the prompt does."""
    print()
    for statement in statements(source):
        lines = statement.rstrip("\n").split("\n")
        print("    >>> " + lines[0])
        for line in lines[1:]:
            print("    ... " + line)
        if len(lines) > 1:
            print("    ...")
        try:
            code = compile(statement, "<tour>", "eval")
        except SyntaxError:
            exec(compile(statement + "\n", "<tour>", "exec"), space)
        else:
            value = eval(code, space)
            # Dropped before anything else looks: a value kept here would raise the counts we show.
            shown = None if value is None else repr(value)
            del value, code
            if shown is not None:
                print("    " + shown)
    for line in wrapped(explanation):
        print(line)


def names_are_references():
    chapter("Names are references")
    experiment("""
x = [1, 2, 3]
y = x
x is y
id(x) == id(y)
y.append(4)
x""", "Assignment copies nothing: it makes another name refer to the same object, and what one name "
      "changes the other one sees.")
    experiment("""
a = [1, 2, 3]
b = [1, 2, 3]
a == b, a is b""", "Equal is not the same: `==` asks the values, `is` compares the places in memory.")
    experiment("""
class Point: pass

p = Point()
p.at = x
p.at is x
space = {"x": 1}
exec("y = x", space)
space["y"] is space["x"]""", "An attribute is a reference too, and so are the names of a module: they are "
                             "the entries of a dict.")


def small_ints():
    chapter("Some objects are shared: small ints")
    experiment("""
int("7") is int("7")
int("256") is int("256"), int("257") is int("257")
int("-5") is int("-5"), int("-6") is int("-6")
[n for n in range(-10, 300) if int(str(n)) is int(str(n))][0::261]""",
               "The ints from -5 to 256 exist once, made when the interpreter starts. Other ints are made "
               "when they are needed.")
    experiment("""
a = 300
b = 300
a is b
c = 300; d = 300
c is d""", "What is compiled together shares equal constants. At the prompt each line is "
                             "compiled on its own; a file is compiled as one.")


def strings():
    chapter("Some objects are shared: strings")
    experiment("""
a = "memory"
b = "memory"
a is b
c = "mem" + "ory"
c is a""", "Constants that look like names are kept once per spelling: interned. Constant sums are worked out "
           "by the compiler, so their results count as constants.")
    experiment("""
part = "mem"
d = part + "ory"
d == a, d is a
sys.intern(d) is a
e = "".join(["hello ", "world"])
e == "hello world", e is sys.intern("hello world")
a[0] is d[0]""", "Strings made while the program runs are new objects until someone interns them; "
                              "those of one Latin-1 character are always shared.")


def counting():
    chapter("Counting references")
    experiment("""
x = [1, 2, 3]
getrefcount(x)
y = x
getrefcount(x)
getrefcount([])""", "Each object carries the number of references to it. getrefcount shows one more than you "
                    "hold: its own argument.")


def containers():
    chapter("Containers hold references")
    experiment("""
x = "".join(["some", " text"])
getrefcount(x)
in_list = [x]
getrefcount(x)
in_tuple = (x, x)
getrefcount(x)
in_dict = {x: x}
getrefcount(x)
in_set = {x}
getrefcount(x)
class Holder: pass

holder = Holder()
holder.text = x
getrefcount(x)
del in_list, in_tuple, in_dict, in_set, holder
getrefcount(x)""", "A slot of a container counts like a name: twice in a tuple is two references, a dict refers "
                   "to keys and values. Containers give back what they hold when they go.")


def draw_topology(objects):
    """Has objgraph draw what `objects` refer to; returns what it wrote, by ending."""
    try:
        import objgraph
    except ImportError:
        return "the objgraph package is not installed"
    stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        objgraph.show_refs(objects, filename="topology.dot")
        objgraph.show_refs(objects, filename="topology.png")
        said = sys.stdout.getvalue()
    finally:
        sys.stdout = stdout
    nodes = said[said.index("(") + 1:said.index(")")]
    return "%s, written to topology.dot and topology.png" % nodes


def topology():
    chapter("The topology of references")
    experiment("""
x = [1, 2, 3]
y = [x, dict(key1=x)]
z = [y, (x, y)]
getrefcount(x) - 1, getrefcount(y) - 1, getrefcount(z) - 1
z[0] is z[1][1] is y
[type(r).__name__ for r in gc.get_referents(z)]
len(gc.get_referrers(y))""", "Objects and references form a graph: x is held by a name, a list, a dict "
                                       "and a tuple. Any object can be asked whom it refers to; who refers to "
                                       "it takes a search.")
    space["draw"] = draw_topology
    experiment("draw([z])", "The same graph as a picture: an arrow is a reference, its label the key.")


def cycles():
    chapter("Cycles")
    experiment("""
a = [1]
a.append(a)
a
a[1][1][1] is a
getrefcount(a) - 1""", "A list can hold itself. One of its two references comes from inside.")
    experiment("""
x = {}
y = {"x": x}
x["y"] = y
x
getrefcount(x) - 1, getrefcount(y) - 1""", "Two objects that refer to each other; repr notices that it has "
                                           "come round.")


def letting_go():
    chapter("Letting go: del and rebinding")
    experiment("""
x = [1, 2, 3]
a, b = x, [x, x]
getrefcount(x) - 1
del a
getrefcount(x) - 1
del b[0]
getrefcount(x) - 1
b = None
getrefcount(x) - 1""", "del removes a name or a slot, not an object: it takes one reference away. So does "
                       "giving a name something else to refer to.")


def freed_at_once():
    chapter("Count zero: freed at once")
    experiment("""
class Node:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("    (%s dies)" % self.name)

n = Node("first")
n = Node("second")
m = n
del n
del m
_ = Node("passing") is None
def call():
    local = Node("local")

call()""", "With its last reference an object goes, there and then. No collector is needed for that: it is "
           "the common way to die.")
    experiment("""
chain = None
for name in ("c", "b", "a"):
    link = Node(name); link.next = chain; chain = link

del link, chain""", "Its own references go with it, so a chain falls from its head.")


def isolated_cycles():
    chapter("What counting can't see: isolated cycles")
    experiment("""
class Node:
    def __del__(self):
        print("    (a node dies)")

a, b = Node(), Node()
a.other, b.other = b, a
del a, b
gc.collect()""", "After the del nobody can reach the two, and yet each has a reference, from the other. They "
                 "stay until the collector, asked here by hand, finds them; it returns how many it found.")
    experiment("""
gc.collect()
xs = []
xs.append(xs)
del xs
gc.collect()
head = []
tail = [[], {}, ()]
head.append(head); head.append(tail)
del head, tail
gc.collect()""", "What hangs on a dead cycle goes with it: the lists and the dict here. () is a shared object "
                 "and stays.")
    experiment("""
a, b = [], []
a.append(b); b.append(a)
held = [a]
del a, b
gc.collect()
held.clear()
gc.collect()""", "A cycle that someone outside holds is not garbage, whatever its shape.")


def thresholds():
    chapter("When the collector starts by itself")
    experiment("""
gc.get_threshold()
class Node: pass

starts = []
def note(phase, info):
    if phase == "start":
        starts.append((len(keep), info["generation"]))

keep = []
def make(wanted):
    gc.collect()
    gc.callbacks.append(note)
    gc.enable()
    for _ in range(wanted):
        keep.append(Node())
    gc.disable()
    gc.callbacks.clear()

make(1500)
[generation for _, generation in starts]
690 <= starts[0][0] <= 701, 690 <= starts[1][0] - starts[0][0] <= 701""",
               "A collection of the youngest starts when allocations exceed deallocations by the first "
               "threshold, 700: here at about the 700th and the 1400th node.")
    experiment("""
starts.clear()
gc.enable()
for _ in range(100000):
    node = Node()

gc.disable()
starts""", "A hundred thousand nodes that die at once start nothing: only the difference counts.")
    experiment("""
gc.set_threshold(100, 5, 5)
keep.clear()
starts.clear()
make(1450)
[generation for _, generation in starts]
gc.set_threshold(700, 10, 10)""", "After more than five (by default ten) collections of generation 0 the next one takes in "
                         "generation 1 as well.")


def generations():
    chapter("Generations")
    experiment("""
def generation_of(thing):
    return [g for g in range(3)
            if any(o is thing for o in gc.get_objects(g))]

thing = [[]]
generation_of(thing)
_ = gc.collect(0)
generation_of(thing)
_ = gc.collect(1)
generation_of(thing)
_ = gc.collect(2)
generation_of(thing)""", "What survives a collection moves up a generation, and is looked at less often from "
                         "then on: most objects that die, die young.")
    experiment("""
import weakref
class Node: pass

node = Node(); node.me = node; alive = weakref.ref(node)
_ = gc.collect(0)
del node
gc.collect(0), alive() is not None
gc.collect(1), alive() is not None""", "Garbage in generation 1 does not show to a collection of generation 0. One "
                                       "of generation 1 finds it, and scans generation 0 too.")


def trial_deletion():
    chapter("How the collector finds garbage: gc_refs by hand")
    experiment("""
class Node:
    def __init__(self, name):
        self.name, self.refs = name, ()

a, b, c, d = nodes = [Node(name) for name in "abcd"]
a.refs, b.refs, c.refs, d.refs = (b,), (a,), (d,), (c,)
held = [c]
del a, b, c, d
gc_refs = {n.name: getrefcount(n) - 3 for n in nodes}
gc_refs
for n in nodes:
    for target in n.refs:
        gc_refs[target.name] -= 1

gc_refs""", "Copy the counts (less what this experiment itself adds) and take one off for each reference from inside. "
            "What stays above zero is held from outside: c, by the list. What that reaches is alive: d. The rest, "
            "a and b, only hold each other.")
    experiment("""
import weakref
watch = {n.name: weakref.ref(n) for n in nodes}
del n, target
nodes.clear()
gc.collect() > 0
[name for name in watch if watch[name]() is not None]""", "The collector agrees.")


def masked(text):
    """`text` with what differs from run to run taken out: addresses, seconds, and sizes of generations."""
    for line in text.splitlines():
        words = line.split(" ")
        for place, word in enumerate(words):
            if word.startswith("0x"):
                words[place] = "0x...>"
            elif word.endswith("s") and word[:1].isdigit():
                words[place] = "...s"
            elif word.isdigit() and "objects in each" in line:
                words[place] = "N"
        yield " ".join(words)


def collect_aloud():
    """What the collector says about one full collection."""
    stderr, sys.stderr = sys.stderr, io.StringIO()
    gc.set_debug(gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE)
    try:
        gc.collect()
        said = sys.stderr.getvalue()
    finally:
        gc.set_debug(0)
        sys.stderr = stderr
    for line in masked(said):
        print("    " + line)


def debug_text():
    chapter("The collector, talking")
    space["collect_aloud"] = collect_aloud
    experiment("""
_ = gc.collect()
pair = []
pair.append({"back": pair})
del pair
collect_aloud()""", "With gc.set_debug the collector says on stderr what it does: the sizes of the generations, "
                    "each unreachable object, the result. (Addresses, sizes and seconds are masked here.)")


def weak_references():
    chapter("Weak references")
    experiment("""
import weakref
class Node:
    def __repr__(self):
        return "<a node>"

node = Node()
weak = weakref.ref(node, lambda ref: print("    (the node is gone)"))
weak() is node, getrefcount(node) - 1
weakref.getweakrefcount(node)
del node
weak() is None""", "A weak reference does not count. When its object goes it lets go, and calls back.")
    experiment("""
table = weakref.WeakValueDictionary()
node = Node()
table["it"] = node
dict(table)
del node
dict(table)""", "A cache that keeps nothing alive: entries leave with their values.")
    experiment("""
a, b = Node(), Node()
a.other, b.other = b, a
weak = weakref.ref(a, lambda ref: print("    (one is gone)"))
del a, b
weak() is None
gc.collect() > 0
weak() is None""", "For a cycle that moment comes with the collection.")


def finalizers():
    chapter("Finalizers and resurrection")
    experiment("""
saved = []
class Phoenix:
    def __del__(self):
        print("    (finalizer)")
        saved.append(self)

bird = Phoenix()
del bird
len(saved)
gc.is_finalized(saved[0])
saved.clear()
len(saved)""", "A finalizer can make its object reachable again: resurrection. It runs once in an object's life, "
               "so the second time the object just goes.")
    experiment("""
bird = Phoenix(); bird.mate = Phoenix(); bird.mate.mate = bird
del bird
gc.collect() >= 0
len(saved), saved[0].mate is saved[1]
saved.clear()
gc.collect() > 0""", "The collector runs the finalizers of a whole cycle, looks again, and keeps what came back.")


def private_heap():
    chapter("The private heap")
    experiment("""
blocks = sys.getallocatedblocks()
keep = [object() for _ in range(10000)]
9900 < sys.getallocatedblocks() - blocks < 10300
del keep
abs(sys.getallocatedblocks() - blocks) < 300""", "Objects live in blocks of a heap of the interpreter's own; freed "
                                                 "blocks go back to it.")
    experiment("""
class Node:
    __slots__ = ("value",)

def again():
    node = Node()
    place = id(node)
    del node
    other = Node()
    return id(other) == place

again()
id(object()) == id(object())""", "A freed block serves the next object of its size. So ids are only unique among "
                                 "objects that are alive at the same time.")


def main():
    title = "A tour of Python's memory"
    print("%s\n%s" % (title, "=" * len(title)))
    gc.disable()
    for part in (names_are_references, small_ints, strings, counting, containers, topology, cycles, letting_go,
                 freed_at_once, isolated_cycles, thresholds, generations, trial_deletion, debug_text,
                 weak_references, finalizers, private_heap):
        part()
        space.clear()
        gc.collect()
    print("\nThat was the tour: %d chapters. The programs beside this one show single topics." % chapters)


if __name__ == "__main__":
    main()
