class T:
    alive = 0
    def __init__(self): T.alive += 1
    def __del__(self): T.alive -= 1
    def __add__(self, other): raise ValueError
    def __getitem__(self, key): raise KeyError
    def __call__(self, *args, **kw): raise OSError
    def __contains__(self, item): raise TypeError
def attempt(action):
    try: action()
    except Exception as error: name = type(error).__name__
    else: name = "none"
    return name, T.alive
print(attempt(lambda: T() + T()), attempt(lambda: T()[T()]), attempt(lambda: T()(T(), x=T())), attempt(lambda: T() in T()),
      attempt(lambda: [T(), T(), 1 / 0]), attempt(lambda: {T(): T(), "x": 1 / 0}), attempt(lambda: (T(), *5)), attempt(lambda: f"{T()}{1 / 0}"),
      attempt(lambda: {**{"a": T()}, **5}), attempt(lambda: print(T(), **{"bad": T()})), attempt(lambda: [T() for _ in range(3)][5]),
      attempt(lambda: max(T(), T())), attempt(lambda: sorted([T(), T()])), attempt(lambda: dict([(T(), T(), T())])),
      attempt(lambda: (lambda a, b: 0)(T())), attempt(lambda: int(T())), attempt(lambda: "".join([T()])), attempt(lambda: T() < T()),
      attempt(lambda: T().missing), attempt(lambda: isinstance(T(), T())), attempt(lambda: range(T())), attempt(lambda: iter(T(), T())))
