// Module _pickle: the opcodes that make values.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modules/pickle.h"
#include "objects/float.h"
#include "objects/set.h"

namespace ouro::pickle {

namespace {

// -- numbers in the stream ------------------------------------------------------------------------

std::uint64_t little_end(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

Result<std::uint64_t> read_number(ThreadState& ts, Unpickler* self, int width) {
  return little_end(OURO_TRY(read_bytes(ts, self, width)));
}

/// The length before bytes or text. OverflowError when it is more than a size can be.
Result<std::int64_t> read_length(ThreadState& ts, Unpickler* self, int width, const char* op) {
  const std::uint64_t length = OURO_TRY(read_number(ts, self, width));
  if (length > INT64_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "{} exceeds system's maximum size of {} bytes", op, INT64_MAX);
  }
  return static_cast<std::int64_t>(length);
}

/// A line without its end; an empty one is refused.
Result<std::string_view> read_text(ThreadState& ts, Unpickler* self) {
  std::string_view line = OURO_TRY(read_line(ts, self));
  line.remove_suffix(1);
  if (line.empty()) return raise_unpickling(ts, self, "pickle data was truncated");
  return line;
}

/// A line's number; errors show the line with its end.
ObjResult number_from_text(ThreadState& ts, std::string_view text, int base) {
  StrBuilder line(ts);
  OURO_TRY(line.append(text));
  OURO_TRY(line.append(U'\n'));
  Ref<Str> shown = OURO_TRY(line.finish());
  return Int::parse(ts, text, base, shown);
}

Result<std::int64_t> read_memo_number(ThreadState& ts, Unpickler* self) {
  const std::string_view text = OURO_TRY(read_text(ts, self));
  Ref<Bytes> copy = OURO_TRY(Bytes::from(ts, text));
  ObjRef number = OURO_TRY(number_from_text(ts, copy->view(), 10));
  return int_clamped(number);
}

// -- values ---------------------------------------------------------------------------------------

Status load_int(ThreadState& ts, Unpickler* self) {
  const std::string_view text = OURO_TRY(read_text(ts, self));
  if (text == "00" || text == "01") {
    return push(ts, self, ts.core.bool_ref(text == "01"));
  }
  char* end;
  errno = 0;
  const Ref<Bytes> copy = OURO_TRY(Bytes::from(ts, text));
  const long value = std::strtol(copy->data(), &end, 0);
  if (errno == 0 && *end == '\0') {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    return push(ts, self, std::move(number));
  }
  ObjResult number = number_from_text(ts, copy->view(), 0);
  if (number.raised()) {
    clear_pending(ts);
    return raise_value_error(ts, "could not convert string to int");
  }
  return push(ts, self, number.take());
}

Status load_long(ThreadState& ts, Unpickler* self) {
  std::string_view text = OURO_TRY(read_text(ts, self));
  if (text.ends_with('L')) text.remove_suffix(1);
  const Ref<Bytes> copy = OURO_TRY(Bytes::from(ts, text));
  ObjRef number = OURO_TRY(number_from_text(ts, copy->view(), 10));
  return push(ts, self, std::move(number));
}

Status load_counted_long(ThreadState& ts, Unpickler* self, int width) {
  const std::uint64_t raw = OURO_TRY(read_number(ts, self, width));
  const std::int64_t size =
      width == 4 ? static_cast<std::int32_t>(raw) : static_cast<std::int64_t>(raw);
  if (size < 0) return raise_unpickling(ts, self, "LONG pickle has negative byte count");
  const std::string_view bytes = OURO_TRY(read_bytes(ts, self, size));
  ObjRef number = OURO_TRY(int_from_bytes(
      ts, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, true, true));
  return push(ts, self, std::move(number));
}

Status load_small_int(ThreadState& ts, Unpickler* self, int width) {
  const std::uint64_t raw = OURO_TRY(read_number(ts, self, width));
  Ref<Int> number = OURO_TRY(
      Int::from(ts, width == 4 ? static_cast<std::int32_t>(raw) : static_cast<std::int64_t>(raw)));
  return push(ts, self, std::move(number));
}

Status load_float(ThreadState& ts, Unpickler* self) {
  const std::string_view text = OURO_TRY(read_text(ts, self));
  Ref<Bytes> shown = OURO_TRY(Bytes::from(ts, text));
  ObjResult number = float_parse(ts, shown->view(), shown);
  if (number.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.ValueError)) return Raised{};
    return raise_value_error(ts, "could not convert string to float: '{}\n'", shown->view());
  }
  return push(ts, self, number.take());
}

Status load_binary_float(ThreadState& ts, Unpickler* self) {
  const std::string_view bytes = OURO_TRY(read_bytes(ts, self, 8));
  std::uint64_t bits = 0;
  for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
  double value;
  std::memcpy(&value, &bits, sizeof value);
  Ref<Float> number = OURO_TRY(Float::from(ts, value));
  return push(ts, self, std::move(number));
}

/// A str of Python 2: text by the encoding asked for, or bytes as they are.
Status push_old_string(ThreadState& ts, Unpickler* self, Borrowed<Bytes> bytes) {
  const Utf8 encoding(self->encoding);
  const Utf8 errors(self->errors);
  if (!encoding.ok() || !errors.ok()) return raise_no_memory(ts);
  if (encoding.view() == "bytes") return push(ts, self, ObjRef::share(bytes.get()));
  ObjRef text = OURO_TRY(decode_bytes(ts, bytes->view(), encoding.c_str(), errors.c_str()));
  return push(ts, self, std::move(text));
}

Status load_string(ThreadState& ts, Unpickler* self) {
  const std::string_view text = OURO_TRY(read_text(ts, self));
  if (text.size() < 2 || text.front() != text.back() || (text[0] != '\'' && text[0] != '"')) {
    return raise_unpickling(ts, self, "the STRING opcode argument must be quoted");
  }
  Ref<Bytes> quoted = OURO_TRY(Bytes::from(ts, text.substr(1, text.size() - 2)));
  ObjRef codecs = OURO_TRY(import_by_name(ts, "_codecs"));
  ObjRef decode = OURO_TRY(get_attribute(ts, codecs, "escape_decode"));
  ObjRef pair = OURO_TRY(call(ts, decode, Obj(quoted)));
  const ObjRef decoded = as<Tuple>(pair)->at(0).new_ref();
  return push_old_string(ts, self, as<Bytes>(decoded));
}

Status load_counted_string(ThreadState& ts, Unpickler* self, int width) {
  const std::int64_t size = OURO_TRY(read_length(ts, self, width, "BINSTRING"));
  const std::string_view view = OURO_TRY(read_bytes(ts, self, size));
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, view));
  return push_old_string(ts, self, bytes);
}

Status load_bytes(ThreadState& ts, Unpickler* self, int width) {
  const std::int64_t size = OURO_TRY(read_length(ts, self, width, "BINBYTES"));
  const std::string_view view = OURO_TRY(read_bytes(ts, self, size));
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, view));
  return push(ts, self, std::move(bytes));
}

Status load_bytearray(ThreadState& ts, Unpickler* self) {
  const std::int64_t size = OURO_TRY(read_length(ts, self, 8, "BYTEARRAY8"));
  const std::string_view view = OURO_TRY(read_bytes(ts, self, size));
  Ref<ByteArray> bytes = OURO_TRY(ByteArray::from(ts, view));
  return push(ts, self, std::move(bytes));
}

Status load_text(ThreadState& ts, Unpickler* self, int width) {
  const std::int64_t size = OURO_TRY(read_length(ts, self, width, "BINUNICODE"));
  const std::string_view view = OURO_TRY(read_bytes(ts, self, size));
  Ref<Str> text = OURO_TRY(decode_utf8(ts, view, "surrogatepass"));
  return push(ts, self, std::move(text));
}

Status load_escaped_text(ThreadState& ts, Unpickler* self) {
  std::string_view line = OURO_TRY(read_line(ts, self));
  line.remove_suffix(1);
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, line));
  ObjRef text = OURO_TRY(decode_bytes(ts, bytes->view(), "raw-unicode-escape", "strict"));
  return push(ts, self, std::move(text));
}

// -- out-of-band buffers --------------------------------------------------------------------------

Status load_next_buffer(ThreadState& ts, Unpickler* self) {
  if (self->buffers == nullptr) {
    return raise_unpickling(ts, self,
                            "pickle stream refers to out-of-band data but no *buffers* argument "
                            "was given");
  }
  const ObjRef buffers = ObjRef::share(self->buffers);
  ObjRef buffer;
  const Next found = next_item(ts, buffers, buffer);
  if (found == Next::Raised) return Raised{};
  if (found == Next::Done) return raise_unpickling(ts, self, "not enough out-of-band buffers");
  return push(ts, self, std::move(buffer));
}

Status load_read_only_buffer(ThreadState& ts, Unpickler* self) {
  ObjRef buffer = OURO_TRY(pop(ts, self));
  ObjRef view = OURO_TRY(memoryview_create(ts, buffer));
  if (as<MemoryView>(view)->read_only) return push(ts, self, std::move(buffer));
  ObjRef read_only = OURO_TRY(call_method(ts, view, OURO_TRY(intern(ts, "toreadonly"))));
  return push(ts, self, std::move(read_only));
}

// -- containers -----------------------------------------------------------------------------------

Status load_tuple(ThreadState& ts, Unpickler* self, std::int64_t count) {
  Ref<Tuple> tuple = OURO_TRY(pop_tuple(ts, self, self->stack_size - count));
  return push(ts, self, std::move(tuple));
}

Status load_marked_tuple(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  Ref<Tuple> tuple = OURO_TRY(pop_tuple(ts, self, mark));
  return push(ts, self, std::move(tuple));
}

Status load_list(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  Ref<List> list = OURO_TRY(pop_list(ts, self, mark));
  return push(ts, self, std::move(list));
}

Status load_dict(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  if ((self->stack_size - mark) % 2 != 0) {
    return raise_unpickling(ts, self, "odd number of items for DICT");
  }
  Ref<List> items = OURO_TRY(pop_list(ts, self, mark));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i + 1 < items->size; i += 2) {
    OURO_TRY(dict_set(ts, dict, items->at(i), items->at(i + 1)));
  }
  return push(ts, self, std::move(dict));
}

Status load_empty_set(ThreadState& ts, Unpickler* self) {
  Ref<Set> set = OURO_TRY(Set::create(ts, ts.core.types.set));
  return push(ts, self, std::move(set));
}

Status load_frozenset(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  Ref<Tuple> items = OURO_TRY(pop_tuple(ts, self, mark));
  Ref<Set> set = OURO_TRY(set_from_iterable(ts, ts.core.types.frozenset, items));
  return push(ts, self, std::move(set));
}

// -- the stack and the memo -----------------------------------------------------------------------

Status load_pop(ThreadState& ts, Unpickler* self) {
  if (self->mark_count > 0 && self->marks[self->mark_count - 1] == self->stack_size) {
    return pop_mark(ts, self).raised() ? Status(Raised{}) : kDone;
  }
  ObjRef value = OURO_TRY(pop(ts, self));
  return kDone;
}

Status load_pop_mark(ThreadState& ts, Unpickler* self) {
  truncate(self, OURO_TRY(pop_mark(ts, self)));
  return kDone;
}

Status load_duplicate(ThreadState& ts, Unpickler* self) {
  if (self->stack_size <= self->fence) return raise_underflow(ts, self);
  return push(ts, self, ObjRef::share(self->stack[self->stack_size - 1]));
}

Status load_get(ThreadState& ts, Unpickler* self, std::int64_t number) {
  Object* value = number >= 0 && number < self->memo_capacity ? self->memo[number] : nullptr;
  if (value == nullptr) {
    return raise(ts, type_in(self->state->unpickling_error), "Memo value not found at index {}",
                 number);
  }
  return push(ts, self, ObjRef::share(value));
}

Status load_put(ThreadState& ts, Unpickler* self, std::int64_t number) {
  if (self->stack_size <= self->fence) return raise_underflow(ts, self);
  if (number < 0) return raise_value_error(ts, "negative PUT argument");
  return memo_put(ts, self, number, self->stack[self->stack_size - 1]);
}

// -- classes and calls ----------------------------------------------------------------------------

Result<Ref<Str>> read_name(ThreadState& ts, Unpickler* self) {
  const std::string_view line = OURO_TRY(read_text(ts, self));
  return decode_utf8(ts, line);
}

Status load_global(ThreadState& ts, Unpickler* self) {
  Ref<Str> module = OURO_TRY(read_name(ts, self));
  Ref<Str> name = OURO_TRY(read_name(ts, self));
  ObjRef found = OURO_TRY(ask_for_class(ts, self, module, name));
  return push(ts, self, std::move(found));
}

Status load_stack_global(ThreadState& ts, Unpickler* self) {
  ObjRef name = OURO_TRY(pop(ts, self));
  ObjRef module = OURO_TRY(pop(ts, self));
  if (!is_exact_str(name) || !is_exact_str(module)) {
    return raise_unpickling(ts, self, "STACK_GLOBAL requires str");
  }
  ObjRef found = OURO_TRY(ask_for_class(ts, self, module, name));
  return push(ts, self, std::move(found));
}

Status load_inst(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  Ref<Str> module = OURO_TRY(read_name(ts, self));
  Ref<Str> name = OURO_TRY(read_name(ts, self));
  ObjRef type = OURO_TRY(ask_for_class(ts, self, module, name));
  Ref<Tuple> arguments = OURO_TRY(pop_tuple(ts, self, mark));
  ObjRef made = OURO_TRY(instantiate(ts, type, arguments));
  return push(ts, self, std::move(made));
}

Status load_obj(ThreadState& ts, Unpickler* self) {
  const std::int64_t mark = OURO_TRY(pop_mark(ts, self));
  if (self->stack_size - mark < 1) return raise_underflow(ts, self);
  Ref<Tuple> arguments = OURO_TRY(pop_tuple(ts, self, mark + 1));
  ObjRef type = OURO_TRY(pop(ts, self));
  ObjRef made = OURO_TRY(instantiate(ts, type, arguments));
  return push(ts, self, std::move(made));
}

Status load_reduce(ThreadState& ts, Unpickler* self) {
  ObjRef arguments = OURO_TRY(pop(ts, self));
  ObjRef callable = OURO_TRY(pop(ts, self));
  if (!is_tuple(arguments)) return raise_type_error(ts, "argument list must be a tuple");
  ObjRef made = OURO_TRY(call_with(ts, callable, as<Tuple>(arguments), nullptr));
  return push(ts, self, std::move(made));
}

Status check_persistent(ThreadState& ts, Unpickler* self) {
  if (self->persistent_load != nullptr) return kDone;
  return raise_unpickling(ts, self,
                          "A load persistent id instruction was encountered,\nbut no "
                          "persistent_load function was specified.");
}

Status load_persistent(ThreadState& ts, Unpickler* self, Obj id) {
  const ObjRef hook = ObjRef::share(self->persistent_load);
  ObjRef value = OURO_TRY(call_hook(ts, self, hook, self->persistent_load_takes_self, id));
  return push(ts, self, std::move(value));
}

Status load_text_id(ThreadState& ts, Unpickler* self) {
  OURO_TRY(check_persistent(ts, self));
  std::string_view line = OURO_TRY(read_line(ts, self));
  line.remove_suffix(1);
  ObjResult id = decode_bytes(ts, line, "ascii", "strict");
  if (id.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.UnicodeDecodeError)) return Raised{};
    return raise_unpickling(ts, self, "persistent IDs in protocol 0 must be ASCII strings");
  }
  const ObjRef held = id.take();
  return load_persistent(ts, self, held);
}

Status load_binary_id(ThreadState& ts, Unpickler* self) {
  OURO_TRY(check_persistent(ts, self));
  ObjRef id = OURO_TRY(pop(ts, self));
  return load_persistent(ts, self, id);
}

// -- structure of the stream ----------------------------------------------------------------------

Status load_protocol(ThreadState& ts, Unpickler* self) {
  const std::uint64_t protocol = OURO_TRY(read_number(ts, self, 1));
  if (protocol > kHighestProtocol) {
    return raise_value_error(ts, "unsupported pickle protocol: {}", protocol);
  }
  self->protocol = static_cast<int>(protocol);
  return kDone;
}

Status load_frame(ThreadState& ts, Unpickler* self) {
  const std::uint64_t size = OURO_TRY(read_number(ts, self, 8));
  if (size > INT64_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "FRAME length exceeds system's maximum of {} bytes", INT64_MAX);
  }
  // Brings the whole frame in; its opcodes are read from there.
  OURO_TRY(read_bytes(ts, self, static_cast<std::int64_t>(size)));
  self->position -= static_cast<std::int64_t>(size);
  return kDone;
}

Raised raise_bad_op(ThreadState& ts, Unpickler* self, unsigned char op) {
  Type* error = type_in(self->state->unpickling_error);
  if (op >= 0x20 && op <= 0x7e && op != '\'' && op != '\\') {
    return raise(ts, error, "invalid load key, '{}'.", static_cast<char>(op));
  }
  constexpr char kHex[] = "0123456789abcdef";
  const char code[] = {kHex[op >> 4], kHex[op & 15], '\0'};
  return raise(ts, error, "invalid load key, '\\x{}'.", code);
}

template <class Make>
Status push_made(ThreadState& ts, Unpickler* self, Make make) {
  auto made = make();
  if (made.raised()) return Raised{};
  return push(ts, self, made.take());
}

Status run(ThreadState& ts, Unpickler* self, unsigned char op) {
  switch (op) {
    case kNone:
      return push(ts, self, ts.core.none_ref());
    case kNewTrue:
      return push(ts, self, ts.core.bool_ref(true));
    case kNewFalse:
      return push(ts, self, ts.core.bool_ref(false));
    case kBinInt:
      return load_small_int(ts, self, 4);
    case kBinInt1:
      return load_small_int(ts, self, 1);
    case kBinInt2:
      return load_small_int(ts, self, 2);
    case kInt:
      return load_int(ts, self);
    case kLong:
      return load_long(ts, self);
    case kLong1:
      return load_counted_long(ts, self, 1);
    case kLong4:
      return load_counted_long(ts, self, 4);
    case kFloat:
      return load_float(ts, self);
    case kBinFloat:
      return load_binary_float(ts, self);
    case kString:
      return load_string(ts, self);
    case kBinString:
      return load_counted_string(ts, self, 4);
    case kShortBinString:
      return load_counted_string(ts, self, 1);
    case kShortBinBytes:
      return load_bytes(ts, self, 1);
    case kBinBytes:
      return load_bytes(ts, self, 4);
    case kBinBytes8:
      return load_bytes(ts, self, 8);
    case kByteArray8:
      return load_bytearray(ts, self);
    case kNextBuffer:
      return load_next_buffer(ts, self);
    case kReadOnlyBuffer:
      return load_read_only_buffer(ts, self);
    case kUnicode:
      return load_escaped_text(ts, self);
    case kShortBinUnicode:
      return load_text(ts, self, 1);
    case kBinUnicode:
      return load_text(ts, self, 4);
    case kBinUnicode8:
      return load_text(ts, self, 8);
    case kEmptyTuple:
      return push(ts, self, Ref<Tuple>::share(ts.core.empty_tuple));
    case kTuple1:
      return load_tuple(ts, self, 1);
    case kTuple2:
      return load_tuple(ts, self, 2);
    case kTuple3:
      return load_tuple(ts, self, 3);
    case kTuple:
      return load_marked_tuple(ts, self);
    case kEmptyList:
      return push_made(ts, self, [&] { return List::create(ts); });
    case kList:
      return load_list(ts, self);
    case kEmptyDict:
      return push_made(ts, self, [&] { return Dict::create(ts); });
    case kDict:
      return load_dict(ts, self);
    case kEmptySet:
      return load_empty_set(ts, self);
    case kAddItems:
      return add_items(ts, self);
    case kFrozenSet:
      return load_frozenset(ts, self);
    case kObj:
      return load_obj(ts, self);
    case kInst:
      return load_inst(ts, self);
    case kNewObj:
      return load_new_object(ts, self, false);
    case kNewObjEx:
      return load_new_object(ts, self, true);
    case kGlobal:
      return load_global(ts, self);
    case kStackGlobal:
      return load_stack_global(ts, self);
    case kAppend:
      return append_items(ts, self, self->stack_size - 1);
    case kAppends:
      return append_items(ts, self, OURO_TRY(pop_mark(ts, self)));
    case kSetItem:
      return set_items(ts, self, self->stack_size - 2);
    case kSetItems:
      return set_items(ts, self, OURO_TRY(pop_mark(ts, self)));
    case kBuild:
      return load_build(ts, self);
    case kDup:
      return load_duplicate(ts, self);
    case kPop:
      return load_pop(ts, self);
    case kPopMark:
      return load_pop_mark(ts, self);
    case kMark:
      return push_mark(ts, self);
    case kGet:
      return load_get(ts, self, OURO_TRY(read_memo_number(ts, self)));
    case kBinGet:
      return load_get(ts, self, static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 1))));
    case kLongBinGet:
      return load_get(ts, self, static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 4))));
    case kPut:
      return load_put(ts, self, OURO_TRY(read_memo_number(ts, self)));
    case kBinPut:
      return load_put(ts, self, static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 1))));
    case kLongBinPut:
      return load_put(ts, self, static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 4))));
    case kMemoize:
      return load_put(ts, self, self->memo_size);
    case kPersId:
      return load_text_id(ts, self);
    case kBinPersId:
      return load_binary_id(ts, self);
    case kReduce:
      return load_reduce(ts, self);
    case kProto:
      return load_protocol(ts, self);
    case kFrame:
      return load_frame(ts, self);
    case kExt1:
      return load_extension(ts, self,
                            static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 1))));
    case kExt2:
      return load_extension(ts, self,
                            static_cast<std::int64_t>(OURO_TRY(read_number(ts, self, 2))));
    case kExt4:
      return load_extension(ts, self,
                            static_cast<std::int32_t>(OURO_TRY(read_number(ts, self, 4))));
    default:
      return raise_bad_op(ts, self, op);
  }
}

}  // namespace

ObjResult load(ThreadState& ts, Unpickler* self) {
  const Ref<Unpickler> held = Ref<Unpickler>::share(self);
  self->mark_count = 0;
  self->fence = 0;
  self->protocol = 0;
  truncate(self, 0);
  for (;;) {
    Result<std::string_view> read = read_bytes(ts, self, 1);
    if (read.raised()) {
      if (!catch_pending(ts, type_in(self->state->unpickling_error))) return Raised{};
      return raise(ts, ts.core.exceptions.EOFError, "Ran out of input");
    }
    const auto op = static_cast<unsigned char>(read.take()[0]);
    if (op == kStop) break;
    OURO_TRY(run(ts, self, op));
  }
  OURO_TRY(skip_peeked(ts, self));
  return pop(ts, self);
}

}  // namespace ouro::pickle
