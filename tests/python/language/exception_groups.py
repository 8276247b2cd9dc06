# except*: groups split by type, what is left over is raised again.
def run(action):
    try:
        try:
            action()
        except* ValueError as group:
            print("values", [str(e) for e in group.exceptions])
        except* (KeyError, IndexError) as group:
            print("lookups", repr(group))
        else:
            print("nothing raised")
        finally:
            print("finally")
    except BaseException as left:
        print("left", repr(left))


def throw(error):
    raise error


run(lambda: None)
run(lambda: throw(ExceptionGroup("g", [ValueError("a"), KeyError("k"), ValueError("b")])))
run(lambda: throw(ExceptionGroup("g", [ValueError("a"), TypeError("t")])))
run(lambda: throw(ExceptionGroup("g", [ExceptionGroup("h", [IndexError("i"), OSError("o")])])))
run(lambda: throw(ValueError("alone")))
run(lambda: throw(RuntimeError("alone")))
group = ExceptionGroup("top", [ValueError(1), ExceptionGroup("sub", [TypeError(2), ValueError(3)])])
print(group, group.message, len(group.exceptions))
match, rest = group.split(ValueError)
print(repr(match), repr(rest))
print(repr(group.subgroup(lambda e: isinstance(e, TypeError))), group.subgroup(KeyError))
print(repr(group.derive([KeyError()])))
for bad in (lambda: ExceptionGroup("m", []), lambda: ExceptionGroup("m", [5]), lambda: ExceptionGroup(1, [ValueError()]),
            lambda: ExceptionGroup("m", [KeyboardInterrupt()]), lambda: ExceptionGroup("m", ValueError())):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(type(BaseExceptionGroup("m", [ValueError()])).__name__, type(BaseExceptionGroup("m", [SystemExit()])).__name__)
try:
    try:
        raise ExceptionGroup("raised in handler", [ValueError("x")])
    except* ValueError:
        raise KeyError("new")
except ExceptionGroup as error:
    print(repr(error), repr(error.exceptions[0].__context__))
