class A:
    x = 1
    def __getattr__(self, name):
        if name == "gone": 
            A.gone = 5
            del A.x
        return 7
a = A()
print(a.gone, a.gone, a.x)
class D:
    def __get__(self, instance, owner):
        del type(instance).d
        return "got"
    def __set__(self, instance, value):
        del type(instance).d
        instance.__dict__["d"] = value
class B:
    d = D()
print(B().d)
B.d = D()
b = B()
b.d = 3
print(b.d, B.__dict__.get("d"))
class C:
    def __setattr__(self, name, value):
        self.__dict__.clear()
        object.__setattr__(self, name, value)
c = C()
c.a = 1
c.b = 2
print(vars(c))
vars(c).clear()
c.__dict__ = {"q": 1}
print(c.q)
