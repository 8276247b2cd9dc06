# Constants are held by their code, and while a program runs by what it was compiled from.
from sys import getrefcount as g
print(g(3.5), g(1.5*2), g("abc d"), g((1,2)), g("ab"+"c d"), g((1,)+(2,)), g(10**20), g(2**100), g(-3.5), g("x%s" % 5), g(b"abc"), g(1j*2), g((1.5,2.5)), g((1,(2.5,))), g("a b"*3), g(1.5+2j))
def f(): return g(3.5), g(1.5*2), g("abc e"), g("ab"+"c e"),g(-2.5)
print(f())
exec("print(g(3.5), g(1.5*2), g('abc d'), g((1,2)), g('ab'+'c d'), g((1,)+(2,)), g(10**20), g(2**100))")
exec(compile("print(g(3.5), g(1.5*2), g('abc d'), g((1,2)), g('ab'+'c d'), g((1,)+(2,)), g(10**20), g(2**100))","x","exec"))
print(eval("(g(3.5), g(1.5*2), g('abc d'))"))
