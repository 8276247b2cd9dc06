// Module _pickle: the functions, PickleBuffer, and what the module takes from others.
#include "modules/native_modules.h"
#include "modules/pickle.h"

namespace ouro {

namespace pickle {

Status map_names(ThreadState& ts, Object* names, Object* imports, ObjRef& module, ObjRef& name) {
  Ref<Tuple> key = OURO_TRY(Tuple::of(ts, module, name));
  const Lookup both = dict_lookup(ts, as<Dict>(Obj(names)), key);
  if (both.failed) return Raised{};
  if (both.value != nullptr) {
    const auto* pair = as<Tuple>(Obj(both.value));
    module = pair->at(0).new_ref();
    name = pair->at(1).new_ref();
    return kDone;
  }
  const Lookup only = dict_lookup(ts, as<Dict>(Obj(imports)), module);
  if (only.failed) return Raised{};
  if (only.value != nullptr) module = ObjRef::share(only.value);
  return kDone;
}

// -- PickleBuffer ---------------------------------------------------------------------------------

namespace {

ObjResult buffer_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "PickleBuffer"));
  OURO_TRY(check_args(ts, args, "PickleBuffer", 1, 1));
  ObjRef view = OURO_TRY(memoryview_create(ts, args[0]));
  Ref<PickleBuffer> made = OURO_TRY(new_object<PickleBuffer>(ts, type, type->info.basic_bytes));
  made->view = as<MemoryView>(Obj(view.release()));
  OURO_TRY(track(ts, made));
  return made;
}

Status check_buffer(ThreadState& ts, const PickleBuffer* self) {
  if (!self->released && self->view != nullptr) return kDone;
  return raise_value_error(ts, "operation forbidden on released PickleBuffer object");
}

ObjResult buffer_raw(ThreadState& ts, Obj object, Args) {
  auto* self = as<PickleBuffer>(object);
  OURO_TRY(check_buffer(ts, self));
  const Ref<MemoryView> view = Ref<MemoryView>::share(self->view);
  if (!view->is_contiguous()) {
    return raise(ts, ts.core.exceptions.BufferError,
                 "cannot extract raw buffer from non-contiguous Python buffer");
  }
  Ref<Str> format = OURO_TRY(Str::from_char(ts, U'B'));
  Object* const arguments[] = {format.get()};
  return call_method(ts, view, OURO_TRY(intern(ts, "cast")), arguments);
}

ObjResult buffer_release(ThreadState& ts, Obj object, Args) {
  auto* self = as<PickleBuffer>(object);
  self->released = true;
  if (self->exports == 0) drop(self->view);
  return ts.core.none_ref();
}

Status lend_memory(ThreadState& ts, Obj object, ExportedMemory& memory) {
  auto* self = as<PickleBuffer>(object);
  OURO_TRY(check_buffer(ts, self));
  const MemoryView* view = self->view;
  OURO_TRY(view->check_usable(ts));
  if (!view->is_contiguous()) {
    return raise(ts, ts.core.exceptions.BufferError,
                 "PickleBuffer: underlying buffer is not contiguous");
  }
  memory.data = view->start;
  memory.item_bytes = view->item_bytes();
  memory.items = view->total_bytes() / memory.item_bytes;
  memory.format[0] = view->code();
  memory.format[1] = '\0';
  memory.read_only = view->read_only;
  ++self->exports;
  return kDone;
}

void take_memory_back(Obj object) {
  auto* self = as<PickleBuffer>(object);
  if (--self->exports == 0 && self->released) drop(self->view);
}

void buffer_dealloc(gc::Header* header) {
  auto* self = static_cast<PickleBuffer*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  drop(self->view);
  free_object(self);
}

Obj memory_origin(Obj object) { return as<PickleBuffer>(object)->view->buffer->object; }

constexpr BufferSlots kBufferSlots{lend_memory, take_memory_back, memory_origin};

constexpr MethodDef kBufferMethods[] = {
    {"raw", buffer_raw, 0, 0, MethodDef::kNone,
     "raw($self, /)\n--\n\nReturn a memoryview of the raw memory underlying this buffer.\nWill "
     "raise BufferError is the buffer isn't contiguous."},
    {"release", buffer_release, 0, 0, MethodDef::kNone,
     "release($self, /)\n--\n\nRelease the underlying buffer exposed by the PickleBuffer object."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_buffer(Type& type) {
  fill_holder<PickleBuffer, &PickleBuffer::view>(type);
  type.info.dealloc = buffer_dealloc;
  type.info.weaklist_offset = offsetof(PickleBuffer, weaklist);
  type.make = buffer_make;
  type.buffer = &kBufferSlots;
  type.methods = kBufferMethods;
}

}  // namespace

Result<Ref<Type>> make_buffer_type(ThreadState& ts) {
  return make_native_type(ts, {"PickleBuffer", "pickle", sizeof(PickleBuffer), 0, 0, fill_buffer,
                               "Wrapper for potentially out-of-band buffers"});
}

// -- functions ------------------------------------------------------------------------------------

namespace {

ObjResult dump_function(ThreadState& ts, Obj module, Args args) {
  Obj given[5];
  OURO_TRY(parse_args(ts, args, "dump",
                      {"obj", "file", "protocol", "*fix_imports", "*buffer_callback"}, 2, given));
  Ref<Pickler> pickler = OURO_TRY(make_pickler(ts, state_of_module(module)));
  OURO_TRY(set_protocol(ts, pickler.get(), given[2], given[3]));
  OURO_TRY(set_file(ts, pickler.get(), given[1]));
  OURO_TRY(set_buffer_callback(ts, pickler.get(), given[4]));
  OURO_TRY(dump(ts, pickler.get(), given[0]));
  OURO_TRY(flush_output(ts, pickler.get()));
  return ts.core.none_ref();
}

ObjResult dumps_function(ThreadState& ts, Obj module, Args args) {
  Obj given[4];
  OURO_TRY(parse_args(ts, args, "dumps", {"obj", "protocol", "*fix_imports", "*buffer_callback"}, 1,
                      given));
  Ref<Pickler> pickler = OURO_TRY(make_pickler(ts, state_of_module(module)));
  OURO_TRY(set_protocol(ts, pickler.get(), given[1], given[2]));
  OURO_TRY(set_buffer_callback(ts, pickler.get(), given[3]));
  OURO_TRY(dump(ts, pickler.get(), given[0]));
  return Bytes::from(ts, {pickler->output, static_cast<std::size_t>(pickler->length)});
}

ObjResult load_function(ThreadState& ts, Obj module, Args args) {
  Obj given[5];
  OURO_TRY(parse_args(ts, args, "load",
                      {"file", "*fix_imports", "*encoding", "*errors", "*buffers"}, 1, given));
  Ref<Unpickler> unpickler = OURO_TRY(make_unpickler(ts, state_of_module(module)));
  OURO_TRY(set_options(ts, unpickler.get(), "load", {given + 1, 4}));
  OURO_TRY(set_file(ts, unpickler.get(), given[0]));
  return load(ts, unpickler.get());
}

ObjResult loads_function(ThreadState& ts, Obj module, Args args) {
  Obj given[5];
  OURO_TRY(parse_args(ts, args, "loads",
                      {"data", "/", "*fix_imports", "*encoding", "*errors", "*buffers"}, 1, given));
  Ref<Unpickler> unpickler = OURO_TRY(make_unpickler(ts, state_of_module(module)));
  OURO_TRY(set_options(ts, unpickler.get(), "loads", {given + 1, 4}));
  OURO_TRY(set_input(ts, unpickler.get(), given[0]));
  return load(ts, unpickler.get());
}

constexpr MethodDef kFunctions[] = {
    {"dump", dump_function, 0, -1, MethodDef::kKeywords,
     "dump($module, /, obj, file, protocol=None, *, fix_imports=True,\n     "
     "buffer_callback=None)\n--\n\nWrite a pickled representation of obj to the open file object "
     "file.\n\nThis is equivalent to ``Pickler(file, protocol).dump(obj)``."},
    {"dumps", dumps_function, 0, -1, MethodDef::kKeywords,
     "dumps($module, /, obj, protocol=None, *, fix_imports=True,\n      "
     "buffer_callback=None)\n--\n\nReturn the pickled representation of the object as a bytes "
     "object."},
    {"load", load_function, 0, -1, MethodDef::kKeywords,
     "load($module, /, file, *, fix_imports=True, encoding='ASCII',\n     errors='strict', "
     "buffers=())\n--\n\nRead and return an object from the pickle data stored in a file.\n\nThis "
     "is "
     "equivalent to ``Unpickler(file).load()``."},
    {"loads", loads_function, 0, -1, MethodDef::kKeywords,
     "loads($module, data, /, *, fix_imports=True, encoding='ASCII',\n      errors='strict', "
     "buffers=())\n--\n\nRead and return an object from the given pickle data."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- the module -----------------------------------------------------------------------------------

void clear_state(gc::Header* header) {
  auto* state = static_cast<State*>(header);
  for (Object** at = &state->pickle_error; at <= &state->buffer_type; ++at) drop(*at);
}

void state_dealloc(gc::Header* header) {
  untrack(static_cast<State*>(header));
  clear_state(header);
  free_object(static_cast<State*>(header));
}

void fill_state(Type& type) {
  init_collected<State>(type);
  type.info.dealloc = state_dealloc;
  type.info.clear = clear_state;
}

void free_state(Module* module) {
  if (auto* state = static_cast<State*>(std::exchange(module->state, nullptr))) decref(state);
}

Status make_error(ThreadState& ts, Borrowed<Module> module, const char* name, Obj base,
                  Object*& place) {
  Ref<Str> class_name = OURO_TRY(intern(ts, name));
  Ref<Str> module_name = OURO_TRY(intern(ts, "_pickle"));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, base));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(module_name)));
  place = OURO_TRY(call(ts, ts.core.types.type, Obj(class_name), Obj(bases), Obj(dict))).release();
  return dict_set(ts, module->dict, name, Obj(place));
}

Status take(ThreadState& ts, const char* module, const char* name, bool is_table, Object*& place) {
  ObjRef from = OURO_TRY(import_by_name(ts, module));
  place = OURO_TRY(get_attribute(ts, from, name)).release();
  if (is_table && !is_exact_dict(Obj(place))) {
    return raise(ts, ts.core.exceptions.RuntimeError, "{}.{} should be a dict, not {t}", module,
                 name, place);
  }
  return kDone;
}

Status take_from_others(ThreadState& ts, State* state) {
  struct Source {
    const char *module, *name;
    bool is_table;
    Object** place;
  };
  const Source sources[] = {
      {"copyreg", "dispatch_table", true, &state->dispatch_table},
      {"copyreg", "_extension_registry", true, &state->extension_registry},
      {"copyreg", "_inverted_registry", true, &state->inverted_registry},
      {"copyreg", "_extension_cache", true, &state->extension_cache},
      {"_compat_pickle", "NAME_MAPPING", true, &state->name_mapping_2to3},
      {"_compat_pickle", "IMPORT_MAPPING", true, &state->import_mapping_2to3},
      {"_compat_pickle", "REVERSE_NAME_MAPPING", true, &state->name_mapping_3to2},
      {"_compat_pickle", "REVERSE_IMPORT_MAPPING", true, &state->import_mapping_3to2},
      {"codecs", "encode", false, &state->encode},
      {"builtins", "getattr", false, &state->getattr},
      {"functools", "partial", false, &state->partial},
  };
  for (const Source& source : sources) {
    OURO_TRY(take(ts, source.module, source.name, source.is_table, *source.place));
  }
  return kDone;
}

Status make_types(ThreadState& ts, Borrowed<Module> module, Borrowed<State> state) {
  state->pickler_type = OURO_TRY(make_pickler_type(ts)).release();
  state->unpickler_type = OURO_TRY(make_unpickler_type(ts)).release();
  state->pickler_memo_type = OURO_TRY(make_pickler_memo_type(ts)).release();
  state->unpickler_memo_type = OURO_TRY(make_unpickler_memo_type(ts)).release();
  state->buffer_type = OURO_TRY(make_buffer_type(ts)).release();
  const std::pair<const char*, Object*> names[] = {{"Pickler", state->pickler_type},
                                                   {"Unpickler", state->unpickler_type},
                                                   {"PickleBuffer", state->buffer_type}};
  for (const auto& [name, type] : names) OURO_TRY(dict_set(ts, module->dict, name, Obj(type)));
  OURO_TRY(set_companions(ts, type_in(state->pickler_type), {Obj(state)}));
  return set_companions(ts, type_in(state->unpickler_type), {Obj(state)});
}

}  // namespace

}  // namespace pickle

Result<Ref<Module>> create_pickle_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_pickle"));
  Ref<Type> state_type =
      OURO_TRY(make_native_type(ts, {"_state", "_pickle", sizeof(pickle::State), 0,
                                     kDisallowInstantiation, pickle::fill_state, nullptr}));
  Ref<pickle::State> state = OURO_TRY(new_object<pickle::State>(ts, state_type));
  OURO_TRY(track(ts, state));
  module->state = state.new_ref().release();
  module->free_state = pickle::free_state;
  OURO_TRY(pickle::take_from_others(ts, state.get()));
  OURO_TRY(pickle::make_error(ts, module, "PickleError", ts.core.exceptions.Exception,
                              state->pickle_error));
  OURO_TRY(
      pickle::make_error(ts, module, "PicklingError", state->pickle_error, state->pickling_error));
  OURO_TRY(pickle::make_error(ts, module, "UnpicklingError", state->pickle_error,
                              state->unpickling_error));
  OURO_TRY(pickle::make_types(ts, module, state));
  OURO_TRY(module->add_functions(ts, pickle::kFunctions));
  return module;
}

}  // namespace ouro
