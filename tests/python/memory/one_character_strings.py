# Which strings of one character are one object: those made at run time, and constants. (Constants that are identifiers
# are interned: which letters the interpreter itself interned before depends on CPython's patch release.)
made = [chr(n) for n in range(256)]
others = [made[i] for i in range(33, 127) if not made[i].isidentifier()]
print(sum(eval(repr(c)) is c for c in others), "of", len(others), "that are no identifiers are the same as constants")
print("".join(made[i] for i in range(33, 127) if eval(repr(made[i])) is not made[i]), "are other objects as constants")
