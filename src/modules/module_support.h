// What native modules share: adding types and constants, and the common shape of iterator types.
//
// A type's methods sometimes make objects of another type of the module (deque makes its iterator).
// Such a "companion" is kept by the type itself, so that it is there even while modules are taken
// down: native types have no `__slots__`, and their place for the names of slots holds the tuple of
// companions.
#pragma once

#include "objects/container_support.h"
#include "objects/module.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

/// Makes a native type and puts it into the module under its name.
Result<Ref<Type>> add_native_type(ThreadState& ts, Borrowed<Module> module, const TypeSpec& spec,
                                  Borrowed<Type> base = nullptr);
/// The same for several types derived from object.
Status add_native_types(ThreadState& ts, Borrowed<Module> module, std::span<const TypeSpec> specs);
/// Puts an int or a text into the module.
Status add_constant(ThreadState& ts, Borrowed<Module> module, const char* name, std::int64_t value);
Status add_constant(ThreadState& ts, Borrowed<Module> module, const char* name, const char* value);

/// A class `module`.`name` of errors, derived from `base`.
Result<Ref<Type>> make_error_class(ThreadState& ts, const char* module, const char* name,
                                   Borrowed<Type> base);

/// Gives `owner` its companions; once, right after it was made.
Status set_companions(ThreadState& ts, Borrowed<Type> owner, std::initializer_list<Obj> companions);
/// Companion `index` of the native type that `type` is or derives from; borrowed from that type.
Borrowed<Type> companion(Borrowed<Type> type, std::size_t index = 0);

/// Keyword arguments are refused, unless a derived class has an __init__ of its own to take them.
Status refuse_make_keywords(ThreadState& ts, Borrowed<Type> type, Args args, const char* name);

/// The clear function of a type that only holds references.
template <class T, auto... Members>
void clear_members(gc::Header* header) {
  T* self = static_cast<T*>(header);
  (drop(self->*Members), ...);
}

/// Sets up a type whose instances only hold references.
template <class T, auto... Members>
void fill_holder(Type& type) {
  init_collected<T>(type);
  type.info.dealloc = dealloc_members<T, Members...>;
  type.info.clear = clear_members<T, Members...>;
}

/// The same for iterators.
template <class T, auto... Members>
void fill_iterator(Type& type, NextSlot next) {
  fill_holder<T, Members...>(type);
  type.iter = iterator_self;
  type.next = next;
}

}  // namespace ouro
