// Module _pickle: writing what is found by its name, and what __reduce__ describes.
#include "modules/pickle.h"
#include "objects/dict.h"

namespace ouro::pickle {

namespace {

Type* pickling_error(const Pickler* self) { return type_in(self->state->pickling_error); }

constexpr int kFastNesting = 50;  // depth from which on fast mode looks for cycles

// -- names ----------------------------------------------------------------------------------------

/// The attribute, or null; AttributeError is none.
Result<bool> find_dotted(ThreadState& ts, Obj object, Borrowed<Str> name, ObjRef& value,
                         ObjRef* parent) {
  ObjResult found = dotted_attribute(ts, object, name, parent);
  if (found.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.AttributeError)) return Raised{};
    return false;
  }
  value = found.take();
  return true;
}

/// The name of the module in which the object is found under `name`.
ObjResult module_of(ThreadState& ts, Obj object, Borrowed<Str> name) {
  MaybeAttribute given = find_attribute(ts, object, ts.core.names.dunder_module);
  if (given.failed) return Raised{};
  if (given.value && !is_none(given.value)) return std::move(given.value);
  Ref<List> modules = OURO_TRY(dict_items_list(ts, ts.core.modules));
  for (std::int64_t i = 0; i < modules->size; ++i) {
    Obj module_name = as<Tuple>(modules->at(i))->at(0);
    Obj module = as<Tuple>(modules->at(i))->at(1);
    if (is_none(module)) continue;
    if (is_str(module_name) && str_equals_ascii(as<Str>(module_name), "__main__")) continue;
    ObjRef found;
    if (OURO_TRY(find_dotted(ts, module, name, found, nullptr)) && found.get() == object.get()) {
      if (!is_exact_str(module_name)) return module_name.new_ref();
      return intern(ts, Ref<Str>::share(as<Str>(module_name)));
    }
  }
  return intern(ts, "__main__");
}

/// A registered short code instead of the names. False: there is none.
Result<bool> save_extension(ThreadState& ts, Pickler* self, Obj object, Obj module, Obj name) {
  Ref<Tuple> key = OURO_TRY(Tuple::of(ts, module, name));
  const Lookup found = dict_lookup(ts, as<Dict>(Obj(self->state->extension_registry)), key);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return false;
  const auto refuse = [&](auto... parts) -> Raised {
    return raise(ts, pickling_error(self), parts...);
  };
  if (!is_exact_int(Obj(found.value))) {
    return refuse("Can't pickle {r}: extension code {r} isn't an integer", object, found.value);
  }
  const std::int64_t code = int_clamped(Obj(found.value));
  if (code <= 0 || code > 0x7fffffff) {
    return refuse("Can't pickle {r}: extension code {} is out of range", object, code);
  }
  char bytes[5];
  const int width = code <= 0xff ? 1 : code <= 0xffff ? 2 : 4;
  bytes[0] = static_cast<char>(width == 1 ? kExt1 : width == 2 ? kExt2 : kExt4);
  for (int i = 0; i < width; ++i) bytes[1 + i] = static_cast<char>(code >> (8 * i));
  OURO_TRY(write_bytes(ts, self, {bytes, static_cast<std::size_t>(width) + 1}));
  return true;
}

/// One of the two lines of GLOBAL.
Status write_name_line(ThreadState& ts, Pickler* self, Obj name) {
  const char* encoding = self->protocol >= 3 ? "utf-8" : "ascii";
  ObjRef encoded = OURO_TRY(encode_str(ts, as<Str>(name), encoding, "strict"));
  OURO_TRY(write_bytes(ts, self, as<Bytes>(encoded)->view()));
  return write_bytes(ts, self, "\n");
}

Status write_global(ThreadState& ts, Pickler* self, ObjRef module, ObjRef name) {
  if (self->fix_imports && self->protocol < 3) {
    const State* state = self->state;
    OURO_TRY(map_names(ts, state->name_mapping_3to2, state->import_mapping_3to2, module, name));
  }
  OURO_TRY(write_op(ts, self, kGlobal));
  if (write_name_line(ts, self, module).raised()) {
    if (!catch_pending(ts, ts.core.exceptions.UnicodeEncodeError)) return Raised{};
    return raise(ts, pickling_error(self),
                 "can't pickle module identifier '{}' using pickle protocol {}", module,
                 self->protocol);
  }
  if (write_name_line(ts, self, name).raised()) {
    if (!catch_pending(ts, ts.core.exceptions.UnicodeEncodeError)) return Raised{};
    return raise(ts, pickling_error(self),
                 "can't pickle global identifier '{}.{}' using pickle protocol {}", module, name,
                 self->protocol);
  }
  return kDone;
}

Result<Ref<Str>> last_part(ThreadState& ts, Borrowed<Str> name) {
  std::int64_t start = name->length;
  while (start > 0 && name->at(start - 1) != U'.') --start;
  return name->slice(ts, start, name->length);
}

ObjResult global_name(ThreadState& ts, Obj object) {
  MaybeAttribute name = find_attribute(ts, object, ts.core.names.dunder_qualname);
  if (name.failed) return Raised{};
  if (name.value) return std::move(name.value);
  return get_attribute(ts, object, ts.core.names.dunder_name);
}

}  // namespace

Status save_global(ThreadState& ts, Pickler* self, Obj object, Borrowed<Str> given) {
  const ObjRef held = object.new_ref();
  ObjRef name = given ? ObjRef::share(given.get()) : OURO_TRY(global_name(ts, object));
  if (!is_str(name)) return raise_type_error(ts, "attribute name must be string, not '{t}'", name);
  if (has_locals(as<Str>(name))) {
    return raise(ts, ts.core.exceptions.AttributeError, "Can't pickle local object {r}", name);
  }
  ObjRef module_name = OURO_TRY(module_of(ts, object, as<Str>(name)));
  ObjResult imported = import_module(ts, module_name);
  if (imported.raised()) {
    clear_pending(ts);
    return raise(ts, pickling_error(self), "Can't pickle {r}: import of module {r} failed", object,
                 module_name);
  }
  const ObjRef module = imported.take();
  ObjRef found;
  ObjRef parent;
  if (!OURO_TRY(find_dotted(ts, module, as<Str>(name), found, &parent))) {
    return raise(ts, pickling_error(self), "Can't pickle {r}: attribute lookup {} on {} failed",
                 object, name, module_name);
  }
  if (found.get() != object.get()) {
    return raise(ts, pickling_error(self), "Can't pickle {r}: it's not the same object as {}.{}",
                 object, module_name, name);
  }
  if (self->protocol >= 2 && OURO_TRY(save_extension(ts, self, object, module_name, name))) {
    return kDone;
  }
  // A way that leads back to the module is as good as its last step.
  if (parent.get() == module.get()) name = OURO_TRY(last_part(ts, as<Str>(name)));
  if (self->protocol >= 4) {
    OURO_TRY(save(ts, self, module_name));
    OURO_TRY(save(ts, self, name));
    OURO_TRY(write_op(ts, self, kStackGlobal));
  } else if (parent.get() != module.get()) {
    Ref<Str> last = OURO_TRY(last_part(ts, as<Str>(name)));
    Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, parent, last));
    OURO_TRY(save_call(ts, self, self->state->getattr, arguments, nullptr));
  } else {
    OURO_TRY(write_global(ts, self, std::move(module_name), std::move(name)));
  }
  return memoize(ts, self, object);
}

// -- __reduce__ -----------------------------------------------------------------------------------

namespace {

struct Reduced {
  Obj callable, arguments, state, items, pairs, setter;
};

Status read_reduced(ThreadState& ts, Pickler* self, Borrowed<Tuple> tuple, Reduced& parts) {
  const auto refuse = [&](const char* text, auto... args) -> Raised {
    return raise(ts, pickling_error(self), text, args...);
  };
  if (tuple->size < 2 || tuple->size > 6) {
    return refuse("tuple returned by __reduce__ must contain 2 through 6 elements");
  }
  Obj* const places[] = {&parts.callable, &parts.arguments, &parts.state,
                         &parts.items,    &parts.pairs,     &parts.setter};
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (i < 2 || !is_none(tuple->at(i))) *places[i] = tuple->at(i);
  }
  if (!is_callable(parts.callable)) {
    return refuse("first item of the tuple returned by __reduce__ must be callable");
  }
  if (!is_tuple(parts.arguments)) {
    return refuse("second item of the tuple returned by __reduce__ must be a tuple");
  }
  if (parts.items && parts.items->type()->next == nullptr) {
    return refuse("fourth element of the tuple returned by __reduce__ must be an iterator, not {t}",
                  parts.items);
  }
  if (parts.pairs && parts.pairs->type()->next == nullptr) {
    return refuse("fifth element of the tuple returned by __reduce__ must be an iterator, not {t}",
                  parts.pairs);
  }
  if (parts.setter && !is_callable(parts.setter)) {
    return refuse("sixth element of the tuple returned by __reduce__ must be a function, not {t}",
                  parts.setter);
  }
  return kDone;
}

/// __newobj_ex__(cls, args, kwargs).
Status save_new_ex(ThreadState& ts, Pickler* self, Borrowed<Tuple> arguments) {
  const auto refuse = [&](const char* text, auto... args) -> Raised {
    return raise(ts, pickling_error(self), text, args...);
  };
  if (arguments->size != 3) {
    return refuse("length of the NEWOBJ_EX argument tuple must be exactly 3, not {}",
                  arguments->size);
  }
  Obj type = arguments->at(0);
  Obj positional = arguments->at(1);
  Obj keywords = arguments->at(2);
  if (!is_type(type)) {
    return refuse("first item from NEWOBJ_EX argument tuple must be a class, not {t}", type);
  }
  if (!is_tuple(positional)) {
    return refuse("second item from NEWOBJ_EX argument tuple must be a tuple, not {t}", positional);
  }
  if (!is_dict(keywords)) {
    return refuse("third item from NEWOBJ_EX argument tuple must be a dict, not {t}", keywords);
  }
  if (self->protocol >= 4) {
    OURO_TRY(save(ts, self, type));
    OURO_TRY(save(ts, self, positional));
    OURO_TRY(save(ts, self, keywords));
    return write_op(ts, self, kNewObjEx);
  }
  // Older protocols: partial(cls.__new__, cls, *args, **kwargs)().
  ObjRef maker = OURO_TRY(get_attribute(ts, type, ts.core.names.dunder_new));
  ItemBuffer items(ts);
  OURO_TRY(items.append(maker.new_ref()));
  OURO_TRY(items.append(type.new_ref()));
  OURO_TRY(items.copy(as<Tuple>(positional)->items, as<Tuple>(positional)->size));
  Ref<Tuple> row = OURO_TRY(Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size())));
  ObjRef bound = OURO_TRY(call_with(ts, self->state->partial, row, as<Dict>(keywords)));
  OURO_TRY(save(ts, self, bound));
  OURO_TRY(save(ts, self, ts.core.empty_tuple));
  return write_op(ts, self, kReduce);
}

/// __newobj__(cls, *args).
Status save_new(ThreadState& ts, Pickler* self, Borrowed<Tuple> arguments, Obj object) {
  if (arguments->size < 1) return raise(ts, pickling_error(self), "__newobj__ arglist is empty");
  Obj type = arguments->at(0);
  MaybeAttribute maker = find_attribute(ts, type, ts.core.names.dunder_new);
  if (maker.failed) return Raised{};
  if (!maker.value) {
    return raise(ts, pickling_error(self), "args[0] from __newobj__ args has no __new__");
  }
  if (object) {
    ObjRef own = OURO_TRY(get_attribute(ts, object, ts.core.names.dunder_class));
    if (own.get() != type.get()) {
      return raise(ts, pickling_error(self), "args[0] from __newobj__ args has the wrong class");
    }
  }
  OURO_TRY(save(ts, self, type));
  Ref<Tuple> rest = OURO_TRY(
      Tuple::from(ts, arguments->items + 1, static_cast<std::size_t>(arguments->size - 1)));
  OURO_TRY(save(ts, self, rest));
  return write_op(ts, self, kNewObj);
}

/// How the call is written: as a creation of an object, or as it is.
Status save_callable(ThreadState& ts, Pickler* self, const Reduced& parts, Obj object) {
  if (self->protocol >= 2) {
    MaybeAttribute name = find_attribute(ts, parts.callable, ts.core.names.dunder_name);
    if (name.failed) return Raised{};
    if (name.value && is_str(name.value)) {
      if (str_equals_ascii(as<Str>(name.value), "__newobj_ex__")) {
        return save_new_ex(ts, self, as<Tuple>(parts.arguments));
      }
      if (str_equals_ascii(as<Str>(name.value), "__newobj__")) {
        return save_new(ts, self, as<Tuple>(parts.arguments), object);
      }
    }
  }
  OURO_TRY(save(ts, self, parts.callable));
  OURO_TRY(save(ts, self, parts.arguments));
  return write_op(ts, self, kReduce);
}

Status save_state(ThreadState& ts, Pickler* self, const Reduced& parts, Obj object) {
  if (!parts.setter) {
    OURO_TRY(save(ts, self, parts.state));
    return write_op(ts, self, kBuild);
  }
  OURO_TRY(save(ts, self, parts.setter));
  OURO_TRY(save(ts, self, object));
  OURO_TRY(save(ts, self, parts.state));
  OURO_TRY(write_op(ts, self, kTuple2));
  OURO_TRY(write_op(ts, self, kReduce));
  return write_op(ts, self, kPop);
}

}  // namespace

Status save_reduce(ThreadState& ts, Pickler* self, Obj reduced, Obj object) {
  const ObjRef held = reduced.new_ref();
  Reduced parts;
  OURO_TRY(read_reduced(ts, self, as<Tuple>(reduced), parts));
  OURO_TRY(save_callable(ts, self, parts, object));
  if (object) {
    // An object that its own arguments lead to has been written by now.
    const std::int64_t number = self->memo.find(object.get());
    if (number >= 0) {
      OURO_TRY(write_op(ts, self, kPop));
      return write_get(ts, self, number);
    }
    OURO_TRY(memoize(ts, self, object));
  }
  OURO_TRY(enter_fast(ts, self, object ? object : reduced));
  const auto write = [&]() -> Status {
    if (parts.items) OURO_TRY(save_items(ts, self, parts.items));
    if (parts.pairs) OURO_TRY(save_pairs(ts, self, parts.pairs));
    return parts.state ? save_state(ts, self, parts, object) : kDone;
  };
  const Status written = write();
  leave_fast(ts, self, object ? object : reduced);
  return written;
}

Status save_call(ThreadState& ts, Pickler* self, Obj callable, Obj arguments, Obj object) {
  Ref<Tuple> reduced = OURO_TRY(Tuple::of(ts, callable, arguments));
  return save_reduce(ts, self, reduced, object);
}

// -- fast mode ------------------------------------------------------------------------------------

Status enter_fast(ThreadState& ts, Pickler* self, Obj object) {
  if (self->fast == 0 || ++self->fast_nesting < kFastNesting) return kDone;
  if (self->fast_memo == nullptr) self->fast_memo = OURO_TRY(Dict::create(ts)).release();
  Ref<Int> id = OURO_TRY(
      Int::from(ts, static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(object.get()))));
  if (OURO_TRY(dict_contains(ts, self->fast_memo, id))) {
    --self->fast_nesting;
    char address[24];
    std::snprintf(address, sizeof address, "%p", static_cast<void*>(object.get()));
    return raise_value_error(
        ts, "fast mode: can't pickle cyclic objects including object type {t} at {}", object,
        address);
  }
  return dict_set(ts, self->fast_memo, id, ts.core.none);
}

void leave_fast(ThreadState& ts, Pickler* self, Obj object) {
  if (self->fast == 0 || self->fast_nesting-- < kFastNesting || self->fast_memo == nullptr) return;
  const SavedPending saved(ts);
  Result<Ref<Int>> id =
      Int::from(ts, static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(object.get())));
  if (id.raised() || dict_remove(ts, self->fast_memo, id.take()).raised()) clear_pending(ts);
}

}  // namespace ouro::pickle
