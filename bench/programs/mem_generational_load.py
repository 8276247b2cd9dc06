# A server's life: requests that die young, sessions that live a while, a table that stays.
class Session:
    def __init__(self, number):
        self.number = number
        self.history = []


class Request:
    def __init__(self, session, payload):
        self.session = session
        self.payload = payload
        self.headers = {"n": payload[0], "kind": "get"}
        self.me = self if payload[0] % 50 == 0 else None


def main():
    table = {i: [i, (i, i)] for i in range(50000)}
    sessions = [Session(i) for i in range(500)]
    total = 0
    for i in range(700000):
        session = sessions[i % 500]
        request = Request(session, [i, i + 1])
        session.history.append(request.headers["n"])
        total += len(table[i % 50000]) + len(request.payload)
        if len(session.history) > 20:
            sessions[i % 500] = Session(i)
    print(total)


main()
