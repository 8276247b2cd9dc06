class V:
    def __init__(self, n): self.n = n
    def __eq__(self, other):
        left.clear()
        right.clear()
        return True
left = {n: V(n) for n in range(5)}
right = {n: V(n) for n in range(5)}
print(left == right, left, right)
left = {n: V(n) for n in range(5)}
right = {n: V(n) for n in range(5)}
try:
    print(left.items() == right.items())
except RuntimeError as error:
    print(error)
