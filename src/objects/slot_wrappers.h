// Native slots as methods: each takes Python arguments, checks them, and calls the slot function it is given.
#pragma once

#include "objects/slot_table.h"

namespace ouro::wrap {

#define OURO_WRAPPER(name) ObjResult name(ThreadState& ts, Obj self, Args args, const void* function)
OURO_WRAPPER(unary);
OURO_WRAPPER(binary);
OURO_WRAPPER(binary_reflected);
OURO_WRAPPER(ternary);
OURO_WRAPPER(ternary_reflected);
OURO_WRAPPER(predicate);
OURO_WRAPPER(hash);
OURO_WRAPPER(length);
OURO_WRAPPER(call);
OURO_WRAPPER(init);
OURO_WRAPPER(next);
OURO_WRAPPER(get_attribute);
OURO_WRAPPER(set_attribute);
OURO_WRAPPER(delete_attribute);
OURO_WRAPPER(descriptor_get);
OURO_WRAPPER(descriptor_set);
OURO_WRAPPER(descriptor_delete);
OURO_WRAPPER(repeat);
OURO_WRAPPER(item);
OURO_WRAPPER(set_item);
OURO_WRAPPER(delete_item);
OURO_WRAPPER(set_subscript);
OURO_WRAPPER(delete_subscript);
OURO_WRAPPER(contains);
OURO_WRAPPER(less);
OURO_WRAPPER(less_equal);
OURO_WRAPPER(equal);
OURO_WRAPPER(not_equal);
OURO_WRAPPER(greater);
OURO_WRAPPER(greater_equal);
OURO_WRAPPER(finalize);
#undef OURO_WRAPPER

}  // namespace ouro::wrap
