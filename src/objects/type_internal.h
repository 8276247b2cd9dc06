// What the files on types share among themselves: building, looking up, filling slots. Not for other parts.
#pragma once

#include "objects/core.h"
#include "objects/dict.h"
#include "objects/tuple.h"

namespace ouro {

/// A type of native code, made at start or by make_native_type: Python code cannot change it.
inline bool is_native_type(const Type* type) { return type->has(kImmutable); }

// -- type_lookup.cpp -----------------------------------------------------------------------------------------------------
/// The cache of type_lookup in the interpreter's heap. `make` gives null when out of memory.
TypeCache* make_type_cache();
void free_type_cache(TypeCache* cache);
/// The name in the dicts of the MRO, past the cache; borrowed from the class.
Borrowed<Object> search_mro(Borrowed<Type> type, Borrowed<Str> name);
/// Tells each class of `bases` that `type` is its subclass / is no more.
Status register_subclass(ThreadState& ts, Borrowed<Type> type);
void unregister_subclass(ThreadState& ts, Type* type);
/// The living direct subclasses, a new list.
ObjResult live_subclasses(ThreadState& ts, Borrowed<Type> type);
/// The C3 order of `type` over its bases; TypeError when there is none.
Result<Ref<Tuple>> compute_mro(ThreadState& ts, Borrowed<Type> type);
/// The same through the metaclass's mro() where a program defines one.
Result<Ref<Tuple>> mro_of_class(ThreadState& ts, Borrowed<Type> type);

// -- type_create.cpp, class_layout.cpp ------------------------------------------------------------------------------------
/// The base whose layout a class with these bases has; TypeError on conflict.
Result<Borrowed<Type>> best_base(ThreadState& ts, Borrowed<Tuple> bases);
/// The most derived class of the chain of `base` that adds to the layout of instances.
Type* solid_base(Type* type);
/// The most derived native class of the chain.
Type* native_base(Type* type);
/// Instances of both classes are laid out the same way.
bool same_layout(const Type* a, const Type* b);
/// The most derived metaclass; TypeError on conflict.
Result<Borrowed<Type>> metaclass_of(ThreadState& ts, Borrowed<Type> metatype, Borrowed<Tuple> bases);
/// Decides size, dict, weak references, inline attributes of a new class from its `__slots__` (null: none given) and gives
/// the mangled names that get places, in order.
Result<Ref<Tuple>> lay_out_class(ThreadState& ts, Type* type, Obj slots, Borrowed<Dict> dict, Borrowed<Str> name);
/// Puts member descriptors and the getters of `__dict__` and `__weakref__` into the class's dict.
Status add_layout_descriptors(ThreadState& ts, Type* type, Borrowed<Tuple> slot_names);
/// Gives the class its C name (a copy in the heap).
Status set_type_name(ThreadState& ts, Type* type, Borrowed<Str> name);

// -- type_ready.cpp ------------------------------------------------------------------------------------------------------
/// Calling the class in CPython takes all arguments as a tuple and a dict, which live during the call.
bool takes_packed_arguments(const Type* type);
/// Copies the slots and flags that are not set from `base`.
void inherit_from(Type* type, const Type* base);
/// A descriptor object of the given descriptor type, untracked, with owner and name set.
ObjResult make_descriptor(ThreadState& ts, Borrowed<Type> descriptor_type, Borrowed<Type> owner, const char* name);
/// `T.__new__` of a native type: also the test for it.
ObjResult make_new_function(ThreadState& ts, Borrowed<Type> type);
bool is_new_function(Obj object);

// -- slots (slot_table.cpp) ------------------------------------------------------------------------------------------------
/// Sets all slots of a program-made class from what its MRO defines.
Status fill_slots(ThreadState& ts, Borrowed<Type> type);
/// `name` changed in the class's dict: sets the slots it concerns, here and in subclasses.
Status update_slots(ThreadState& ts, Borrowed<Type> type, Borrowed<Str> name);
/// Sets all slots again, here and in subclasses: bases changed.
Status update_all_slots(ThreadState& ts, Borrowed<Type> type);

// -- object_type.cpp, type.cpp ---------------------------------------------------------------------------------------------
ObjResult object_make(ThreadState& ts, Borrowed<Type> type, Args args);
Status object_init(ThreadState& ts, Obj self, Args args);
void object_dealloc(gc::Header* self);
extern const MethodDef kObjectMethods[];
extern const GetSetDef kObjectGetsets[];
ObjResult object_reduce(ThreadState& ts, Obj self, Args args);
ObjResult object_reduce_ex(ThreadState& ts, Obj self, Args args);
ObjResult object_getstate(ThreadState& ts, Obj self, Args args);
ObjResult type_call(ThreadState& ts, Obj self, Args args);
ObjResult type_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name);
/// Finds an attribute of a class without raising when it is absent.
struct MaybeAttribute type_find_attribute(ThreadState& ts, Borrowed<Type> self, Borrowed<Str> name);
extern const MethodDef kTypeMethods[];
extern const GetSetDef kTypeGetsets[];
/// `module.qualname`, as reprs show a class; builtins without the module.
Result<Ref<Str>> full_type_name(ThreadState& ts, Borrowed<Type> type);
/// The class's module; "builtins" when it tells none.
Result<Ref<Str>> type_module_text(ThreadState& ts, Borrowed<Type> type);

// -- attributes.cpp ----------------------------------------------------------------------------------------------------------
/// `name` as an exact, interned str.
Result<Ref<Str>> interned_name(ThreadState& ts, Borrowed<Str> name);
/// Raises AttributeError with the given message, its `name` and `obj` set.
Raised raise_attribute_error(ThreadState& ts, Obj object, Borrowed<Str> name, Borrowed<Str> message);
/// Binds what was found on the type: `value` itself when it is no descriptor.
ObjResult bind(ThreadState& ts, ObjRef value, Obj instance, Obj owner);
/// The attribute by the generic rules; null and not failed when absent.
struct MaybeAttribute generic_find_attribute(ThreadState& ts, Obj self, Borrowed<Str> name);

}  // namespace ouro
