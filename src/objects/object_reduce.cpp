// Taking objects apart for copying and pickling: object.__reduce_ex__, __reduce__ and __getstate__ (PEP 307).
#include "objects/errors.h"
#include "objects/instance.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_internal.h"

namespace ouro {

ObjResult import_by_name(ThreadState& ts, const char* name) {
  Ref<Str> text = OURO_TRY(intern(ts, name));
  if (ts.core.modules != nullptr) {
    if (ObjRef loaded = dict_get_str(ts.core.modules, text).new_ref()) return loaded;
  }
  ObjRef import;
  if (ts.core.builtins != nullptr) import = dict_get_str(ts.core.builtins, ts.core.names.dunder_import).new_ref();
  if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  return call(ts, import, text);
}

namespace {

ObjResult from_copyreg(ThreadState& ts, const char* name) {
  ObjRef module = OURO_TRY(import_by_name(ts, "copyreg"));
  return get_attribute(ts, module, name);
}

// The names of the `__slots__` of all bases, as copyreg finds (and caches) them; null when there are none.
Result<Ref<List>> slot_names_of(ThreadState& ts, Borrowed<Type> type) {
  bool any = false;
  for (const Type* at = type.get(); at != nullptr && !any; at = at->base) any = at->slot_count > 0;
  if (!any) return List::create(ts);
  ObjRef find = OURO_TRY(from_copyreg(ts, "_slotnames"));
  ObjRef names = OURO_TRY(call(ts, find, type));
  if (is_none(names)) return List::create(ts);
  if (!is_list(names)) return raise_type_error(ts, "copyreg._slotnames didn't return a list or None");
  return Ref<List>::steal(as<List>(names.release()));
}

// Instances with parts that no attribute shows cannot be put together again.
Status check_no_hidden_parts(ThreadState& ts, Obj self, Borrowed<List> slot_names) {
  const Type* type = self->type();
  std::uint32_t shown = sizeof(Object) + 8 * static_cast<std::uint32_t>(slot_names->size);
  if (type->has(kInlineAttributes)) return kDone;
  if (type->dict_offset != 0) shown += 8;
  if (type->info.weaklist_offset != 0) shown += 8;
  if (type->info.basic_bytes > shown || is_variable_size(type)) {
    return raise_type_error(ts, "cannot pickle '{t}' object", self);
  }
  return kDone;
}

ObjResult default_state(ThreadState& ts, Obj self, bool required) {
  Ref<Type> type = Ref<Type>::share(self->type());
  if (required && is_variable_size(type.get())) return raise_type_error(ts, "cannot pickle '{t}' object", self);
  ObjRef state = ts.core.none_ref();
  if (has_inline_attributes(self) || dict_slot(self) != nullptr) {
    // An object that was never given an attribute has no state; asking must not make it a dict.
    const bool empty = has_inline_attributes(self)
                           ? as<Instance>(self)->has_shape() && as<Instance>(self)->shape()->count == 0
                           : *dict_slot(self) == nullptr;
    if (!empty) {
      Ref<Dict> dict = OURO_TRY(instance_dict(ts, self));
      state = ObjRef(std::move(dict));
    }
  }
  Ref<List> names = OURO_TRY(slot_names_of(ts, type));
  if (required) OURO_TRY(check_no_hidden_parts(ts, self, names));
  if (names->size == 0) return state;
  Ref<Dict> slots = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i < names->size; ++i) {
    const ObjRef name = names->at(i).new_ref();
    if (!is_str(name)) return raise_type_error(ts, "__slotnames__ item must be a str, not '{t}'", name);
    MaybeAttribute value = find_attribute(ts, self, as<Str>(name));
    if (value.failed) return Raised{};
    if (value.value) OURO_TRY(dict_set(ts, slots, name, value.value));
  }
  if (slots->used == 0) return state;
  return Tuple::of(ts, state, slots);
}

ObjResult state_of(ThreadState& ts, Obj self, bool required) {
  ObjRef method = OURO_TRY(get_attribute(ts, self, ts.core.names.dunder_getstate));
  // object.__getstate__ itself is asked with the sharper rule.
  Borrowed<Object> of_class = type_lookup(ts, self->type(), ts.core.names.dunder_getstate);
  Borrowed<Object> of_object = type_lookup(ts, ts.core.types.object, ts.core.names.dunder_getstate);
  if (of_class == of_object) return default_state(ts, self, required);
  return call(ts, method);
}

struct NewArguments {
  Ref<Tuple> args;     // null: none given
  Ref<Dict> keywords;  // null: none given
};

Status find_new_arguments(ThreadState& ts, Obj self, NewArguments& out) {
  MaybeAttribute extended = find_special(ts, self, ts.core.names.dunder_getnewargs_ex);
  if (extended.failed) return Raised{};
  if (extended.value) {
    ObjRef pair = OURO_TRY(call(ts, extended.value));
    if (!is_tuple(pair)) return raise_type_error(ts, "__getnewargs_ex__ should return a tuple, not '{t}'", pair);
    auto* both = as<Tuple>(pair);
    if (both->size != 2) {
      return raise_value_error(ts, "__getnewargs_ex__ should return a tuple of length 2, not {}", both->size);
    }
    if (!is_tuple(both->at(0))) {
      return raise_type_error(ts, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{t}'", both->at(0));
    }
    if (!is_dict(both->at(1))) {
      return raise_type_error(ts, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{t}'", both->at(1));
    }
    out.args = Ref<Tuple>::share(as<Tuple>(both->at(0)));
    out.keywords = Ref<Dict>::share(as<Dict>(both->at(1)));
    return kDone;
  }
  MaybeAttribute plain = find_special(ts, self, ts.core.names.dunder_getnewargs);
  if (plain.failed) return Raised{};
  if (!plain.value) return kDone;
  ObjRef args = OURO_TRY(call(ts, plain.value));
  if (!is_tuple(args)) return raise_type_error(ts, "__getnewargs__ should return a tuple, not '{t}'", args);
  out.args = Ref<Tuple>::steal(as<Tuple>(args.release()));
  return kDone;
}

// (class, *args)
Result<Ref<Tuple>> with_class(ThreadState& ts, Obj klass, Borrowed<Tuple> args) {
  const std::int64_t count = args ? args->size : 0;
  Ref<Tuple> result = OURO_TRY(Tuple::make(ts, count + 1));
  result->items[0] = klass.new_ref().release();
  for (std::int64_t i = 0; i < count; ++i) result->items[i + 1] = args->at(i).new_ref().release();
  OURO_TRY(track(ts, result));
  return result;
}

// The form of protocol 2 and above: copyreg.__newobj__ with the state, and iterators over items of lists and dicts.
ObjResult reduce_by_new(ThreadState& ts, Obj self) {
  Ref<Type> type = Ref<Type>::share(self->type());
  if (type->make == nullptr) return raise_type_error(ts, "cannot pickle '{}' object", type->name());
  NewArguments given;
  OURO_TRY(find_new_arguments(ts, self, given));
  ObjRef function;
  Ref<Tuple> args;
  if (!given.keywords || given.keywords->used == 0) {
    function = OURO_TRY(from_copyreg(ts, "__newobj__"));
    args = OURO_TRY(with_class(ts, type, given.args));
  } else {
    function = OURO_TRY(from_copyreg(ts, "__newobj_ex__"));
    args = OURO_TRY(Tuple::of(ts, type, given.args, given.keywords));
  }
  const bool required = !given.args && !is_list(self) && !is_dict(self);
  ObjRef state = OURO_TRY(state_of(ts, self, required));
  ObjRef list_items = ts.core.none_ref();
  ObjRef dict_items = ts.core.none_ref();
  if (is_list(self)) list_items = OURO_TRY(iterate(ts, self));
  if (is_dict(self)) {
    ObjRef items = OURO_TRY(call_method(ts, self, ts.core.names.n_items));
    dict_items = OURO_TRY(iterate(ts, items));
  }
  return Tuple::of(ts, function, args, state, list_items, dict_items);
}

ObjResult common_reduce(ThreadState& ts, Obj self, std::int64_t protocol) {
  if (protocol >= 2) return reduce_by_new(ts, self);
  ObjRef reduce = OURO_TRY(from_copyreg(ts, "_reduce_ex"));
  Ref<Int> number = OURO_TRY(Int::from(ts, protocol));
  return call(ts, reduce, self, number);
}

}  // namespace

ObjResult object_reduce(ThreadState& ts, Obj self, Args) { return common_reduce(ts, self, 0); }

// A class's own __reduce__ goes before the protocol's form.
ObjResult object_reduce_ex(ThreadState& ts, Obj self, Args args) {
  const std::int64_t protocol = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  MaybeAttribute reduce = find_attribute(ts, self, ts.core.names.dunder_reduce);
  if (reduce.failed) return Raised{};
  if (reduce.value) {
    Borrowed<Object> of_class = type_lookup(ts, self->type(), ts.core.names.dunder_reduce);
    Borrowed<Object> of_object = type_lookup(ts, ts.core.types.object, ts.core.names.dunder_reduce);
    if (of_class != of_object) return call(ts, reduce.value);
  }
  return common_reduce(ts, self, protocol);
}

ObjResult object_getstate(ThreadState& ts, Obj self, Args) { return default_state(ts, self, false); }

}  // namespace ouro
