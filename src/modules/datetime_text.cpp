// Module _datetime: texts. ISO 8601 in both directions, and strftime over time.strftime.
#include "modules/datetime.h"
#include "objects/bytes.h"
#include "objects/dict.h"

namespace ouro::datetime {

// -- writing
// ---------------------------------------------------------------------------------------

void Text::add_number(int value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    bytes[length + i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  length += digits;
}

void add_day(Text& text, Day day) {
  text.add_number(day.year, 4);
  text.add('-');
  text.add_number(day.month, 2);
  text.add('-');
  text.add_number(day.day, 2);
}

void add_clock(Text& text, const Clock& clock, TimeSpec spec) {
  if (spec == TimeSpec::Auto) {
    spec = clock.microsecond != 0 ? TimeSpec::Microseconds : TimeSpec::Seconds;
  }
  text.add_number(clock.hour, 2);
  if (spec >= TimeSpec::Minutes) {
    text.add(':');
    text.add_number(clock.minute, 2);
  }
  if (spec >= TimeSpec::Seconds) {
    text.add(':');
    text.add_number(clock.second, 2);
  }
  if (spec == TimeSpec::Milliseconds) {
    text.add('.');
    text.add_number(clock.microsecond / 1000, 3);
  } else if (spec == TimeSpec::Microseconds) {
    text.add('.');
    text.add_number(clock.microsecond, 6);
  }
}

void add_offset(Text& text, Span offset, std::string_view separator) {
  const auto add_separator = [&] {
    for (const char c : separator) text.add(c);
  };
  char sign = '+';
  if (offset.days < 0) {
    sign = '-';
    const WideSpan turned =
        normalised(-offset.days, -std::int64_t{offset.seconds}, -std::int64_t{offset.microseconds});
    offset = turned.rest;
  }
  text.add(sign);
  text.add_number(offset.seconds / 3600, 2);
  add_separator();
  text.add_number(offset.seconds / 60 % 60, 2);
  if (offset.seconds % 60 == 0 && offset.microseconds == 0) return;
  add_separator();
  text.add_number(offset.seconds % 60, 2);
  if (offset.microseconds == 0) return;
  text.add('.');
  text.add_number(offset.microseconds, 6);
}

Result<TimeSpec> parse_timespec(ThreadState& ts, Obj argument, int position) {
  if (!argument) return TimeSpec::Auto;
  OURO_TRY(check_str(ts, argument, "isoformat", position));
  const Utf8 text(as<Str>(argument));
  if (!text.ok()) return raise_no_memory(ts);
  if (text.view().find('\0') != std::string_view::npos) {
    return raise_value_error(ts, "embedded null character");
  }
  constexpr std::pair<std::string_view, TimeSpec> kSpecs[] = {
      {"auto", TimeSpec::Auto},
      {"hours", TimeSpec::Hours},
      {"minutes", TimeSpec::Minutes},
      {"seconds", TimeSpec::Seconds},
      {"milliseconds", TimeSpec::Milliseconds},
      {"microseconds", TimeSpec::Microseconds},
  };
  for (const auto& [name, spec] : kSpecs) {
    if (text.view() == name) return spec;
  }
  return raise_value_error(ts, "Unknown timespec value");
}

// -- reading
// ---------------------------------------------------------------------------------------

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What is left to read of a text.
struct Reader {
  std::string_view rest;
  [[nodiscard]] bool at(char c) const { return !rest.empty() && rest[0] == c; }
  bool take(char c) {
    if (!at(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool number(std::size_t digits, int& value) {
    if (rest.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest[i])) return false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return true;
  }
};

/// ".ffffff" after the seconds: up to six digits count, the others must be digits.
bool parse_fraction(Reader& in, int& microsecond) {
  if (!in.take('.') && !in.take(',')) return false;
  const std::size_t digits = std::min<std::size_t>(in.rest.size(), 6);
  if (digits == 0 || !in.number(digits, microsecond)) return false;
  for (std::size_t i = digits; i < 6; ++i) microsecond *= 10;
  for (const char c : in.rest) {
    if (!is_digit(c)) return false;
  }
  return true;
}

/// "HH[:MM[:SS[.ffffff]]]", with all colons or none, up to the end of `text`.
bool parse_parts(std::string_view text, Clock& clock) {
  Reader in{text};
  int* const parts[] = {&clock.hour, &clock.minute, &clock.second};
  bool colons = true;
  for (int i = 0; i < 3; ++i) {
    if (!in.number(2, *parts[i])) return false;
    if (in.rest.empty()) return true;
    if (i == 0) colons = in.at(':');
    if (i == 2) break;
    if (in.take(':')) {
      if (!colons) return false;
    } else if (colons) {
      return false;
    }
  }
  return parse_fraction(in, clock.microsecond);
}

}  // namespace

bool parse_day(std::string_view text, Day& day) {
  Reader in{text};
  day = {0, 1, 1};
  if (!in.number(4, day.year)) return false;
  const bool dashes = in.take('-');
  if (in.take('W')) {
    IsoDay iso{day.year, 0, 1};
    if (!in.number(2, iso.week)) return false;
    if (!in.rest.empty()) {
      if (in.take('-') != dashes || !in.number(1, iso.weekday)) return false;
    }
    return in.rest.empty() && from_iso(iso, day) == IsoError::None;
  }
  if (!in.number(2, day.month)) return false;
  if (in.take('-') != dashes) return false;
  return in.number(2, day.day) && in.rest.empty();
}

bool parse_clock(std::string_view text, ParsedClock& parsed) {
  const std::size_t end = text.find_first_of("+-Z");
  if (!parse_parts(text.substr(0, end), parsed.clock)) return false;
  if (end == std::string_view::npos) return true;
  parsed.aware = true;
  const std::string_view zone = text.substr(end + 1);
  if (text[end] == 'Z') return zone.empty();
  Clock offset;
  if (!parse_parts(zone, offset)) return false;
  const int sign = text[end] == '-' ? -1 : 1;
  parsed.offset_seconds = sign * (offset.hour * 3600 + offset.minute * 60 + offset.second);
  parsed.offset_microseconds = sign * offset.microsecond;
  return true;
}

std::int64_t date_end(std::string_view text) {
  const std::size_t size = text.size();
  if (size == 7) return 7;
  if (text[4] == '-') {
    if (text[5] != 'W') return 10;              // YYYY-MM-DD
    if (size <= 8 || text[8] != '-') return 8;  // YYYY-Www
    if (size == 9) return -1;
    // Two digits after the dash are rather an hour than a weekday and a digit as the separator.
    return size > 10 && is_digit(text[10]) ? 8 : 10;
  }
  if (text[4] != 'W') return 8;  // YYYYMMDD
  std::size_t digits_end = 7;
  while (digits_end < size && is_digit(text[digits_end])) ++digits_end;
  if (digits_end < 9) return static_cast<std::int64_t>(digits_end);
  // A digit is the separator: an hour has an even number of digits.
  return digits_end % 2 == 0 ? 7 : 8;
}

Raised raise_invalid_isoformat(ThreadState& ts, Obj text) {
  return raise_value_error(ts, "Invalid isoformat string: {r}", text);
}

Result<Borrowed<Object>> zone_from_parsed(ThreadState& ts, const Types& types,
                                          const ParsedClock& parsed, ObjRef& holder) {
  if (!parsed.aware) return Obj(ts.core.none);
  if (parsed.offset_seconds == 0 && parsed.offset_microseconds == 0) return Obj(types.utc);
  Ref<Delta> offset = OURO_TRY(
      make_delta(ts, types.timedelta, 0, parsed.offset_seconds, parsed.offset_microseconds));
  holder = OURO_TRY(make_timezone(ts, types, offset, nullptr));
  return Obj(holder);
}

// -- strftime
// --------------------------------------------------------------------------------------

namespace {

/// What stands for %z: the offset, or nothing.
Status add_zone_offset(ThreadState& ts, StrBuilder& text, Obj zone, Obj argument) {
  if (!zone) return kDone;
  ObjRef offset = OURO_TRY(ask_zone(ts, zone, "utcoffset", argument));
  if (is_none(offset)) return kDone;
  Text shown;
  add_offset(shown, as<Delta>(offset)->span, "");
  return text.append(shown.view());
}

/// What stands for %Z: the zone's name, its percent signs doubled for time.strftime.
Status add_zone_name(ThreadState& ts, StrBuilder& text, Obj zone, Obj argument) {
  if (!zone) return kDone;
  ObjRef name = OURO_TRY(ask_zone_name(ts, zone, argument));
  if (is_none(name)) return kDone;
  Ref<Str> one = OURO_TRY(Str::from_char(ts, U'%'));
  Ref<Str> two = OURO_TRY(Str::from_latin1(ts, "%%"));
  Object* const arguments[] = {one.get(), two.get()};
  ObjRef doubled = OURO_TRY(call_method(ts, name, ts.core.names.n_replace, arguments));
  if (!is_str(doubled)) return raise_type_error(ts, "bad argument type for built-in operation");
  ObjRef encodable = OURO_TRY(encode_str(ts, as<Str>(doubled), "utf-8", "strict"));
  return text.append(as<Str>(doubled));
}

}  // namespace

ObjResult format_time(ThreadState& ts, Obj object, Obj zone, int microsecond, Borrowed<Str> format,
                      Obj time_tuple, Obj argument) {
  const ObjRef held_object = object.new_ref();
  ObjRef encodable = OURO_TRY(encode_str(ts, format, "utf-8", "strict"));
  StrBuilder text(ts);
  // As C reads a format, it ends at the first zero character.
  for (std::int64_t i = 0; i < format->length && format->at(i) != 0; ++i) {
    const char32_t c = format->at(i);
    const char32_t code = c == U'%' && i + 1 < format->length ? format->at(i + 1) : 0;
    if (code == 0) {
      OURO_TRY(text.append(c));
      continue;
    }
    ++i;
    if (code == U'z') {
      OURO_TRY(add_zone_offset(ts, text, zone, argument));
    } else if (code == U'Z') {
      OURO_TRY(add_zone_name(ts, text, zone, argument));
    } else if (code == U'f') {
      Text digits;
      digits.add_number(microsecond, 6);
      OURO_TRY(text.append(digits.view()));
    } else {
      OURO_TRY(text.append(c));
      OURO_TRY(text.append(code));
    }
  }
  Ref<Str> replaced = OURO_TRY(text.finish());
  ObjRef time = OURO_TRY(import_by_name(ts, "time"));
  ObjRef strftime = OURO_TRY(get_attribute(ts, time, "strftime"));
  return call(ts, strftime, Obj(replaced), time_tuple);
}

ObjResult make_struct_time(ThreadState& ts, Day day, const Clock& clock, int dst) {
  ObjRef time = OURO_TRY(import_by_name(ts, "time"));
  ObjRef struct_time = OURO_TRY(get_attribute(ts, time, "struct_time"));
  const int numbers[] = {
      day.year,     day.month,    day.day,         clock.hour,
      clock.minute, clock.second, weekday_of(day), days_before_month(day.year, day.month) + day.day,
      dst};
  ItemBuffer items(ts);
  for (const int number : numbers) {
    Ref<Int> item = OURO_TRY(Int::from(ts, number));
    OURO_TRY(items.append(std::move(item)));
  }
  Ref<Tuple> parts = OURO_TRY(Tuple::from(ts, items.data(), std::size(numbers)));
  return call(ts, struct_time, Obj(parts));
}

ObjResult make_ctime(ThreadState& ts, Day day, const Clock& clock) {
  constexpr const char* kDays[] = {"Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "};
  constexpr const char* kMonths[] = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                     "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
  Text text;
  for (const char c : std::string_view(kDays[weekday_of(day)])) text.add(c);
  for (const char c : std::string_view(kMonths[day.month - 1])) text.add(c);
  if (day.day < 10) text.add(' ');
  text.add_number(day.day, day.day < 10 ? 1 : 2);
  text.add(' ');
  add_clock(text, clock, TimeSpec::Seconds);
  text.add(' ');
  text.add_number(day.year, 4);
  return Str::from_latin1(ts, text.view());
}

ObjResult format_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "__format__", 1));
  OURO_TRY(check_str(ts, args[0], "__format__", 1));
  if (as<Str>(args[0])->length == 0) return str_of(ts, self);
  Object* const format[] = {args[0].get()};
  return call_method(ts, self, OURO_TRY(intern(ts, "strftime")), format);
}

}  // namespace ouro::datetime
