// Type: the class of an object. Slots say what its instances can do; the dict holds what Python code sees.
//
// Slots of built-in types are native functions. Where a class of a program defines `__add__` etc., `update_slots` puts
// a native function into the slot that looks the method up and calls it (slot_methods.cpp); where a built-in type has a
// slot, `type_ready` puts a wrapper descriptor into its dict (slot_table.cpp). Invariant: slot and dict never disagree.
#pragma once

#include "objects/args.h"
#include "objects/object.h"

namespace ouro {

enum class CompareOp : std::uint8_t { Less, LessEqual, Equal, NotEqual, Greater, GreaterEqual };

using UnarySlot = ObjResult (*)(ThreadState& ts, Obj self);
using BinarySlot = ObjResult (*)(ThreadState& ts, Obj left, Obj right);  // NotImplemented when it cannot
using TernarySlot = ObjResult (*)(ThreadState& ts, Obj base, Obj exponent, Obj modulus);
using CompareSlot = ObjResult (*)(ThreadState& ts, Obj left, Obj right, CompareOp op);
using PredicateSlot = Result<bool> (*)(ThreadState& ts, Obj self);
using HashSlot = Result<std::int64_t> (*)(ThreadState& ts, Obj self);  // never -1
using LengthSlot = Result<std::int64_t> (*)(ThreadState& ts, Obj self);
using GetAttributeSlot = ObjResult (*)(ThreadState& ts, Obj self, Borrowed<Str> name);
using SetAttributeSlot = Status (*)(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value);  // null: delete
using DescriptorGetSlot = ObjResult (*)(ThreadState& ts, Obj self, Obj instance, Obj owner);  // instance may be null
using DescriptorSetSlot = Status (*)(ThreadState& ts, Obj self, Obj instance, Obj value);     // null: delete
using CallSlot = ObjResult (*)(ThreadState& ts, Obj self, Args args);
using InitSlot = Status (*)(ThreadState& ts, Obj self, Args args);
using NewSlot = ObjResult (*)(ThreadState& ts, Borrowed<Type> type, Args args);
/// The next item; a null Ref inside an ok result is not possible, so exhaustion is a state of its own.
enum class Next : std::uint8_t { Item, Done, Raised };
using NextSlot = Next (*)(ThreadState& ts, Obj self, ObjRef& item);
using ItemSlot = ObjResult (*)(ThreadState& ts, Obj self, std::int64_t index);
using SetItemSlot = Status (*)(ThreadState& ts, Obj self, std::int64_t index, Obj value);  // null: delete
using SetSubscriptSlot = Status (*)(ThreadState& ts, Obj self, Obj key, Obj value);        // null: delete
using ContainsSlot = Result<bool> (*)(ThreadState& ts, Obj self, Obj item);

struct NumberSlots {
  BinarySlot add, subtract, multiply, remainder, divmod, lshift, rshift, bit_and, bit_xor, bit_or, floor_divide, true_divide,
      matrix_multiply;
  TernarySlot power;
  UnarySlot negative, positive, absolute, invert, to_int, to_float, index;
  PredicateSlot truth;
  BinarySlot inplace_add, inplace_subtract, inplace_multiply, inplace_remainder, inplace_lshift, inplace_rshift, inplace_and,
      inplace_xor, inplace_or, inplace_floor_divide, inplace_true_divide, inplace_matrix_multiply;
  TernarySlot inplace_power;
};

struct SequenceSlots {
  LengthSlot length;
  BinarySlot concat;
  ItemSlot repeat, item;
  SetItemSlot set_item;
  ContainsSlot contains;
  BinarySlot inplace_concat;
  ItemSlot inplace_repeat;
};

struct MappingSlots {
  LengthSlot length;
  BinarySlot subscript;
  SetSubscriptSlot set_subscript;
};

/// The memory that an object lends (the buffer protocol): a row of items of one native format.
struct ExportedMemory {
  char* data;
  std::int64_t items;
  std::int64_t item_bytes;
  char format[3];  // one character, as struct names it
  bool read_only;
};
struct BufferSlots {
  /// The memory stays where it is until `release`, as often called.
  Status (*acquire)(ThreadState& ts, Obj self, ExportedMemory& memory);
  void (*release)(Obj self);
  /// Whose memory it is, when it is another object's: what memoryview.obj shows. Borrowed from `self`.
  Obj (*origin)(Obj self) = nullptr;
};

/// A class object. Built-in and program-made classes have the same layout.
struct Type : Object {
  gc::TypeInfo info;             // what instances point to: see Object::type()
  TypeKind kind;                 // Other for subclasses and program-made classes
  std::uint8_t spare[3];
  std::uint32_t version;         // changes whenever a lookup on the class may change; 0: not cacheable now
  std::uint32_t item_bytes;      // size of one item of the variable part
  std::uint32_t dict_offset;     // bytes to the Dict* of instances; 0: none, or inline attributes
  std::uint32_t slots_offset;    // bytes to the first `__slots__` member this class itself adds
  std::uint32_t slot_count;      // `__slots__` members this class itself adds
  std::uint32_t inline_capacity;  // inline attribute values a new instance gets room for
  Type* base;                    // owned, as all below
  Tuple* bases;
  Tuple* mro;
  Dict* dict;
  Object* subclasses;            // dict: id -> weak reference
  Str* qualname;                 // heap types
  Str* name_object;
  Object* slots_names;           // the `__slots__` names, mangled and sorted, or null
  Shape* root_shape;             // the shape of a new instance; null until the first
  gc::WeakReference* weaklist;

  UnarySlot repr, str, iter;
  HashSlot hash;
  CompareSlot compare;
  CallSlot call;
  GetAttributeSlot get_attribute;
  SetAttributeSlot set_attribute;
  NextSlot next;
  DescriptorGetSlot descriptor_get;
  DescriptorSetSlot descriptor_set;
  InitSlot init;
  NewSlot make;                  // tp_new
  UnarySlot await, aiter, anext;
  NumberSlots number;
  SequenceSlots sequence;
  MappingSlots mapping;
  const BufferSlots* buffer;     // for types other than bytes, bytearray and memoryview
  const MethodDef* methods;      // null-terminated tables of a built-in type
  const GetSetDef* getsets;
  const char* doc;
  const char* module_name;       // "builtins", "collections", …

  template <class V>
  void edges(V& v) const;        // type.cpp
  [[nodiscard]] bool has(std::uint64_t wanted) const { return (info.flags & wanted) == wanted; }
  /// As most messages name it: with the module for native types outside builtins ("collections.deque").
  [[nodiscard]] const char* name() const { return info.name; }
  /// What follows the last dot of name().
  [[nodiscard]] const char* short_name() const;  // type.cpp
  [[nodiscard]] bool is_subtype_of(const Type* other) const;  // by MRO, no Python code
};

/// The type whose `info` is at this address.
inline Type* type_of_info(gc::TypeInfo* info) {
  return reinterpret_cast<Type*>(reinterpret_cast<char*>(info) - sizeof(Object));
}
static_assert(offsetof(Type, info) == sizeof(Object));
inline Type* Object::type() const { return type_of_info(type_info); }
inline bool is_kind(Obj object, TypeKind kind) { return object->type()->kind == kind; }
inline bool type_has(Obj object, std::uint64_t flags) { return (object->type_info->flags & flags) == flags; }
inline const char* type_name(Obj object) { return object->type_info->name; }

/// A native function with its name, arity and text signature.
struct MethodDef {
  enum Flags : std::uint16_t { kNone = 0, kKeywords = 1, kStatic = 2, kClass = 4, kCoexist = 8, kArgumentTuple = 16,
              // what a call site may not call without call_native in between
              kIndirect = kStatic | kClass };
  const char* name;
  NativeFunction function;
  std::int16_t min_args;  // positional arguments
  std::int16_t max_args;  // -1: any number
  std::uint16_t flags;    // without kKeywords, keyword arguments are refused before the call; kArgumentTuple: see tuple.h
  const char* doc;        // "append($self, object, /)\n--\n\nAppend object to the end of the list."
};

/// A computed attribute of a built-in type.
struct GetSetDef {
  const char* name;
  ObjResult (*get)(ThreadState& ts, Obj self);
  Status (*set)(ThreadState& ts, Obj self, Obj value);  // null: read-only; value null: delete
  const char* doc;
  bool is_member = false;  // shown as a member_descriptor: a field of the object, not computed
};

/// Finds `name` in the classes of the MRO, cached by type version. Borrowed from the class; null (not an error) when
/// absent. Runs no Python code for str names.
Borrowed<Object> type_lookup(ThreadState& ts, Borrowed<Type> type, Borrowed<Str> name);
/// Says that lookups on `type` and its subclasses may have changed.
void type_modified(Borrowed<Type> type);
/// A version number for caches, assigning one when needed; 0 when numbers have run out.
std::uint32_t type_version(ThreadState& ts, Borrowed<Type> type);
/// Fills dict and inherited slots of a built-in type whose own slots are set. Used once per type at start.
Status type_ready(ThreadState& ts, Borrowed<Type> type);
/// Wrapper descriptors (`__call__`, …) for slots of a native type that its base has not and its dict does not show yet. type_ready
/// does it; needed again where a layer above fills a slot later.
Status add_slot_wrappers(ThreadState& ts, Borrowed<Type> type);
/// isinstance / issubclass by MRO alone (no __instancecheck__).
bool is_instance_of(Obj object, Borrowed<Type> type);
/// Creates a built-in type from a table at run time (native modules use it for their own types).
struct TypeSpec {
  const char* name;         // "deque"
  const char* module_name;  // "collections"
  std::uint32_t basic_bytes;
  std::uint32_t item_bytes;
  std::uint64_t flags;
  void (*fill)(Type& type);  // sets slots, methods, getsets, traverse/describe/clear/dealloc
  const char* doc;
};
Result<Ref<Type>> make_native_type(ThreadState& ts, const TypeSpec& spec, Borrowed<Type> base = nullptr);

}  // namespace ouro
