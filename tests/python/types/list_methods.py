# Methods of list.
l = [3, 1, 2]
l.append(5); l.extend("ab"); l.insert(1, "x"); l.insert(-1, "y"); l.insert(100, "end"); l.insert(-100, "start")
print(l, l.index(1), l.count(2), len(l), l.pop(), l.pop(0), l.pop(-2), l)
l.remove("x"); l.reverse()
print(l, l.copy() == l, l.copy() is l, l + [1], l * 2, [0] * 0, 2 * [1], l[1:3])
l.clear()
print(l, bool(l), [[]] * 3, [] == [], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 9], [1, 2] != [1, 2])
words = ["banana", "Apple", "cherry", "apple", "fig"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len, reverse=True), sorted(words, reverse=True))
words.sort(key=lambda w: (len(w), w))
print(words, sorted([3.5, 1, True, 2]), sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([], key=len))
stable = sorted([(i % 3, i) for i in range(20)], key=lambda t: t[0])
print(stable, sorted(stable, key=lambda t: t[0], reverse=True)[:7])
import_free_random = [(i * 7919 + 13) % 1009 for i in range(1000)]
print(sorted(import_free_random) == list(range(1000 - 1000, 0)) or sum(i * v for i, v in enumerate(sorted(import_free_random))))
print(list("abc"), list(range(3)), list({"a": 1}), list((1, 2)), list(x for x in "q"), [*"ab"], list())
nested = [1, [2, [3]]]
nested.append(nested)
print(nested, nested[2][2][1], repr(nested))
big = list(range(100))
del big[10:90], big[::2]
big[3:3] = [1, 2]
print(big, big.index(97), big[-3:], 97 in big, 98 in big)
print(list(reversed([1, 2, 3])), [1, 2].__iter__().__length_hint__(), list(zip([1, 2], "ab")), max([1, 5, 3]), sum([[1], [2]], []))


class Bad:
    def __lt__(self, other): raise ValueError("cannot compare")
    def __eq__(self, other): raise ValueError("cannot equal")


for bad in ("[].pop()", "[1].pop(5)", "[].remove(1)", "[1].index(2)", "[1, 2].index(1, 1)", "[1] + (2,)", "[1] * 'a'", "[1, 'a'].sort()", "[Bad(), Bad()].sort()", "Bad() in [1]", "[1].insert('a', 1)",
            "[1].extend(5)", "[].append()", "[].append(1, 2)", "[1]['a']", "list(5)", "[].sort(len)", "[].sort(key=5)", "[1].sort(key=5)", "[1, 2].pop('a')", "[] < ()", "list(1, 2)", "[].count()", "[].index()", "hash([])", "[0] * 10**30", "[].sort(x=1)", "list(x=1)"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
mutated = [3, 2, 1]
try:
    mutated.sort(key=lambda x: mutated.append(x) or x)
except ValueError as error:
    print(error, mutated)
growing = [1, 2, 3]
iterator = iter(growing)
print(next(iterator), growing.append(4), list(iterator), growing.append(5), list(iterator))


class MyList(list):
    def append(self, item): super().append(item * 2)


m = MyList([1])
m.append(5)
m.extend([6])
m.note = "attribute"
print(m, type(m + [1]).__name__, type(m[:]).__name__, type(m.copy()).__name__, m == [1, 10, 6], m.note)
print(list.__hash__, [1, 2].__contains__(1), [3].__len__(), [1].__add__([2]), [1, 2].__reversed__().__length_hint__(), list.__class_getitem__(int), list[int])
