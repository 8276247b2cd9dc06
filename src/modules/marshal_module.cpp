// Module marshal: CPython's format 4 for plain data. A value is a type byte and what follows from
// it; bit 7 of the type byte enters the value in the table that 'r' values point into.
//
// Code objects are not part of it: their instructions are this runtime's own.
#include <bit>
#include <cmath>
#include <cstring>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/bytes.h"
#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/list.h"
#include "objects/set.h"

namespace ouro {

namespace {

constexpr std::int64_t kVersion = 4;
constexpr int kMaxDepth = 2000;  // as CPython
constexpr unsigned kRefBit = 0x80;

// -- writing --------------------------------------------------------------------------------------

class Writer {
 public:
  Writer(ThreadState& ts, std::int64_t version) : ts_(ts), version_(version) {}
  ~Writer() { free_raw(bytes_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  [[nodiscard]] std::string_view view() const { return {bytes_, size_}; }

  Status start() {
    if (version_ >= 3) known_ = OURO_TRY(Dict::create(ts_));
    return kDone;
  }

  Status write(Obj value) {
    if (++depth_ > kMaxDepth) return raise_value_error(ts_, "object too deeply nested to marshal");
    OURO_TRY(write_value(value));
    --depth_;
    return kDone;
  }

 private:
  Status put(const void* data, std::size_t count) {
    if (count > capacity_ - size_) {
      const std::size_t wanted = std::max<std::size_t>(64, (size_ + count) * 2);
      void* moved = reallocate_raw(bytes_, wanted);
      if (moved == nullptr) return raise_no_memory(ts_);
      bytes_ = static_cast<char*>(moved);
      capacity_ = wanted;
    }
    if (count > 0) std::memcpy(bytes_ + size_, data, count);
    size_ += count;
    return kDone;
  }
  Status put_byte(unsigned byte) {
    const char c = static_cast<char>(byte);
    return put(&c, 1);
  }
  Status put_number(std::uint64_t value, int count) {
    char bytes[8];
    for (int i = 0; i < count; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    return put(bytes, static_cast<std::size_t>(count));
  }
  Status put_size(std::int64_t size) {
    if (size > INT32_MAX) return raise_value_error(ts_, "unmarshallable object");
    return put_number(static_cast<std::uint64_t>(size), 4);
  }
  Status put_text(std::string_view text) {
    OURO_TRY(put_size(static_cast<std::int64_t>(text.size())));
    return put(text.data(), text.size());
  }
  Status put_double(double value) { return put_number(std::bit_cast<std::uint64_t>(value), 8); }

  /// Writes a pointer to a value met before (true), or finds whether this one is to be entered in
  /// the table: those that somebody else holds too.
  Result<bool> write_known(Obj value, unsigned& flag) {
    flag = 0;
    if (!known_ || value->refcount == 1) return false;
    Ref<Int> address = OURO_TRY(Int::from(ts_, reinterpret_cast<std::intptr_t>(value.get())));
    const Lookup known = dict_lookup(ts_, known_, address);
    if (known.failed) return Raised{};
    if (known.value != nullptr) {
      OURO_TRY(put_byte('r'));
      OURO_TRY(put_size(int_clamped(known.value)));
      return true;
    }
    Ref<Int> index = OURO_TRY(Int::from(ts_, dict_size(known_)));
    OURO_TRY(dict_set(ts_, known_, address, index));
    flag = kRefBit;
    return false;
  }

  Status write_value(Obj value) {
    if (is_none(value)) return put_byte('N');
    if (is_bool(value)) return put_byte(value == Obj(ts_.core.true_object) ? 'T' : 'F');
    if (value == Obj(ts_.core.ellipsis)) return put_byte('.');
    if (value == Obj(ts_.core.exceptions.StopIteration)) return put_byte('S');
    unsigned flag = 0;
    if (OURO_TRY(write_known(value, flag))) return kDone;
    switch (value->type()->kind) {
      case TypeKind::Int:
        return write_int(value, flag);
      case TypeKind::Float:
        if (version_ < 2) return write_float_text(flag, value);
        OURO_TRY(put_byte('g' | flag));
        return put_double(as<Float>(value)->value);
      case TypeKind::Complex:
        if (version_ < 2) return raise_value_error(ts_, "unmarshallable object");
        OURO_TRY(put_byte('y' | flag));
        OURO_TRY(put_double(as<Complex>(value)->real));
        return put_double(as<Complex>(value)->imaginary);
      case TypeKind::Bytes:
        OURO_TRY(put_byte('s' | flag));
        return put_text(as<Bytes>(value)->view());
      case TypeKind::Str:
        return write_str(as<Str>(value), flag);
      case TypeKind::Tuple:
        return write_tuple(as<Tuple>(value), flag);
      case TypeKind::List: {
        auto* list = as<List>(value);
        OURO_TRY(put_byte('[' | flag));
        OURO_TRY(put_size(list->size));
        for (std::int64_t i = 0; i < list->size; ++i) OURO_TRY(write(list->at(i)));
        return kDone;
      }
      case TypeKind::Dict: {
        OURO_TRY(put_byte('{' | flag));
        std::uint32_t position = 0;
        Obj key;
        Obj item;
        while (dict_next(as<Dict>(value), position, key, item)) {
          OURO_TRY(write(key));
          OURO_TRY(write(item));
        }
        return put_byte('0');
      }
      case TypeKind::Set:
      case TypeKind::FrozenSet:
        return write_set(value, flag);
      default:
        break;
    }
    if (!BufferView::is_bytes_like(value)) return raise_value_error(ts_, "unmarshallable object");
    BufferView buffer;
    OURO_TRY(buffer.acquire(ts_, value));
    OURO_TRY(put_byte('s' | flag));
    return put_text(buffer.view());
  }

  Status write_float_text(unsigned flag, Obj value) {
    Ref<Str> text = OURO_TRY(repr_of(ts_, value));
    OURO_TRY(put_byte('f' | flag));
    OURO_TRY(put_byte(static_cast<unsigned>(text->length)));
    return put(text->ascii().data(), static_cast<std::size_t>(text->length));
  }

  /// 32-bit values as they are, others as digits of 15 bits.
  Status write_int(Obj value, unsigned flag) {
    auto* number = as<Int>(value);
    if (number->is_small() && number->small >= INT32_MIN && number->small <= INT32_MAX) {
      OURO_TRY(put_byte('i' | flag));
      return put_number(static_cast<std::uint64_t>(number->small), 4);
    }
    const Magnitude magnitude(value);
    const std::int64_t digits = (magnitude.bits() + 14) / 15;
    OURO_TRY(put_byte('l' | flag));
    OURO_TRY(put_size(digits));
    if (magnitude.negative()) {
      size_ -= 4;
      OURO_TRY(put_number(static_cast<std::uint64_t>(-digits), 4));
    }
    for (std::int64_t i = 0; i < digits; ++i) {
      const std::int64_t bit = i * 15;
      const mp_size_t limb = bit / 64;
      const int shift = static_cast<int>(bit % 64);
      std::uint64_t digit = magnitude.limbs()[limb] >> shift;
      if (shift > 49 && limb + 1 < magnitude.count()) {
        digit |= magnitude.limbs()[limb + 1] << (64 - shift);
      }
      OURO_TRY(put_number(digit & 0x7fff, 2));
    }
    return kDone;
  }

  Status write_str(Str* text, unsigned flag) {
    if (version_ >= 4 && text->is_ascii()) {
      const bool is_short = text->length < 256;
      const bool interned = text->is_interned();
      OURO_TRY(put_byte((is_short ? (interned ? 'Z' : 'z') : (interned ? 'A' : 'a')) | flag));
      if (!is_short) return put_text(text->ascii());
      OURO_TRY(put_byte(static_cast<unsigned>(text->length)));
      return put(text->ascii().data(), static_cast<std::size_t>(text->length));
    }
    OURO_TRY(put_byte((version_ >= 3 && text->is_interned() ? 't' : 'u') | flag));
    Utf8 utf8{Borrowed<Str>(text)};
    if (!utf8.ok()) return raise_no_memory(ts_);
    return put_text(utf8.view());
  }

  Status write_tuple(Tuple* tuple, unsigned flag) {
    if (version_ >= 4 && tuple->size < 256) {
      OURO_TRY(put_byte(')' | flag));
      OURO_TRY(put_byte(static_cast<unsigned>(tuple->size)));
    } else {
      OURO_TRY(put_byte('(' | flag));
      OURO_TRY(put_size(tuple->size));
    }
    for (std::int64_t i = 0; i < tuple->size; ++i) OURO_TRY(write(tuple->at(i)));
    return kDone;
  }

  /// Members in the order of their own marshalled form, so that equal sets give equal bytes.
  Status write_set(Obj value, unsigned flag) {
    OURO_TRY(put_byte((is_kind(value, TypeKind::Set) ? '<' : '>') | flag));
    Ref<List> pairs = OURO_TRY(List::create(ts_));
    OURO_TRY(for_each_item(ts_, value, [&](ObjRef item) -> Status {
      Writer inner(ts_, version_);
      OURO_TRY(inner.start());
      OURO_TRY(inner.write(item));
      Ref<Bytes> form = OURO_TRY(Bytes::from(ts_, inner.view()));
      Ref<Tuple> pair = OURO_TRY(Tuple::of(ts_, form, item));
      return pairs->append(ts_, pair);
    }));
    ObjRef by_form =
        OURO_TRY(get_attribute(ts_, OURO_TRY(import_by_name(ts_, "_operator")), "itemgetter"));
    by_form = OURO_TRY(call(ts_, by_form, OURO_TRY(Int::from(ts_, 0))));
    OURO_TRY(pairs->sort(ts_, by_form, false));
    OURO_TRY(put_size(pairs->size));
    for (std::int64_t i = 0; i < pairs->size; ++i) {
      OURO_TRY(write(as<Tuple>(pairs->at(i))->at(1)));
    }
    return kDone;
  }

  ThreadState& ts_;
  std::int64_t version_;
  Ref<Dict> known_;  // address -> place in the table
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  int depth_ = 0;
};

// -- reading --------------------------------------------------------------------------------------

class Reader {
 public:
  Reader(ThreadState& ts, std::string_view bytes) : ts_(ts), bytes_(bytes) {}

  Status start() {
    known_ = OURO_TRY(List::create(ts_));
    return kDone;
  }
  [[nodiscard]] std::size_t position() const { return at_; }

  /// A value; TypeError when the end of a dict stands in its place.
  ObjResult read() {
    bool is_null = false;
    ObjResult value = read_or_null(is_null);
    if (is_null) return raise_type_error(ts_, "NULL object in marshal data for object");
    return value;
  }

 private:
  Raised bad(const char* what) { return raise_value_error(ts_, "bad marshal data ({})", what); }
  Raised too_short() { return raise(ts_, ts_.core.exceptions.EOFError, "marshal data too short"); }

  Result<std::uint64_t> number(std::size_t count) {
    if (bytes_.size() - at_ < count) return too_short();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
    }
    at_ += count;
    return value;
  }
  Result<std::int64_t> size(const char* what) {
    const auto value = static_cast<std::int32_t>(OURO_TRY(number(4)));
    if (value < 0) return bad(what);
    return std::int64_t{value};
  }
  Result<std::string_view> text(std::int64_t count) {
    if (static_cast<std::int64_t>(bytes_.size() - at_) < count) return too_short();
    const std::string_view view = bytes_.substr(at_, static_cast<std::size_t>(count));
    at_ += static_cast<std::size_t>(count);
    return view;
  }
  Result<double> binary_double() { return std::bit_cast<double>(OURO_TRY(number(8))); }
  Result<double> text_double() {
    const std::uint64_t count = OURO_TRY(number(1));
    const std::string_view digits = OURO_TRY(text(static_cast<std::int64_t>(count)));
    char copy[256];
    digits.copy(copy, digits.size());
    copy[digits.size()] = '\0';
    return std::strtod(copy, nullptr);
  }

  /// Keeps a place in the table for a container that its own items may point to.
  Result<std::int64_t> reserve(bool wanted) {
    if (!wanted) return std::int64_t{-1};
    OURO_TRY(known_->append(ts_, Obj(ts_.core.none)));
    return known_->size - 1;
  }
  void enter(std::int64_t place, Obj value) {
    if (place < 0) return;
    decref(std::exchange(known_->items[place], value.new_ref().release()));
  }
  ObjResult entered(bool wanted, ObjResult value) {
    ObjRef made = OURO_TRY(std::move(value));
    if (wanted) OURO_TRY(known_->append(ts_, Obj(made)));
    return made;
  }

  ObjResult read_or_null(bool& is_null) {
    if (at_ >= bytes_.size()) {
      return raise(ts_, ts_.core.exceptions.EOFError, "EOF read where object expected");
    }
    if (depth_ >= kMaxDepth) return raise_value_error(ts_, "recursion limit exceeded");
    ++depth_;
    ObjResult value = read_value(is_null);
    --depth_;
    return value;
  }

  ObjResult read_value(bool& is_null) {
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    const bool flag = (byte & kRefBit) != 0;
    switch (byte & ~kRefBit) {
      case '0':
        is_null = true;
        return Raised{};
      case 'N':
        return ts_.core.none_ref();
      case 'T':
        return ts_.core.bool_ref(true);
      case 'F':
        return ts_.core.bool_ref(false);
      case '.':
        return ObjRef::share(ts_.core.ellipsis);
      case 'S':
        return Obj(ts_.core.exceptions.StopIteration).new_ref();
      case 'i':
        return entered(flag, Int::from(ts_, static_cast<std::int32_t>(OURO_TRY(number(4)))));
      case 'I':
        return entered(flag, Int::from(ts_, static_cast<std::int64_t>(OURO_TRY(number(8)))));
      case 'l':
        return entered(flag, read_int());
      case 'f':
        return entered(flag, Float::from(ts_, OURO_TRY(text_double())));
      case 'g':
        return entered(flag, Float::from(ts_, OURO_TRY(binary_double())));
      case 'x':
      case 'y': {
        const bool binary = (byte & ~kRefBit) == 'y';
        const double real = OURO_TRY(binary ? binary_double() : text_double());
        const double imaginary = OURO_TRY(binary ? binary_double() : text_double());
        return entered(flag, Complex::from(ts_, real, imaginary));
      }
      case 's':
        return entered(
            flag,
            Bytes::from(ts_, OURO_TRY(text(OURO_TRY(size("bytes object size out of range"))))));
      case 'z':
      case 'Z':
        return entered(flag, read_ascii(static_cast<std::int64_t>(OURO_TRY(number(1))),
                                        (byte & ~kRefBit) == 'Z'));
      case 'a':
      case 'A':
        return entered(
            flag, read_ascii(OURO_TRY(size("string size out of range")), (byte & ~kRefBit) == 'A'));
      case 'u':
      case 't': {
        const std::int64_t count = OURO_TRY(size("string size out of range"));
        Ref<Str> made = OURO_TRY(decode_utf8(ts_, OURO_TRY(text(count)), "surrogatepass"));
        if ((byte & ~kRefBit) == 't') made = OURO_TRY(intern(ts_, std::move(made)));
        return entered(flag, ObjResult(std::move(made)));
      }
      case ')':
        return read_tuple(static_cast<std::int64_t>(OURO_TRY(number(1))), flag);
      case '(':
        return read_tuple(OURO_TRY(size("tuple size out of range")), flag);
      case '[': {
        const std::int64_t count = OURO_TRY(size("list size out of range"));
        Ref<List> list = OURO_TRY(List::create(ts_));
        enter(OURO_TRY(reserve(flag)), list);
        for (std::int64_t i = 0; i < count; ++i) {
          ObjRef item = OURO_TRY(read_item("list"));
          OURO_TRY(list->append(ts_, std::move(item)));
        }
        return list;
      }
      case '{': {
        Ref<Dict> dict = OURO_TRY(Dict::create(ts_));
        enter(OURO_TRY(reserve(flag)), dict);
        for (;;) {
          bool end = false;
          ObjResult key = read_or_null(end);
          if (end) return dict;
          ObjRef held = OURO_TRY(std::move(key));
          ObjResult value = read_or_null(end);
          if (end) return dict;
          ObjRef item = OURO_TRY(std::move(value));
          OURO_TRY(dict_set(ts_, dict, held, item));
        }
      }
      case '<':
      case '>':
        return read_set((byte & ~kRefBit) == '>', flag);
      case 'r': {
        const std::uint64_t place = OURO_TRY(number(4));
        if (place >= static_cast<std::uint64_t>(known_->size)) return bad("invalid reference");
        Obj value = known_->at(static_cast<std::int64_t>(place));
        if (is_none(value)) return bad("invalid reference");
        return value.new_ref();
      }
      case 'c':
        return raise_value_error(ts_, "marshalled code objects are made for another runtime");
      default:
        return bad("unknown type code");
    }
  }

  ObjResult read_item(const char* container) {
    bool is_null = false;
    ObjResult value = read_or_null(is_null);
    if (!is_null) return value;
    return raise_type_error(ts_, "NULL object in marshal data for {}", container);
  }

  ObjResult read_ascii(std::int64_t count, bool interned) {
    Ref<Str> made = OURO_TRY(Str::from_latin1(ts_, OURO_TRY(text(count))));
    if (!interned) return made;
    return intern(ts_, std::move(made));
  }

  ObjResult read_tuple(std::int64_t count, bool flag) {
    const std::int64_t place = OURO_TRY(reserve(flag));
    ItemBuffer items(ts_);
    for (std::int64_t i = 0; i < count; ++i) {
      ObjRef item = OURO_TRY(read_item("tuple"));
      OURO_TRY(items.append(std::move(item)));
    }
    Ref<Tuple> tuple =
        OURO_TRY(Tuple::from(ts_, items.data(), static_cast<std::size_t>(items.size())));
    enter(place, tuple);
    return tuple;
  }

  ObjResult read_set(bool frozen, bool flag) {
    const std::int64_t count = OURO_TRY(size("set size out of range"));
    Type* type = frozen ? ts_.core.types.frozenset : ts_.core.types.set;
    Ref<List> items = OURO_TRY(List::create(ts_));
    const std::int64_t place = OURO_TRY(reserve(flag));
    Ref<Set> set;
    if (!frozen) {
      set = OURO_TRY(Set::create(ts_, type));
      enter(place, set);
    }
    for (std::int64_t i = 0; i < count; ++i) {
      ObjRef item = OURO_TRY(read_item("set"));
      if (set) {
        OURO_TRY(set_add(ts_, set, item));
      } else {
        OURO_TRY(items->append(ts_, std::move(item)));
      }
    }
    if (set) return set;
    set = OURO_TRY(set_from_iterable(ts_, type, items));
    enter(place, set);
    return set;
  }

  ObjResult read_int() {
    const auto count = static_cast<std::int32_t>(OURO_TRY(number(4)));
    const std::int64_t digits = std::abs(std::int64_t{count});
    if (count == INT32_MIN) return bad("long size out of range");
    const std::string_view bytes = OURO_TRY(text(digits * 2));
    if (digits == 0) return Int::from(ts_, 0);
    Ref<Int> made = OURO_TRY(allocate_limbs(ts_, (digits * 15 + 63) / 64));
    const std::int64_t limbs = (digits * 15 + 63) / 64;
    std::fill(made->limbs, made->limbs + limbs, mp_limb_t{0});
    for (std::int64_t i = 0; i < digits; ++i) {
      const auto low = static_cast<unsigned char>(bytes[static_cast<std::size_t>(2 * i)]);
      const auto high = static_cast<unsigned char>(bytes[static_cast<std::size_t>(2 * i + 1)]);
      const std::uint64_t digit = low | (std::uint64_t{high} << 8);
      if (digit > 0x7fff) return bad("digit out of range in long");
      if (i == digits - 1 && digit == 0) return bad("unnormalized long data");
      const std::int64_t bit = i * 15;
      made->limbs[bit / 64] |= digit << (bit % 64);
      if (bit % 64 > 49 && bit / 64 + 1 < limbs) {
        made->limbs[bit / 64 + 1] |= digit >> (64 - bit % 64);
      }
    }
    return finish_int(ts_, std::move(made), limbs, count < 0);
  }

  ThreadState& ts_;
  std::string_view bytes_;
  std::size_t at_ = 0;
  Ref<List> known_;
  int depth_ = 0;
};

// -- functions ------------------------------------------------------------------------------------

ObjResult marshalled(ThreadState& ts, Obj value, Obj version_argument) {
  std::int64_t version = kVersion;
  if (version_argument) {
    version = OURO_TRY(index_as_int64(ts, version_argument, ts.core.exceptions.OverflowError));
  }
  Writer writer(ts, version);
  OURO_TRY(writer.start());
  OURO_TRY(writer.write(value));
  return Bytes::from(ts, writer.view());
}

ObjResult marshal_dumps(ThreadState& ts, Obj, Args args) {
  return marshalled(ts, args[0], args.size() > 1 ? args[1] : Obj());
}

ObjResult marshal_dump(ThreadState& ts, Obj, Args args) {
  ObjRef bytes = OURO_TRY(marshalled(ts, args[0], args.size() > 2 ? args[2] : Obj()));
  Object* write_args[] = {bytes.get()};
  return call_method(ts, args[1], ts.core.names.n_write, write_args);
}

ObjResult marshal_loads(ThreadState& ts, Obj, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  Reader reader(ts, buffer.view());
  OURO_TRY(reader.start());
  return reader.read();
}

/// Reads all there is, then puts the position behind the value.
ObjResult marshal_load(ThreadState& ts, Obj, Args args) {
  ObjRef position = OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, args[0], "tell"))));
  ObjRef bytes = OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, args[0], "read"))));
  if (!is_bytes(bytes)) {
    return raise_type_error(ts, "file.read() returned not bytes but {t}", bytes);
  }
  Reader reader(ts, as<Bytes>(bytes)->view());
  OURO_TRY(reader.start());
  ObjRef value = OURO_TRY(reader.read());
  Ref<Int> used = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(reader.position())));
  ObjRef end = OURO_TRY(binary_op(ts, BinaryOp::Add, position, used));
  OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, args[0], "seek")), end));
  return value;
}

constexpr MethodDef kFunctions[] = {
    {"dump", marshal_dump, 2, 3, MethodDef::kNone,
     "dump($module, value, file, version=version, /)\n--\n\nWrite the value on the open file."},
    {"load", marshal_load, 1, 1, MethodDef::kNone,
     "load($module, file, /)\n--\n\nRead one value from the open file and return it."},
    {"dumps", marshal_dumps, 1, 2, MethodDef::kNone,
     "dumps($module, value, version=version, /)\n--\n\nReturn the bytes object that would be "
     "written to a file by dump(value, file)."},
    {"loads", marshal_loads, 1, 1, MethodDef::kNone,
     "loads($module, bytes, /)\n--\n\nConvert the bytes-like object to a value."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_marshal_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "marshal"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_constant(ts, module, "version", kVersion));
  return module;
}

}  // namespace ouro
