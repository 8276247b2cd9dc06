// The table of slot_table.h, and filling slots and dicts from it.
#include "objects/slot_table.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/slot_methods.h"
#include "objects/slot_wrappers.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_internal.h"

namespace ouro {

Result<std::int64_t> hash_not_implemented(ThreadState& ts, Obj self) {
  return raise_type_error(ts, "unhashable type: '{t}'", self);
}

namespace {

template <class Function>
const void* address(Function* function) {
  return reinterpret_cast<const void*>(function);
}

#define OURO_SLOT(name, slot, wrapper, dispatcher, doc)                                     \
  {"__" #name "__", &CoreNames::dunder_##name, offsetof(Type, slot), wrap::wrapper, \
   address(dispatch::dispatcher), doc}
// The name stands in the slot's group, but native types do not show it.
#define OURO_SLOT_UNSHOWN(name, slot, dispatcher) \
  {"__" #name "__", &CoreNames::dunder_##name, offsetof(Type, slot), nullptr, address(dispatch::dispatcher), nullptr}
// A native slot without a function for programs' classes: those have the number or mapping slot.
#define OURO_SLOT_NATIVE(name, slot, wrapper, doc) \
  {"__" #name "__", &CoreNames::dunder_##name, offsetof(Type, slot), wrap::wrapper, nullptr, doc}
#define OURO_UNARY(name, slot, doc) OURO_SLOT(name, slot, unary, unary<&CoreNames::dunder_##name>, doc)
#define OURO_OPERATOR(name, reflected, field, sign)                                                                       \
  {"__" #name "__", &CoreNames::dunder_##name, offsetof(Type, number.field), wrap::binary,                         \
   address(dispatch::binary<&NumberSlots::field, &CoreNames::dunder_##name, &CoreNames::dunder_##reflected>),    \
   "($self, value, /)\n--\n\nReturn self" sign "value."},                                                         \
  {"__" #reflected "__", &CoreNames::dunder_##reflected, offsetof(Type, number.field), wrap::binary_reflected,     \
   address(dispatch::binary<&NumberSlots::field, &CoreNames::dunder_##name, &CoreNames::dunder_##reflected>),    \
   "($self, value, /)\n--\n\nReturn value" sign "self."}
#define OURO_INPLACE(name, field, sign)                                    \
  OURO_SLOT(name, number.field, binary, inplace<&CoreNames::dunder_##name>, \
            "($self, value, /)\n--\n\nReturn self" sign "=value.")

const SlotDef kTable[] = {
    OURO_SLOT(getattribute, get_attribute, get_attribute, get_attribute,
              "($self, name, /)\n--\n\nReturn getattr(self, name)."),
    OURO_SLOT_UNSHOWN(getattr, get_attribute, get_attribute),
    OURO_SLOT(setattr, set_attribute, set_attribute, set_attribute,
              "($self, name, value, /)\n--\n\nImplement setattr(self, name, value)."),
    OURO_SLOT(delattr, set_attribute, delete_attribute, set_attribute,
              "($self, name, /)\n--\n\nImplement delattr(self, name)."),
    OURO_UNARY(repr, repr, "($self, /)\n--\n\nReturn repr(self)."),
    OURO_SLOT(hash, hash, hash, hash, "($self, /)\n--\n\nReturn hash(self)."),
    OURO_SLOT(call, call, call, call, "($self, /, *args, **kwargs)\n--\n\nCall self as a function."),
    OURO_UNARY(str, str, "($self, /)\n--\n\nReturn str(self)."),
    OURO_SLOT(lt, compare, less, compare, "($self, value, /)\n--\n\nReturn self<value."),
    OURO_SLOT(le, compare, less_equal, compare, "($self, value, /)\n--\n\nReturn self<=value."),
    OURO_SLOT(eq, compare, equal, compare, "($self, value, /)\n--\n\nReturn self==value."),
    OURO_SLOT(ne, compare, not_equal, compare, "($self, value, /)\n--\n\nReturn self!=value."),
    OURO_SLOT(gt, compare, greater, compare, "($self, value, /)\n--\n\nReturn self>value."),
    OURO_SLOT(ge, compare, greater_equal, compare, "($self, value, /)\n--\n\nReturn self>=value."),
    OURO_SLOT(iter, iter, unary, iter, "($self, /)\n--\n\nImplement iter(self)."),
    OURO_SLOT(next, next, next, next, "($self, /)\n--\n\nImplement next(self)."),
    OURO_SLOT(get, descriptor_get, descriptor_get, descriptor_get,
              "($self, instance, owner=None, /)\n--\n\nReturn an attribute of instance, which is of type owner."),
    OURO_SLOT(set, descriptor_set, descriptor_set, descriptor_set,
              "($self, instance, value, /)\n--\n\nSet an attribute of instance to value."),
    OURO_SLOT(delete, descriptor_set, descriptor_delete, descriptor_set,
              "($self, instance, /)\n--\n\nDelete an attribute of instance."),
    OURO_SLOT(init, init, init, init,
              "($self, /, *args, **kwargs)\n--\n\nInitialize self.  See help(type(self)) for accurate signature."),
    OURO_SLOT_UNSHOWN(new, make, make),
    {"__del__", &CoreNames::dunder_del, offsetof(Type, info.finalize), wrap::finalize, address(finalize_by_del),
     "($self, /)\n--\n\nRun the finalizer of the object."},
    OURO_UNARY(await, await, "($self, /)\n--\n\nReturn an iterator to be used in await expression."),
    OURO_UNARY(aiter, aiter, "($self, /)\n--\n\nReturn an awaitable, that resolves in asynchronous iterator."),
    OURO_UNARY(anext, anext, "($self, /)\n--\n\nReturn a value or raise StopAsyncIteration."),
    OURO_OPERATOR(add, radd, add, "+"),
    OURO_OPERATOR(sub, rsub, subtract, "-"),
    OURO_OPERATOR(mul, rmul, multiply, "*"),
    OURO_OPERATOR(mod, rmod, remainder, "%"),
    {"__divmod__", &CoreNames::dunder_divmod, offsetof(Type, number.divmod), wrap::binary,
     address(dispatch::binary<&NumberSlots::divmod, &CoreNames::dunder_divmod, &CoreNames::dunder_rdivmod>),
     "($self, value, /)\n--\n\nReturn divmod(self, value)."},
    {"__rdivmod__", &CoreNames::dunder_rdivmod, offsetof(Type, number.divmod), wrap::binary_reflected,
     address(dispatch::binary<&NumberSlots::divmod, &CoreNames::dunder_divmod, &CoreNames::dunder_rdivmod>),
     "($self, value, /)\n--\n\nReturn divmod(value, self)."},
    OURO_SLOT(pow, number.power, ternary, power, "($self, value, mod=None, /)\n--\n\nReturn pow(self, value, mod)."),
    OURO_SLOT(rpow, number.power, ternary_reflected, power,
              "($self, value, mod=None, /)\n--\n\nReturn pow(value, self, mod)."),
    OURO_UNARY(neg, number.negative, "($self, /)\n--\n\n-self"),
    OURO_UNARY(pos, number.positive, "($self, /)\n--\n\n+self"),
    OURO_UNARY(abs, number.absolute, "($self, /)\n--\n\nabs(self)"),
    OURO_SLOT(bool, number.truth, predicate, truth, "($self, /)\n--\n\nTrue if self else False"),
    OURO_UNARY(invert, number.invert, "($self, /)\n--\n\n~self"),
    OURO_OPERATOR(lshift, rlshift, lshift, "<<"),
    OURO_OPERATOR(rshift, rrshift, rshift, ">>"),
    OURO_OPERATOR(and, rand, bit_and, "&"),
    OURO_OPERATOR(xor, rxor, bit_xor, "^"),
    OURO_OPERATOR(or, ror, bit_or, "|"),
    OURO_UNARY(int, number.to_int, "($self, /)\n--\n\nint(self)"),
    OURO_UNARY(float, number.to_float, "($self, /)\n--\n\nfloat(self)"),
    OURO_INPLACE(iadd, inplace_add, "+"),
    OURO_INPLACE(isub, inplace_subtract, "-"),
    OURO_INPLACE(imul, inplace_multiply, "*"),
    OURO_INPLACE(imod, inplace_remainder, "%"),
    OURO_SLOT(ipow, number.inplace_power, ternary, inplace_power, "($self, value, /)\n--\n\nReturn self**=value."),
    OURO_INPLACE(ilshift, inplace_lshift, "<<"),
    OURO_INPLACE(irshift, inplace_rshift, ">>"),
    OURO_INPLACE(iand, inplace_and, "&"),
    OURO_INPLACE(ixor, inplace_xor, "^"),
    OURO_INPLACE(ior, inplace_or, "|"),
    OURO_OPERATOR(floordiv, rfloordiv, floor_divide, "//"),
    OURO_OPERATOR(truediv, rtruediv, true_divide, "/"),
    OURO_INPLACE(ifloordiv, inplace_floor_divide, "//"),
    OURO_INPLACE(itruediv, inplace_true_divide, "/"),
    OURO_UNARY(index, number.index,
               "($self, /)\n--\n\nReturn self converted to an integer, if self is suitable for use as an index into a list."),
    OURO_OPERATOR(matmul, rmatmul, matrix_multiply, "@"),
    OURO_INPLACE(imatmul, inplace_matrix_multiply, "@"),
    OURO_SLOT(len, mapping.length, length, length, "($self, /)\n--\n\nReturn len(self)."),
    OURO_SLOT(getitem, mapping.subscript, binary, subscript, "($self, key, /)\n--\n\nReturn self[key]."),
    OURO_SLOT(setitem, mapping.set_subscript, set_subscript, set_subscript,
              "($self, key, value, /)\n--\n\nSet self[key] to value."),
    OURO_SLOT(delitem, mapping.set_subscript, delete_subscript, set_subscript,
              "($self, key, /)\n--\n\nDelete self[key]."),
    OURO_SLOT(len, sequence.length, length, length, "($self, /)\n--\n\nReturn len(self)."),
    OURO_SLOT_NATIVE(add, sequence.concat, binary, "($self, value, /)\n--\n\nReturn self+value."),
    OURO_SLOT_NATIVE(mul, sequence.repeat, repeat, "($self, value, /)\n--\n\nReturn self*value."),
    OURO_SLOT_NATIVE(rmul, sequence.repeat, repeat, "($self, value, /)\n--\n\nReturn value*self."),
    OURO_SLOT(getitem, sequence.item, item, item, "($self, key, /)\n--\n\nReturn self[key]."),
    OURO_SLOT(setitem, sequence.set_item, set_item, set_item, "($self, key, value, /)\n--\n\nSet self[key] to value."),
    OURO_SLOT(delitem, sequence.set_item, delete_item, set_item, "($self, key, /)\n--\n\nDelete self[key]."),
    OURO_SLOT(contains, sequence.contains, contains, contains, "($self, key, /)\n--\n\nReturn key in self."),
    OURO_SLOT_NATIVE(iadd, sequence.inplace_concat, binary, "($self, value, /)\n--\n\nImplement self+=value."),
    OURO_SLOT_NATIVE(imul, sequence.inplace_repeat, repeat, "($self, value, /)\n--\n\nImplement self*=value."),
};

const void*& slot_at(const Type* type, std::uint32_t offset) {
  return *reinterpret_cast<const void**>(reinterpret_cast<char*>(const_cast<Type*>(type)) + offset);
}

constexpr std::uint32_t kHashOffset = offsetof(Type, hash);
constexpr std::uint32_t kMakeOffset = offsetof(Type, make);
constexpr std::uint32_t kFinalizeOffset = offsetof(Type, info.finalize);

// -- one group of one class --------------------------------------------------------------------------------------------------------------

// The decision: the one native function that all names of the group lead to, or else the dispatching one.
class GroupDecision {
 public:
  void dispatches(const SlotDef& line) {
    must_dispatch_ = true;
    dispatch_ = line.dispatch;
  }
  void native(const SlotDef& line, const void* function) {
    if (native_ == nullptr || native_ == function) {
      native_ = function;
    } else {
      must_dispatch_ = true;
    }
    dispatch_ = line.dispatch;
  }
  [[nodiscard]] const void* function() const { return native_ != nullptr && !must_dispatch_ ? native_ : dispatch_; }

 private:
  const void* native_ = nullptr;
  const void* dispatch_ = nullptr;
  bool must_dispatch_ = false;
};

// A native type's method or wrapper that stands for its own slot: `owner` has the native function in the same place.
bool stands_for_slot(ThreadState& ts, Obj found, const SlotDef& line) {
  if (is_kind(found, TypeKind::MethodDescriptor)) {
    return std::strcmp(as<Descriptor>(found)->method->name, line.name) == 0 && is_native_type(as<Descriptor>(found)->owner);
  }
  return found->type() == ts.core.types.wrapper_descriptor && std::strcmp(as<Descriptor>(found)->slot->name, line.name) == 0;
}

void decide_line(ThreadState& ts, Type* type, const SlotDef& line, GroupDecision& decision) {
  Borrowed<Object> found = search_mro(type, ts.core.names.*line.name_field);
  if (!found) return;
  if (line.offset == kMakeOffset && is_new_function(found)) {
    const auto* owner = as<Type>(as<BuiltinFunction>(found)->self);
    decision.native(line, reinterpret_cast<const void*>(owner->make));
  } else if (line.offset == kHashOffset && is_none(found)) {
    decision.native(line, address(hash_not_implemented));
  } else if (stands_for_slot(ts, found, line) && type->is_subtype_of(as<Descriptor>(found)->owner)) {
    const void* function = slot_at(as<Descriptor>(found)->owner, line.offset);
    if (function != nullptr) decision.native(line, function);
  } else {
    decision.dispatches(line);
  }
}

// Sets the slot of the group that starts at `first`; returns the index behind the group.
std::size_t fill_group(ThreadState& ts, Type* type, std::size_t first) {
  const std::uint32_t offset = kTable[first].offset;
  GroupDecision decision;
  std::size_t i = first;
  for (; i < std::size(kTable) && kTable[i].offset == offset; ++i) decide_line(ts, type, kTable[i], decision);
  const void* function = decision.function();
  if (offset != kFinalizeOffset) {
    slot_at(type, offset) = function;
    return i;
  }
  const gc::TypeInfo& native = native_base(type)->info;
  constexpr std::uint64_t kFlags = std::uint64_t{gc::kHasFinalizer} | kHasDel;
  type->info.flags &= ~kFlags;
  if (function != nullptr) {
    type->info.flags |= kFlags;
    slot_at(type, offset) = function;
  } else {
    type->info.flags |= native.flags & kFlags;
    type->info.finalize = native.finalize;
  }
  return i;
}

// Applies `change(Type*)` to the class and all classes below that have no entry of their own under `name` (null: to all).
template <class Change>
Status for_class_and_heirs(ThreadState& ts, Borrowed<Type> type, Str* name, Change change) {
  change(type.get());
  if (type->subclasses == nullptr) return kDone;
  ObjRef subclasses = OURO_TRY(live_subclasses(ts, type));
  const auto* list = as<List>(subclasses);
  for (std::int64_t i = 0; i < list->size; ++i) {
    auto* heir = as<Type>(list->at(i));
    if (is_native_type(heir) || heir->dict == nullptr) continue;
    if (name != nullptr && dict_get_str(heir->dict, name)) continue;
    OURO_TRY(for_class_and_heirs(ts, heir, name, change));
  }
  return kDone;
}

bool is_special_name(const Str* name) {
  return name->length > 4 && name->is_ascii() && name->at(0) == '_' && name->at(1) == '_';
}

}  // namespace

std::span<const SlotDef> slot_table() { return kTable; }

Status fill_slots(ThreadState& ts, Borrowed<Type> type) {
  for (std::size_t i = 0; i < std::size(kTable);) i = fill_group(ts, type.get(), i);
  return kDone;
}

Status update_slots(ThreadState& ts, Borrowed<Type> type, Borrowed<Str> name) {
  if (!is_special_name(name.get())) return kDone;
  for (std::size_t i = 0; i < std::size(kTable);) {
    bool concerned = false;
    std::size_t end = i;
    for (; end < std::size(kTable) && kTable[end].offset == kTable[i].offset; ++end) {
      concerned = concerned || ts.core.names.*kTable[end].name_field == name.get();
    }
    if (concerned) {
      OURO_TRY(for_class_and_heirs(ts, type, name.get(), [&ts, i](Type* at) { fill_group(ts, at, i); }));
    }
    i = end;
  }
  return kDone;
}

Status update_all_slots(ThreadState& ts, Borrowed<Type> type) {
  return for_class_and_heirs(ts, type, nullptr, [&ts](Type* at) { (void)fill_slots(ts, at); });
}

Status add_slot_wrappers(ThreadState& ts, Borrowed<Type> type) {
  for (const SlotDef& line : kTable) {
    const void* function = slot_at(type.get(), line.offset);
    if (line.wrapper == nullptr || function == nullptr) continue;
    if (type->base != nullptr && function == slot_at(type->base, line.offset)) continue;
    Borrowed<Str> name = ts.core.names.*line.name_field;
    if (dict_get_str(type->dict, name)) continue;
    if (function == address(hash_not_implemented)) {
      OURO_TRY(dict_set(ts, type->dict, name, Obj(ts.core.none)));
      continue;
    }
    ObjRef wrapper = OURO_TRY(make_descriptor(ts, ts.core.types.wrapper_descriptor, type, line.name));
    as<Descriptor>(wrapper)->slot = &line;
    as<Descriptor>(wrapper)->slot_function = function;
    OURO_TRY(track(ts, wrapper));
    OURO_TRY(dict_set(ts, type->dict, name, wrapper));
  }
  return kDone;
}

}  // namespace ouro
