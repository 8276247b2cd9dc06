# Threads that allocate, make cycles and finalizers, and pass objects to each other.
# timing: collections
import gc
import queue
import random
import sys
import threading
import weakref

sys.setswitchinterval(1e-5)
finalized = []


class Node:
    def __init__(self, number):
        self.number = number
        self.links = [self]

    def __del__(self):
        finalized.append(self.number)


mailbox = queue.Queue()
counts = {}
weak = weakref.WeakValueDictionary()


def work(seed):
    chance = random.Random(seed)
    local = threading.local()
    local.kept = []
    made = 0
    for step in range(300):
        node = Node(seed * 1000 + step)
        made += 1
        weak[node.number] = node
        local.kept.append(node)
        if chance.random() < 0.3:
            mailbox.put(node)
        if chance.random() < 0.3 and not mailbox.empty():
            try:
                other = mailbox.get_nowait()
            except queue.Empty:
                continue
            other.links.append(node)
            node.links.append(other)
        if len(local.kept) > 20:
            local.kept.pop(chance.randrange(20)).links.clear()
        if step % 100 == 50:
            gc.collect(0)
        text = "".join(chance.choice("abc") for _ in range(20))
        counts[text[:2]] = counts.get(text[:2], 0) + 1
    return made


results = []
threads = [threading.Thread(target=lambda seed=seed: results.append(work(seed))) for seed in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
while not mailbox.empty():
    mailbox.get()
gc.collect()
gc.collect()
print(sum(results), len(finalized), len(set(finalized)), len(weak))
print(sorted(counts) == sorted(a + b for a in "abc" for b in "abc"))
