// re.Match: a match that was found.
#include "modules/sre_objects.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"

namespace ouro::sre {

ObjResult make_match(ThreadState& ts, Borrowed<Pattern> pattern, const Matching& matching) {
  const std::uint32_t count = pattern->groups + 1;
  Ref<Match> made = OURO_TRY(new_object<Match>(ts, pattern->match_type, Match::bytes_for(count)));
  made->string = matching.subject().object().new_ref().release();
  made->pattern = pattern.new_ref().release();
  made->pos = matching.pos;
  made->endpos = matching.end;
  made->last_group = matching.last_group;
  made->group_count = count;
  made->spans[0] = {matching.start, matching.position};
  for (std::uint32_t i = 1; i < count; ++i) {
    Span& span = made->spans[i];
    if (!matching.group(i, span.first, span.last)) span = {-1, -1};
  }
  OURO_TRY(track(ts, made));
  return made;
}

namespace {

Match& match_of(Obj self) { return *as<Match>(self); }

/// The number of the group an argument names; IndexError "no such group".
Result<std::uint32_t> group_number(ThreadState& ts, const Match& self, Obj group) {
  std::int64_t number = -1;
  if (has_index(group)) {
    number = OURO_TRY(index_as_int64(ts, group, nullptr));
  } else {
    const Lookup found = dict_lookup(ts, self.pattern->groupindex, group);
    if (found.failed) return Raised{};
    if (found.value != nullptr && is_int(found.value)) number = int_clamped(found.value);
  }
  if (number < 0 || number >= self.group_count)
    return raise(ts, ts.core.exceptions.IndexError, "no such group");
  return static_cast<std::uint32_t>(number);
}

ObjResult text_of_group(ThreadState& ts, Obj self, std::uint32_t number, Obj missing) {
  const Span span = match_of(self).spans[number];
  if (span.first < 0) return missing.new_ref();
  Subject subject;
  OURO_TRY(subject.acquire(ts, match_of(self).string));
  return subject.slice(ts, span.first, span.last);
}

ObjResult text_of_group(ThreadState& ts, Obj self, Obj group) {
  const std::uint32_t number = OURO_TRY(group_number(ts, match_of(self), group));
  return text_of_group(ts, self, number, ts.core.none);
}

ObjResult pair(ThreadState& ts, const Span& span) {
  Ref<Int> first = OURO_TRY(Int::from(ts, span.first));
  Ref<Int> last = OURO_TRY(Int::from(ts, span.last));
  return Tuple::of(ts, first, last);
}

// -- methods
// ---------------------------------------------------------------------------------------------------------------

ObjResult match_group(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return text_of_group(ts, self, 0, ts.core.none);
  if (args.count == 1) return text_of_group(ts, self, args[0]);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, args.count));
  for (std::uint32_t i = 0; i < args.count; ++i) {
    made->items[i] = OURO_TRY(text_of_group(ts, self, args[i])).release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult match_groups(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "groups", {"default"}, 0, values));
  Obj missing = values[0] ? values[0] : Obj(ts.core.none);
  const std::uint32_t count = match_of(self).group_count;
  if (count == 1) return ObjRef::share(ts.core.empty_tuple);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, count - 1));
  for (std::uint32_t i = 1; i < count; ++i) {
    made->items[i - 1] = OURO_TRY(text_of_group(ts, self, i, missing)).release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult match_groupdict(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "groupdict", {"default"}, 0, values));
  Obj missing = values[0] ? values[0] : Obj(ts.core.none);
  Ref<Dict> made = OURO_TRY(Dict::create(ts));
  Ref<Dict> names = Ref<Dict>::share(match_of(self).pattern->groupindex);
  std::uint32_t position = 0;
  Obj key, number;
  while (dict_next(names, position, key, number)) {
    ObjRef name = key.new_ref();
    ObjRef group = number.new_ref();
    const std::uint32_t index = OURO_TRY(group_number(ts, match_of(self), group));
    ObjRef text = OURO_TRY(text_of_group(ts, self, index, missing));
    OURO_TRY(dict_set(ts, made, name, text));
  }
  return made;
}

Result<Span> span_argument(ThreadState& ts, Obj self, Args args) {
  std::uint32_t number = 0;
  if (args.count > 0) number = OURO_TRY(group_number(ts, match_of(self), args[0]));
  return match_of(self).spans[number];
}

ObjResult match_start(ThreadState& ts, Obj self, Args args) {
  const Span span = OURO_TRY(span_argument(ts, self, args));
  return Int::from(ts, span.first);
}
ObjResult match_end(ThreadState& ts, Obj self, Args args) {
  const Span span = OURO_TRY(span_argument(ts, self, args));
  return Int::from(ts, span.last);
}
ObjResult match_span(ThreadState& ts, Obj self, Args args) {
  const Span span = OURO_TRY(span_argument(ts, self, args));
  return pair(ts, span);
}

ObjResult match_expand(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "expand", {"template"}, 1, values));
  Object* call_args[] = {match_of(self).pattern, self.get(), values[0].get()};
  return call_re(ts, "_expand", call_args);
}

ObjResult match_copy(ThreadState&, Obj self, Args) { return self.new_ref(); }

ObjResult match_subscript(ThreadState& ts, Obj self, Obj key) {
  return text_of_group(ts, self, key);
}

ObjResult match_repr(ThreadState& ts, Obj self) {
  ObjRef text = OURO_TRY(text_of_group(ts, self, 0, ts.core.none));
  const Span& span = match_of(self).spans[0];
  const FormatArg parts[] = {type_name(self), span.first, span.last, text};
  return format_message(ts, "<{} object; span=({}, {}), match={r}>", parts);
}

// -- attributes
// ------------------------------------------------------------------------------------------------------------

ObjResult get_string(ThreadState&, Obj self) { return ObjRef::share(match_of(self).string); }
ObjResult get_re(ThreadState&, Obj self) { return ObjRef::share(match_of(self).pattern); }
ObjResult get_pos(ThreadState& ts, Obj self) { return Int::from(ts, match_of(self).pos); }
ObjResult get_endpos(ThreadState& ts, Obj self) { return Int::from(ts, match_of(self).endpos); }

ObjResult get_lastindex(ThreadState& ts, Obj self) {
  const std::int32_t last = match_of(self).last_group;
  if (last < 0) return ts.core.none_ref();
  return Int::from(ts, last);
}

ObjResult get_lastgroup(ThreadState& ts, Obj self) {
  const std::int32_t last = match_of(self).last_group;
  const Tuple* names = match_of(self).pattern->indexgroup;
  if (last < 0 || last >= names->size) return ts.core.none_ref();
  return names->at(last).new_ref();
}

ObjResult get_regs(ThreadState& ts, Obj self) {
  if (match_of(self).regs != nullptr) return ObjRef::share(match_of(self).regs);
  const std::uint32_t count = match_of(self).group_count;
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, count));
  for (std::uint32_t i = 0; i < count; ++i) {
    made->items[i] = OURO_TRY(pair(ts, match_of(self).spans[i])).release();
  }
  OURO_TRY(track(ts, made));
  // Making it may have run Python code that asked, too: the first one stays.
  if (match_of(self).regs == nullptr) match_of(self).regs = made.new_ref().release();
  return ObjRef::share(match_of(self).regs);
}

constexpr MethodDef kMethods[] = {
    {"group", match_group, 0, -1, MethodDef::kArgumentTuple,
     "group([group1, ...]) -> str or tuple.\n\nReturns the texts of groups, by number or name; "
     "group 0 is the whole match."},
    {"start", match_start, 0, 1, MethodDef::kNone,
     "start($self, group=0, /)\n--\n\nReturns where the text of the group begins."},
    {"end", match_end, 0, 1, MethodDef::kNone,
     "end($self, group=0, /)\n--\n\nReturns where the text of the group ends."},
    {"span", match_span, 0, 1, MethodDef::kNone,
     "span($self, group=0, /)\n--\n\nReturns the tuple (start(group), end(group))."},
    {"groups", match_groups, 0, -1, MethodDef::kKeywords,
     "groups($self, /, default=None)\n--\n\nReturns the texts of all groups from 1 on, with "
     "default for those that took no part."},
    {"groupdict", match_groupdict, 0, -1, MethodDef::kKeywords,
     "groupdict($self, /, default=None)\n--\n\nReturns the texts of the named groups, by name."},
    {"expand", match_expand, 0, -1, MethodDef::kKeywords,
     "expand($self, /, template)\n--\n\nReturns the text that the template gives for this match, "
     "as sub() does."},
    {"__copy__", match_copy, 0, 0, MethodDef::kNone, "__copy__($self, /)\n--\n\n"},
    {"__deepcopy__", match_copy, 1, 1, MethodDef::kNone, "__deepcopy__($self, memo, /)\n--\n\n"},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"lastindex", get_lastindex, nullptr, "The number of the group that was closed last."},
    {"lastgroup", get_lastgroup, nullptr, "The name of the group that was closed last."},
    {"regs", get_regs, nullptr, nullptr},
    {"string", get_string, refuse_member, "The subject."},
    {"re", get_re, refuse_member, "The pattern."},
    {"pos", get_pos, refuse_member, "Where the search began."},
    {"endpos", get_endpos, refuse_member, "Where the search had to end."},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_match_type(Type& type) {
  gc::EdgeFunctions<Match>::install(type.info);
  type.info.dealloc = dealloc_members<Match, &Match::string, &Match::regs, &Match::pattern>;
  type.repr = match_repr;
  type.mapping.subscript = match_subscript;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro::sre
