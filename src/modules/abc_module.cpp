// Module _abc: the machinery of abstract base classes.
//
// Each abstract class has an `_abc_data`: who was registered, and what checks have found so far.
// The three sets hold weak references to classes, each with a callback that takes it out when its
// class dies. A negative answer is good only as long as nobody has registered anything since:
// `invalidation` counts registrations.
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/set.h"
#include "objects/weakref.h"

namespace ouro {

namespace {

struct AbcState {
  Type* data_type;  // owned
  std::uint64_t invalidation;
};

AbcState& state_of(Obj module) { return *static_cast<AbcState*>(as<Module>(module)->state); }

void free_state(Module* module) {
  auto* state = static_cast<AbcState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  xdecref(state->data_type);
  free_raw(state);
}

struct AbcData : Object {
  Set* registry;  // ? owned, as all
  Set* cache;
  Set* negative;
  std::uint64_t negative_version;
  template <class V>
  void edges(V& v) const {
    v.edge(registry, gc::slot_label("registry"));
    v.edge(cache, gc::slot_label("cache"));
    v.edge(negative, gc::slot_label("negative_cache"));
  }
};

void fill_data(Type& type) {
  fill_holder<AbcData, &AbcData::registry, &AbcData::cache, &AbcData::negative>(type);
}

/// The `_abc_data` of an abstract class.
Result<Ref<AbcData>> data_of(ThreadState& ts, Obj module, Obj cls) {
  ObjRef data = OURO_TRY(get_attribute(ts, cls, "_abc_impl"));
  if (data->type() != state_of(module).data_type)
    return raise_type_error(ts, "_abc_impl is set to a wrong type");
  return Ref<AbcData>::steal(as<AbcData>(data.release()));
}

// -- weak sets ------------------------------------------------------------------------------------

// The callback of a reference in a set; `self` is a weak reference to the set.
ObjResult forget_member(ThreadState& ts, Obj self, Args args) {
  ObjRef set = weak_referent(self).new_ref();
  if (set) {
    const bool found = OURO_TRY(set_discard(ts, as<Set>(Obj(set)), args[0]));
    static_cast<void>(found);
  }
  return ts.core.none_ref();
}

constexpr MethodDef kForgetMember = {"_destroy", forget_member, 1, 1, MethodDef::kNone, nullptr};

Status add_weakly(ThreadState& ts, Set*& member, Obj object) {
  if (member == nullptr) {
    Ref<Set> made = OURO_TRY(Set::create(ts, ts.core.types.set));
    if (member == nullptr) member = made.release();
  }
  Ref<Set> set = Ref<Set>::share(member);
  ObjRef set_reference = OURO_TRY(make_weak_ref(ts, set));
  ObjRef callback = OURO_TRY(BuiltinFunction::create(ts, kForgetMember, set_reference, nullptr));
  ObjRef reference = OURO_TRY(make_weak_ref(ts, object, callback));
  return set_add(ts, set, reference);
}

Result<bool> has_weakly(ThreadState& ts, Set* member, Obj object) {
  if (member == nullptr || member->used == 0) return false;
  Ref<Set> set = Ref<Set>::share(member);
  ObjResult made = make_weak_ref(ts, object);
  if (made.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return false;
  }
  ObjRef reference = made.take();
  return set_contains(ts, set, reference);
}

// -- abstract methods -----------------------------------------------------------------------------

Result<bool> is_abstract(ThreadState& ts, Obj value) {
  MaybeAttribute flag = find_attribute(ts, value, ts.core.names.dunder_isabstractmethod);
  if (flag.failed) return Raised{};
  if (!flag.value) return false;
  return is_true(ts, flag.value);
}

Status find_abstract_methods(ThreadState& ts, Borrowed<Type> cls) {
  Ref<Set> abstract = OURO_TRY(Set::create(ts, ts.core.types.frozenset));
  Ref<List> own = OURO_TRY(dict_items_list(ts, cls->dict));
  for (std::int64_t i = 0; i < own->size; ++i) {
    auto* pair = as<Tuple>(own->at(i));
    if (OURO_TRY(is_abstract(ts, pair->at(1)))) OURO_TRY(set_add(ts, abstract, pair->at(0)));
  }
  Ref<Tuple> bases = Ref<Tuple>::share(cls->bases);
  for (std::int64_t i = 0; i < bases->size; ++i) {
    MaybeAttribute inherited =
        find_attribute(ts, bases->at(i), ts.core.names.dunder_abstractmethods);
    if (inherited.failed) return Raised{};
    if (!inherited.value) continue;
    OURO_TRY(for_each_item(ts, inherited.value, [&](ObjRef name) -> Status {
      if (!is_str(name))
        return raise_type_error(ts, "attribute name must be string, not '{t}'", name);
      MaybeAttribute value = find_attribute(ts, cls, as<Str>(Obj(name)));
      if (value.failed) return Raised{};
      if (value.value && OURO_TRY(is_abstract(ts, value.value))) return set_add(ts, abstract, name);
      return kDone;
    }));
  }
  return set_attribute(ts, cls, ts.core.names.dunder_abstractmethods, abstract);
}

// -- pattern flags --------------------------------------------------------------------------------

constexpr std::uint64_t kPatternFlags = std::uint64_t{kSequencePattern} | kMappingPattern;
// The bits by which Python code asks for them, in `__abc_tpflags__`.
constexpr std::int64_t kSequenceBit = 1 << 5;
constexpr std::int64_t kMappingBit = 1 << 6;

void set_pattern(Type* type, std::uint64_t flag) {
  type->info.flags = (type->info.flags & ~kPatternFlags) | flag;
  type_modified(type);
}

Status take_pattern_flags(ThreadState& ts, Borrowed<Type> cls) {
  Ref<Str> name = OURO_TRY(intern(ts, "__abc_tpflags__"));
  ObjRef value = dict_get_str(cls->dict, name).new_ref();
  if (!value || !is_exact_int(value)) return kDone;
  const std::int64_t bits = OURO_TRY(int_as_int64(ts, value)) & (kSequenceBit | kMappingBit);
  if (bits == (kSequenceBit | kMappingBit)) {
    return raise_type_error(
        ts, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
  }
  if (bits != 0)
    set_pattern(cls.get(), bits == kSequenceBit ? std::uint64_t{kSequencePattern}
                                                : std::uint64_t{kMappingPattern});
  return set_attribute(ts, cls, name, nullptr);
}

Status set_pattern_deeply(ThreadState& ts, Borrowed<Type> type, std::uint64_t flag) {
  if (type->has(kImmutable) || (type->info.flags & kPatternFlags) == flag) return kDone;
  NativeDepth depth(ts, " while registering a class");
  if (!depth.ok()) return Raised{};
  set_pattern(type.get(), flag);
  ObjRef derived = OURO_TRY(call_method(ts, Obj(type), ts.core.names.dunder_subclasses));
  return for_each_item(ts, derived, [&](ObjRef child) {
    return set_pattern_deeply(ts, as<Type>(Obj(child)), flag);
  });
}

// -- the functions --------------------------------------------------------------------------------

ObjResult abc_init(ThreadState& ts, Obj module, Args args) {
  if (!is_type(args[0]))
    return raise_type_error(ts, "_abc_init() argument must be a class, not {t}", args[0]);
  Borrowed<Type> cls = as<Type>(args[0]);
  OURO_TRY(find_abstract_methods(ts, cls));
  Ref<AbcData> data = OURO_TRY(new_object<AbcData>(ts, state_of(module).data_type));
  data->negative_version = state_of(module).invalidation;
  OURO_TRY(track(ts, data));
  Ref<Str> name = OURO_TRY(intern(ts, "_abc_impl"));
  OURO_TRY(set_attribute(ts, cls, name, data));
  OURO_TRY(take_pattern_flags(ts, cls));
  return ts.core.none_ref();
}

ObjResult abc_register(ThreadState& ts, Obj module, Args args) {
  Obj cls = args[0];
  Obj subclass = args[1];
  if (!is_type(subclass)) return raise_type_error(ts, "Can only register classes");
  if (OURO_TRY(is_subclass(ts, subclass, cls))) return subclass.new_ref();
  if (OURO_TRY(is_subclass(ts, cls, subclass))) {
    return raise(ts, ts.core.exceptions.RuntimeError, "Refusing to create an inheritance cycle");
  }
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, cls));
  OURO_TRY(add_weakly(ts, data->registry, subclass));
  ++state_of(module).invalidation;
  if (is_type(cls)) {
    const std::uint64_t flag = as<Type>(cls)->info.flags & kPatternFlags;
    if (flag != 0) OURO_TRY(set_pattern_deeply(ts, as<Type>(subclass), flag));
  }
  return subclass.new_ref();
}

ObjResult ask_subclass(ThreadState& ts, Obj cls, Obj subclass) {
  Object* args[] = {subclass.get()};
  return call_method(ts, cls, ts.core.names.dunder_subclasscheck, args);
}

ObjResult abc_instancecheck(ThreadState& ts, Obj module, Args args) {
  Obj cls = args[0];
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, cls));
  ObjRef subclass = OURO_TRY(get_attribute(ts, args[1], ts.core.names.dunder_class));
  if (OURO_TRY(has_weakly(ts, data->cache, subclass))) return ts.core.bool_ref(true);
  ObjRef subtype = ObjRef::share(args[1]->type());
  if (subtype.get() == subclass.get()) {
    if (data->negative_version == state_of(module).invalidation &&
        OURO_TRY(has_weakly(ts, data->negative, subclass))) {
      return ts.core.bool_ref(false);
    }
    return ask_subclass(ts, cls, subclass);
  }
  ObjRef answer = OURO_TRY(ask_subclass(ts, cls, subclass));
  if (OURO_TRY(is_true(ts, answer))) return answer;
  return ask_subclass(ts, cls, subtype);
}

/// Asks the registered classes, then the subclasses of `cls`.
Result<bool> derives_from_known(ThreadState& ts, Obj cls, Obj subclass, const AbcData& data) {
  if (data.registry != nullptr) {
    // The references are copied: the checks may run code that changes the registry.
    Ref<List> references = OURO_TRY(list_from_iterable(ts, Obj(data.registry)));
    for (std::int64_t i = 0; i < references->size; ++i) {
      ObjRef registered = weak_referent(references->at(i)).new_ref();
      if (registered && OURO_TRY(is_subclass(ts, subclass, registered))) return true;
    }
  }
  ObjRef derived = OURO_TRY(call_method(ts, cls, ts.core.names.dunder_subclasses));
  if (!is_exact_list(derived)) return raise_type_error(ts, "__subclasses__() must return a list");
  auto* list = as<List>(Obj(derived));
  for (std::int64_t i = 0; i < list->size; ++i) {
    ObjRef child = list->at(i).new_ref();
    if (OURO_TRY(is_subclass(ts, subclass, child))) return true;
  }
  return false;
}

Result<bool> check_subclass(ThreadState& ts, Obj module, Obj cls, Obj subclass) {
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, cls));
  if (OURO_TRY(has_weakly(ts, data->cache, subclass))) return true;
  if (data->negative_version < state_of(module).invalidation) {
    const Ref<Set> old = Ref<Set>::steal(std::exchange(data->negative, nullptr));
    data->negative_version = state_of(module).invalidation;
  } else if (OURO_TRY(has_weakly(ts, data->negative, subclass))) {
    return false;
  }
  Object* hook_args[] = {subclass.get()};
  ObjRef answer = OURO_TRY(call_method(ts, cls, ts.core.names.dunder_subclasshook, hook_args));
  const bool decided = answer.get() != ts.core.not_implemented;
  if (decided && answer.get() != ts.core.true_object && answer.get() != ts.core.false_object) {
    return raise(ts, ts.core.exceptions.AssertionError,
                 "__subclasshook__ must return either False, True, or NotImplemented");
  }
  bool yes = decided && answer.get() == ts.core.true_object;
  if (!decided) {
    Ref<Tuple> mro = Ref<Tuple>::share(as<Type>(subclass)->mro);
    for (std::int64_t i = 0; mro && i < mro->size && !yes; ++i) yes = mro->at(i) == cls;
    if (!yes) yes = OURO_TRY(derives_from_known(ts, cls, subclass, *data));
  }
  OURO_TRY(add_weakly(ts, yes ? data->cache : data->negative, subclass));
  return yes;
}

ObjResult abc_subclasscheck(ThreadState& ts, Obj module, Args args) {
  if (!is_type(args[1])) return raise_type_error(ts, "issubclass() arg 1 must be a class");
  return bool_result(ts, check_subclass(ts, module, args[0], args[1]));
}

ObjResult abc_cache_token(ThreadState& ts, Obj module, Args) {
  return Int::from_unsigned(ts, state_of(module).invalidation);
}

ObjResult set_copy(ThreadState& ts, Set* member) {
  if (member == nullptr) return Set::create(ts, ts.core.types.set);
  Ref<Set> held = Ref<Set>::share(member);
  return set_from_iterable(ts, ts.core.types.set, held);
}

ObjResult abc_get_dump(ThreadState& ts, Obj module, Args args) {
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, args[0]));
  ObjRef registry = OURO_TRY(set_copy(ts, data->registry));
  ObjRef cache = OURO_TRY(set_copy(ts, data->cache));
  ObjRef negative = OURO_TRY(set_copy(ts, data->negative));
  ObjRef version = OURO_TRY(Int::from_unsigned(ts, data->negative_version));
  return Tuple::of(ts, registry, cache, negative, version);
}

ObjResult abc_reset_registry(ThreadState& ts, Obj module, Args args) {
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, args[0]));
  drop(data->registry);
  return ts.core.none_ref();
}

ObjResult abc_reset_caches(ThreadState& ts, Obj module, Args args) {
  Ref<AbcData> data = OURO_TRY(data_of(ts, module, args[0]));
  drop(data->cache);
  drop(data->negative);
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"get_cache_token", abc_cache_token, 0, 0, MethodDef::kNone,
     "get_cache_token($module, /)\n--\n\nReturns the current ABC cache token, which changes with "
     "each call to register()."},
    {"_abc_init", abc_init, 1, 1, MethodDef::kNone,
     "_abc_init($module, self, /)\n--\n\nInternal ABC helper for class set-up."},
    {"_abc_register", abc_register, 2, 2, MethodDef::kNone,
     "_abc_register($module, self, subclass, /)\n--\n\nInternal ABC helper for subclass "
     "registration."},
    {"_abc_instancecheck", abc_instancecheck, 2, 2, MethodDef::kNone,
     "_abc_instancecheck($module, self, instance, /)\n--\n\nInternal ABC helper for instance "
     "checks."},
    {"_abc_subclasscheck", abc_subclasscheck, 2, 2, MethodDef::kNone,
     "_abc_subclasscheck($module, self, subclass, /)\n--\n\nInternal ABC helper for subclass "
     "checks."},
    {"_get_dump", abc_get_dump, 1, 1, MethodDef::kNone,
     "_get_dump($module, self, /)\n--\n\nCopies of registry, cache, negative cache, and the "
     "latter's version."},
    {"_reset_registry", abc_reset_registry, 1, 1, MethodDef::kNone,
     "_reset_registry($module, self, /)\n--\n\nInternal ABC helper to reset registry of a given "
     "class."},
    {"_reset_caches", abc_reset_caches, 1, 1, MethodDef::kNone,
     "_reset_caches($module, self, /)\n--\n\nInternal ABC helper to reset both caches of a given "
     "class."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_abc_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_abc"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> type =
      OURO_TRY(make_native_type(ts, {"_abc_data", "_abc", sizeof(AbcData), 0, 0, fill_data,
                                     "Internal state held by ABC machinery."}));
  auto* state = static_cast<AbcState*>(allocate_raw(sizeof(AbcState)));
  if (state == nullptr) return raise_no_memory(ts);
  state->data_type = type.release();
  state->invalidation = 0;
  module->state = state;
  module->free_state = free_state;
  return module;
}

}  // namespace ouro
