import gc
def g(n):
    me = it
    try:
        yield n
    finally:
        log.append(n)
log = []
for n in range(3):
    it = g(n)
    next(it)
del it
gc.collect()
print(sorted(log))
def h():
    x = yield
    yield x
it = h(); next(it)
it.send(it)
del it
print(gc.collect() > 0)
