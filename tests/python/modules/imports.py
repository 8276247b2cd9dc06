# import in all its forms, packages made on the spot, errors, reimport, __all__.
import os
import sys

sys.path.insert(0, os.getcwd())


def write(path, text):
    if os.path.dirname(path) and not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, "w") as f:
        f.write(text)


write("one.py", "print('running one')\nvalue = 1\n_private = 2\ndef f(): return __name__\n")
write("pkg/__init__.py", "print('init of', __name__)\n__all__ = ['exported', 'sub']\nexported = 'e'\nhidden = 'h'\n")
write("pkg/sub.py", "from . import exported\nfrom .other import thing\nname = __name__\npackage = __package__\n")
write("pkg/other.py", "thing = 'thing'\n")
write("pkg/deep/__init__.py", "from ..other import thing as up\n")
write("pkg/deep/leaf.py", "from ..sub import name\nfrom . import up\n")
write("broken.py", "x = 1\nraise ValueError('while importing')\n")
write("syntax.py", "x = (\n")
write("ring_a.py", "import ring_b\na = 1\n")
write("ring_b.py", "import ring_a\nfrom ring_a import a\n")
write("lazy.py", "def __getattr__(name):\n    if name == 'dynamic': return 'made ' + name\n    raise AttributeError(name)\n")
import one, one as again
from one import f, value as renamed
print(one.value, again is one, f(), renamed, one.__name__, os.path.basename(one.__file__), "one" in sys.modules)
import pkg.sub
print(pkg.sub.name, pkg.sub.package, pkg.exported, pkg.other.thing)
import pkg.deep.leaf as leaf
from pkg import deep
print(leaf.name, leaf.up, deep.up, pkg.__path__ == [os.path.join(os.getcwd(), "pkg")], leaf.__package__)
space = {}
exec("from pkg import *", space); print(sorted(k for k in space if k[:2] != "__"))
space = {}
exec("from one import *", space); print(sorted(k for k in space if k[:2] != "__"))
for bad in ("import nothing_here", "import pkg.nothing", "from pkg import nothing", "import one.two", "import broken", "import syntax", "import ring_a", "from . import x", "from .. import y", "from lazy import nope", "import pkg.deep.nope.more"):
    try:
        exec(bad, {"__name__": "test"})
        print(bad, "is fine")
    except Exception as error:
        print(bad, "->", type(error).__name__, str(error).replace(os.getcwd(), "."), getattr(error, "name", "-"))
print("broken" in sys.modules, "syntax" in sys.modules)
import lazy
print(lazy.dynamic)
from lazy import dynamic
print(dynamic, hasattr(lazy, "other"))
del sys.modules["one"]
import one
print(one is again, __import__("pkg.sub").__name__, __import__("pkg", fromlist=["sub"]).__name__, __import__("pkg.sub", fromlist=["name"]).__name__)
sys.modules["fake"] = 5
import fake
print(fake)
sys.modules["blocked"] = None
try:
    import blocked
except ImportError as error:
    print(type(error).__name__, error)


def inside():
    import math
    from os import path as p
    return math.floor(2.5), p is os.path


print(inside(), "math" in globals(), __name__, sys.modules["__main__"].__name__)
