# Imports from zip archives and through hooks; folders and archives run as programs; -m.
import os
import subprocess
import sys
import tempfile
import zipfile

folder = tempfile.mkdtemp()
archive = os.path.join(folder, "a.zip")
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("in_zip.py", "value = 5\ndef fail():\n    1/0\n")
    z.writestr("pack/__init__.py", "")
    z.writestr("pack/part.py", "import in_zip\nprint('part', __name__, in_zip.value)\n")
    z.writestr("pack/data.txt", "data")
    z.writestr("__main__.py", "import sys\nprint(sys.argv[1:], __name__, __package__ == '', __spec__.name)\nimport in_zip\n")
sys.path.insert(0, archive)
import in_zip
import pack.part
import pkgutil

print(type(in_zip.__loader__).__name__, in_zip.__spec__.name, in_zip.__file__ == os.path.join(archive, "in_zip.py"))
print(pkgutil.get_data("pack", "data.txt"), sorted(m.name for m in pkgutil.iter_modules([archive])))
try:
    in_zip.fail()
except ZeroDivisionError:
    import traceback

    print(traceback.format_exc().splitlines()[-2:])
try:
    import pack.missing
except ModuleNotFoundError as error:
    print(error, error.name)
del sys.path[0]

print(type(sys.meta_path[0]).__name__ in ("type", "DistutilsMetaFinder"), sys.meta_path[-1].__name__)
print(sys.path_hooks[0].__name__, len(sys.stdlib_module_names), "heapq" in sys.stdlib_module_names)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "from_finder":
            import importlib.util

            return importlib.util.spec_from_loader(name, Loader())


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.made = True


sys.meta_path.insert(0, Finder)
import from_finder

print(from_finder.made, from_finder.__spec__.name)


def run(*arguments, **environment):
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=folder,
                          env={"PYTHONPATH": environment.get("path", "")})
    print(done.returncode, done.stdout, done.stderr.replace(sys.executable, "python"), end="")


with open(os.path.join(folder, "__main__.py"), "w") as file:
    file.write("print('main of a folder', __package__ == '', __spec__.name)\n")
run(archive, "x", "y")
run(folder)
run("-m", "pack.part", path=archive)
run("-c", "import pack.part", path=archive)
run("-m", "pack", path=archive)
run("-m", "no_such_module")
run("-m", "no_such.module")
