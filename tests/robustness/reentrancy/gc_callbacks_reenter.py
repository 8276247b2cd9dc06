import gc
def watch(phase, info):
    log.append((phase, gc.collect()))
    gc.get_objects()
log = []
gc.callbacks.append(watch)
gc.collect()
gc.callbacks.remove(watch)
print(log)
def broken(phase, info):
    gc.callbacks.clear()
    raise ValueError
gc.callbacks.append(broken)
gc.collect()
print(gc.callbacks)
class Loop: pass
def maker(phase, info):
    loop = Loop(); loop.me = loop
gc.callbacks.append(maker)
for _ in range(3): gc.collect()
gc.callbacks.clear()
gc.collect()
print(gc.collect())
