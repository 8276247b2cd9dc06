// Module state, exception classes, arguments and growing output for modules built on libraries.
#include "modules/library_support.h"

#include <algorithm>

#include "objects/int_magnitude.h"

namespace ouro {

Status set_state(ThreadState& ts, Borrowed<Module> module, std::initializer_list<Obj> objects) {
  ItemBuffer items(ts);
  for (Obj object : objects) OURO_TRY(items.append(object.new_ref()));
  Ref<Tuple> row = OURO_TRY(Tuple::from(ts, items.data(), objects.size()));
  OURO_CHECK(module->kept == nullptr, "a module gets its state once");
  module->kept = row.release();
  return kDone;
}

Result<Ref<Type>> make_exception_class(ThreadState& ts, const char* module_name, const char* name,
                                       Borrowed<Type> base) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<Str> owner = OURO_TRY(intern(ts, module_name));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(owner)));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(base.get())));
  Ref<Str> text = OURO_TRY(intern(ts, name));
  ObjRef made = OURO_TRY(type_new(ts, ts.core.types.type, text, bases, dict, {}));
  return Ref<Type>::steal(as<Type>(made.release()));
}

Result<int> c_int(ThreadState& ts, Obj value) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  const std::int64_t wide = int_clamped(number);
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<int>(wide);
}

Result<std::uint64_t> c_unsigned_bits(ThreadState& ts, Obj value) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  auto* integer = as<Int>(number);
  if (integer->is_small()) return static_cast<std::uint64_t>(integer->small);
  const std::uint64_t low = integer->limbs[0];
  return integer->is_negative() ? ~low + 1 : low;
}

Result<int> file_descriptor(ThreadState& ts, Obj value) {
  ObjRef number = value.new_ref();
  if (!is_int(number)) {
    MaybeAttribute method = find_attribute(ts, value, OURO_TRY(intern(ts, "fileno")));
    if (method.failed) return Raised{};
    if (!method.value) {
      return raise_type_error(ts, "argument must be an int, or have a fileno() method.");
    }
    number = OURO_TRY(call(ts, method.value));
    if (!is_int(number)) return raise_type_error(ts, "fileno() returned a non-integer");
  }
  const int descriptor = OURO_TRY(c_int(ts, number));
  if (descriptor < 0) {
    return raise_value_error(ts, "file descriptor cannot be a negative integer ({})", descriptor);
  }
  return descriptor;
}

Status ByteOutput::grow(std::size_t first, std::size_t most) {
  if (available() > 0) return kDone;
  const std::size_t wanted =
      std::min(capacity_ == 0 ? std::max<std::size_t>(first, 1) : 2 * capacity_, most);
  if (wanted <= size_) return raise_no_memory(ts_);
  void* moved = reallocate_raw(data_, wanted);
  if (moved == nullptr) return raise_no_memory(ts_);
  data_ = static_cast<char*>(moved);
  capacity_ = wanted;
  return kDone;
}

}  // namespace ouro
