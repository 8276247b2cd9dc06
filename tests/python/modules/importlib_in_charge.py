# importlib finds and loads modules once a program asks for it: specs, finders, namespace packages.
import json
import os
import sys
import tempfile
import types

import importlib
import importlib.util
from importlib import machinery

print([finder.__name__ for finder in sys.meta_path if finder.__module__.startswith("_frozen_importlib")])
for module in (json, sys, importlib):
    spec = module.__spec__
    print(spec.name, type(spec).__name__, getattr(spec.loader, "__name__", type(spec.loader).__name__),
          spec.parent, spec.submodule_search_locations is not None)
print(importlib.import_module("xml.dom").__name__, importlib.import_module(".sax", "xml").__name__)
print(importlib.util.find_spec("no_such_module_here"), importlib.util.find_spec("xml.sax.handler").name)
for name in ("no_such_module_here", "os.nothing", "xml.nothing"):
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(type(error).__name__, error, error.name)

with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    os.makedirs(os.path.join(folder, "space", "inner"))
    for name, text in (("space/one.py", "value = 1"), ("space/inner/two.py", "from ..one import value"),
                       ("bad.py", "x =\n"), ("raises.py", "def f(): raise KeyError('k')\nf()"),
                       ("counted.py", "import sys\nsys.count = getattr(sys, 'count', 0) + 1")):
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    importlib.invalidate_caches()
    import space.inner.two
    print(space.inner.two.value, space.__spec__.origin, type(space.__path__).__name__)
    for name in ("bad", "raises"):
        try:
            __import__(name)
        except Exception as error:
            frames, traceback = [], error.__traceback__
            while traceback is not None:
                frames.append(traceback.tb_frame.f_code.co_name)
                traceback = traceback.tb_next
            print(type(error).__name__, frames, name in sys.modules)
    import counted
    importlib.reload(counted)
    print(sys.count, counted.__spec__.origin == os.path.join(folder, "counted.py"))
    spec = importlib.util.spec_from_file_location("elsewhere", os.path.join(folder, "space", "one.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    print(module.value, module.__name__, "elsewhere" in sys.modules)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "made_up":
            return machinery.ModuleSpec(name, Finder)

    @staticmethod
    def create_module(spec):
        return types.ModuleType(spec.name, "made")

    @staticmethod
    def exec_module(module):
        module.answer = 42


sys.meta_path.append(Finder)
import made_up

print(made_up.answer, made_up.__doc__, made_up.__spec__.loader is Finder)
