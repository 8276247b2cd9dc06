class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 5: raise StopIteration
        targets[0].clear()
        return self.n
import collections
for make in (list, set, collections.deque):
    targets = [make()]
    (targets[0].extend if hasattr(targets[0], "extend") else targets[0].update)(It())
    print(make.__name__, list(targets[0]))
a, *b = It()
print(a, b)
targets = [[1, 2, 3]]
print([*It(), *targets[0]], max(It()), sum(It()), sorted(It()), list(zip(It(), It())), dict(zip(It(), It())))
q = collections.deque(range(5))
try:
    for item in q: q.append(1)
except RuntimeError as error:
    print(error)
class K:
    def __eq__(self, other):
        q.clear()
        return False
q = collections.deque([K(), K(), K()])
for action in (lambda: q.index(1), lambda: q.count(1), lambda: q.remove(1), lambda: 1 in q):
    q.extend([K(), K(), K()])
    try:
        print(action())
    except (RuntimeError, ValueError, IndexError) as error:
        print(type(error).__name__)
