import builtins
def f():
    return value
value = 1
print(f())
globals()["value"] = 2
print(f())
del globals()["value"]
builtins.value = 3
print(f())
value = 4
print(f())
del value
del builtins.value
try:
    f()
except NameError as error:
    print(error)
class D:
    def __del__(self):
        globals()["slot"] = "from del"
slot = D()
slot = 1
print(slot)
code = compile("x = 1\nfor n in range(3): globals()['y%d' % n] = n\ndel x", "<s>", "exec")
space = {}
exec(code, space)
print(sorted(k for k in space if k[0] != "_"))
class Odd(dict):
    def __getitem__(self, key):
        if key == "magic": return 42
        return dict.__getitem__(self, key)
exec("result = magic", {}, m := Odd())
print(m["result"])
