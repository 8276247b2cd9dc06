class N:
    def __init__(self, link): self.link = link
    def __del__(self):
        if self.link is not None and count[0] % 1000 == 0: saved.append(self.link)
        count[0] += 1
count, saved = [0], []
head = None
for _ in range(20000): head = N(head)
del head
print(count[0] > 0, len(saved) > 0)
saved.clear()
while saved: saved.clear()
print("end")
