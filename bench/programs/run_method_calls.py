# Methods: bound, inherited, class and static, properties, special methods.
class Base:
    def __init__(self, n):
        self.n = n

    def get(self):
        return self.n

    @property
    def twice(self):
        return self.n * 2

    @staticmethod
    def add(a, b):
        return a + b

    @classmethod
    def one(cls):
        return 1

    def __add__(self, other):
        return self.n + other

    def __getitem__(self, i):
        return i


class Derived(Base):
    def get(self):
        return super().get() + 1


def main():
    base, derived = Base(1), Derived(2)
    bound = base.get
    total = 0
    for i in range(1000000):
        total += base.get() + derived.get() + bound() + base.twice
        total += Base.add(i, 1) + Derived.one() + (base + i) + derived[i]
    print(total)


main()
