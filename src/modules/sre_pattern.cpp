// re.Pattern: a compiled pattern, and what it does with texts.
#include "modules/sre_objects.h"
#include "objects/bytes.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/mappingproxy.h"
#include "objects/operations.h"

namespace ouro::sre {

Status acquire_for(ThreadState& ts, const Pattern& pattern, Obj string, Subject& subject) {
  OURO_TRY(subject.acquire(ts, string));
  if (subject.is_bytes() && pattern.kind == Pattern::Kind::Text) {
    return raise_type_error(ts, "cannot use a string pattern on a bytes-like object");
  }
  if (!subject.is_bytes() && pattern.kind == Pattern::Kind::Bytes) {
    return raise_type_error(ts, "cannot use a bytes pattern on a string-like object");
  }
  return kDone;
}

Result<std::int64_t> size_argument(ThreadState& ts, Obj value) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  return int_as_int64(ts, number);
}

Status SearchArguments::parse(ThreadState& ts, Args args, const char* function_name) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, function_name, {"string", "pos", "endpos"}, 1, values));
  string = values[0];
  if (values[1]) pos = OURO_TRY(size_argument(ts, values[1]));
  if (values[2]) endpos = OURO_TRY(size_argument(ts, values[2]));
  return kDone;
}

ObjResult group_text(ThreadState& ts, const Matching& matching, std::uint32_t group, Obj missing) {
  std::int64_t first, last;
  if (!matching.group(group, first, last)) return missing.new_ref();
  return matching.subject().slice(ts, first, last);
}

namespace {

Pattern& pattern_of(Obj self) { return *as<Pattern>(self); }

enum class How : std::uint8_t { Match, FullMatch, Search };

ObjResult find_match(ThreadState& ts, Obj self, Args args, How how, const char* name) {
  SearchArguments arguments;
  OURO_TRY(arguments.parse(ts, args, name));
  Subject subject;
  OURO_TRY(acquire_for(ts, pattern_of(self), arguments.string, subject));
  Matching matching(ts, pattern_of(self).program, subject);
  OURO_TRY(matching.begin(arguments.pos, arguments.endpos));
  const bool found =
      OURO_TRY(how == How::Search ? matching.search() : matching.match(how == How::FullMatch));
  if (!found) return ts.core.none_ref();
  return make_match(ts, as<Pattern>(self), matching);
}

ObjResult pattern_match(ThreadState& ts, Obj self, Args args) {
  return find_match(ts, self, args, How::Match, "match");
}
ObjResult pattern_fullmatch(ThreadState& ts, Obj self, Args args) {
  return find_match(ts, self, args, How::FullMatch, "fullmatch");
}
ObjResult pattern_search(ThreadState& ts, Obj self, Args args) {
  return find_match(ts, self, args, How::Search, "search");
}

ObjRef empty_of(ThreadState& ts, const Subject& subject) {
  return subject.is_bytes() ? ObjRef::share(ts.core.empty_bytes) : ObjRef::share(ts.core.empty_str);
}

/// What findall gives for one match: the text, the one group, or all groups.
ObjResult found_item(ThreadState& ts, const Matching& matching, std::uint32_t groups) {
  if (groups == 0) return matching.subject().slice(ts, matching.start, matching.position);
  ObjRef empty = empty_of(ts, matching.subject());
  if (groups == 1) return group_text(ts, matching, 1, empty);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, groups));
  for (std::uint32_t i = 0; i < groups; ++i) {
    made->items[i] = OURO_TRY(group_text(ts, matching, i + 1, empty)).release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult pattern_findall(ThreadState& ts, Obj self, Args args) {
  SearchArguments arguments;
  OURO_TRY(arguments.parse(ts, args, "findall"));
  Subject subject;
  OURO_TRY(acquire_for(ts, pattern_of(self), arguments.string, subject));
  Matching matching(ts, pattern_of(self).program, subject);
  OURO_TRY(matching.begin(arguments.pos, arguments.endpos));
  Ref<List> found = OURO_TRY(List::create(ts));
  while (matching.start <= matching.end && OURO_TRY(matching.search())) {
    OURO_TRY(found->append(ts, OURO_TRY(found_item(ts, matching, pattern_of(self).groups))));
    matching.go_on();
  }
  return found;
}

ObjResult pattern_scanner(ThreadState& ts, Obj self, Args args) {
  SearchArguments arguments;
  OURO_TRY(arguments.parse(ts, args, "scanner"));
  return make_scanner(ts, as<Pattern>(self), arguments);
}

ObjResult pattern_finditer(ThreadState& ts, Obj self, Args args) {
  SearchArguments arguments;
  OURO_TRY(arguments.parse(ts, args, "finditer"));
  ObjRef scanner = OURO_TRY(make_scanner(ts, as<Pattern>(self), arguments));
  ObjRef search = OURO_TRY(get_attribute(ts, scanner, "search"));
  return callable_iterator_create(ts, search, ts.core.none);
}

ObjResult pattern_split(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "split", {"string", "maxsplit"}, 1, values));
  std::int64_t most = 0;
  if (values[1]) most = OURO_TRY(size_argument(ts, values[1]));
  Subject subject;
  OURO_TRY(acquire_for(ts, pattern_of(self), values[0], subject));
  Matching matching(ts, pattern_of(self).program, subject);
  OURO_TRY(matching.begin(0, INT64_MAX));
  Ref<List> parts = OURO_TRY(List::create(ts));
  std::int64_t last = 0;
  for (std::int64_t done = 0; most == 0 || done < most; ++done) {
    if (!OURO_TRY(matching.search())) break;
    OURO_TRY(parts->append(ts, OURO_TRY(subject.slice(ts, last, matching.start))));
    for (std::uint32_t i = 1; i <= pattern_of(self).groups; ++i) {
      OURO_TRY(parts->append(ts, OURO_TRY(group_text(ts, matching, i, ts.core.none))));
    }
    matching.go_on();
    last = matching.start;
  }
  OURO_TRY(parts->append(ts, OURO_TRY(subject.slice(ts, last, matching.end))));
  return parts;
}

// -- replacing
// -------------------------------------------------------------------------------------------------------------

bool has_backslash(const Subject& text) {
  const auto look = [&](const auto* characters) {
    for (std::int64_t i = 0; i < text.length(); ++i) {
      if (characters[i] == '\\') return true;
    }
    return false;
  };
  switch (text.width()) {
    case 1:
      return look(static_cast<const std::uint8_t*>(text.data()));
    case 2:
      return look(static_cast<const char16_t*>(text.data()));
    default:
      return look(static_cast<const char32_t*>(text.data()));
  }
}

/// What to put in place of matches: a text, or a callable that makes one of each match.
ObjResult prepare_replacement(ThreadState& ts, Obj self, Obj given) {
  if (is_callable(given)) return given.new_ref();
  {
    Subject text;
    if (text.acquire(ts, given).raised()) {
      clear_pending(ts);
    } else if (!has_backslash(text)) {
      return given.new_ref();
    }
  }
  Object* args[] = {self.get(), given.get()};
  return call_re(ts, "_subx", args);
}

ObjResult join_parts(ThreadState& ts, Borrowed<List> parts, const Subject& subject) {
  if (parts->size == 0) return empty_of(ts, subject);
  if (!subject.is_bytes())
    return str_join(ts, ts.core.empty_str, parts->items, static_cast<std::size_t>(parts->size));
  Ref<Str> name = OURO_TRY(intern(ts, "join"));
  Object* args[] = {parts.get()};
  return call_method(ts, ts.core.empty_bytes, name, args);
}

/// sub and subn: the new text, and how many replacements were made.
Result<ObjRef> replace(ThreadState& ts, Obj self, Args args, const char* name, std::int64_t& done) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, name, {"repl", "string", "count"}, 2, values));
  std::int64_t most = 0;
  if (values[2]) most = OURO_TRY(size_argument(ts, values[2]));
  ObjRef replacement = OURO_TRY(prepare_replacement(ts, self, values[0]));
  const bool callable = is_callable(replacement);
  Subject subject;
  OURO_TRY(acquire_for(ts, pattern_of(self), values[1], subject));
  Matching matching(ts, pattern_of(self).program, subject);
  OURO_TRY(matching.begin(0, INT64_MAX));
  Ref<List> parts = OURO_TRY(List::create(ts));
  std::int64_t copied = 0;
  for (done = 0; most == 0 || done < most; ++done) {
    if (!OURO_TRY(matching.search())) break;
    if (copied < matching.start)
      OURO_TRY(parts->append(ts, OURO_TRY(subject.slice(ts, copied, matching.start))));
    if (callable) {
      ObjRef match = OURO_TRY(make_match(ts, as<Pattern>(self), matching));
      ObjRef item = OURO_TRY(call(ts, replacement, match));
      if (!is_none(item)) OURO_TRY(parts->append(ts, std::move(item)));
    } else {
      OURO_TRY(parts->append(ts, Obj(replacement)));
    }
    copied = matching.position;
    matching.go_on();
  }
  if (copied < matching.end)
    OURO_TRY(parts->append(ts, OURO_TRY(subject.slice(ts, copied, matching.end))));
  return join_parts(ts, parts, subject);
}

ObjResult pattern_sub(ThreadState& ts, Obj self, Args args) {
  std::int64_t done = 0;
  return replace(ts, self, args, "sub", done);
}

ObjResult pattern_subn(ThreadState& ts, Obj self, Args args) {
  std::int64_t done = 0;
  ObjRef text = OURO_TRY(replace(ts, self, args, "subn", done));
  Ref<Int> count = OURO_TRY(Int::from(ts, done));
  return Tuple::of(ts, text, count);
}

// -- as an object
// ----------------------------------------------------------------------------------------------------------

ObjResult pattern_copy(ThreadState&, Obj self, Args) { return self.new_ref(); }

ObjResult pattern_repr(ThreadState& ts, Obj self) {
  constexpr std::pair<std::uint32_t, std::string_view> kNames[] = {
      {kFlagTemplate, "re.TEMPLATE"}, {kFlagIgnoreCase, "re.IGNORECASE"},
      {kFlagLocale, "re.LOCALE"},     {kFlagMultiline, "re.MULTILINE"},
      {kFlagDotAll, "re.DOTALL"},     {kFlagUnicode, "re.UNICODE"},
      {kFlagVerbose, "re.VERBOSE"},   {kFlagDebug, "re.DEBUG"},
      {kFlagAscii, "re.ASCII"}};
  constexpr std::int64_t kShown = 200;  // characters of the pattern
  auto flags = static_cast<std::uint32_t>(pattern_of(self).flags);
  // What texts have anyway is not shown.
  const std::uint32_t kinds = flags & (kFlagLocale | kFlagUnicode | kFlagAscii);
  if (pattern_of(self).kind == Pattern::Kind::Text && kinds == kFlagUnicode) flags &= ~kFlagUnicode;
  Ref<Str> pattern = OURO_TRY(repr_of(ts, pattern_of(self).pattern));
  StrBuilder text(ts);
  OURO_TRY(text.append("re.compile("));
  OURO_TRY(text.append(pattern, 0, std::min(pattern->length, kShown)));
  const char* separator = ", ";
  for (const auto& [flag, name] : kNames) {
    if ((flags & flag) == 0) continue;
    OURO_TRY(text.append(separator));
    OURO_TRY(text.append(name));
    separator = "|";
    flags &= ~flag;
  }
  if (flags != 0) {
    OURO_TRY(text.append(separator));
    OURO_TRY(text.append("0x"));
    Ref<Int> rest = OURO_TRY(Int::from(ts, flags));
    Ref<Str> digits = OURO_TRY(int_to_text(ts, rest, 16));
    OURO_TRY(text.append(digits));
  }
  OURO_TRY(text.append(")"));
  return text.finish();
}

Result<std::int64_t> pattern_hash(ThreadState& ts, Obj self) {
  const Pattern& pattern = pattern_of(self);
  std::int64_t hash = OURO_TRY(hash_of(ts, pattern.pattern));
  hash ^=
      hash_bytes(ts.core, pattern.program.code(), pattern.program.size() * sizeof(std::uint32_t));
  hash ^= pattern.flags ^ static_cast<std::int64_t>(pattern.kind) ^
          static_cast<std::int64_t>(pattern.program.size());
  return hash == -1 ? -2 : hash;
}

ObjResult pattern_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if ((op != CompareOp::Equal && op != CompareOp::NotEqual) || left->type() != right->type()) {
    return ts.core.not_implemented_ref();
  }
  const Pattern& a = pattern_of(left);
  const Pattern& b = pattern_of(right);
  const std::size_t bytes = a.program.size() * sizeof(std::uint32_t);
  bool same = &a == &b;
  if (!same && a.flags == b.flags && a.kind == b.kind && a.program.size() == b.program.size() &&
      std::memcmp(a.program.code(), b.program.code(), bytes) == 0) {
    same = OURO_TRY(equals(ts, a.pattern, b.pattern));
  }
  return ts.core.bool_ref(same == (op == CompareOp::Equal));
}

ObjResult get_pattern(ThreadState&, Obj self) { return ObjRef::share(pattern_of(self).pattern); }
ObjResult get_flags(ThreadState& ts, Obj self) { return Int::from(ts, pattern_of(self).flags); }
ObjResult get_groups(ThreadState& ts, Obj self) { return Int::from(ts, pattern_of(self).groups); }
ObjResult get_groupindex(ThreadState& ts, Obj self) {
  return mappingproxy_create(ts, pattern_of(self).groupindex);
}

void pattern_dealloc(gc::Header* header) {
  auto* self = static_cast<Pattern*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  self->program.release();
  drop(self->pattern);
  drop(self->groupindex);
  drop(self->indexgroup);
  drop(self->match_type);
  drop(self->scanner_type);
  free_object(self);
}

constexpr MethodDef kMethods[] = {
    {"match", pattern_match, 0, -1, MethodDef::kKeywords,
     "match($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nThe match that begins at pos, or "
     "None."},
    {"fullmatch", pattern_fullmatch, 0, -1, MethodDef::kKeywords,
     "fullmatch($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nThe match that takes all from "
     "pos to endpos, or None."},
    {"search", pattern_search, 0, -1, MethodDef::kKeywords,
     "search($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nThe first match from pos on, or "
     "None."},
    {"sub", pattern_sub, 0, -1, MethodDef::kKeywords,
     "sub($self, /, repl, string, count=0)\n--\n\nReturns the string with the leftmost matches "
     "replaced by repl."},
    {"subn", pattern_subn, 0, -1, MethodDef::kKeywords,
     "subn($self, /, repl, string, count=0)\n--\n\nReturns the tuple (new string, number of "
     "replacements)."},
    {"findall", pattern_findall, 0, -1, MethodDef::kKeywords,
     "findall($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nReturns a list of all matches "
     "that do not overlap."},
    {"split", pattern_split, 0, -1, MethodDef::kKeywords,
     "split($self, /, string, maxsplit=0)\n--\n\nSplits the string at the matches."},
    {"finditer", pattern_finditer, 0, -1, MethodDef::kKeywords,
     "finditer($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nReturns an iterator over all "
     "matches that do not overlap."},
    {"scanner", pattern_scanner, 0, -1, MethodDef::kKeywords,
     "scanner($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\n"},
    {"__copy__", pattern_copy, 0, 0, MethodDef::kNone, "__copy__($self, /)\n--\n\n"},
    {"__deepcopy__", pattern_copy, 1, 1, MethodDef::kNone, "__deepcopy__($self, memo, /)\n--\n\n"},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"groupindex", get_groupindex, nullptr, "Group names and their numbers."},
    {"pattern", get_pattern, refuse_member, "What was compiled."},
    {"flags", get_flags, refuse_member, "The flags, those given in the pattern included."},
    {"groups", get_groups, refuse_member, "How many groups capture."},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_pattern_type(Type& type) {
  gc::EdgeFunctions<Pattern>::install(type.info);
  type.info.dealloc = pattern_dealloc;
  type.info.weaklist_offset = offsetof(Pattern, weaklist);
  type.repr = pattern_repr;
  type.hash = pattern_hash;
  type.compare = pattern_compare;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro::sre
