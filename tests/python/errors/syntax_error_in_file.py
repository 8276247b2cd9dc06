# compare: stderr
# A file that does not compile prints nothing but the error.
print("never printed")


def function(a, b):
    return a +* b


print("nor this")
