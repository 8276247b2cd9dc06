// Module _pickle: the opcodes that find classes, make their instances and fill them.
#include "modules/pickle.h"
#include "modules/sys_module.h"
#include "objects/set.h"

namespace ouro::pickle {

// -- names ----------------------------------------------------------------------------------------

namespace {

/// One step of a dotted name: the part from `start`; `start` moves behind it.
Result<Ref<Str>> next_part(ThreadState& ts, Borrowed<Str> name, std::int64_t& start) {
  std::int64_t end = start;
  while (end < name->length && name->at(end) != U'.') ++end;
  Ref<Str> part = OURO_TRY(name->slice(ts, start, end));
  start = end + 1;
  return part;
}

/// The module is being imported by somebody: it may lack names yet.
Result<bool> is_initializing(ThreadState& ts, Obj module) {
  MaybeAttribute spec = find_attribute(ts, module, ts.core.names.dunder_spec);
  if (spec.failed) return Raised{};
  if (!spec.value) return false;
  MaybeAttribute busy = find_attribute(ts, spec.value, OURO_TRY(intern(ts, "_initializing")));
  if (busy.failed) return Raised{};
  return busy.value && OURO_TRY(is_true(ts, busy.value));
}

}  // namespace

bool has_locals(Borrowed<Str> name) {
  constexpr std::string_view kLocals = "<locals>";
  constexpr auto kLength = static_cast<std::int64_t>(kLocals.size());
  for (std::int64_t start = 0; start + kLength <= name->length; ++start) {
    if (start > 0 && name->at(start - 1) != U'.') continue;
    const bool ends = start + kLength == name->length || name->at(start + kLength) == U'.';
    std::int64_t same = 0;
    while (same < kLength &&
           name->at(start + same) == static_cast<char32_t>(kLocals[static_cast<std::size_t>(same)]))
      ++same;
    if (ends && same == kLength) return true;
  }
  return false;
}

ObjResult dotted_attribute(ThreadState& ts, Obj object, Borrowed<Str> name, ObjRef* parent) {
  if (has_locals(name)) {
    return raise(ts, ts.core.exceptions.AttributeError, "Can't get local attribute {r} on {r}",
                 name, object);
  }
  ObjRef value = object.new_ref();
  for (std::int64_t start = 0; start <= name->length;) {
    Ref<Str> part = OURO_TRY(next_part(ts, name, start));
    MaybeAttribute found = find_attribute(ts, value, part);
    if (found.failed) return Raised{};
    if (!found.value) {
      return raise(ts, ts.core.exceptions.AttributeError, "Can't get attribute {r} on {r}", name,
                   object);
    }
    if (parent != nullptr) *parent = std::move(value);
    value = std::move(found.value);
  }
  return value;
}

ObjResult import_module(ThreadState& ts, Obj name) {
  if (!is_str(name)) return raise_type_error(ts, "module name must be a string");
  const ObjRef held = name.new_ref();
  const Lookup loaded = dict_lookup(ts, ts.core.modules, name);
  if (loaded.failed) return Raised{};
  if (loaded.value != nullptr && !is_none(Obj(loaded.value))) {
    ObjRef module = ObjRef::share(loaded.value);
    if (!OURO_TRY(is_initializing(ts, module))) return module;
  }
  ObjRef import;
  if (ts.core.builtins != nullptr) {
    import = dict_get_str(ts.core.builtins, ts.core.names.dunder_import).new_ref();
  }
  if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  // With names to take, the module itself is returned and not the package above it.
  Ref<Dict> globals = OURO_TRY(Dict::create(ts));
  Ref<Str> wanted = OURO_TRY(intern(ts, "__doc__"));
  Ref<Tuple> names = OURO_TRY(Tuple::of(ts, wanted));
  Object* const arguments[] = {name.get(), globals.get(), globals.get(), names.get()};
  return call(ts, import, Args{arguments, 4, nullptr});
}

ObjResult find_class(ThreadState& ts, Unpickler* self, Borrowed<Str> module_name,
                     Borrowed<Str> given_name) {
  const Ref<Unpickler> held = Ref<Unpickler>::share(self);
  ObjRef module = ObjRef::share(module_name.get());
  ObjRef name = ObjRef::share(given_name.get());
  Object* const event[] = {module.get(), name.get()};
  OURO_TRY(audit(ts, "pickle.find_class", event));
  if (self->protocol < 3 && self->fix_imports) {
    const State* state = self->state;
    OURO_TRY(map_names(ts, state->name_mapping_2to3, state->import_mapping_2to3, module, name));
    if (!is_str(module) || !is_str(name)) {
      return raise(ts, ts.core.exceptions.RuntimeError,
                   "_compat_pickle mappings should map to strings");
    }
  }
  ObjRef found = OURO_TRY(import_module(ts, module));
  if (self->protocol >= 4) return dotted_attribute(ts, found, as<Str>(name), nullptr);
  MaybeAttribute value = find_attribute(ts, found, as<Str>(name));
  if (value.failed) return Raised{};
  if (value.value) return std::move(value.value);
  return raise(ts, ts.core.exceptions.AttributeError, "Can't get attribute {r} on {r}", name,
               found);
}

ObjResult ask_for_class(ThreadState& ts, Unpickler* self, Obj module, Obj name) {
  if (self->type() == type_in(self->state->unpickler_type)) {
    return find_class(ts, self, as<Str>(module), as<Str>(name));
  }
  Object* const arguments[] = {module.get(), name.get()};
  return call_method(ts, self, OURO_TRY(intern(ts, "find_class")), arguments);
}

Status load_extension(ThreadState& ts, Unpickler* self, std::int64_t code) {
  if (code <= 0) return raise_unpickling(ts, self, "EXT specifies code <= 0");
  Ref<Int> key = OURO_TRY(Int::from(ts, code));
  const Lookup cached = dict_lookup(ts, as<Dict>(Obj(self->state->extension_cache)), key);
  if (cached.failed) return Raised{};
  if (cached.value != nullptr) return push(ts, self, ObjRef::share(cached.value));
  const Lookup found = dict_lookup(ts, as<Dict>(Obj(self->state->inverted_registry)), key);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return raise_value_error(ts, "unregistered extension code {}", code);
  const ObjRef pair = ObjRef::share(found.value);
  if (!is_tuple(pair) || as<Tuple>(pair)->size != 2 || !is_str(as<Tuple>(pair)->at(0)) ||
      !is_str(as<Tuple>(pair)->at(1))) {
    return raise_value_error(ts, "_inverted_registry[{}] isn't a 2-tuple of strings", code);
  }
  ObjRef value = OURO_TRY(ask_for_class(ts, self, as<Tuple>(pair)->at(0), as<Tuple>(pair)->at(1)));
  OURO_TRY(dict_set(ts, as<Dict>(Obj(self->state->extension_cache)), Obj(key), Obj(value)));
  return push(ts, self, std::move(value));
}

// -- instances ------------------------------------------------------------------------------------

ObjResult instantiate(ThreadState& ts, Obj type, Borrowed<Tuple> arguments) {
  if (arguments->size == 0 && is_type(type)) {
    MaybeAttribute initial = find_attribute(ts, type, OURO_TRY(intern(ts, "__getinitargs__")));
    if (initial.failed) return Raised{};
    if (!initial.value) {
      Object* const values[] = {type.get()};
      return call_method(ts, type, ts.core.names.dunder_new, values);
    }
  }
  return call_with(ts, type, arguments, nullptr);
}

Status load_new_object(ThreadState& ts, Unpickler* self, bool with_keywords) {
  const char* op = with_keywords ? "NEWOBJ_EX" : "NEWOBJ";
  Type* error = type_in(self->state->unpickling_error);
  ObjRef keywords;
  if (with_keywords) keywords = OURO_TRY(pop(ts, self));
  ObjRef arguments = OURO_TRY(pop(ts, self));
  ObjRef type = OURO_TRY(pop(ts, self));
  if (!is_type(type)) {
    return raise(ts, error, "{} class argument must be a type, not {t}", op, type);
  }
  if (as<Type>(type)->make == nullptr) {
    return raise(ts, error, "{} class argument '{}' doesn't have __new__", op,
                 as<Type>(type)->name());
  }
  if (!is_tuple(arguments)) {
    return raise(ts, error, "{} args argument must be a tuple, not {t}", op, arguments);
  }
  if (keywords && !is_dict(keywords)) {
    return raise(ts, error, "{} kwargs argument must be a dict, not {t}", op, keywords);
  }
  ItemBuffer values(ts);
  ItemBuffer names(ts);
  OURO_TRY(values.copy(as<Tuple>(arguments)->items, as<Tuple>(arguments)->size));
  if (keywords) {
    std::uint32_t position = 0;
    Obj key;
    Obj value;
    while (dict_next(as<Dict>(keywords), position, key, value)) {
      if (!is_str(key)) return raise_type_error(ts, "keywords must be strings");
      OURO_TRY(names.append(key.new_ref()));
      OURO_TRY(values.append(value.new_ref()));
    }
  }
  Ref<Tuple> keyword_names;
  if (names.size() > 0) {
    keyword_names = OURO_TRY(Tuple::from(ts, names.data(), static_cast<std::size_t>(names.size())));
  }
  ObjRef made = OURO_TRY(as<Type>(type)->make(
      ts, as<Type>(type),
      Args{values.data(), static_cast<std::uint32_t>(as<Tuple>(arguments)->size),
           keyword_names.get()}));
  return push(ts, self, std::move(made));
}

namespace {

/// The attributes that a state dict holds, with their names interned.
Status set_attributes(ThreadState& ts, Obj object, Borrowed<Dict> state) {
  ObjRef target = OURO_TRY(get_attribute(ts, object, ts.core.names.dunder_dict));
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(state, position, key, value)) {
    const ObjRef held_value = value.new_ref();
    ObjRef name = key.new_ref();
    if (is_exact_str(name)) name = OURO_TRY(intern(ts, Ref<Str>::share(as<Str>(name))));
    OURO_TRY(set_item(ts, target, name, held_value));
  }
  return kDone;
}

}  // namespace

Status load_build(ThreadState& ts, Unpickler* self) {
  // The object stays on the stack.
  if (self->stack_size - 2 < self->fence) return raise_underflow(ts, self);
  ObjRef state = OURO_TRY(pop(ts, self));
  const ObjRef object = ObjRef::share(self->stack[self->stack_size - 1]);
  MaybeAttribute set_state = find_attribute(ts, object, ts.core.names.dunder_setstate);
  if (set_state.failed) return Raised{};
  if (set_state.value) {
    ObjRef result = OURO_TRY(call(ts, set_state.value, Obj(state)));
    return kDone;
  }
  ObjRef slots;
  if (is_tuple(state) && as<Tuple>(state)->size == 2) {
    const ObjRef pair = std::move(state);
    state = as<Tuple>(pair)->at(0).new_ref();
    slots = as<Tuple>(pair)->at(1).new_ref();
  }
  if (!is_none(state)) {
    if (!is_dict(state)) return raise_unpickling(ts, self, "state is not a dictionary");
    OURO_TRY(set_attributes(ts, object, as<Dict>(state)));
  }
  if (!slots) return kDone;
  if (!is_dict(slots)) return raise_unpickling(ts, self, "slot state is not a dictionary");
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(as<Dict>(slots), position, key, value)) {
    const ObjRef held_key = key.new_ref();
    const ObjRef held_value = value.new_ref();
    if (!is_str(key)) return raise_type_error(ts, "attribute name must be string, not '{t}'", key);
    OURO_TRY(set_attribute(ts, object, as<Str>(held_key), held_value));
  }
  return kDone;
}

// -- filling containers ---------------------------------------------------------------------------

Status append_items(ThreadState& ts, Unpickler* self, std::int64_t start) {
  if (start > self->stack_size || start <= self->fence) return raise_underflow(ts, self);
  if (start == self->stack_size) return kDone;
  const ObjRef target = ObjRef::share(self->stack[start - 1]);
  Ref<List> items = OURO_TRY(pop_list(ts, self, start));
  if (is_exact_list(target)) {
    Borrowed<List> list = as<List>(target);
    if (items->size == 1) return list->append(ts, items->at(0));
    return list->extend(ts, items);
  }
  MaybeAttribute extend = find_attribute(ts, target, ts.core.names.n_extend);
  if (extend.failed) return Raised{};
  if (extend.value) {
    ObjRef result = OURO_TRY(call(ts, extend.value, Obj(items)));
    return kDone;
  }
  ObjRef append = OURO_TRY(get_attribute(ts, target, ts.core.names.n_append));
  for (std::int64_t i = 0; i < items->size; ++i) {
    ObjRef result = OURO_TRY(call(ts, append, items->at(i)));
  }
  return kDone;
}

Status set_items(ThreadState& ts, Unpickler* self, std::int64_t start) {
  if (start > self->stack_size || start <= self->fence) return raise_underflow(ts, self);
  if (start == self->stack_size) return kDone;
  if ((self->stack_size - start) % 2 != 0) {
    return raise_unpickling(ts, self, "odd number of items for SETITEMS");
  }
  const ObjRef target = ObjRef::share(self->stack[start - 1]);
  Ref<List> items = OURO_TRY(pop_list(ts, self, start));
  for (std::int64_t i = 0; i + 1 < items->size; i += 2) {
    OURO_TRY(set_item(ts, target, items->at(i), items->at(i + 1)));
  }
  return kDone;
}

Status add_items(ThreadState& ts, Unpickler* self) {
  const std::int64_t start = OURO_TRY(pop_mark(ts, self));
  if (start > self->stack_size || start <= self->fence) return raise_underflow(ts, self);
  if (start == self->stack_size) return kDone;
  const ObjRef target = ObjRef::share(self->stack[start - 1]);
  Ref<Tuple> items = OURO_TRY(pop_tuple(ts, self, start));
  if (is_kind(target, TypeKind::Set)) return set_update(ts, as<Set>(target), items);
  ObjRef add = OURO_TRY(get_attribute(ts, target, "add"));
  for (std::int64_t i = 0; i < items->size; ++i) {
    ObjRef result = OURO_TRY(call(ts, add, items->at(i)));
  }
  return kDone;
}

}  // namespace ouro::pickle
