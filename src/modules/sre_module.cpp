// Module _sre: compile(), questions about cases, and the scanner type.
#include <algorithm>

#include "modules/native_modules.h"
#include "modules/sre_characters.h"
#include "modules/sre_objects.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"

namespace ouro {

namespace sre {

Status refuse_member(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

ObjResult call_re(ThreadState& ts, const char* name, std::span<Object* const> args) {
  ObjRef module = OURO_TRY(import_by_name(ts, "re"));
  ObjRef function = OURO_TRY(get_attribute(ts, module, name));
  return call(ts, function, Args{args.data(), static_cast<std::uint32_t>(args.size()), nullptr});
}

// -- scanners
// --------------------------------------------------------------------------------------------------------------

ObjResult make_scanner(ThreadState& ts, Borrowed<Pattern> pattern,
                       const SearchArguments& arguments) {
  Subject subject;
  OURO_TRY(acquire_for(ts, *pattern, arguments.string, subject));
  Ref<Scanner> made = OURO_TRY(new_object<Scanner>(ts, pattern->scanner_type));
  made->pattern = pattern.new_ref().release();
  made->string = arguments.string.new_ref().release();
  made->pos = made->start = std::clamp<std::int64_t>(arguments.pos, 0, subject.length());
  made->endpos = std::clamp<std::int64_t>(arguments.endpos, 0, subject.length());
  OURO_TRY(track(ts, made));
  return made;
}

namespace {

Scanner& scanner_of(Obj self) { return *as<Scanner>(self); }

ObjResult scan(ThreadState& ts, Obj self, bool searching) {
  // The subject is held for each step only: a bytearray may have changed its size since.
  Scanner& scanner = scanner_of(self);
  if (scanner.start < 0) return ts.core.none_ref();
  Ref<Pattern> pattern = Ref<Pattern>::share(scanner.pattern);
  Subject subject;
  OURO_TRY(acquire_for(ts, *pattern, scanner.string, subject));
  Matching matching(ts, pattern->program, subject);
  OURO_TRY(matching.begin(scanner.pos, scanner.endpos));
  matching.start = std::min(scanner.start, subject.length());
  matching.must_advance = scanner.must_advance;
  const bool found = OURO_TRY(searching ? matching.search() : matching.match());
  if (!found) {
    scanner.start = -1;  // over
    return ts.core.none_ref();
  }
  ObjRef match = OURO_TRY(make_match(ts, pattern, matching));
  matching.go_on();
  scanner.start = matching.start;
  scanner.must_advance = matching.must_advance;
  return match;
}

ObjResult scanner_match(ThreadState& ts, Obj self, Args) { return scan(ts, self, false); }
ObjResult scanner_search(ThreadState& ts, Obj self, Args) { return scan(ts, self, true); }
ObjResult scanner_get_pattern(ThreadState&, Obj self) {
  return ObjRef::share(scanner_of(self).pattern);
}

constexpr MethodDef kScannerMethods[] = {
    {"match", scanner_match, 0, 0, MethodDef::kNone, "match($self, /)\n--\n\n"},
    {"search", scanner_search, 0, 0, MethodDef::kNone, "search($self, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kScannerGetSets[] = {
    {"pattern", scanner_get_pattern, refuse_member, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

// -- compile
// ---------------------------------------------------------------------------------------------------------------

// What the module keeps between calls, in its state.
struct ModuleState {
  Type* pattern_type;  // owned
  Type* match_type;    // owned
  Type* scanner_type;  // owned
};

void free_state(Module* module) {
  auto* state = static_cast<ModuleState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  drop(state->pattern_type);
  drop(state->match_type);
  drop(state->scanner_type);
  free_raw(state);
}

struct RawWords {
  std::uint32_t* words = nullptr;
  ~RawWords() { free_raw(words); }
};

/// The words of a code list. OverflowError for anything that is no 32-bit number.
Status copy_words(ThreadState& ts, Borrowed<List> code, RawWords& copy, std::size_t& count) {
  count = static_cast<std::size_t>(code->size);
  copy.words = static_cast<std::uint32_t*>(allocate_raw((count + 1) * sizeof(std::uint32_t)));
  if (copy.words == nullptr) return raise_no_memory(ts);
  for (std::size_t i = 0; i < count; ++i) {
    const Obj item = code->at(static_cast<std::int64_t>(i));
    const std::int64_t value = is_int(item) ? int_clamped(item) : -1;
    if (value < 0 || value > UINT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "regular expression code size limit exceeded");
    }
    copy.words[i] = static_cast<std::uint32_t>(value);
  }
  return kDone;
}

Result<std::int64_t> c_int_argument(ThreadState& ts, Obj value) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  const std::int64_t wide = int_clamped(number);
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return wide;
}

ObjResult sre_compile(ThreadState& ts, Obj module, Args args) {
  Obj values[6];
  OURO_TRY(parse_args(ts, args, "compile",
                      {"pattern", "flags", "code", "groups", "groupindex", "indexgroup"}, 6,
                      values));
  const auto [pattern, flags_value, code, groups_value, groupindex, indexgroup] = values;
  const std::int64_t flags = OURO_TRY(c_int_argument(ts, flags_value));
  if (!is_list(code))
    return raise_type_error(ts, "compile() argument 'code' must be list, not {n}", code);
  const std::int64_t groups = OURO_TRY(size_argument(ts, groups_value));
  if (!is_dict(groupindex))
    return raise_type_error(ts, "compile() argument 'groupindex' must be dict, not {n}",
                            groupindex);
  if (!is_tuple(indexgroup))
    return raise_type_error(ts, "compile() argument 'indexgroup' must be tuple, not {n}",
                            indexgroup);
  Pattern::Kind kind = Pattern::Kind::Any;
  if (!is_none(pattern)) {
    Subject text;
    OURO_TRY(text.acquire(ts, pattern));
    kind = text.is_bytes() ? Pattern::Kind::Bytes : Pattern::Kind::Text;
  }
  RawWords words;
  std::size_t count = 0;
  OURO_TRY(copy_words(ts, as<List>(code), words, count));
  if (groups < 0 || groups > kMaxGroups)
    return raise(ts, ts.core.exceptions.RuntimeError, "invalid SRE code");
  const auto& state = *static_cast<const ModuleState*>(as<Module>(module)->state);
  Ref<Pattern> made = OURO_TRY(new_object<Pattern>(ts, state.pattern_type));
  made->pattern = pattern.new_ref().release();
  made->groupindex = as<Dict>(groupindex.new_ref().release());
  made->indexgroup = as<Tuple>(indexgroup.new_ref().release());
  made->match_type = Ref<Type>::share(state.match_type).release();
  made->scanner_type = Ref<Type>::share(state.scanner_type).release();
  made->flags = flags;
  made->groups = static_cast<std::uint32_t>(groups);
  made->kind = kind;
  OURO_TRY(made->program.prepare(ts, words.words, count, made->groups));
  OURO_TRY(track(ts, made));
  return made;
}

// -- cases
// -----------------------------------------------------------------------------------------------------------------

ObjResult sre_getcodesize(ThreadState& ts, Obj, Args) {
  return Int::from(ts, sizeof(std::uint32_t));
}

template <char32_t (*kLower)(char32_t)>
ObjResult to_lower(ThreadState& ts, Obj, Args args) {
  const auto c = static_cast<char32_t>(OURO_TRY(c_int_argument(ts, args[0])));
  return Int::from(ts, static_cast<std::int32_t>(kLower(c)));
}
template <char32_t (*kLower)(char32_t), char32_t (*kUpper)(char32_t)>
ObjResult is_cased(ThreadState& ts, Obj, Args args) {
  const auto c = static_cast<char32_t>(OURO_TRY(c_int_argument(ts, args[0])));
  return ts.core.bool_ref(kLower(c) != c || kUpper(c) != c);
}

constexpr MethodDef kMethods[] = {
    {"compile", sre_compile, 0, -1, MethodDef::kKeywords,
     "compile($module, /, pattern, flags, code, groups, groupindex,\n        indexgroup)\n--\n\n"},
    {"getcodesize", sre_getcodesize, 0, 0, MethodDef::kNone, "getcodesize($module, /)\n--\n\n"},
    {"ascii_iscased", is_cased<lower_ascii, upper_ascii>, 1, 1, MethodDef::kNone,
     "ascii_iscased($module, character, /)\n--\n\n"},
    {"unicode_iscased", is_cased<lower_unicode, upper_unicode>, 1, 1, MethodDef::kNone,
     "unicode_iscased($module, character, /)\n--\n\n"},
    {"ascii_tolower", to_lower<lower_ascii>, 1, 1, MethodDef::kNone,
     "ascii_tolower($module, character, /)\n--\n\n"},
    {"unicode_tolower", to_lower<lower_unicode>, 1, 1, MethodDef::kNone,
     "unicode_tolower($module, character, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

void fill_scanner_type(Type& type) {
  gc::EdgeFunctions<Scanner>::install(type.info);
  type.info.dealloc = dealloc_members<Scanner, &Scanner::pattern, &Scanner::string>;
  type.methods = kScannerMethods;
  type.getsets = kScannerGetSets;
}

}  // namespace sre

Result<Ref<Module>> create_sre_module(ThreadState& ts) {
  using namespace sre;
  Ref<Module> module = OURO_TRY(Module::create(ts, "_sre"));
  OURO_TRY(module->add_functions(ts, kMethods));
  constexpr std::pair<const char*, std::uint32_t> kNumbers[] = {{"MAGIC", kMagic},
                                                                {"CODESIZE", sizeof(std::uint32_t)},
                                                                {"MAXREPEAT", kMaxRepeat},
                                                                {"MAXGROUPS", kMaxGroups}};
  for (const auto& [name, value] : kNumbers) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  constexpr std::uint64_t kFlags = std::uint64_t{gc::kCollected} | kDisallowInstantiation;
  Ref<Type> pattern =
      OURO_TRY(make_native_type(ts, {"Pattern", "re", sizeof(Pattern), 0, kFlags, fill_pattern_type,
                                     "A compiled regular expression; re.compile() makes them."}));
  Ref<Type> match = OURO_TRY(make_native_type(
      ts, {"Match", "re", static_cast<std::uint32_t>(Match::bytes_for(0)), 0, kFlags,
           fill_match_type, "What match(), fullmatch() and search() found. Always true."}));
  Ref<Type> scanner = OURO_TRY(make_native_type(
      ts, {"SRE_Scanner", "_sre", sizeof(Scanner), 0, kFlags, fill_scanner_type, nullptr}));
  auto* state = static_cast<ModuleState*>(allocate_raw(sizeof(ModuleState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {pattern.release(), match.release(), scanner.release()};
  module->state = state;
  module->free_state = free_state;
  return module;
}

}  // namespace ouro
