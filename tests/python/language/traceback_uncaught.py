# compare: stderr
# The traceback of an uncaught exception, with carets and a cause.
class Account:
    def __init__(self, balance):
        self.balance = balance

    def take(self, amount):
        if amount > self.balance:
            raise ValueError(f"only {self.balance} left")
        self.balance -= amount


def pay(accounts, name, amount):
    try:
        return accounts[name].take(amount)
    except ValueError as error:
        raise RuntimeError("payment failed") from error


def main():
    accounts = {"ann": Account(5)}
    pay(accounts, "ann", 1)
    print("first payment made")
    total = (pay(accounts, "ann", 2) or 0) + len(str(pay(accounts,
                                                        "ann", 10)))
    print(total)


main()
