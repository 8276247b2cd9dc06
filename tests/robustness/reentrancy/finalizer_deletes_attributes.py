class D:
    def __init__(self):
        self.a = Inner("a", self)
        self.b = Inner("b", self)
class Inner:
    def __init__(self, name, owner):
        import weakref
        self.name = name
        self.owner = weakref.ref(owner)
    def __del__(self):
        print(self.name, self.owner())
D()
class Slots:
    __slots__ = ("x", "y")
class S:
    def __del__(self):
        print("S")
        holder.x = 1
holder = Slots()
holder.x = S()
holder.x = 5
print(holder.x)
holder.y = S()
del holder.y
print(hasattr(holder, "y"))
