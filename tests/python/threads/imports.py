# Threads that import the same module at once get the same, complete one; circles do not hang.
import os
import sys
import tempfile
import threading

with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    for name, text in (("slow", "import time\nstate = 'half'\ntime.sleep(0.05)\nstate = 'whole'\n"),
                       ("first", "import time\ntime.sleep(0.02)\nimport second\nname = 'first'\n"),
                       ("second", "import time\ntime.sleep(0.02)\nimport first\nname = 'second'\n"),
                       ("fails", "import time\ntime.sleep(0.02)\nraise KeyError('fails')\n")):
        with open(os.path.join(folder, name + ".py"), "w") as out:
            out.write(text)
    states = []

    def look():
        import slow
        states.append((slow.state, id(slow)))

    def fail():
        try:
            import fails
        except KeyError as error:
            states.append(str(error))

    def together(*functions):
        del states[:]
        threads = [threading.Thread(target=function) for function in functions]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

    together(look, look, look)
    print({state for state, _ in states}, len({identity for _, identity in states}))
    together(lambda: __import__("first"), lambda: __import__("second"))
    print(sys.modules["first"].name, sys.modules["second"].name)
    together(fail, fail)
    print(states, "fails" in sys.modules)
