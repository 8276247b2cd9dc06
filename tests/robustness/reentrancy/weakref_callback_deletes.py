import weakref, gc
class A: pass
a, b = A(), A()
a.other, b.other = b, a
log = []
ra = weakref.ref(a, lambda ref: log.append(("a", rb() if rb else None)))
rb = weakref.ref(b, lambda ref: log.append(("b", ra() if ra else None)))
del a, b
gc.collect()
print(sorted(log))
table = weakref.WeakValueDictionary()
for n in range(10): table[n] = A()
print(len(table))
keep = [A() for _ in range(5)]
table.update(enumerate(keep))
for key in table:
    keep.clear()
gc.collect()
print(len(table))
group = weakref.WeakSet()
keep = [A() for _ in range(5)]
for item in keep: group.add(item)
keep.pop()
del item
gc.collect()
print(len(group))
