# Warnings: the compiler's, a program's own, filters and registries.
# compare: stderr
import sys
import warnings

source = 'x = 5\nif x is 5: pass\ny = "\\d"\nassert (x, "m")\n(1, 2)(3) if 0 else 0\n'
compile(source, "plain.py", "exec")
with warnings.catch_warnings(record=True) as shown:
    warnings.simplefilter("always")
    compile(source, "all.py", "exec")
    print([(w.category.__name__, str(w.message), w.filename, w.lineno) for w in shown])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for text in ("x is 5", '"\\d"', "1if 1else 2"):
        try:
            compile(text, "strict.py", "eval")
        except SyntaxError as error:
            print(error.msg, error.lineno)


def caller():
    warnings.warn("told about the caller", stacklevel=2)


caller()
caller()
for i in range(3):
    warnings.warn("once for a line")
    warnings.warn("hidden", PendingDeprecationWarning)
    warnings.warn("shown in the main program", DeprecationWarning)
for action in ("always", "once", "module", "default", "ignore", "error", "odd"):
    warnings.resetwarnings()
    warnings.filters.insert(0, (action, None, Warning, None, 0))
    warnings._filters_mutated()
    for i in range(2):
        try:
            warnings.warn(action, RuntimeWarning)
        except Exception as error:
            print(type(error).__name__, str(error).split("\n")[0])
try:
    warnings.warn("text", int)
except TypeError as error:
    print(error)
warnings.resetwarnings()
warnings.warn_explicit("explicit", UserWarning, "some/where.py", 12, registry={})
bool(NotImplemented)
