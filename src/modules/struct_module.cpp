// Module _struct: pack, unpack and the class Struct. The functions of the module measure their format at every call.

#include "modules/native_modules.h"
#include "modules/struct_format.h"
#include "objects/bytes.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

struct StructState {
  Type* error;
  Type* struct_type;
  Type* iterator_type;
};
const StructState& state_of(Obj module) { return *static_cast<StructState*>(as<Module>(module)->state); }

/// A format that has been measured. `text` is an exact str, ASCII.
struct Format {
  Ref<Str> text;
  std::int64_t bytes = 0;
  std::int64_t values = 0;
  [[nodiscard]] std::string_view view() const { return text->ascii(); }
};

/// The format that a str or bytes object holds.
Status read_format(ThreadState& ts, Borrowed<Type> error, Obj object, Format& format) {
  if (is_str(object)) {
    if (!as<Str>(object)->is_ascii()) {
      ObjRef encoded = OURO_TRY(encode_str(ts, as<Str>(object), "ascii", "strict"));  // raises the error that fits
      return raise(ts, error, "bad char in struct format");
    }
    format.text = Ref<Str>::share(as<Str>(object));
  } else if (is_bytes(object)) {
    format.text = OURO_TRY(Str::from_latin1(ts, as<Bytes>(object)->view()));
    if (!format.text->is_ascii()) return raise(ts, error, "bad char in struct format");
  } else {
    return raise_type_error(ts, "Struct() argument 1 must be a str or bytes object, not {n}", object);
  }
  const FormatTotals totals = measure_format(format.view());
  if (totals.error != nullptr) return raise(ts, error, "{}", totals.error);
  format.bytes = totals.bytes;
  format.values = totals.values;
  return kDone;
}

struct StructObject : Object {
  Type* error;  // owned, as are the next two
  Type* iterator_type;
  Str* format;  // null until __init__
  std::int64_t bytes, values;
  gc::WeakReference* weaklist;
};

struct UnpackIterator : Object {
  Str* format;      // owned
  Object* source;   // owned; null when exhausted
  std::int64_t bytes;
  std::int64_t index;
  template <class V>
  void edges(V& v) const {
    v.edge(format, gc::slot_label("format"));
    v.edge(source, gc::slot_label("source"));
  }
};

// -- the operations, for functions and methods alike -----------------------------------------------------------------

ObjResult pack_format(ThreadState& ts, Borrowed<Type> error, const Format& format, Args values) {
  if (values.count != format.values) {
    return raise(ts, error, "pack expected {} items for packing (got {})", format.values, values.count);
  }
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, format.bytes));
  if (format.bytes > 0) {
    OURO_TRY(pack_values(ts, error, format.view(), values.values, made->data()));
  } else if (format.values > 0) {
    char nothing = 0;
    OURO_TRY(pack_values(ts, error, format.view(), values.values, &nothing));
  }
  return made;
}

/// The place that `offset` (from the end when negative) names in a buffer; messages differ for reading and writing.
Result<std::int64_t> buffer_offset(ThreadState& ts, Borrowed<Type> error, const Format& format, std::int64_t offset,
                                   std::int64_t size, bool reading) {
  if (offset < 0) {
    if (offset + format.bytes > 0) {
      return raise(ts, error, reading ? "not enough data to unpack {} bytes at offset {}" : "no space to pack {} bytes at offset {}",
                   format.bytes, offset);
    }
    if (offset + size < 0) {
      return raise(ts, error, "offset {} out of range for {}-byte buffer", offset, size);
    }
    offset += size;
  }
  if (size - offset < format.bytes) {
    return raise(ts, error, "{} requires a buffer of at least {} bytes for {} {} bytes at offset {} (actual buffer size is {})",
                 reading ? "unpack_from" : "pack_into", static_cast<std::uint64_t>(format.bytes) + static_cast<std::uint64_t>(offset),
                 reading ? "unpacking" : "packing", format.bytes, offset, size);
  }
  return offset;
}

/// args: buffer, offset, values.
ObjResult pack_into_format(ThreadState& ts, Borrowed<Type> error, const Format& format, Args args) {
  if (args.count == 0) return raise(ts, error, "pack_into expected buffer argument");
  if (args.count == 1) return raise(ts, error, "pack_into expected offset argument");
  if (args.count - 2 != format.values) {
    return raise(ts, error, "pack_into expected {} items for packing (got {})", format.values, args.count - 2);
  }
  const std::int64_t offset = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.IndexError));
  BufferView view;
  if (view.acquire(ts, args[0], true).raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "argument must be read-write bytes-like object, not {t}", args[0]);
  }
  const std::int64_t place =
      OURO_TRY(buffer_offset(ts, error, format, offset, static_cast<std::int64_t>(view.size()), false));
  OURO_TRY(pack_values(ts, error, format.view(), args.values + 2, view.data() + place));
  return ts.core.none_ref();
}

ObjResult unpack_format(ThreadState& ts, Borrowed<Type> error, const Format& format, Obj buffer) {
  BufferView view;
  OURO_TRY(view.acquire(ts, buffer));
  if (static_cast<std::int64_t>(view.size()) != format.bytes) {
    return raise(ts, error, "unpack requires a buffer of {} bytes", format.bytes);
  }
  return unpack_values(ts, format.view(), view.view());
}

/// args: buffer, offset=0.
ObjResult unpack_from_format(ThreadState& ts, Borrowed<Type> error, const Format& format, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "unpack_from", {"buffer", "offset"}, 1, given));
  std::int64_t offset = 0;
  if (given[1]) offset = OURO_TRY(index_as_int64(ts, given[1], ts.core.exceptions.OverflowError));
  BufferView view;
  OURO_TRY(view.acquire(ts, given[0]));
  const std::int64_t place =
      OURO_TRY(buffer_offset(ts, error, format, offset, static_cast<std::int64_t>(view.size()), true));
  return unpack_values(ts, format.view(), view.view().substr(static_cast<std::size_t>(place)));
}

ObjResult iter_unpack_format(ThreadState& ts, Borrowed<Type> error, Borrowed<Type> iterator_type, const Format& format, Obj buffer) {
  if (format.bytes == 0) return raise(ts, error, "cannot iteratively unpack with a struct of length 0");
  {
    BufferView view;
    OURO_TRY(view.acquire(ts, buffer));
    if (static_cast<std::int64_t>(view.size()) % format.bytes != 0) {
      return raise(ts, error, "iterative unpacking requires a buffer of a multiple of {} bytes", format.bytes);
    }
  }
  Ref<UnpackIterator> made = OURO_TRY(new_object<UnpackIterator>(ts, iterator_type));
  made->format = format.text.new_ref().release();
  made->source = buffer.new_ref().release();
  made->bytes = format.bytes;
  OURO_TRY(track(ts, made));
  return made;
}

// -- module functions ------------------------------------------------------------------------------------------------

ObjResult pack_function(ThreadState& ts, Obj module, Args args) {
  if (args.count == 0) return raise_type_error(ts, "missing format argument");
  Format format;
  OURO_TRY(read_format(ts, state_of(module).error, args[0], format));
  return pack_format(ts, state_of(module).error, format, args.from(1));
}

ObjResult pack_into_function(ThreadState& ts, Obj module, Args args) {
  if (args.count == 0) return raise_type_error(ts, "missing format argument");
  Format format;
  OURO_TRY(read_format(ts, state_of(module).error, args[0], format));
  return pack_into_format(ts, state_of(module).error, format, args.from(1));
}

ObjResult unpack_function(ThreadState& ts, Obj module, Args args) {
  Format format;
  OURO_TRY(read_format(ts, state_of(module).error, args[0], format));
  return unpack_format(ts, state_of(module).error, format, args[1]);
}

ObjResult unpack_from_function(ThreadState& ts, Obj module, Args args) {
  if (args.count == 0) {
    return raise_type_error(ts, "unpack_from() takes at least 1 positional argument (0 given)");
  }
  Format format;
  OURO_TRY(read_format(ts, state_of(module).error, args[0], format));
  return unpack_from_format(ts, state_of(module).error, format, args.from(1));
}

ObjResult iter_unpack_function(ThreadState& ts, Obj module, Args args) {
  Format format;
  const StructState& state = state_of(module);
  OURO_TRY(read_format(ts, state.error, args[0], format));
  return iter_unpack_format(ts, state.error, state.iterator_type, format, args[1]);
}

ObjResult calcsize_function(ThreadState& ts, Obj module, Args args) {
  Format format;
  OURO_TRY(read_format(ts, state_of(module).error, args[0], format));
  return Int::from(ts, format.bytes);
}

/// Formats are not cached: nothing to clear.
ObjResult clearcache_function(ThreadState& ts, Obj, Args) { return ts.core.none_ref(); }

// -- class Struct ----------------------------------------------------------------------------------------------------

Status struct_init(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "Struct", {"format"}, 1, given));
  auto* object = as<StructObject>(self);
  Format format;
  OURO_TRY(read_format(ts, object->error, given[0], format));
  object->bytes = format.bytes;
  object->values = format.values;
  Str* old = std::exchange(object->format, format.text.release());
  xdecref(old);
  return kDone;
}

/// The native class above a subclass: it carries the state in its dict.
ObjResult struct_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Str> error_name = OURO_TRY(intern(ts, "_error"));
  Ref<Str> iterator_name = OURO_TRY(intern(ts, "_unpack_iterator"));
  Obj error = type_lookup(ts, type, error_name);
  Obj iterator = type_lookup(ts, type, iterator_name);
  if (!error || !iterator || !is_type(error) || !is_type(iterator)) {
    return raise_system_error(ts, "class Struct without its helper types");
  }
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  auto* object = as<StructObject>(made);
  object->error = Ref<Type>::share(as<Type>(error)).release();
  object->iterator_type = Ref<Type>::share(as<Type>(iterator)).release();
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

void struct_dealloc(gc::Header* header) {
  auto* self = static_cast<StructObject*>(header);
  if (self->weaklist != nullptr) clear_weak_references(self);
  drop(self->format);
  drop(self->error);
  drop(self->iterator_type);
  free_object(self);
}

/// The format of a Struct that was initialised.
Status format_of_struct(ThreadState& ts, Obj self, Format& format) {
  const auto* object = as<StructObject>(self);
  if (object->format == nullptr) {
    return raise(ts, ts.core.exceptions.RuntimeError, "Struct object is not initialized");
  }
  format.text = Ref<Str>::share(object->format);
  format.bytes = object->bytes;
  format.values = object->values;
  return kDone;
}

ObjResult pack_method(ThreadState& ts, Obj self, Args args) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return pack_format(ts, as<StructObject>(self)->error, format, args);
}

ObjResult pack_into_method(ThreadState& ts, Obj self, Args args) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return pack_into_format(ts, as<StructObject>(self)->error, format, args);
}

ObjResult unpack_method(ThreadState& ts, Obj self, Args args) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return unpack_format(ts, as<StructObject>(self)->error, format, args[0]);
}

ObjResult unpack_from_method(ThreadState& ts, Obj self, Args args) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return unpack_from_format(ts, as<StructObject>(self)->error, format, args);
}

ObjResult iter_unpack_method(ThreadState& ts, Obj self, Args args) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  const auto* object = as<StructObject>(self);
  return iter_unpack_format(ts, object->error, object->iterator_type, format, args[0]);
}

ObjResult get_format(ThreadState& ts, Obj self) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return std::move(format.text);
}

ObjResult get_size(ThreadState& ts, Obj self) {
  Format format;
  OURO_TRY(format_of_struct(ts, self, format));
  return Int::from(ts, format.bytes);
}

constexpr GetSetDef kStructGetSets[] = {
    {"format", get_format, nullptr, "struct format string"},
    {"size", get_size, nullptr, "struct size in bytes"},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kStructMethods[] = {
    {"pack", pack_method, 0, -1, MethodDef::kNone, "S.pack(v1, v2, ...) -> bytes"},
    {"pack_into", pack_into_method, 0, -1, MethodDef::kNone, "S.pack_into(buffer, offset, v1, v2, ...)"},
    {"unpack", unpack_method, 1, 1, MethodDef::kNone, "unpack($self, buffer, /)\n--\n\nReturn a tuple containing unpacked values."},
    {"unpack_from", unpack_from_method, 0, -1, MethodDef::kKeywords,
     "unpack_from($self, /, buffer, offset=0)\n--\n\nReturn a tuple containing unpacked values, from an offset."},
    {"iter_unpack", iter_unpack_method, 1, 1, MethodDef::kNone,
     "iter_unpack($self, buffer, /)\n--\n\nReturn an iterator yielding tuples."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_struct_class(Type& type) {
  type.info.dealloc = struct_dealloc;
  type.info.weaklist_offset = offsetof(StructObject, weaklist);
  type.make = struct_make;
  type.init = struct_init;
  type.methods = kStructMethods;
  type.getsets = kStructGetSets;
}

// -- the iterator ----------------------------------------------------------------------------------------------------

Next iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<UnpackIterator>(self);
  if (iterator->source == nullptr) return Next::Done;
  BufferView view;
  if (view.acquire(ts, iterator->source).raised()) return Next::Raised;
  if (static_cast<std::int64_t>(view.size()) - iterator->index < iterator->bytes) {
    drop(iterator->source);
    return Next::Done;
  }
  const auto start = static_cast<std::size_t>(iterator->index);
  ObjResult values = unpack_values(ts, iterator->format->ascii(), view.view().substr(start));
  if (values.raised()) return Next::Raised;
  iterator->index += iterator->bytes;
  item = values.take();
  return Next::Item;
}

ObjResult iterator_length_hint(ThreadState& ts, Obj self, Args) {
  auto* iterator = as<UnpackIterator>(self);
  if (iterator->source == nullptr) return Int::from(ts, 0);
  BufferView view;
  OURO_TRY(view.acquire(ts, iterator->source));
  return Int::from(ts, (static_cast<std::int64_t>(view.size()) - iterator->index) / iterator->bytes);
}

constexpr MethodDef kIteratorMethods[] = {
    {"__length_hint__", iterator_length_hint, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_iterator_type(Type& type) {
  gc::EdgeFunctions<UnpackIterator>::install(type.info);
  type.info.dealloc = dealloc_members<UnpackIterator, &UnpackIterator::source, &UnpackIterator::format>;
  type.iter = [](ThreadState&, Obj self) -> ObjResult { return self.new_ref(); };
  type.next = iterator_next;
  type.methods = kIteratorMethods;
}

// -- the module ------------------------------------------------------------------------------------------------------

constexpr MethodDef kMethods[] = {
    {"pack", pack_function, 0, -1, MethodDef::kNone, "pack(format, v1, v2, ...) -> bytes"},
    {"pack_into", pack_into_function, 0, -1, MethodDef::kNone, "pack_into(format, buffer, offset, v1, v2, ...)"},
    {"unpack", unpack_function, 2, 2, MethodDef::kNone,
     "unpack($module, format, buffer, /)\n--\n\nReturn a tuple containing values unpacked according to the format string."},
    {"unpack_from", unpack_from_function, 0, -1, MethodDef::kKeywords,
     "unpack_from($module, format, /, buffer, offset=0)\n--\n\nReturn a tuple containing values unpacked according to the format string."},
    {"iter_unpack", iter_unpack_function, 2, 2, MethodDef::kNone,
     "iter_unpack($module, format, buffer, /)\n--\n\nReturn an iterator yielding tuples unpacked according to the format string."},
    {"calcsize", calcsize_function, 1, 1, MethodDef::kNone,
     "calcsize($module, format, /)\n--\n\nReturn size in bytes of the struct described by the format string."},
    {"_clearcache", clearcache_function, 0, 0, MethodDef::kNone, "_clearcache($module, /)\n--\n\nClear the internal cache."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void free_struct_state(Module* module) {
  auto* state = static_cast<StructState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  xdecref(state->error);
  xdecref(state->struct_type);
  xdecref(state->iterator_type);
  free_raw(state);
}

/// The class struct.error.
ObjResult make_error_class(ThreadState& ts) {
  Ref<Str> name = OURO_TRY(intern(ts, "error"));
  Ref<Str> module_name = OURO_TRY(intern(ts, "struct"));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(ts.core.exceptions.Exception)));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(module_name)));
  return call(ts, ts.core.types.type, Obj(name), Obj(bases), Obj(dict));
}

}  // namespace

Result<Ref<Module>> create_struct_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_struct"));
  OURO_TRY(module->add_functions(ts, kMethods));
  ObjRef error = OURO_TRY(make_error_class(ts));
  const TypeSpec struct_spec{"Struct", "_struct", sizeof(StructObject), 0, kBaseType, fill_struct_class,
                             "Struct(fmt) --> compiled struct object"};
  const TypeSpec iterator_spec{"unpack_iterator", "_struct", sizeof(UnpackIterator), 0, gc::kCollected | std::uint64_t{kDisallowInstantiation},
                               fill_iterator_type, nullptr};
  Ref<Type> struct_type = OURO_TRY(make_native_type(ts, struct_spec));
  Ref<Type> iterator_type = OURO_TRY(make_native_type(ts, iterator_spec));
  OURO_TRY(dict_set(ts, struct_type->dict, "_error", Obj(error)));
  OURO_TRY(dict_set(ts, struct_type->dict, "_unpack_iterator", Obj(iterator_type)));
  type_modified(struct_type);
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(error)));
  OURO_TRY(dict_set(ts, module->dict, "Struct", Obj(struct_type)));
  auto* state = static_cast<StructState*>(allocate_raw(sizeof(StructState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {as<Type>(error.release()), struct_type.release(), iterator_type.release()};
  module->state = state;
  module->free_state = free_struct_state;
  return module;
}

}  // namespace ouro
