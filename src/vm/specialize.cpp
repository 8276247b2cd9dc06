#include "vm/specialize.h"

#include "objects/dict.h"
#include "objects/float.h"
#include "objects/instance.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/tuple.h"
#include "vm/generator.h"

namespace ouro {

namespace {

// Where the class's own look-up is the plain one, so that what type_lookup finds decides.
bool has_plain_lookup(const Type* type) { return type->get_attribute == generic_get_attribute; }

bool is_data_descriptor(Obj value) { return value->type()->descriptor_set != nullptr; }

// Whether attribute `name` of this instance can only come from its class, and what the cache has to
// test for that.
bool class_decides(Obj owner, Borrowed<Str> name, std::uintptr_t& shape_word) {
  shape_word = 0;
  const Type* type = owner->type();
  if (type->has(kInlineAttributes)) {
    const Instance* instance = as<Instance>(owner);
    if (!instance->has_shape() || shape_find(instance->shape(), name) >= 0) return false;
    shape_word = instance->attributes;
    return true;
  }
  return !type->has(kHasDict) && type->dict_offset == 0;
}

bool cache_class_value(ThreadState& ts, Instr* ip, Opcode form, Obj owner, Borrowed<Str> name,
                       Obj value) {
  std::uintptr_t shape_word = 0;
  if (!class_decides(owner, name, shape_word)) return false;
  const std::uint32_t version = type_version(ts, owner->type());
  if (version == 0) return false;
  ip[kCacheVersion] = version;
  cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(value.get()));
  cache_word(ip + kCacheShape, shape_word);
  set_opcode(ip, form);
  return true;
}

bool cache_shape(ThreadState& ts, Instr* ip, Opcode form, Obj owner, Borrowed<Str> name) {
  if (!has_inline_attributes(owner)) return false;
  const Instance* instance = as<Instance>(owner);
  if (!instance->has_shape()) return false;
  const int place = shape_find(instance->shape(), name);
  const std::uint32_t version = type_version(ts, owner->type());
  if (place < 0 || version == 0) return false;
  ip[kCacheVersion] = version;
  cache_word(ip + kCacheWord, instance->attributes);
  ip[kCachePlace] = static_cast<Instr>(place);
  set_opcode(ip, form);
  return true;
}

bool cache_member(ThreadState& ts, Instr* ip, Opcode form, Obj owner, Obj descriptor) {
  if (!is_kind(descriptor, TypeKind::MemberDescriptor) ||
      as<Descriptor>(descriptor)->slot_function != nullptr) {
    return false;
  }
  const Descriptor* member = as<Descriptor>(descriptor);
  const std::uint32_t version = type_version(ts, owner->type());
  if (version == 0 || member->offset > UINT32_MAX || !owner->type()->is_subtype_of(member->owner))
    return false;
  ip[kCacheVersion] = version;
  ip[kCachePlace] = static_cast<Instr>(member->offset);
  set_opcode(ip, form);
  return true;
}

bool cache_dict_entry(ThreadState& ts, Instr* ip, Opcode form, Borrowed<Dict> dict,
                      Borrowed<Str> name) {
  if (dict->keys == nullptr || dict->keys->kind != DictKind::Strings) return false;
  const std::int64_t place = dict_entry_index(dict, name);
  const std::uint32_t version = place < 0 ? 0 : dict_keys_version(ts, dict);
  if (version == 0) return false;
  ip[kCacheVersion] = version;
  ip[kCachePlace] = static_cast<Instr>(place);
  set_opcode(ip, form);
  return true;
}

bool module_lookup_is_plain(Obj owner) {
  return is_kind(owner, TypeKind::Module) && as<Module>(owner)->dict != nullptr;
}

// A class's own attribute, when neither the metaclass nor the value's __get__ has a say.
bool cache_type_value(ThreadState& ts, Instr* ip, Opcode form, Obj owner, Borrowed<Str> name) {
  if (owner->type() != ts.core.types.type) return false;
  Borrowed<Object> meta = type_lookup(ts, owner->type(), name);
  if (meta && is_data_descriptor(meta)) return false;
  Borrowed<Type> type = as<Type>(owner);
  Borrowed<Object> value = type_lookup(ts, type, name);
  if (!value) return false;
  if (value->type()->descriptor_get != nullptr && !is_kind(value, TypeKind::Function)) return false;
  const std::uint32_t version = type_version(ts, type);
  if (version == 0) return false;
  ip[kCacheVersion] = version;
  cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(value.get()));
  set_opcode(ip, form);
  return true;
}

bool try_load_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  if (module_lookup_is_plain(owner)) {
    if (type_lookup(ts, owner->type(), name)) return false;
    return cache_dict_entry(ts, ip, Opcode::LoadAttrModule, as<Module>(owner)->dict, name);
  }
  if (is_type(owner)) return cache_type_value(ts, ip, Opcode::LoadAttrType, owner, name);
  if (!has_plain_lookup(owner->type())) return false;
  Borrowed<Object> found = type_lookup(ts, owner->type(), name);
  if (!found) return cache_shape(ts, ip, Opcode::LoadAttrShape, owner, name);
  if (is_data_descriptor(found)) {
    if (is_kind(found, TypeKind::Property)) {
      Obj getter = as<Property>(found)->getter;
      if (!getter || !is_kind(getter, TypeKind::Function)) return false;
      const Code* code = as<Function>(getter)->code;
      const std::uint32_t version = type_version(ts, owner->type());
      if (version == 0 || code->arg_count != 1 || code->kwonly_count != 0 ||
          (code->flags & (kVarArgs | kVarKeywords)) != 0) {
        return false;
      }
      ip[kCacheVersion] = version;
      cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(found.get()));
      set_opcode(ip, Opcode::LoadAttrProperty);
      return true;
    }
    return cache_member(ts, ip, Opcode::LoadAttrSlot, owner, found);
  }
  if (cache_shape(ts, ip, Opcode::LoadAttrShape, owner, name)) return true;
  if (found->type()->descriptor_get != nullptr) return false;
  return cache_class_value(ts, ip, Opcode::LoadAttrValue, owner, name, found);
}

bool try_store_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  Type* type = owner->type();
  if (type->set_attribute != generic_set_attribute) return false;
  Borrowed<Object> found = type_lookup(ts, type, name);
  if (found && is_data_descriptor(found))
    return cache_member(ts, ip, Opcode::StoreAttrSlot, owner, found);
  if (!has_inline_attributes(owner)) return false;
  if (cache_shape(ts, ip, Opcode::StoreAttrShape, owner, name)) return true;
  const Instance* instance = as<Instance>(owner);
  if (!instance->has_shape()) return false;
  Shape* shape = instance->shape();
  const std::uint32_t capacity = instance->capacity();
  if (shape->count >= capacity) return false;
  const std::uint32_t version = type_version(ts, type);
  Shape* next = version == 0 ? nullptr : shape_with(ts, type, shape, name);
  if (next == nullptr) return false;
  ip[kCacheVersion] = version;
  cache_word(ip + kCacheWord, instance->attributes);
  cache_word(ip + kCacheShape, Instance::word(next, capacity));
  set_opcode(ip, Opcode::StoreAttrAdd);
  return true;
}

bool try_load_method(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  if (module_lookup_is_plain(owner)) {
    if (type_lookup(ts, owner->type(), name)) return false;
    return cache_dict_entry(ts, ip, Opcode::LoadMethodModule, as<Module>(owner)->dict, name);
  }
  if (is_type(owner)) return cache_type_value(ts, ip, Opcode::LoadMethodType, owner, name);
  if (!has_plain_lookup(owner->type())) return false;
  Borrowed<Object> found = type_lookup(ts, owner->type(), name);
  if (!found || !type_has(found, kMethodLike)) return false;
  return cache_class_value(ts, ip, Opcode::LoadMethodValue, owner, name, found);
}

// A class made by a program whose instances are made by object.__new__ and set up by a Python
// __init__ that fits.
bool cache_class_call(ThreadState& ts, Instr* ip, Borrowed<Type> type, std::uint32_t args) {
  if (!type->has(kHeapType | kInlineAttributes) || type->has(kAbstract)) return false;
  if (type->make != ts.core.types.object->make) return false;
  Borrowed<Object> init = type_lookup(ts, type, ts.core.names.dunder_init);
  if (!init || !is_kind(init, TypeKind::Function)) return false;
  const Code* code = as<Function>(init)->code;
  const std::uint32_t version = type_version(ts, type);
  if (version == 0 || static_cast<std::uint32_t>(code->arg_count) != args + 1 ||
      code->kwonly_count != 0 ||
      (code->flags & (kVarArgs | kVarKeywords | kGenerator | kCoroutine | kAsyncGenerator)) != 0) {
    return false;
  }
  ip[kCacheVersion] = version;
  cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(init.get()));
  return true;
}

Opcode binary_form(BinaryOp op, Obj left, Obj right) {
  if (is_exact_int(left) && is_exact_int(right)) {
    switch (op) {
      case BinaryOp::Add:
        return Opcode::BinaryAddInt;
      case BinaryOp::Subtract:
        return Opcode::BinarySubtractInt;
      case BinaryOp::Multiply:
        return Opcode::BinaryMultiplyInt;
      case BinaryOp::And:
      case BinaryOp::Or:
      case BinaryOp::Xor:
      case BinaryOp::FloorDivide:
      case BinaryOp::Remainder:
      case BinaryOp::LeftShift:
      case BinaryOp::RightShift:
        return Opcode::BinaryOpInt;
      default:
        return Opcode::BinaryOp;
    }
  }
  if (is_exact_float(left) && is_exact_float(right)) {
    switch (op) {
      case BinaryOp::Add:
        return Opcode::BinaryAddFloat;
      case BinaryOp::Subtract:
        return Opcode::BinarySubtractFloat;
      case BinaryOp::Multiply:
        return Opcode::BinaryMultiplyFloat;
      case BinaryOp::TrueDivide:
        return Opcode::BinaryDivideFloat;
      default:
        return Opcode::BinaryOp;
    }
  }
  if (op == BinaryOp::Add && is_exact_str(left) && is_exact_str(right)) return Opcode::BinaryAddStr;
  return Opcode::BinaryOp;
}

void settle(Instr* ip, Opcode general, Opcode form) {
  if (form == general) {
    back_off(ip[1]);
  } else {
    set_opcode(ip, form);
  }
}

}  // namespace

void specialize_load_global(ThreadState& ts, Frame* frame, Instr* ip, Borrowed<Str> name) {
  Dict* globals = frame->globals;
  if (globals->keys != nullptr && globals->keys->kind == DictKind::Strings) {
    const std::int64_t place = dict_entry_index(globals, name);
    const std::uint32_t version = dict_keys_version(ts, globals);
    if (version != 0 && place >= 0) {
      ip[2] = version;
      ip[4] = static_cast<Instr>(place);
      set_opcode(ip, Opcode::LoadGlobalModule);
      return;
    }
    Object* builtins = frame->builtins;
    if (version != 0 && is_exact_dict(builtins) && static_cast<Dict*>(builtins)->keys != nullptr &&
        static_cast<Dict*>(builtins)->keys->kind == DictKind::Strings) {
      const std::int64_t builtin_place = dict_entry_index(static_cast<Dict*>(builtins), name);
      const std::uint32_t builtin_version = dict_keys_version(ts, static_cast<Dict*>(builtins));
      if (builtin_place >= 0 && builtin_version != 0) {
        ip[2] = version;
        ip[3] = builtin_version;
        ip[4] = static_cast<Instr>(builtin_place);
        set_opcode(ip, Opcode::LoadGlobalBuiltin);
        return;
      }
    }
  }
  back_off(ip[1]);
}

void specialize_load_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  if (!try_load_attr(ts, ip, owner, name)) back_off(ip[1]);
}
void specialize_store_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  if (!try_store_attr(ts, ip, owner, name)) back_off(ip[1]);
}
void specialize_load_method(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name) {
  if (!try_load_method(ts, ip, owner, name)) back_off(ip[1]);
}

void specialize_binary_op(Instr* ip, Obj left, Obj right) {
  settle(ip, Opcode::BinaryOp,
         binary_form(static_cast<BinaryOp>(instr_argument(*ip) & 15), left, right));
}

void specialize_compare(Instr* ip, Obj left, Obj right) {
  Opcode form = Opcode::CompareOp;
  const auto op = static_cast<CompareOp>(instr_argument(*ip));
  if (is_exact_int(left) && is_exact_int(right)) {
    form = Opcode::CompareOpInt;
  } else if (is_exact_float(left) && is_exact_float(right)) {
    form = Opcode::CompareOpFloat;
  } else if (is_exact_str(left) && is_exact_str(right) &&
             (op == CompareOp::Equal || op == CompareOp::NotEqual)) {
    form = Opcode::CompareOpStr;
  }
  settle(ip, Opcode::CompareOp, form);
}

void specialize_subscript(Instr* ip, Obj container, Obj key) {
  Opcode form = Opcode::BinarySubscript;
  if (is_exact_dict(container)) {
    form = Opcode::SubscriptDict;
  } else if (is_exact_int(key) && is_exact_list(container)) {
    form = Opcode::SubscriptListInt;
  } else if (is_exact_int(key) && is_exact_tuple(container)) {
    form = Opcode::SubscriptTupleInt;
  }
  settle(ip, Opcode::BinarySubscript, form);
}

void specialize_store_subscript(Instr* ip, Obj container, Obj key) {
  Opcode form = Opcode::StoreSubscript;
  if (is_exact_dict(container)) {
    form = Opcode::StoreSubscriptDict;
  } else if (is_exact_int(key) && is_exact_list(container)) {
    form = Opcode::StoreSubscriptListInt;
  }
  settle(ip, Opcode::StoreSubscript, form);
}

void specialize_for_iter(Instr* ip, Obj iterator) {
  Opcode form = Opcode::ForIter;
  switch (iterator->type()->kind) {
    case TypeKind::ListIterator:
      form = Opcode::ForIterList;
      break;
    case TypeKind::TupleIterator:
      form = Opcode::ForIterTuple;
      break;
    case TypeKind::RangeIterator:
      form = Opcode::ForIterRange;
      break;
    case TypeKind::Generator:
      form = Opcode::ForIterGenerator;
      break;
    default:
      break;
  }
  settle(ip, Opcode::ForIter, form);
}

void specialize_call(ThreadState& ts, Instr* ip, Obj callable, bool has_self, std::uint32_t args) {
  Opcode form = Opcode::Call;
  switch (callable->type()->kind) {
    case TypeKind::Function: {
      const Code* code = as<Function>(callable)->code;
      if (static_cast<std::uint32_t>(code->arg_count) == args && code->kwonly_count == 0 &&
          (code->flags & (kVarArgs | kVarKeywords)) == 0) {
        form = Opcode::CallPython;
      }
      break;
    }
    case TypeKind::BuiltinFunction: {
      const BuiltinFunction* function = as<BuiltinFunction>(callable);
      if (has_self || (function->def->flags & MethodDef::kIndirect) != 0) break;
      form = Opcode::CallBuiltin;
      if (args == 1 && std::strcmp(function->def->name, "len") == 0 &&
          function->module != nullptr && is_exact_str(function->module) &&
          str_equals_ascii(static_cast<Str*>(function->module), "builtins")) {
        form = Opcode::CallLen;
        cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(function->def));
      }
      break;
    }
    case TypeKind::MethodDescriptor: {
      const Descriptor* method = as<Descriptor>(callable);
      if (!has_self || (method->method->flags & MethodDef::kIndirect) != 0) break;
      form = Opcode::CallMethodDescriptor;
      if (method->owner == ts.core.types.list && args == 2 &&
          std::strcmp(method->method->name, "append") == 0) {
        form = Opcode::CallListAppend;
        cache_word(ip + kCacheWord, reinterpret_cast<std::uintptr_t>(method->method));
      }
      break;
    }
    case TypeKind::Type:
      if (callable.get() == ts.core.types.type && args == 1 && !has_self) form = Opcode::CallTypeOf;
      break;
    default:
      break;
  }
  if (callable->type() == ts.core.types.type && !has_self &&
      cache_class_call(ts, ip, Borrowed<Type>(as<Type>(callable)), args)) {
    form = Opcode::CallClass;
  }
  settle(ip, Opcode::Call, form);
}

void specialize_unpack(Instr* ip, Obj sequence) {
  Opcode form = Opcode::UnpackSequence;
  if (is_exact_tuple(sequence)) {
    form = Opcode::UnpackTuple;
  } else if (is_exact_list(sequence)) {
    form = Opcode::UnpackList;
  }
  settle(ip, Opcode::UnpackSequence, form);
}

void quicken(Code* code) {
  // The second instruction stays as it is: jumps may lead to it, and the pair reads its argument
  // there.
  for (std::uint32_t i = 0; i + 1 < code->instruction_count;) {
    Instr* ip = code->instructions + i;
    const Opcode first = instr_opcode(ip[0]);
    const Opcode second = instr_opcode(ip[1]);
    if (first == Opcode::LoadFast && second == Opcode::LoadFast) {
      set_opcode(ip, Opcode::LoadFastLoadFast);
      i += 2;
      continue;
    }
    if (first == Opcode::LoadFast && second == Opcode::LoadConst) {
      set_opcode(ip, Opcode::LoadFastLoadConst);
      i += 2;
      continue;
    }
    if (first == Opcode::StoreFast && second == Opcode::LoadFast) {
      set_opcode(ip, Opcode::StoreFastLoadFast);
      i += 2;
      continue;
    }
    i += 1u + kCacheUnits[static_cast<std::size_t>(first)];
  }
}

Opcode general_opcode(Opcode opcode) {
  switch (opcode) {
    case Opcode::LoadFastLoadFast:
    case Opcode::LoadFastLoadConst:
      return Opcode::LoadFast;
    case Opcode::StoreFastLoadFast:
      return Opcode::StoreFast;
    case Opcode::LoadGlobalModule:
    case Opcode::LoadGlobalBuiltin:
      return Opcode::LoadGlobal;
    case Opcode::LoadAttrShape:
    case Opcode::LoadAttrSlot:
    case Opcode::LoadAttrModule:
    case Opcode::LoadAttrValue:
    case Opcode::LoadAttrType:
    case Opcode::LoadAttrProperty:
      return Opcode::LoadAttr;
    case Opcode::StoreAttrShape:
    case Opcode::StoreAttrAdd:
    case Opcode::StoreAttrSlot:
      return Opcode::StoreAttr;
    case Opcode::LoadMethodValue:
    case Opcode::LoadMethodModule:
    case Opcode::LoadMethodType:
      return Opcode::LoadMethod;
    case Opcode::BinaryAddInt:
    case Opcode::BinarySubtractInt:
    case Opcode::BinaryMultiplyInt:
    case Opcode::BinaryOpInt:
    case Opcode::BinaryAddFloat:
    case Opcode::BinarySubtractFloat:
    case Opcode::BinaryMultiplyFloat:
    case Opcode::BinaryDivideFloat:
    case Opcode::BinaryAddStr:
      return Opcode::BinaryOp;
    case Opcode::CompareOpInt:
    case Opcode::CompareOpFloat:
    case Opcode::CompareOpStr:
      return Opcode::CompareOp;
    case Opcode::SubscriptListInt:
    case Opcode::SubscriptTupleInt:
    case Opcode::SubscriptDict:
      return Opcode::BinarySubscript;
    case Opcode::StoreSubscriptListInt:
    case Opcode::StoreSubscriptDict:
      return Opcode::StoreSubscript;
    case Opcode::ForIterList:
    case Opcode::ForIterTuple:
    case Opcode::ForIterRange:
    case Opcode::ForIterGenerator:
      return Opcode::ForIter;
    case Opcode::CallPython:
    case Opcode::CallBuiltin:
    case Opcode::CallMethodDescriptor:
    case Opcode::CallListAppend:
    case Opcode::CallLen:
    case Opcode::CallTypeOf:
    case Opcode::CallClass:
      return Opcode::Call;
    case Opcode::UnpackTuple:
    case Opcode::UnpackList:
      return Opcode::UnpackSequence;
    default:
      return opcode;
  }
}

}  // namespace ouro
