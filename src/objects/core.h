// CoreObjects: what every part of an interpreter needs by name: built-in types, exceptions, names, singletons.
#pragma once

#include "objects/thread_state.h"
#include "objects/type.h"

namespace ouro {

struct CoreTypes {
#define OURO_TYPE(field, name, base, kind, init) Type* field = nullptr;
#include "objects/types.def"
#undef OURO_TYPE
};

struct CoreExceptions {
#define OURO_EXCEPTION(name, base) Type* name = nullptr;
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
};

struct CoreNames {
#define OURO_NAME(field, text) Str* field = nullptr;
#include "objects/names.def"
#undef OURO_NAME
};

inline constexpr int kSmallIntMin = -5;
inline constexpr int kSmallIntMax = 256;

struct TypeCache;
struct InternTable;
struct SharedKeysStore;
class MemoryTracer;

struct CoreObjects {
  CoreTypes types;
  CoreExceptions exceptions;
  CoreNames names;
  Object* none = nullptr;
  Object* not_implemented = nullptr;
  Object* ellipsis = nullptr;
  Object* true_object = nullptr;
  Object* false_object = nullptr;
  Tuple* empty_tuple = nullptr;
  Str* empty_str = nullptr;
  Bytes* empty_bytes = nullptr;
  Int* small_ints[kSmallIntMax - kSmallIntMin + 1] = {};
  Str* latin1[256] = {};
  Bytes* single_bytes[256] = {};
  Object* memory_errors[4] = {};      // ready-made, so that raising MemoryError allocates nothing
  Dict* modules = nullptr;            // sys.modules
  Dict* builtins = nullptr;           // the dict of module builtins
  Dict* sys_dict = nullptr;           // the dict of module sys, whatever becomes of sys.modules
  Dict* module_states = nullptr;      // of native modules whose types are made once and for all: by module name
  Object* find_and_load = nullptr;    // importlib's function once it is in charge of imports
  InternTable* interned = nullptr;
  TypeCache* type_cache = nullptr;
  SharedKeysStore* shared_keys = nullptr;  // dict_shared.cpp
  MemoryTracer* memory_tracer = nullptr;   // modules/memory_tracer.h; null until it is first asked for
  std::uint32_t next_type_version = 1;
  std::uint32_t next_keys_version = 1;
  std::uint64_t hash_key[2] = {0, 0};  // SipHash key of str and bytes
  // How many dead lists, dicts and tuples (by length) CPython's free lists would hold: decides what counts.
  std::uint16_t free_lists = 0;
  std::uint16_t free_dicts = 0;
  std::uint16_t free_tuples[21] = {};
  bool free_slice = true;  // one dead slice is kept, too; collections leave it alone, and starting up leaves one
  bool finalizing = false;
  std::int32_t int_max_str_digits = 4300;  // sys.set_int_max_str_digits; 0: no limit

  [[nodiscard]] ObjRef none_ref() const { return ObjRef::share(none); }
  [[nodiscard]] ObjRef bool_ref(bool value) const { return ObjRef::share(value ? true_object : false_object); }
  [[nodiscard]] ObjRef not_implemented_ref() const { return ObjRef::share(not_implemented); }
};

/// Builds all core objects in a fresh `core`. Raised only when memory is short.
Status init_core_objects(ThreadState& ts);
/// Drops them again in an order that leaves no live block.
void clear_core_objects(ThreadState& ts);

/// A hole that the vm layer fills: the globals of the running Python frame. Asked only while there is one (ts.frame).
Borrowed<Dict> current_globals(ThreadState& ts);
/// import name, through builtins.__import__.
ObjResult import_by_name(ThreadState& ts, const char* name);

/// The interned str of `text` (ASCII/UTF-8), new reference. Cheap for names that exist.
Result<Ref<Str>> intern(ThreadState& ts, const char* text);

}  // namespace ouro
