# What module site adds to builtins: repr, pages, leaving.
import _sitebuiltins
import builtins

print(exit, help, type(exit), vars(quit), type(license).__name__)
printer = _sitebuiltins._Printer("thing", "\n".join(map(str, range(30))))
print(printer)
print(_sitebuiltins._Printer("short", "two\nlines"))
print(_sitebuiltins._Printer("fallback", "text", ["no_file"], ["/nowhere"]))

for answers in (["q"], [""], ["what", ""]):
    builtins.input = lambda prompt: (print(prompt, answers[0]), answers.pop(0))[1]
    printer()

for leave in (lambda: exit(3), quit, lambda: quit(code="late")):
    try:
        leave()
    except SystemExit as error:
        print("leaves with", error.code)
