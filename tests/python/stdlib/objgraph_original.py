# The original objgraph (Debian package python3-objgraph), unmodified: all its functions, and its own doctests. The file
# is loaded by its path, since ouro has a module of the same name.
import contextlib
import doctest
import gc
import importlib.util
import io
import os
import sys
import tempfile

place = "/usr/lib/python3/dist-packages/objgraph.py"
spec = importlib.util.spec_from_file_location("objgraph", place)
objgraph = importlib.util.module_from_spec(spec)
sys.modules["objgraph"] = objgraph
spec.loader.exec_module(objgraph)
print(objgraph.__version__, objgraph.__file__ == place)
os.chdir(tempfile.mkdtemp())


class Node:
    def __init__(self, *links):
        self.links = list(links)


class Leaf(Node):
    pass


leaf = Leaf()
root = Node(Node(leaf), Node(leaf))
leaf.links.append(root)
print(objgraph.count("Node"), objgraph.count("Leaf"), objgraph.count("__main__.Node"), objgraph.count("Absent"))
stats = objgraph.typestats(shortnames=False)
print(stats["__main__.Node"], stats["__main__.Leaf"], objgraph.typestats([1, "a", root, root]))
common = dict(objgraph.most_common_types(limit=None))
print(common["Node"], objgraph.most_common_types(1, objects=[1, 2, "a"]))
objgraph.show_most_common_types(limit=2, objects=[1, 2, 3, "a", "b", 1.5])

seen = {}
objgraph.growth(limit=None, peak_stats=seen, filter=lambda x: isinstance(x, Node))
more = [Leaf() for _ in range(3)]
print(objgraph.growth(limit=5, peak_stats=seen, filter=lambda x: isinstance(x, Node)))
objgraph.show_growth(peak_stats=seen, filter=lambda x: isinstance(x, Node))
more.append(Node())
objgraph.show_growth(peak_stats=seen, filter=lambda x: isinstance(x, Node))
state = {}
with contextlib.redirect_stdout(io.StringIO()):
    objgraph.get_new_ids(limit=3, _state=state)
kept = Leaf()
out = io.StringIO()
ids = objgraph.get_new_ids(limit=100, _state=state, file=out)
print(id(kept) in ids["Leaf"], len(ids["Leaf"]), [line for line in out.getvalue().splitlines() if "Leaf" in line])

print(objgraph.at(id(root)) is root, objgraph.at_addrs([id(leaf)])[0] is leaf, objgraph.by_type("Leaf")[0].__class__.__name__)
print(objgraph.is_proper_module(sys), objgraph.is_proper_module(root))
chain = objgraph.find_backref_chain(leaf, objgraph.is_proper_module)
print(type(chain[0]).__name__, chain[-1] is leaf, 2 <= len(chain) <= 5)
forward = objgraph.find_ref_chain(root, lambda x: isinstance(x, Leaf))
print([type(step).__name__ for step in forward])
garbage = Node()
garbage.links.append(garbage)
del garbage
print(len([x for x in objgraph.get_leaking_objects() if isinstance(x, Node)]), gc.collect() > 0)


def drawing(show, *arguments, **options):
    output = io.StringIO()
    show(*arguments, output=output, **options)
    text = output.getvalue()
    nodes = sorted(line.split('label="')[1].split("\\n")[0] for line in text.splitlines() if 'label="' in line and "->" not in line)
    print(text.splitlines()[0], nodes, text.count("->"))


drawing(objgraph.show_refs, root, max_depth=4, shortnames=False, refcounts=False)
drawing(objgraph.show_refs, [root], filter=lambda x: not isinstance(x, type), too_many=1)
drawing(objgraph.show_refs, [leaf], max_depth=2, highlight=lambda x: x is leaf, extra_info=lambda x: "info", extra_node_attrs=lambda x: {"URL": "u"})
drawing(objgraph.show_backrefs, [leaf], max_depth=3, filter=lambda x: isinstance(x, (Node, list, dict)) and x is not globals(), extra_ignore=[id(locals())])
drawing(objgraph.show_chain, forward)
with contextlib.redirect_stdout(io.StringIO()) as printed:
    objgraph.show_refs([leaf], filename="graph.dot", max_depth=1)
    objgraph.show_refs([leaf], filename="graph.png", max_depth=1)
print(sorted(line.split()[0] for line in printed.getvalue().splitlines()), sorted(os.listdir()))

runner = doctest.DocTestRunner(verbose=False)
for test in doctest.DocTestFinder().find(objgraph, "objgraph"):
    if test.examples:
        result = runner.run(test, out=lambda text: None)
        print(test.name, result)
