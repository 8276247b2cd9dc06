# A table of records held as dicts, tuples and instances; filtered, grouped, sorted, changed.
class Row:
    def __init__(self, key, name, amount):
        self.key = key
        self.name = name
        self.amount = amount


def main():
    names = ["ann", "bob", "cid", "dora", "eve"]
    dicts = [{"key": i, "name": names[i % 5], "amount": i * 0.5, "tags": None, "ok": True} for i in range(400000)]
    rows = [Row(d["key"], d["name"], d["amount"]) for d in dicts]
    tuples = [(r.key, r.name, r.amount) for r in rows]
    groups = {}
    for r in rows:
        groups.setdefault(r.name, []).append(r)
    for d in dicts:
        d["amount"] += 1.0
        d["extra"] = d["key"]
    best = sorted(dicts, key=lambda d: -d["amount"])[:10]
    total = sum(t[2] for t in tuples if t[1] == "bob") + sum(d["amount"] for d in best)
    print(total, {k: len(v) for k, v in groups.items()})


main()
