# The order in which things die: when names go, containers go, functions return, and errors are handled.
# timing: collections
class Node:
    def __init__(self, name, **links):
        self.name = name
        self.__dict__.update(links)

    def __del__(self): print(self.name, end=" ")


def section(text): print("\n%s:" % text, end=" ")


section("list, tuple"); l = [Node(n) for n in "abc"]; l = None; t = (Node("x"), Node("y")); t = None
section("dict, in order"); d = {n: Node(n) for n in "abc"}; d.clear(); d = {Node("key"): Node("value")}; del d
section("set of one"); s = {Node("only")}; s.pop(); s = None
section("attributes"); n = Node("parent", first=Node("first"), second=Node("second")); n = None
section("slots")


class Slotted:
    __slots__ = ("b", "a", "c")
    def __del__(self): print("slotted", end=" ")


s = Slotted(); s.a, s.b, s.c = Node("slot a"), Node("slot b"), Node("slot c"); s = None
section("rebinding"); n = Node("old"); n = Node("new"); print("rebound", end=" "); n = None
section("slice assignment"); l = [Node(n) for n in "abcd"]; l[1:3] = [Node("z")]; print("|", end=" "); del l[0]; l.pop(); l *= 0
section("locals")


def function(argument):
    first = Node("first"); second = Node("second"); argument
    print("returning", end=" ")


function(Node("argument"))
section("temporaries"); (Node("a"), Node("b")) and None; [Node("c").name, Node("d")]; print(Node("printed").name, end=" "); Node("e") == Node("f")
section("swap"); a, b = Node("a"), Node("b"); a, b = b, a; a = None; b = None
section("closure")


def make():
    cell = Node("cell")
    return lambda: cell


f = make(); print("made", end=" "); f = None
section("generator")


def generator():
    held = Node("held")
    try:
        yield Node("yielded")
        yield 2
    finally:
        print("finally", end=" ")


g = generator(); next(g); print("next", end=" "); g = None
section("exception")
try:
    n = Node("local of try"); raise ValueError(Node("in args"))
except ValueError as error:
    print("handling", end=" ")
print("handled", end=" "); n = None
section("traceback keeps frames")


def fails(): inside = Node("inside frame"); 1 / 0


try:
    fails()
except ZeroDivisionError as error:
    print("handling", end=" "); kept = error
print("kept", end=" "); kept = None
section("class"); C = type("C", (), {"attribute": Node("class attribute")}); C = None; import gc; print("before collect", end=" "); gc.collect()
section("default"); f = lambda x=Node("default"): x; f = None
section("comprehension"); [Node(n) for n in "ab"]; {n: Node(n) for n in "cd"}; print([Node(n).name for n in "ef"], end=" ")
section("chain"); head = None; [head := Node(str(i), next=head) for i in range(5)]; head = None
section("del in del"); n = Node("outer"); n.inner = [Node("in list")]; m = n; del n; print("still", end=" "); del m
section("loop variable"); 
for n in [Node("1"), Node("2")]: print("body", end=" ")
print("after loop", end=" "); n = None
section("bound method"); m = Node("self").__init__; print("bound", end=" "); m = None
section("return value ignored"); (lambda: Node("ignored"))(); section("star args"); (lambda *a, **k: None)(Node("p"), k=Node("kw")); print("end")
