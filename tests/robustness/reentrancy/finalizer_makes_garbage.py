import gc
class D:
    left = 20
    def __init__(self): self.me = self
    def __del__(self):
        D.left -= 1
        if D.left > 0:
            D(); D.left -= 1
D()
while gc.collect(): pass
print(D.left)
