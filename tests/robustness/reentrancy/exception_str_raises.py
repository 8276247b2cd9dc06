class E(Exception):
    def __str__(self): raise ValueError("no str")
    def __repr__(self): raise ValueError("no repr")
try:
    raise E
except E as error:
    for action in (str, repr, "{}".format, "%s".__mod__):
        try:
            action(error)
        except ValueError as problem:
            print(problem)
class Match(type):
    def __instancecheck__(cls, value): raise KeyError
    def __subclasscheck__(cls, value): raise KeyError
class M(Exception, metaclass=Match): pass
try:
    try:
        raise ValueError(1)
    except M:
        print("matched")
except ValueError as error:
    print("passed by", error)
try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as error:
    print(error)
class Lazy:
    def __getattr__(self, name): raise KeyError(name)
try:
    Lazy().x
except KeyError as error:
    print(error)
