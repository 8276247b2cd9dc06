# Tasks of several classes with queues between them: method calls, attributes, polymorphism.
class Packet:
    def __init__(self, link, kind):
        self.link = link
        self.kind = kind
        self.data = 0


class Task:
    def __init__(self, name, priority, scheduler):
        self.name = name
        self.priority = priority
        self.scheduler = scheduler
        self.queue = []
        self.handled = 0

    def give(self, packet):
        self.queue.append(packet)

    def ready(self):
        return len(self.queue) > 0

    def step(self):
        packet = self.queue.pop()
        self.handled += 1
        return self.handle(packet)


class Worker(Task):
    def handle(self, packet):
        packet.data = (packet.data * 7 + self.priority) % 1009
        self.scheduler.send(packet, packet.data % 2)


class Device(Task):
    def handle(self, packet):
        packet.data += 1
        packet.kind = 1 - packet.kind
        self.scheduler.send(packet, 2 + packet.kind)


class Scheduler:
    def __init__(self):
        self.tasks = [Device("d0", 1, self), Device("d1", 2, self), Worker("w0", 3, self), Worker("w1", 4, self)]
        self.steps = 0

    def send(self, packet, to):
        self.tasks[to].give(packet)

    def run(self, limit):
        while self.steps < limit:
            for task in self.tasks:
                if task.ready():
                    task.step()
                    self.steps += 1


def main():
    scheduler = Scheduler()
    for i in range(10):
        scheduler.send(Packet(None, i % 2), 2 + i % 2)
    scheduler.run(1600000)
    print([task.handled for task in scheduler.tasks])


main()
