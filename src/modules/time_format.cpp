// Module time: struct_time, conversions of arguments, and texts of times (asctime, ctime, strftime, strptime).

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "modules/struct_sequence.h"
#include "modules/time_support.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

constexpr const char* kFields[] = {"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec",
                                   "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"};
constexpr std::size_t kVisibleFields = 9;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr int kFirstYear = 1900;  // tm_year counts from here

Raised raise_out_of_range_timestamp(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.OverflowError, "timestamp out of range for platform time_t");
}

/// Checks ranges as C's strftime needs them; zero counts as the first month or day.
Status check_parts(ThreadState& ts, std::tm& parts) {
  if (parts.tm_mon == -1) parts.tm_mon = 0;
  if (parts.tm_mday == 0) parts.tm_mday = 1;
  if (parts.tm_yday == -1) parts.tm_yday = 0;
  const auto outside = [](int value, int first, int last) { return value < first || value > last; };
  if (outside(parts.tm_mon, 0, 11)) return raise_value_error(ts, "month out of range");
  if (outside(parts.tm_mday, 1, 31)) return raise_value_error(ts, "day of month out of range");
  if (outside(parts.tm_hour, 0, 23)) return raise_value_error(ts, "hour out of range");
  if (outside(parts.tm_min, 0, 59)) return raise_value_error(ts, "minute out of range");
  if (outside(parts.tm_sec, 0, 61)) return raise_value_error(ts, "seconds out of range");
  // tm_wday was taken modulo 7 already.
  if (parts.tm_wday < 0) return raise_value_error(ts, "day of week out of range");
  if (outside(parts.tm_yday, 0, 365)) return raise_value_error(ts, "day of year out of range");
  return kDone;
}

Result<std::tm> now_parts(ThreadState& ts) {
  const time_t now = std::time(nullptr);
  std::tm parts{};
  if (localtime_r(&now, &parts) == nullptr) return raise_os_error(ts, errno != 0 ? errno : EINVAL);
  return parts;
}

ObjResult asctime_text(ThreadState& ts, const std::tm& parts) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[96];
  const int length = std::snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %lld", kDays[parts.tm_wday], kMonths[parts.tm_mon],
                                   parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                                   static_cast<long long>(parts.tm_year) + kFirstYear);
  return Str::from_latin1(ts, {text, static_cast<std::size_t>(length)});
}

/// strftime of one piece of format without zero bytes.
ObjResult format_parts(ThreadState& ts, const char* format, const std::tm& parts) {
  const std::size_t format_length = std::strlen(format);
  if (format_length == 0) return Str::from_latin1(ts, "");
  // A result of length 0 means "too small" or "nothing to write"; past this size it is the latter.
  for (std::size_t size = 256;; size *= 2) {
    auto* buffer = static_cast<char*>(allocate_raw(size));
    if (buffer == nullptr) return raise_no_memory(ts);
    const std::size_t length = strftime(buffer, size, format, &parts);
    if (length > 0 || size >= 256 * format_length) {
      ObjResult text = Str::from_utf8(ts, {buffer, length});
      free_raw(buffer);
      return text;
    }
    free_raw(buffer);
  }
}

}  // namespace

Result<Ref<Type>> make_struct_time_type(ThreadState& ts) {
  return make_struct_sequence(ts, "time", "struct_time", kFields, kVisibleFields,
                              "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
                              " accepted by asctime(), mktime() and strftime().  May be considered as a\n"
                              " sequence of 9 integers.");
}

ObjResult struct_time_from(ThreadState& ts, Obj module, const std::tm& parts, const char* zone, long offset) {
  const std::int64_t numbers[] = {std::int64_t{parts.tm_year} + kFirstYear, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                                  parts.tm_min, parts.tm_sec, (parts.tm_wday + 6) % 7, parts.tm_yday + 1, parts.tm_isdst};
  ObjRef owned[std::size(kFields)];
  Object* values[std::size(kFields)];
  for (std::size_t i = 0; i < kVisibleFields; ++i) owned[i] = OURO_TRY(Int::from(ts, numbers[i]));
  owned[9] = OURO_TRY(Str::from_utf8(ts, zone != nullptr ? zone : ""));
  owned[10] = OURO_TRY(Int::from(ts, offset));
  for (std::size_t i = 0; i < std::size(kFields); ++i) values[i] = owned[i].get();
  return make_struct(ts, static_cast<Type*>(as<Module>(module)->state), values);
}

Result<std::tm> time_parts(ThreadState& ts, Obj module, Obj tuple, const char* function) {
  if (!is_tuple(tuple)) return raise_type_error(ts, "Tuple or struct_time argument required");
  Ref<Tuple> values = Ref<Tuple>::share(as<Tuple>(tuple));
  if (values->size != static_cast<std::int64_t>(kVisibleFields)) {
    return raise_type_error(ts, "{}(): illegal time tuple argument", function);
  }
  std::int64_t numbers[kVisibleFields];
  for (std::size_t i = 0; i < kVisibleFields; ++i) {
    numbers[i] = OURO_TRY(index_as_int64(ts, values->at(static_cast<std::int64_t>(i)), ts.core.exceptions.OverflowError));
    if (numbers[i] != static_cast<int>(numbers[i])) {
      return raise(ts, ts.core.exceptions.OverflowError, "signed integer is {} than {}",
                   numbers[i] < 0 ? "less" : "greater", numbers[i] < 0 ? "minimum" : "maximum");
    }
  }
  if (numbers[0] < std::int64_t{std::numeric_limits<int>::min()} + kFirstYear) {
    return raise(ts, ts.core.exceptions.OverflowError, "year out of range");
  }
  std::tm parts{};
  parts.tm_year = static_cast<int>(numbers[0] - kFirstYear);
  parts.tm_mon = static_cast<int>(numbers[1]) - 1;
  parts.tm_mday = static_cast<int>(numbers[2]);
  parts.tm_hour = static_cast<int>(numbers[3]);
  parts.tm_min = static_cast<int>(numbers[4]);
  parts.tm_sec = static_cast<int>(numbers[5]);
  parts.tm_wday = static_cast<int>((numbers[6] + 1) % 7);
  parts.tm_yday = static_cast<int>(numbers[7]) - 1;
  parts.tm_isdst = static_cast<int>(numbers[8]);
  // A struct_time knows its zone too.
  if (tuple->type() == static_cast<Type*>(as<Module>(module)->state)) {
    ObjRef offset = OURO_TRY(get_attribute(ts, tuple, "tm_gmtoff"));
    if (is_int(offset)) parts.tm_gmtoff = static_cast<long>(int_clamped(offset));
    ObjRef zone = OURO_TRY(get_attribute(ts, tuple, "tm_zone"));
    if (is_str(zone) && as<Str>(zone)->is_ascii()) {
      parts.tm_zone = as<Str>(zone)->ascii().data();  // the tuple keeps it
    }
  }
  return parts;
}

Result<std::time_t> seconds_argument(ThreadState& ts, Obj value) {
  if (is_float(value)) {
    const double seconds = as<Float>(value)->value;
    if (std::isnan(seconds)) return raise_value_error(ts, "Invalid value NaN (not a number)");
    const double whole = std::floor(seconds);
    if (!(whole >= -0x1p63 && whole < 0x1p63)) return raise_out_of_range_timestamp(ts);
    return static_cast<std::time_t>(whole);
  }
  ObjRef number = OURO_TRY(to_index(ts, value));
  if (!as<Int>(number)->is_small()) return raise_out_of_range_timestamp(ts);
  return static_cast<std::time_t>(as<Int>(number)->small);
}

Result<std::int64_t> duration_argument(ThreadState& ts, Obj value) {
  if (is_float(value)) {
    const double seconds = as<Float>(value)->value;
    if (std::isnan(seconds)) return raise_value_error(ts, "Invalid value NaN (not a number)");
    const double nanos = std::ceil(seconds * 1e9);
    if (!(nanos >= -0x1p63 && nanos < 0x1p63)) {
      return raise(ts, ts.core.exceptions.OverflowError, "timestamp too large to convert to C _PyTime_t");
    }
    return static_cast<std::int64_t>(nanos);
  }
  ObjRef number = OURO_TRY(to_index(ts, value));
  std::int64_t nanos = 0;
  if (!as<Int>(number)->is_small() || __builtin_mul_overflow(as<Int>(number)->small, kNanosPerSecond, &nanos)) {
    return raise(ts, ts.core.exceptions.OverflowError, "timestamp too large to convert to C _PyTime_t");
  }
  return nanos;
}

ObjResult asctime_function(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return asctime_text(ts, OURO_TRY(now_parts(ts)));
  std::tm parts = OURO_TRY(time_parts(ts, self, args[0], "asctime"));
  OURO_TRY(check_parts(ts, parts));
  return asctime_text(ts, parts);
}

ObjResult ctime_function(ThreadState& ts, Obj, Args args) {
  if (args.count == 0 || is_none(args[0])) return asctime_text(ts, OURO_TRY(now_parts(ts)));
  const time_t when = OURO_TRY(seconds_argument(ts, args[0]));
  std::tm parts{};
  if (localtime_r(&when, &parts) == nullptr) return raise_os_error(ts, errno != 0 ? errno : EINVAL);
  return asctime_text(ts, parts);
}

ObjResult strftime_function(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "strftime() argument 1 must be str, not {n}", args[0]);
  }
  std::tm parts{};
  if (args.count == 1) {
    parts = OURO_TRY(now_parts(ts));
  } else {
    parts = OURO_TRY(time_parts(ts, self, args[1], "strftime"));
    OURO_TRY(check_parts(ts, parts));
  }
  // C allows -1 (unknown), 0 and 1.
  parts.tm_isdst = parts.tm_isdst < -1 ? -1 : parts.tm_isdst > 1 ? 1 : parts.tm_isdst;
  const Utf8 format(as<Str>(args[0]));
  if (!format.ok()) return raise_no_memory(ts);
  if (format.view().find('\0') != std::string_view::npos) return raise_value_error(ts, "embedded null character");
  return format_parts(ts, format.c_str(), parts);
}

ObjResult strptime_function(ThreadState& ts, Obj, Args args) {
  // Reading times is written in Python, as in CPython: _strptime._strptime_time.
  ObjRef import = ObjRef::share(dict_get_str(ts.core.builtins, ts.core.names.dunder_import).get());
  if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  Ref<Str> name = OURO_TRY(intern(ts, "_strptime"));
  ObjRef module = OURO_TRY(call(ts, import, Obj(name)));
  ObjRef function = OURO_TRY(get_attribute(ts, module, "_strptime_time"));
  return call(ts, function, args);
}

}  // namespace ouro
