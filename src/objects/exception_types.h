// The built-in exception types: their creation, and the fields some of them have beside args.
#pragma once

#include "objects/exception.h"

namespace ouro {

/// Creates all types of exceptions.def (core.exceptions; BaseException is
/// core.types.base_exception, counted once more) and the store of ready-made MemoryErrors. Needs
/// the types of types.def ready.
Status init_exception_types(ThreadState& ts);

/// Places in FieldException::fields.
enum class StopIterationField : std::uint8_t { Value };
enum class SystemExitField : std::uint8_t { Code };
enum class NameErrorField : std::uint8_t { Name };
enum class AttributeErrorField : std::uint8_t { Name, Object };
enum class ImportErrorField : std::uint8_t { Msg, Name, Path };
enum class OSErrorField : std::uint8_t { Errno, Strerror, Filename, Filename2, CharactersWritten };
enum class SyntaxErrorField : std::uint8_t {
  Msg,
  Filename,
  Lineno,
  Offset,
  Text,
  EndLineno,
  EndOffset,
  PrintFileAndLine
};
enum class UnicodeErrorField : std::uint8_t { Encoding, Object, Start, End, Reason };
enum class GroupField : std::uint8_t { Message, Exceptions };

/// The field, borrowed; null when it was never set. The caller knows the exception's type.
template <class Field>
Obj exception_field(Obj exception, Field field) {
  return as<FieldException>(exception)->fields[static_cast<std::size_t>(field)];
}
/// Replaces the field, dropping the old value last.
template <class Field>
void set_exception_field(Obj exception, Field field, Obj value) {
  Object*& place = as<FieldException>(exception)->fields[static_cast<std::size_t>(field)];
  xincref(value.get());
  xdecref(std::exchange(place, value.get()));
}

/// A new exception of a built-in type from positional arguments, without the detour over a general
/// call.
ObjResult new_exception(ThreadState& ts, Borrowed<Type> type, Args args);

// -- shared by the files that make the types
// -----------------------------------------------------------------------
namespace exceptions {

inline constexpr std::size_t field_bytes(std::size_t count) {
  return offsetof(FieldException, fields) + count * sizeof(Object*);
}
/// An exception of `type` with `field_count` empty fields (0: a plain BaseException) and args,
/// tracked.
Result<Ref<BaseException>> allocate(ThreadState& ts, Borrowed<Type> type, std::uint32_t field_count,
                                    Args args);
ObjResult base_make(ThreadState& ts, Borrowed<Type> type, Args args);
Status base_init(ThreadState& ts, Obj self, Args args);
/// base_init for types whose keywords were looked at already.
Status set_args(ThreadState& ts, Obj self, Args args);
ObjResult base_str(ThreadState& ts, Obj self);
ObjResult base_reduce(ThreadState& ts, Obj self, Args args);
template <std::uint32_t count>
ObjResult field_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Ref<BaseException> self = OURO_TRY(allocate(ts, type, count, args));
  return ObjRef(std::move(self));
}
/// Get and set functions of field `index`: null reads as None, deleting empties it.
template <std::size_t index>
ObjResult get_field(ThreadState& ts, Obj self) {
  Object* value = as<FieldException>(self)->fields[index];
  return value == nullptr ? ts.core.none_ref() : ObjRef::share(value);
}
template <std::size_t index>
Status set_field(ThreadState&, Obj self, Obj value) {
  xincref(value.get());
  xdecref(std::exchange(as<FieldException>(self)->fields[index], value.get()));
  return kDone;
}
/// What all exceptions with fields need beside their own slots.
void fill_fields(Type& type);

void fill_stop_iteration(Type& type);
void fill_system_exit(Type& type);
void fill_name_error(Type& type);
void fill_attribute_error(Type& type);
void fill_import_error(Type& type);
void fill_key_error(Type& type);
void fill_memory_error(Type& type);
void fill_os_error(Type& type);
void fill_syntax_error(Type& type);
void fill_unicode_decode_error(Type& type);
void fill_unicode_encode_error(Type& type);
void fill_unicode_translate_error(Type& type);
void fill_exception_group(Type& type);
/// The OSError subclass for an errno, or null.
Type* os_error_class(const CoreExceptions& exceptions, std::int64_t error_number);

}  // namespace exceptions
}  // namespace ouro
