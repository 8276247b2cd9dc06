// Sorting and checking the arguments of native functions, with the wording of CPython's errors.

#include "objects/args.h"

#include <algorithm>
#include <cstring>

#include "objects/errors.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

/// The names of a function's parameters without the markers '/' and '*'.
struct Parameters {
  std::initializer_list<const char*> entries;
  std::uint32_t positional_only = 0;  // leading names that cannot be given by keyword
  std::uint32_t positional = 0;       // names that can be given by position
  std::uint32_t total = 0;

  explicit Parameters(std::initializer_list<const char*> names) : entries(names) {
    bool keyword_only = false;
    for (const char* entry : names) {
      if (std::strcmp(entry, "/") == 0) {
        positional_only = total;
        continue;
      }
      if (entry[0] == '/') positional_only = total;
      if (entry[0] == '*') keyword_only = true;
      if (std::strcmp(entry, "*") == 0) continue;
      ++total;
      if (!keyword_only) positional = total;
    }
  }
  /// Calls visit(place, name) for each parameter until it returns true.
  template <class Visit>
  void each(Visit visit) const {
    std::uint32_t place = 0;
    for (const char* name : entries) {
      if (std::strcmp(name, "*") == 0 || std::strcmp(name, "/") == 0) continue;
      if (name[0] == '*' || name[0] == '/') ++name;
      if (visit(place, name)) return;
      ++place;
    }
  }
};

constexpr const char* plural(std::uint32_t count) { return count == 1 ? "" : "s"; }

}  // namespace

Status parse_args(ThreadState& ts, Args args, const char* function_name,
                  std::initializer_list<const char*> names, std::uint32_t required,
                  std::span<Obj> out) {
  const Parameters parameters(names);
  const char* parentheses = function_name == nullptr ? "" : "()";
  const char* called = function_name == nullptr ? "function" : function_name;
  const std::uint32_t keyword_count = args.keyword_count();
  for (Obj& place : out) place = nullptr;
  if (args.count + keyword_count > parameters.total) {
    return raise_type_error(ts, "{}{} takes at most {} {}argument{} ({} given)", called,
                            parentheses, parameters.total, args.count == 0 ? "keyword " : "", plural(parameters.total),
                            args.count + keyword_count);
  }
  if (args.count > parameters.positional) {
    if (parameters.positional == 0) {
      return raise_type_error(ts, "{}{} takes no positional arguments", called, parentheses);
    }
    return raise_type_error(ts, "{}{} takes {} {} positional argument{} ({} given)", called, parentheses,
                            required < parameters.positional ? "at most" : "exactly",
                            parameters.positional, plural(parameters.positional), args.count);
  }
  for (std::uint32_t i = 0; i < args.count; ++i) out[i] = args[i];
  Borrowed<Str> unknown = nullptr;
  for (std::uint32_t i = 0; i < keyword_count; ++i) {
    Borrowed<Str> keyword = as<Str>(args.keywords->at(i));
    bool found = false;
    parameters.each([&](std::uint32_t place, const char* name) {
      if (place < parameters.positional_only || !str_equals_ascii(keyword, name)) return false;
      found = true;
      if (place >= args.count) out[place] = args.keyword_value(i);
      return true;
    });
    if (!found && !unknown) unknown = keyword;
  }
  // What is missing is told before what is too much.
  if (args.count < std::min(required, parameters.positional_only)) {
    const std::uint32_t least = std::min(required, parameters.positional_only);
    return raise_type_error(ts, "{}{} takes {} {} positional argument{} ({} given)", called, parentheses,
                            least < parameters.positional ? "at least" : "exactly", least, plural(least),
                            args.count);
  }
  const char* missing = nullptr;
  std::uint32_t missing_place = 0;
  parameters.each([&](std::uint32_t place, const char* name) {
    if (place >= required || out[place]) return place >= required;
    missing = name;
    missing_place = place;
    return true;
  });
  if (missing != nullptr) {
    return raise_type_error(ts, "{}{} missing required argument '{}' (pos {})", called, parentheses,
                            missing, missing_place + 1);
  }
  std::uint32_t twice_place = 0;
  Borrowed<Str> twice = nullptr;
  for (std::uint32_t i = 0; i < keyword_count && !twice; ++i) {
    Borrowed<Str> keyword = as<Str>(args.keywords->at(i));
    parameters.each([&](std::uint32_t place, const char* name) {
      if (place >= args.count) return true;
      if (place < parameters.positional_only || !str_equals_ascii(keyword, name)) return false;
      twice = keyword;
      twice_place = place;
      return true;
    });
  }
  if (twice) {
    return raise_type_error(ts, "argument for {}{} given by name ('{}') and position ({})",
                            called, parentheses, twice, twice_place + 1);
  }
  if (unknown) return raise_type_error(ts, "'{}' is an invalid keyword argument for {}{}", unknown,
                            function_name == nullptr ? "this function" : function_name, parentheses);
  return kDone;
}

Status check_args(ThreadState& ts, Args args, const char* function_name, std::uint32_t min,
                  std::uint32_t max) {
  if (args.keyword_count() != 0) return refuse_keywords(ts, args, function_name);
  if (args.count >= min && args.count <= max) return kDone;
  const bool too_few = args.count < min;
  const std::uint32_t limit = too_few ? min : max;
  const char* how = min == max ? "" : too_few ? "at least " : "at most ";
  return raise_type_error(ts, "{} expected {}{} argument{}, got {}", function_name, how, limit,
                          plural(limit), args.count);
}

Status refuse_keywords(ThreadState& ts, Args args, const char* function_name) {
  if (args.keyword_count() == 0) return kDone;
  return raise_type_error(ts, "{}() takes no keyword arguments", function_name);
}

}  // namespace ouro
