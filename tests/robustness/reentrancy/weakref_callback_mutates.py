import weakref, gc
class A: pass
a = A()
refs = []
def callback(ref):
    refs.clear()
    refs.append(ref() is None)
refs = [weakref.ref(a, callback) for _ in range(5)]
del a
print(refs)
a = A()
def callback2(ref):
    gc.collect()
    log.append(len(log))
    if len(log) < 3:
        other = A()
        others.append(weakref.ref(other, callback2))
log, others = [], []
ref = weakref.ref(a, callback2)
del a
print(log, len(others))
def callback3(ref): raise ValueError
a = A()
ref = weakref.ref(a, callback3)
del a
print("alive")
