import types, collections, functools, itertools
for cls in (staticmethod, classmethod, property, super, enumerate, zip, map, filter, reversed, slice, range, memoryview, type,
            types.FunctionType, types.CodeType, types.MethodType, types.CellType, types.SimpleNamespace, types.MappingProxyType,
            types.ModuleType, types.GeneratorType, types.FrameType, types.TracebackType, types.BuiltinFunctionType,
            type(None), type(...), type(NotImplemented), collections.deque, collections.defaultdict, BaseException, OSError,
            StopIteration, SyntaxError, UnicodeDecodeError, ImportError, KeyError, SystemExit, ExceptionGroup, AttributeError,
            functools.partial):
    try:
        value = cls.__new__(cls)
    except (TypeError, ValueError) as error:
        print(cls.__name__, "refuses")
        continue
    done = []
    for action in (repr, str, hash, bool, iter, next, len, dir, callable, lambda v: v == v, lambda v: v(), lambda v: v.__get__(1, int),
                   lambda v: v[0], lambda v: v.x, lambda v: v.__dict__, lambda v: v + v, lambda v: v.__func__, lambda v: v.fget,
                   lambda v: v.__self__, lambda v: v.args, lambda v: v.__reduce__(), lambda v: v.__doc__, lambda v: v.close(),
                   lambda v: v.filename, lambda v: v.object, lambda v: v.exceptions):
        try:
            action(value)
            done.append(".")
        except Exception as error:
            done.append(type(error).__name__[0])
    print(cls.__name__, "used" if done else "")
