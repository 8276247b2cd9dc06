class Odd(dict):
    def __setitem__(self, key, value):
        source.clear()
        super().__setitem__(key, value)
source = {"a": 1, "b": 2, "c": 3}
try:
    print(len(Odd.fromkeys(source)))
except RuntimeError as error:
    print(error)
class Sub:
    def __new__(cls):
        return {"old": 1}
print(dict.fromkeys.__self__)
