import gc
for cls in (list, dict, set, frozenset, tuple, bytearray, bytes, str, int, float, complex, bool, object):
    value = cls.__new__(cls)
    print(cls.__name__, repr(value) if cls is not object else "object", bool(value))
for cls in (list, dict, set, bytearray):
    value = cls.__new__(cls)
    value.__init__()
    value.__init__()
    print(value)
value = list.__new__(list)
value.append(1); value.extend("ab"); value.sort(key=str)
print(value)
gc.collect()
