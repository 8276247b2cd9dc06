import gc
def g():
    global me
    me = None
    gc.collect()
    yield 1
    yield 2
me = g()
print(next(me))
def h():
    del holder[0]
    gc.collect()
    yield 5
holder = [h()]
print(next(holder[0]))
def k():
    try:
        yield
    finally:
        kept.append(frame_of.gi_frame is None)
kept = []
frame_of = k()
next(frame_of)
del frame_of
try:
    print(kept)
except NameError as error:
    print(error)
