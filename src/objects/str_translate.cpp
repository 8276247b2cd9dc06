// Replacing and translating: replace, translate, maketrans, encode.
#include <algorithm>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/str_internal.h"

namespace ouro {

namespace {

/// `replacement` between all characters and at the ends, at most `limit` times.
ObjResult interleave(ThreadState& ts, Str* text, Borrowed<Str> replacement, std::int64_t limit) {
  StrBuilder out(ts);
  for (std::int64_t i = 0; i <= text->length; ++i) {
    if (limit-- > 0) {
      OURO_TRY(out.append(replacement));
    } else {
      OURO_TRY(out.append(text, i, text->length));
      break;
    }
    if (i < text->length) OURO_TRY(out.append(text->at(i)));
  }
  return out.finish();
}

ObjResult replace_text(ThreadState& ts, Str* text, Str* wanted, Str* replacement,
                       std::int64_t limit) {
  if (limit < 0) limit = INT64_MAX;
  if (limit == 0 || (wanted->length == 0 && replacement->length == 0)) return str_exact(ts, text);
  if (wanted->length == 0) return interleave(ts, text, replacement, limit);
  const std::int64_t matches = str_count(text, wanted, 0, text->length, limit);
  if (matches == 0 || str_equal(wanted, replacement)) return str_exact(ts, text);
  std::int64_t growth = 0;
  std::int64_t length = 0;
  if (__builtin_mul_overflow(replacement->length - wanted->length, matches, &growth) ||
      __builtin_add_overflow(text->length, growth, &length) || length > kMaxTextLength) {
    return raise(ts, ts.core.exceptions.OverflowError, "replace string is too long");
  }
  if (length == 0) return Ref<Str>::share(ts.core.empty_str);
  const auto fill = [&](Str* made) {
    std::int64_t from = 0;
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < matches; ++i) {
      const std::int64_t found = str_find(text, wanted, from, text->length);
      copy_characters(made, at, text, from, found - from);
      at += found - from;
      copy_characters(made, at, replacement, 0, replacement->length);
      at += replacement->length;
      from = found + wanted->length;
    }
    copy_characters(made, at, text, from, text->length - from);
  };
  const char32_t bound = std::max(bound_of(text), bound_of(replacement));
  Ref<Str> made = OURO_TRY(str_allocate(ts, ts.core.types.str, length, bound));
  fill(made.get());
  // The wide characters may be those that went away.
  if (bound <= 0x7f && length > 1) return made;
  return with_characters(made.get(), [&](auto* p) -> ObjResult {
    const char32_t bits = length == 1 ? 0 : or_of(p, length);
    if (length > 1 && (bound == 0xff ? bits >= 0x80 : width_for(bits) == made->width()))
      return std::move(made);
    return str_from_characters(ts, p, length);
  });
}

ObjResult str_replace(ThreadState& ts, Obj self, Args args) {
  for (std::uint32_t i = 0; i < 2; ++i) {
    if (!is_str(args[i]))
      return raise_type_error(ts, "replace() argument {} must be str, not {n}", i + 1, args[i]);
  }
  const std::int64_t limit = OURO_TRY(index_argument(ts, args.count > 2 ? args[2] : nullptr, -1));
  return replace_text(ts, as<Str>(self), as<Str>(args[0]), as<Str>(args[1]), limit);
}

// -- translate
// -----------------------------------------------------------------------------------------------------------

/// What the table makes of `c`: Done: stays as it is.
enum class Translated : std::uint8_t { Same, Written, Raised };

Translated translate_character(ThreadState& ts, StrBuilder& out, Obj table, char32_t c) {
  auto raise_range = [&] { raise_value_error(ts, "character mapping must be in range(0x110000)"); };
  auto number = Int::from(ts, c);
  if (number.raised()) return Translated::Raised;
  Ref<Int> key = number.take();
  ObjResult found = get_item(ts, table, key);
  if (found.raised())
    return catch_pending(ts, ts.core.exceptions.LookupError) ? Translated::Same
                                                             : Translated::Raised;
  ObjRef value = found.take();
  if (is_none(value)) return Translated::Written;
  if (is_str(value))
    return out.append(Borrowed<Str>(as<Str>(value))).raised() ? Translated::Raised
                                                              : Translated::Written;
  if (!is_int(value)) {
    raise_type_error(ts, "character mapping must return integer, None or str");
    return Translated::Raised;
  }
  const std::int64_t replacement = int_clamped(value);
  if (replacement < 0 || replacement > static_cast<std::int64_t>(kMaxCharacter)) {
    raise_range();
    return Translated::Raised;
  }
  return out.append(static_cast<char32_t>(replacement)).raised() ? Translated::Raised
                                                                 : Translated::Written;
}

ObjResult str_translate(ThreadState& ts, Obj self, Args args) {
  Str* text = as<Str>(self);
  Obj table = args[0];
  StrBuilder out(ts);
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    switch (translate_character(ts, out, table, c)) {
      case Translated::Raised:
        return Raised{};
      case Translated::Same:
        OURO_TRY(out.append(c));
        break;
      case Translated::Written:
        break;
    }
  }
  return out.finish();
}

Status set_character(ThreadState& ts, Borrowed<Dict> table, char32_t character, Obj value) {
  Ref<Int> key = OURO_TRY(Int::from(ts, character));
  return dict_set(ts, table, Obj(key), value);
}

ObjResult maketrans_from_dict(ThreadState& ts, Obj given) {
  if (!is_exact_dict(given)) {
    return raise_type_error(ts, "if you give only one argument to maketrans it must be a dict");
  }
  Ref<Dict> table = OURO_TRY(Dict::create(ts));
  std::uint32_t position = 0;
  Obj key, value;
  while (dict_next(as<Dict>(given), position, key, value)) {
    ObjRef held = value.new_ref();
    if (is_str(key)) {
      if (as<Str>(key)->length != 1)
        return raise_value_error(ts, "string keys in translate table must be of length 1");
      OURO_TRY(set_character(ts, table, as<Str>(key)->at(0), held));
    } else if (is_int(key)) {
      ObjRef held_key = key.new_ref();
      OURO_TRY(dict_set(ts, table, Obj(held_key), Obj(held)));
    } else {
      return raise_type_error(ts, "keys in translate table must be strings or integers");
    }
  }
  return table;
}

ObjResult str_maketrans(ThreadState& ts, Obj, Args args) {
  if (args.count == 1) return maketrans_from_dict(ts, args[0]);
  for (std::uint32_t i = 1; i < args.count; ++i) {
    if (!is_str(args[i]))
      return raise_type_error(ts, "maketrans() argument {} must be str, not {n}", i + 1, args[i]);
  }
  if (!is_str(args[0])) {
    return raise_type_error(
        ts, "first maketrans argument must be a string if there is a second argument");
  }
  const Str* from = as<Str>(args[0]);
  const Str* to = as<Str>(args[1]);
  if (from->length != to->length) {
    return raise_value_error(ts, "the first two maketrans arguments must have equal length");
  }
  Ref<Dict> table = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i < from->length; ++i) {
    Ref<Int> value = OURO_TRY(Int::from(ts, to->at(i)));
    OURO_TRY(set_character(ts, table, from->at(i), value));
  }
  if (args.count > 2) {
    const Str* gone = as<Str>(args[2]);
    for (std::int64_t i = 0; i < gone->length; ++i)
      OURO_TRY(set_character(ts, table, gone->at(i), ts.core.none));
  }
  return table;
}

ObjResult str_encode(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "encode", {"encoding", "errors"}, 0, given));
  CodecName encoding("utf-8");
  CodecName errors("strict");
  OURO_TRY(encoding.read(ts, given[0], "encode", "encoding"));
  OURO_TRY(errors.read(ts, given[1], "encode", "errors"));
  return encode_str(ts, as<Str>(self), encoding.c_str(), errors.c_str());
}

}  // namespace

const MethodDef kStrTranslateMethods[] = {
    {"encode", str_encode, 0, -1, MethodDef::kKeywords,
     "encode($self, /, encoding='utf-8', errors='strict')\n--\n\nEncode the text as bytes."},
    {"maketrans", str_maketrans, 1, 3, MethodDef::kStatic,
     "Return a table for str.translate().\n\nFrom a dict of characters (or their numbers) to "
     "texts, numbers or None;\n"
     "or from two texts of equal length, and a third of characters to drop."},
    {"replace", str_replace, 2, 3, 0,
     "replace($self, old, new, count=-1, /)\n--\n\nReturn a copy with old replaced by new, at most "
     "count times (-1: all)."},
    {"translate", str_translate, 1, 1, 0,
     "translate($self, table, /)\n--\n\nReplace each character by what the table gives for its "
     "number: a text, a number,\n"
     "or None to drop it. Characters the table does not know stay."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
