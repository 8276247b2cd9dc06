// The core objects: their creation from nothing, and their end.
//
// Order of creation: blocks of all built-in types (each other's type and base are needed at once); their slots (init functions,
// which allocate nothing); the objects that all others are made of (singletons, interned names, small values); the types' dicts,
// which consist of such objects; exceptions. The end goes the other way: types hold each other through dicts and MROs, so those
// are emptied first, and the blocks of the types are given back last, when nothing has a type any more.
#include "objects/core.h"

#include <sys/random.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/intern.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_inits.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

// -- hash key ----------------------------------------------------------------------------------------------------------------------------

// PYTHONHASHSEED: a number makes hashes of texts the same in every run (0: an empty key), as CPython derives its key from it.
void set_hash_key(CoreObjects& core) {
  auto* bytes = reinterpret_cast<unsigned char*>(core.hash_key);
  const char* text = std::getenv("PYTHONHASHSEED");
  if (text != nullptr && *text != '\0' && std::strcmp(text, "random") != 0) {
    std::uint32_t seed = 0;
    const char* end = text + std::strlen(text);
    const auto parsed = std::from_chars(text, end, seed);
    if (parsed.ec == std::errc{} && parsed.ptr == end) {
      std::uint32_t state = seed;
      for (std::size_t i = 0; seed != 0 && i < sizeof core.hash_key; ++i) {
        state = state * 214013u + 2531011u;
        bytes[i] = static_cast<unsigned char>(state >> 16);
      }
      return;
    }
  }
  if (getrandom(bytes, sizeof core.hash_key, 0) != static_cast<ssize_t>(sizeof core.hash_key)) {
    core.hash_key[0] = 0x9e3779b97f4a7c15u ^ reinterpret_cast<std::uintptr_t>(&core);
  }
}

// -- creation ----------------------------------------------------------------------------------------------------------------------------

bool allocate_types(ThreadState& ts) {
  CoreTypes& types = ts.core.types;
  const auto allocate = [&ts](Type*& place) {
    void* block = ts.space.collector.allocate_uncounted(sizeof(Type));
    if (block == nullptr) return false;
    std::memset(block, 0, sizeof(Type));
    place = static_cast<Type*>(block);
    return true;
  };
#define OURO_TYPE(field, name, base, kind, init) \
  if (!allocate(types.field)) return false;
#include "objects/types.def"
#undef OURO_TYPE
  return true;
}

void connect_types(ThreadState& ts) {
  CoreTypes& types = ts.core.types;
  const auto connect = [&types](Type* type, const char* name, Type* base, TypeKind kind) {
    type->refcount = 1;
    type->type_info = &types.type->info;
    type->info.name = name;
    type->kind = kind;
    if (base == type) return;  // object has no base
    incref(base);
    type->base = base;
  };
#define OURO_TYPE(field, the_name, base, kind, init) connect(types.field, the_name, types.base, TypeKind::kind);
#include "objects/types.def"
#undef OURO_TYPE
#define OURO_TYPE(field, the_name, base, kind, init) init(ts, *types.field);
#include "objects/types.def"
#undef OURO_TYPE
}

Status make_bool(ThreadState& ts, std::int64_t value, Object*& place) {
  ObjRef made = OURO_TRY(allocate_object(ts, ts.core.types.bool_, Int::kSmallBytes));
  as<Int>(made)->small = value;
  place = made.release();
  return kDone;
}

Status make_texts(ThreadState& ts) {
  CoreObjects& core = ts.core;
  core.interned = create_intern_table();
  if (core.interned == nullptr) return Raised{};
  core.empty_str = OURO_TRY(Str::make(ts, 0, 0)).release();
  for (unsigned i = 0; i < 256; ++i) {
    Ref<Str> text = OURO_TRY(Str::make(ts, 1, i));
    static_cast<unsigned char*>(text->data())[0] = static_cast<unsigned char>(i);
    core.latin1[i] = text.release();
  }
  const auto name = [&ts](Str*& place, const char* text) -> Status {
    if (text[0] == '\0' || text[1] != '\0') {
      place = OURO_TRY(intern(ts, text)).release();
      return kDone;
    }
    // One-letter names are not the shared one-character texts.
    Ref<Str> letter = OURO_TRY(Str::make(ts, 1, static_cast<unsigned char>(text[0])));
    static_cast<char*>(letter->data())[0] = text[0];
    place = OURO_TRY(intern(ts, std::move(letter))).release();
    return kDone;
  };
#define OURO_NAME(field, text) OURO_TRY(name(core.names.field, text));
#include "objects/names.def"
#undef OURO_NAME
  return kDone;
}

Status make_values(ThreadState& ts) {
  CoreObjects& core = ts.core;
  core.none = OURO_TRY(allocate_object(ts, core.types.none_type, sizeof(Object))).release();
  core.not_implemented = OURO_TRY(allocate_object(ts, core.types.not_implemented_type, sizeof(Object))).release();
  core.ellipsis = OURO_TRY(allocate_object(ts, core.types.ellipsis_type, sizeof(Object))).release();
  OURO_TRY(make_bool(ts, 0, core.false_object));
  OURO_TRY(make_bool(ts, 1, core.true_object));
  core.empty_tuple = OURO_TRY(Tuple::make(ts, 0)).release();
  for (int i = kSmallIntMin; i <= kSmallIntMax; ++i) core.small_ints[i - kSmallIntMin] = OURO_TRY(Int::from(ts, i)).release();
  core.empty_bytes = OURO_TRY(Bytes::make(ts, 0)).release();
  for (unsigned i = 0; i < 256; ++i) {
    Ref<Bytes> byte = OURO_TRY(Bytes::make(ts, 1));
    byte->data()[0] = static_cast<char>(i);
    core.single_bytes[i] = byte.release();
  }
  return make_texts(ts);
}

Status ready_types(ThreadState& ts) {
  CoreTypes& types = ts.core.types;
#define OURO_TYPE(field, name, base, kind, init) OURO_TRY(type_ready(ts, types.field));
#include "objects/types.def"
#undef OURO_TYPE
  // Weak references to types need the types complete.
#define OURO_TYPE(field, name, base, kind, init) OURO_TRY(register_subclass(ts, types.field));
#include "objects/types.def"
#undef OURO_TYPE
  return kDone;
}

// -- end ---------------------------------------------------------------------------------------------------------------------------------

template <class T>
void drop(T*& place) {
  xdecref(std::exchange(place, nullptr));
}

// Empties a type of all that leads to other types. Its slots stay: they say how its instances go.
void empty_type(Type* type) {
  if (type == nullptr) return;
  untrack(type);
  type->version = 0;
  if (type->dict != nullptr) dict_clear(type->dict);
  drop(type->dict);
  drop(type->subclasses);
  drop(type->mro);
  drop(type->bases);
  drop(type->qualname);
  drop(type->name_object);
  drop(type->slots_names);
}

void empty_types(CoreObjects& core) {
#define OURO_EXCEPTION(name, base) empty_type(core.exceptions.name);
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
#define OURO_TYPE(field, name, base, kind, init) empty_type(core.types.field);
#include "objects/types.def"
#undef OURO_TYPE
}

void drop_exception_types(CoreObjects& core) {
#define OURO_EXCEPTION(name, base) drop(core.exceptions.name);
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
}

void drop_values(CoreObjects& core) {
#define OURO_NAME(field, text) drop(core.names.field);
#include "objects/names.def"
#undef OURO_NAME
  for (Str*& text : core.latin1) drop(text);
  for (Bytes*& byte : core.single_bytes) drop(byte);
  for (Int*& number : core.small_ints) drop(number);
  drop(core.empty_str);
  drop(core.empty_bytes);
  drop(core.empty_tuple);
  drop(core.true_object);
  drop(core.false_object);
  drop(core.ellipsis);
  drop(core.not_implemented);
  drop(core.none);
}

void release_types(ThreadState& ts) {
  const auto release = [&ts](Type*& place) {
    if (Type* type = std::exchange(place, nullptr)) ts.space.collector.release(type, false);
  };
#define OURO_TYPE(field, name, base, kind, init) release(ts.core.types.field);
#include "objects/types.def"
#undef OURO_TYPE
}

}  // namespace

Status init_core_objects(ThreadState& ts) {
  CoreObjects& core = ts.core;
  set_hash_key(core);
  if (!allocate_types(ts)) return Raised{};
  connect_types(ts);
  OURO_TRY(make_values(ts));
  core.type_cache = make_type_cache();
  if (core.type_cache == nullptr) return Raised{};
  OURO_TRY(ready_types(ts));
  return init_exception_types(ts);
}

void clear_core_objects(ThreadState& ts) {
  CoreObjects& core = ts.core;
  core.finalizing = true;
  drop(ts.pending);
  drop(core.modules);
  drop(core.builtins);
  drop(core.sys_dict);
  for (Object*& error : core.memory_errors) drop(error);
  empty_types(core);
  drop_exception_types(core);
  free_type_cache(std::exchange(core.type_cache, nullptr));
  free_shared_keys(core);
  drop_values(core);
  destroy_intern_table(std::exchange(core.interned, nullptr));
  release_types(ts);
}

}  // namespace ouro
