class K:
    def __eq__(self, other):
        left.clear(); right.clear()
        return True
    def __lt__(self, other):
        left.clear()
        return True
for op in ("left == right", "left < right", "left != right", "left >= right"):
    left = [K() for _ in range(5)]
    right = [K() for _ in range(5)]
    try:
        print(op, eval(op), len(left), len(right))
    except IndexError as error:
        print(error)
