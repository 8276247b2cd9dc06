// Trimming and padding: strip, center, ljust, rjust, zfill, expandtabs.
#include <algorithm>

#include "objects/str_internal.h"

namespace ouro {

namespace {

enum class Ends : std::uint8_t { Left = 1, Right = 2, Both = 3 };

template <class Strips>
ObjResult strip_where(ThreadState& ts, Str* text, Ends ends, Strips strips) {
  std::int64_t start = 0;
  std::int64_t stop = text->length;
  if (ends != Ends::Right) {
    while (start < stop && strips(text->at(start))) ++start;
  }
  if (ends != Ends::Left) {
    while (stop > start && strips(text->at(stop - 1))) --stop;
  }
  return text->slice(ts, start, stop);
}

template <Ends kEnds>
ObjResult strip_method(ThreadState& ts, Obj self, Args args) {
  Str* text = as<Str>(self);
  if (args.count == 0 || is_none(args[0])) return strip_where(ts, text, kEnds, unicode::is_space);
  if (!is_str(args[0])) {
    return raise_type_error(ts, "{} arg must be None or str",
                            kEnds == Ends::Left    ? "lstrip"
                            : kEnds == Ends::Right ? "rstrip"
                                                   : "strip");
  }
  const Str* set = as<Str>(args[0]);
  return strip_where(ts, text, kEnds,
                     [&](char32_t c) { return str_find_character(set, c, 0, set->length) >= 0; });
}

ObjResult pad(ThreadState& ts, Str* text, std::int64_t left, std::int64_t right, char32_t fill) {
  if (left <= 0 && right <= 0) return str_exact(ts, text);
  // What a length can say is asked for, and is then more than there is memory for.
  if (left > INT64_MAX - text->length || right > INT64_MAX - left - text->length) {
    return raise(ts, ts.core.exceptions.OverflowError, "padded string is too long");
  }
  if (text->length == 0 && left + right == 1) return Str::from_char(ts, fill);
  Ref<Str> made =
      OURO_TRY(Str::make(ts, left + text->length + right, std::max(bound_of(text), fill)));
  fill_characters(made.get(), 0, left, fill);
  copy_characters(made.get(), left, text, 0, text->length);
  fill_characters(made.get(), left + text->length, right, fill);
  return made;
}

enum class Align : std::uint8_t { Left, Center, Right };

template <Align kAlign>
ObjResult justify_method(ThreadState& ts, Obj self, Args args) {
  Str* text = as<Str>(self);
  const std::int64_t width = OURO_TRY(index_argument(ts, args[0], 0));
  char32_t fill = ' ';
  if (args.count > 1) {
    if (!is_str(args[1])) {
      return raise_type_error(ts, "The fill character must be a unicode character, not {t}",
                              args[1]);
    }
    if (as<Str>(args[1])->length != 1) {
      return raise_type_error(ts, "The fill character must be exactly one character long");
    }
    fill = as<Str>(args[1])->at(0);
  }
  const std::int64_t room = std::max<std::int64_t>(width - text->length, 0);
  std::int64_t left = 0;
  if (kAlign == Align::Right) left = room;
  // The odd place goes to the left when the width is odd, too.
  if (kAlign == Align::Center) left = room / 2 + (room & width & 1);
  return pad(ts, text, left, room - left, fill);
}

ObjResult str_zfill(ThreadState& ts, Obj self, Args args) {
  Str* text = as<Str>(self);
  const std::int64_t width = OURO_TRY(index_argument(ts, args[0], 0));
  const std::int64_t room = width - text->length;
  if (room <= 0) return str_exact(ts, text);
  const bool has_sign = text->length > 0 && (text->at(0) == '+' || text->at(0) == '-');
  ObjRef padded = OURO_TRY(pad(ts, text, room, 0, '0'));
  if (has_sign) {
    Str* made = as<Str>(padded);  // new: longer than one character
    fill_characters(made, 0, 1, text->at(0));
    fill_characters(made, room, 1, '0');
  }
  return padded;
}

ObjResult str_expandtabs(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "expandtabs", {"tabsize"}, 0, given));
  constexpr std::int64_t kUsual = 8;
  const std::int64_t tab =
      given[0] ? OURO_TRY(index_as_int64(ts, given[0], ts.core.exceptions.OverflowError)) : kUsual;
  if (tab > INT32_MAX || tab < INT32_MIN) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  Str* text = as<Str>(self);
  if (str_find_character(text, '\t', 0, text->length) < 0) return str_exact(ts, text);
  StrBuilder out(ts);
  std::int64_t column = 0;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (c == '\t') {
      if (tab > 0) {
        const std::int64_t spaces = tab - column % tab;
        OURO_TRY(out.append_repeated(' ', spaces));
        column += spaces;
      }
      continue;
    }
    OURO_TRY(out.append(c));
    column = c == '\n' || c == '\r' ? 0 : column + 1;
  }
  return out.finish();
}

}  // namespace

const MethodDef kStrPadMethods[] = {
    {"center", justify_method<Align::Center>, 1, 2, 0,
     "center($self, width, fillchar=' ', /)\n--\n\nReturn the text centered in a text of that "
     "width."},
    {"expandtabs", str_expandtabs, 0, -1, MethodDef::kKeywords,
     "expandtabs($self, /, tabsize=8)\n--\n\nReturn a copy with tabs replaced by spaces up to the "
     "next tab stop."},
    {"ljust", justify_method<Align::Left>, 1, 2, 0,
     "ljust($self, width, fillchar=' ', /)\n--\n\nReturn the text at the left of a text of that "
     "width."},
    {"lstrip", strip_method<Ends::Left>, 0, 1, 0,
     "lstrip($self, chars=None, /)\n--\n\nReturn a copy without white space (or chars) in front."},
    {"rjust", justify_method<Align::Right>, 1, 2, 0,
     "rjust($self, width, fillchar=' ', /)\n--\n\nReturn the text at the right of a text of that "
     "width."},
    {"rstrip", strip_method<Ends::Right>, 0, 1, 0,
     "rstrip($self, chars=None, /)\n--\n\nReturn a copy without white space (or chars) at the "
     "end."},
    {"strip", strip_method<Ends::Both>, 0, 1, 0,
     "strip($self, chars=None, /)\n--\n\nReturn a copy without white space (or chars) at both "
     "ends."},
    {"zfill", str_zfill, 1, 1, 0,
     "zfill($self, width, /)\n--\n\nReturn a numeric text with zeros in front, after its sign, up "
     "to the width."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
