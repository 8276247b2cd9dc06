// The types str and str_iterator: slots and the method table.
#include "objects/bytes.h"
#include "objects/format_spec.h"
#include "objects/index_iterator.h"
#include "objects/range.h"
#include "objects/str_internal.h"
#include "objects/type_inits.h"
#include "support/check.h"

namespace ouro {

namespace {

void str_dealloc(gc::Header* header) {
  auto* self = static_cast<Str*>(header);
  if (self->is_interned()) forget_interned(self);
  free_object(self);
}

ObjResult str_repr_slot(ThreadState& ts, Obj self) { return str_repr(ts, as<Str>(self)); }
ObjResult str_str(ThreadState& ts, Obj self) { return str_exact(ts, as<Str>(self)); }
Result<std::int64_t> str_hash_slot(ThreadState&, Obj self) { return str_hash(as<Str>(self)); }
Result<std::int64_t> str_length(ThreadState&, Obj self) { return as<Str>(self)->length; }

ObjResult str_compare_slot(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_str(left) || !is_str(right)) return ts.core.not_implemented_ref();
  Str* a = as<Str>(left);
  Str* b = as<Str>(right);
  if (op == CompareOp::Equal) return ts.core.bool_ref(str_equal(a, b));
  if (op == CompareOp::NotEqual) return ts.core.bool_ref(!str_equal(a, b));
  return compare_lengths(ts, a == b ? 0 : str_compare(a, b), 0, op);
}

ObjResult str_concat_slot(ThreadState& ts, Obj left, Obj right) {
  if (!is_str(left)) return ts.core.not_implemented_ref();
  if (!is_str(right))
    return raise_type_error(ts, "can only concatenate str (not \"{t}\") to str", right);
  return str_concat(ts, as<Str>(left), as<Str>(right));
}

ObjResult str_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  Str* text = as<Str>(self);
  if (count <= 0 || text->length == 0) return Ref<Str>::share(ts.core.empty_str);
  if (count == 1) return str_exact(ts, text);
  if (text->length > INT64_MAX / count) {
    return raise(ts, ts.core.exceptions.OverflowError, "repeated string is too long");
  }
  const std::int64_t length = text->length * count;
  Ref<Str> made = OURO_TRY(Str::make(ts, length, bound_of(text)));
  if (text->length == 1) {
    fill_characters(made.get(), 0, length, text->at(0));
    return made;
  }
  const std::size_t width = text->width();
  auto* out = static_cast<char*>(made->data());
  std::size_t done = static_cast<std::size_t>(text->length) * width;
  const std::size_t total = static_cast<std::size_t>(length) * width;
  std::memcpy(out, text->data(), done);
  for (; done < total; done *= 2) std::memcpy(out + done, out, std::min(done, total - done));
  return made;
}

ObjResult str_item(ThreadState& ts, Obj self, std::int64_t index) {
  Str* text = as<Str>(self);
  if (index < 0 || index >= text->length)
    return raise(ts, ts.core.exceptions.IndexError, "string index out of range");
  return Str::from_char(ts, text->at(index));
}

ObjResult str_subscript(ThreadState& ts, Obj self, Obj key) {
  Str* text = as<Str>(self);
  if (has_index(key)) {
    const std::int64_t index = OURO_TRY(subscript_index(ts, key));
    return str_item(ts, self, index < 0 ? index + text->length : index);
  }
  if (!is_kind(key, TypeKind::Slice))
    return raise_type_error(ts, "string indices must be integers, not '{t}'", key);
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  const SliceIndices range = slice_adjust(raw, text->length);
  if (range.step == 1) return text->slice(ts, range.start, range.start + range.count);
  if (range.count == 0) return Ref<Str>::share(ts.core.empty_str);
  return with_characters(text, [&](auto* p) -> ObjResult {
    char32_t bits = 0;
    for (std::int64_t i = 0; i < range.count; ++i)
      bits |= static_cast<char32_t>(p[range.start + i * range.step]);
    if (range.count == 1) return Str::from_char(ts, bits);
    Ref<Str> made = OURO_TRY(Str::make(ts, range.count, bits));
    with_mutable_characters(made.get(), [&](auto* out) {
      using C = std::remove_pointer_t<decltype(out)>;
      for (std::int64_t i = 0; i < range.count; ++i)
        out[i] = static_cast<C>(p[range.start + i * range.step]);
    });
    return made;
  });
}

Result<bool> str_contains(ThreadState& ts, Obj self, Obj item) {
  if (!is_str(item))
    return raise_type_error(ts, "'in <string>' requires string as left operand, not {t}", item);
  return str_find(as<Str>(self), as<Str>(item), 0, as<Str>(self)->length) >= 0;
}

ObjResult str_remainder(ThreadState& ts, Obj left, Obj right) {
  if (!is_str(left)) return ts.core.not_implemented_ref();
  return str_percent_format(ts, as<Str>(left), right);
}

/// str(object) or str(bytes-like, encoding, errors), an exact str unless the object's __str__ gives
/// another.
Result<Ref<Str>> convert(ThreadState& ts, Obj object, Obj encoding_argument, Obj errors_argument) {
  if (!object) return Ref<Str>::share(ts.core.empty_str);
  if (!encoding_argument && !errors_argument) return str_of(ts, object);
  CodecName encoding("utf-8");
  CodecName errors("strict");
  OURO_TRY(encoding.read(ts, encoding_argument, "str", "encoding"));
  OURO_TRY(errors.read(ts, errors_argument, "str", "errors"));
  if (is_str(object)) return raise_type_error(ts, "decoding str is not supported");
  if (!BufferView::is_bytes_like(object)) {
    return raise_type_error(ts, "decoding to str: need a bytes-like object, {t} found", object);
  }
  BufferView bytes;
  OURO_TRY(bytes.acquire(ts, object));
  ObjRef decoded = OURO_TRY(decode_bytes(ts, bytes.view(), encoding.c_str(), errors.c_str()));
  return Ref<Str>::steal(as<Str>(Obj(decoded.release())));
}

ObjResult str_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "str", {"object", "encoding", "errors"}, 0, given));
  Ref<Str> text = OURO_TRY(convert(ts, given[0], given[1], given[2]));
  if (type.get() == ts.core.types.str) return text;
  Ref<Str> made = OURO_TRY(str_allocate(ts, type, text->length, bound_of(text.get())));
  copy_characters(made.get(), 0, text.get(), 0, text->length);
  return made;
}

ObjResult str_format_dunder(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0]))
    return raise_type_error(ts, "__format__() argument must be str, not {}",
                            is_none(args[0]) ? "None" : type_name(args[0]));
  return format_str_with_spec(ts, as<Str>(self), as<Str>(args[0]));
}

ObjResult str_getnewargs(ThreadState& ts, Obj self, Args) {
  Ref<Str> exact = OURO_TRY(with_characters(
      as<Str>(self), [&](auto* p) { return str_from_characters(ts, p, as<Str>(self)->length); }));
  return Tuple::of(ts, exact);
}

ObjResult str_sizeof(ThreadState& ts, Obj self, Args) {
  const Str* text = as<Str>(self);
  return int_result(ts, self->type()->info.basic_bytes +
                            (text->length + 1) * static_cast<std::int64_t>(text->width()));
}

constexpr MethodDef kStrOwnMethods[] = {
    {"__format__", str_format_dunder, 1, 1, 0,
     "__format__($self, format_spec, /)\n--\n\nReturn the text as the format specification says."},
    {"__getnewargs__", str_getnewargs, 0, 0, 0, nullptr},
    {"__sizeof__", str_sizeof, 0, 0, 0,
     "__sizeof__($self, /)\n--\n\nReturn the size of the text in memory, in bytes."},
    {"format", str_format_method, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple,
     "S.format(*args, **kwargs) -> str\n\nReturn S with the fields in braces replaced by the "
     "arguments."},
    {"format_map", str_format_map_method, 1, 1, 0,
     "S.format_map(mapping) -> str\n\nReturn S with the fields in braces replaced by values of the "
     "mapping."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

constexpr std::size_t kMaxStrMethods = 64;
struct StrMethods {
  MethodDef entries[kMaxStrMethods + 1];
};

/// The parts by subject in one row, as the type wants it.
StrMethods join_method_tables() {
  StrMethods all = {};
  std::size_t count = 0;
  for (const MethodDef* part :
       {static_cast<const MethodDef*>(kStrOwnMethods), kStrCaseMethods, kStrSearchMethods,
        kStrSplitMethods, kStrPadMethods, kStrTranslateMethods}) {
    for (; part->name != nullptr; ++part) {
      OURO_CHECK(count < kMaxStrMethods, "more than %zu str methods", kMaxStrMethods);
      all.entries[count++] = *part;
    }
  }
  return all;
}

ObjResult str_iter(ThreadState& ts, Obj self) {
  if (as<Str>(self)->is_ascii()) {
    return index_iterator_create<&CoreTypes::str_ascii_iterator>(ts, self);
  }
  return index_iterator_create<&CoreTypes::str_iterator>(ts, self);
}

}  // namespace

void init_str_type(ThreadState&, Type& type) {
  static const StrMethods kMethods = join_method_tables();
  type.info.basic_bytes = sizeof(Str);
  type.info.flags |= kBaseType | kStrSubclass | kMatchSelf;
  type.info.dealloc = str_dealloc;
  type.make = str_make;
  type.repr = str_repr_slot;
  type.str = str_str;
  type.hash = str_hash_slot;
  type.compare = str_compare_slot;
  type.iter = str_iter;
  type.number.remainder = str_remainder;
  type.sequence.length = str_length;
  type.sequence.concat = str_concat_slot;
  type.sequence.repeat = str_repeat;
  type.sequence.item = str_item;
  type.sequence.contains = str_contains;
  type.mapping.length = str_length;
  type.mapping.subscript = str_subscript;
  type.methods = kMethods.entries;
  type.doc =
      "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
      "A text made from an object by its __str__ (or __repr__), or decoded from bytes.\n"
      "encoding is 'utf-8' and errors 'strict' when not given.";
}

void init_str_iterator_type(ThreadState&, Type& type) { init_index_iterator<Str, str_item>(type); }

}  // namespace ouro
