# A metaclass's mro() that assigns __bases__ while the class is being made: nothing is lost or counted twice.
import gc


class Meta(type):
    steps = 0

    def mro(cls):
        if cls.__mro__ is None and Meta.steps == 0:
            Meta.steps += 1
            cls.__bases__ += ()
        return type.mro(cls)


class Plain(metaclass=Meta):
    pass


print(Plain.__mro__, Plain.__bases__, Meta.steps)
del Plain, Meta
print(gc.collect() > 0, gc.collect())
