import gc
class A:
    def __del__(self):
        self.__class__ = B
        keep.append(self)
class B:
    def __del__(self): print("B gone")
keep = []
A()
print(type(keep[0]).__name__)
keep.clear()
print("cleared")
class C:
    def __del__(self):
        del C.__del__
        print("C gone")
C()
C()
print(hasattr(C, "__del__"))
