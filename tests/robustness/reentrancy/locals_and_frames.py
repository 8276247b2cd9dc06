import sys
def f():
    frame = sys._getframe()
    x = [1]
    frame.f_locals["x"] = 5
    try:
        frame.clear()
    except RuntimeError as error:
        print(error)
    return frame
frame = f()
print(sorted(frame.f_locals))
frame.clear()
print(frame.f_locals)
def g():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error
error = g()
tb = error.__traceback__
tb.tb_frame.clear()
print(tb.tb_frame.f_locals)
try:
    tb.tb_next = tb
except ValueError as problem:
    print(problem)
error.__traceback__ = None
del tb, error, frame
