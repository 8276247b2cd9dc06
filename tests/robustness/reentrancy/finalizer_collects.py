import gc
class D:
    def __init__(self): self.me = self
    def __del__(self):
        log.append(gc.collect())
        self.me = None
log = []
for _ in range(5): D()
gc.collect()
print(log)
log.clear()
D(); D()
gc.collect()
print(len(log))
