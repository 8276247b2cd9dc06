// Module _datetime: arithmetic of the proleptic Gregorian calendar.
#include "modules/datetime.h"

namespace ouro::datetime {

namespace {

constexpr int kDaysBefore[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

/// Days before 1 January of the year.
int days_before_year(int year) {
  const int past = year - 1;
  return past * 365 + past / 4 - past / 100 + past / 400;
}

/// Ordinal of the Monday that starts week 1: the week with the year's first Thursday.
int first_monday(int iso_year) {
  const int january_4 = days_before_year(iso_year) + 4;  // lies in week 1 always
  return january_4 - (january_4 + 6) % 7;
}

/// Division that rounds down; the rest is not negative.
std::int64_t divide(std::int64_t value, std::int64_t by, std::int64_t& rest) {
  std::int64_t quotient = value / by;
  rest = value % by;
  if (rest < 0) {
    rest += by;
    --quotient;
  }
  return quotient;
}

}  // namespace

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_before_month(int year, int month) {
  return kDaysBefore[month] + (month > 2 && is_leap(year) ? 1 : 0);
}

int days_in_month(int year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return kDaysBefore[month + 1] - kDaysBefore[month];
}

int to_ordinal(Day day) {
  return days_before_year(day.year) + days_before_month(day.year, day.month) + day.day;
}

Day from_ordinal(int ordinal) {
  // Whole cycles of 400, 100, 4 and 1 years go first; the last day of the longer cycles belongs to
  // their last year, which is a leap year.
  int days = ordinal - 1;
  const int cycles_400 = days / 146097;
  days %= 146097;
  const int centuries = days / 36524;
  days %= 36524;
  const int cycles_4 = days / 1461;
  days %= 1461;
  const int years = days / 365;
  days %= 365;
  const int year = cycles_400 * 400 + centuries * 100 + cycles_4 * 4 + years + 1;
  if (centuries == 4 || years == 4) return {year - 1, 12, 31};
  int month = days / 32 + 1;  // right, or one too few
  if (month < 12 && days >= days_before_month(year, month + 1)) ++month;
  return {year, month, days - days_before_month(year, month) + 1};
}

int weekday_of(Day day) { return (to_ordinal(day) + 6) % 7; }

IsoDay to_iso(Day day) {
  const int ordinal = to_ordinal(day);
  int year = day.year;
  if (ordinal < first_monday(year)) {
    --year;
  } else if (ordinal >= first_monday(year + 1)) {
    ++year;
  }
  const int days = ordinal - first_monday(year);
  return {year, days / 7 + 1, days % 7 + 1};
}

IsoError from_iso(IsoDay iso, Day& day) {
  if (iso.year < kFirstYear || iso.year > kLastYear) return IsoError::Year;
  const int start = first_monday(iso.year);
  if (iso.week < 1 || iso.week > (first_monday(iso.year + 1) - start) / 7) return IsoError::Week;
  if (iso.weekday < 1 || iso.weekday > 7) return IsoError::Weekday;
  day = from_ordinal(start + (iso.week - 1) * 7 + iso.weekday - 1);
  return IsoError::None;
}

std::int64_t to_seconds(Day day, const Clock& clock) {
  return std::int64_t{to_ordinal(day)} * kSecondsPerDay + clock.hour * 3600 + clock.minute * 60 +
         clock.second;
}

WideSpan normalised(std::int64_t days, std::int64_t seconds, std::int64_t microseconds) {
  std::int64_t rest;
  seconds += divide(microseconds, kMicrosPerSecond, rest);
  WideSpan result{};
  result.rest.microseconds = static_cast<int>(rest);
  result.days = days + divide(seconds, kSecondsPerDay, rest);
  result.rest.seconds = static_cast<int>(rest);
  return result;
}

}  // namespace ouro::datetime
