import sys
class D:
    def __del__(self):
        try:
            raise OSError
        except OSError:
            pass
        print(sys.exc_info()[0])
try:
    raise KeyError
except KeyError:
    D()
    print(sys.exc_info()[0])
    try:
        raise TypeError
    except TypeError:
        D()
    print(sys.exc_info()[0])
D()
print(sys.exc_info()[0])
