# Which strings of one character are one object: those made at run time, and constants. (Constants that are identifiers
# are interned: which letters the interpreter itself interned before depends on CPython's patch release.)
made = [chr(n) for n in range(256)]
print(all(chr(n) is made[n] for n in range(256)), chr(256) is chr(256), "xyz!"[3] is "!", b"ab"[0:1] is b"ab"[0:1])
others = [made[i] for i in range(33, 127) if not made[i].isidentifier()]
print(sum(eval(repr(c)) is c for c in others), "of", len(others), "that are no identifiers are the same as constants")
