# Which strings of one character are one object: those made at run time, and constants.
made = [chr(n) for n in range(256)]
print(all(chr(n) is made[n] for n in range(256)), chr(256) is chr(256), "xyz!"[3] is "!", b"ab"[0:1] is b"ab"[0:1])
print("".join(made[i] for i in range(33, 127) if eval(repr(made[i])) is not made[i]), "are other objects as constants")
