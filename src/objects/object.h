// Object: the root of all Python values; down-casts and tests by type; creating and giving back memory.
#pragma once

#include "gc/collector.h"
#include "objects/fwd.h"

namespace ouro {

/// Any Python value. Its type is reached through `type()`; the count and collector word are in gc::Header.
struct Object : gc::Header {
  [[nodiscard]] Type* type() const;
};

/// Exact kinds of the built-in types, for tests without touching the interpreter. Types made by programs: Other.
enum class TypeKind : std::uint8_t {
  Other, Object, Type, None, NotImplemented, Ellipsis, Bool, Int, Float, Complex, Str, Bytes, ByteArray, Tuple, List,
  Dict, DictKeysView, DictValuesView, DictItemsView, Set, FrozenSet, Slice, Range, Code, Cell, Function, BuiltinFunction,
  Method, MethodDescriptor, ClassMethodDescriptor, GetSetDescriptor, MemberDescriptor, WrapperDescriptor, MethodWrapper, Property,
  ClassMethod, StaticMethod, Super, Module, Generator, Coroutine, AsyncGenerator, Frame, Traceback, WeakRef, WeakProxy, CallableProxy,
  MappingProxy, ListIterator, TupleIterator, RangeIterator, StrIterator, DictKeyIterator, DictValueIterator, DictItemIterator,
  SetIterator, Enumerate, Zip, Map, Filter, Reversed, Memoryview, SimpleNamespace, GenericAlias, Union,
};

/// Flags of TypeInfo::flags set by this layer (the low ones are gc::TypeFlags).
enum ObjectTypeFlags : std::uint64_t {
  kHeapType = 1u << 8,        // made by a program (class statement): counted by its instances, collected
  kBaseType = 1u << 9,        // may be subclassed
  kReady = 1u << 10,
  kImmutable = 1u << 11,      // attributes cannot be set from Python
  kIntSubclass = 1u << 12,
  kStrSubclass = 1u << 13,
  kBytesSubclass = 1u << 14,
  kTupleSubclass = 1u << 15,
  kListSubclass = 1u << 16,
  kDictSubclass = 1u << 17,
  kTypeSubclass = 1u << 18,
  kExceptionSubclass = 1u << 19,
  kSetSubclass = 1u << 20,    // set or frozenset
  kFloatSubclass = 1u << 21,
  kInlineAttributes = 1u << 22,  // instances keep attributes inline by shape (see instance.h)
  kHasDict = 1u << 23,        // instances have a dict pointer at Type::dict_offset
  kSequencePattern = 1u << 24,
  kMappingPattern = 1u << 25,
  kMethodLike = 1u << 26,     // binding it as a method may be skipped by calls (functions, method descriptors)
  kDisallowInstantiation = 1u << 27,
  kAbstract = 1u << 28,       // has abstract methods
  kHasDel = 1u << 29,         // the class or a base defines __del__ in Python
  kKeepsArguments = 1u << 31, // its __new__ keeps the argument tuple of a call, made there, so the call counts none
  kMatchSelf = 1u << 30,      // `case int(x)` binds the subject itself
};

/// The object seen as T. The caller has tested the type.
template <class T>
constexpr T* as(Obj object) {
  return static_cast<T*>(object.get());
}

/// Exactly the built-in type of that kind, no subclass.
bool is_kind(Obj object, TypeKind kind);
/// The type has all of `flags`.
bool type_has(Obj object, std::uint64_t flags);
inline bool is_none(Obj object) { return is_kind(object, TypeKind::None); }
inline bool is_bool(Obj object) { return is_kind(object, TypeKind::Bool); }
inline bool is_exact_int(Obj object) { return is_kind(object, TypeKind::Int); }
inline bool is_int(Obj object) { return type_has(object, kIntSubclass); }  // bool included
inline bool is_exact_float(Obj object) { return is_kind(object, TypeKind::Float); }
inline bool is_float(Obj object) { return type_has(object, kFloatSubclass); }
inline bool is_exact_str(Obj object) { return is_kind(object, TypeKind::Str); }
inline bool is_str(Obj object) { return type_has(object, kStrSubclass); }
inline bool is_bytes(Obj object) { return type_has(object, kBytesSubclass); }
inline bool is_exact_tuple(Obj object) { return is_kind(object, TypeKind::Tuple); }
inline bool is_tuple(Obj object) { return type_has(object, kTupleSubclass); }
inline bool is_exact_list(Obj object) { return is_kind(object, TypeKind::List); }
inline bool is_list(Obj object) { return type_has(object, kListSubclass); }
inline bool is_exact_dict(Obj object) { return is_kind(object, TypeKind::Dict); }
inline bool is_dict(Obj object) { return type_has(object, kDictSubclass); }
inline bool is_any_set(Obj object) { return type_has(object, kSetSubclass); }
inline bool is_type(Obj object) { return type_has(object, kTypeSubclass); }
inline bool is_exception(Obj object) { return type_has(object, kExceptionSubclass); }

/// A block for an instance of `type` with `bytes` in all, header set (count 1, the type counted when it is a heap type),
/// the rest zeroed, untracked. MemoryError on failure. For collected types this may run a collection: Python code.
Result<Ref<Object>> allocate_object(ThreadState& ts, Borrowed<Type> type, std::size_t bytes);
/// The same for an object CPython would take from a free list (no count, no collection).
Result<Ref<Object>> allocate_object_uncounted(ThreadState& ts, Borrowed<Type> type, std::size_t bytes);
/// Gives the block of a dead object back and drops the instance's reference to a heap type.
void free_object(Object* object, bool counted = true);
/// Starts watching a complete object of a collected type; MemoryError when the log cannot grow.
Status track(ThreadState& ts, Obj object);
inline void untrack(Obj object) {
  if (object->is_tracked()) gc::current_space()->collector.untrack(object.get());
}
/// Clears the weak references to a dying object and calls their callbacks, newest first. Runs Python code.
void clear_weak_references(Object* object);
/// Raw memory for buffers, from the same heap. Null on failure (raise_no_memory then).
void* allocate_raw(std::size_t bytes);
void* reallocate_raw(void* block, std::size_t bytes);
void free_raw(void* block);

}  // namespace ouro
