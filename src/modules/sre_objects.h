// The objects of module _sre: patterns, matches, scanners.
//
// What they refer to is set at birth, so a cycle through one of them has a member that came later:
// they need no clear function.
#pragma once

#include "gc/visitor.h"
#include "modules/sre_matching.h"
#include "objects/dict.h"
#include "objects/tuple.h"

namespace ouro::sre {

struct Pattern : Object {
  Object* pattern;     // owned: str, bytes-like, or None
  Dict* groupindex;    // owned: group names to numbers
  Tuple* indexgroup;   // owned: by number, the name or None
  Type* match_type;    // owned
  Type* scanner_type;  // owned
  gc::WeakReference* weaklist;
  std::int64_t flags;
  std::uint32_t groups;                                      // besides group 0
  enum class Kind : std::uint8_t { Any, Text, Bytes } kind;  // Any: made without a pattern
  Program program;

  template <class V>
  void edges(V& v) const {
    v.edge(groupindex, gc::slot_label("groupindex"));
    v.edge(indexgroup, gc::slot_label("indexgroup"));
    v.edge(pattern, gc::slot_label("pattern"));
    // The module's own classes: not among what gc.get_referents shows.
    v.hidden_edge(match_type, gc::slot_label("match_type"));
    v.hidden_edge(scanner_type, gc::slot_label("scanner_type"));
  }
};

/// Beginning and end of a group; -1 and -1 when it took no part.
struct Span {
  std::int64_t first, last;
};

struct Match : Object {
  Object* string;    // owned
  Object* regs;      // ? owned tuple of spans, made when first asked for
  Pattern* pattern;  // owned
  std::int64_t pos, endpos;
  std::int32_t last_group;    // -1: none
  std::uint32_t group_count;  // group 0 included
  Span spans[1];              // `group_count` of them

  static constexpr std::size_t bytes_for(std::size_t groups) {
    return offsetof(Match, spans) + groups * sizeof(Span);
  }
  template <class V>
  void edges(V& v) const {
    v.edge(string, gc::slot_label("string"));
    v.edge(regs, gc::slot_label("regs"));
    v.edge(pattern, gc::slot_label("re"));
  }
};

/// Where repeated searching of one subject stands.
struct Scanner : Object {
  Pattern* pattern;  // owned
  Object* string;    // owned
  std::int64_t pos, endpos;
  std::int64_t start;  // of the next search
  bool must_advance;
  template <class V>
  void edges(V& v) const {
    v.edge(pattern, gc::slot_label("pattern"));
    v.edge(string, gc::slot_label("string"));
  }
};

void fill_pattern_type(Type& type);
void fill_match_type(Type& type);
void fill_scanner_type(Type& type);

/// The setter of read-only attributes that CPython makes as members: AttributeError "readonly
/// attribute".
Status refuse_member(ThreadState& ts, Obj self, Obj value);

/// Holds the subject and checks that the pattern is for it. TypeError.
Status acquire_for(ThreadState& ts, const Pattern& pattern, Obj string, Subject& subject);
/// The match that `matching` has just found.
ObjResult make_match(ThreadState& ts, Borrowed<Pattern> pattern, const Matching& matching);
/// The text of a group of the present match; `missing` when it took no part.
ObjResult group_text(ThreadState& ts, const Matching& matching, std::uint32_t group, Obj missing);
/// re.<name>(…): what is written in Python.
ObjResult call_re(ThreadState& ts, const char* name, std::span<Object* const> args);

/// An argument that counts: TypeError; OverflowError "Python int too large to convert to C
/// ssize_t".
Result<std::int64_t> size_argument(ThreadState& ts, Obj value);
/// Arguments (string, pos, endpos) of the matching methods.
struct SearchArguments {
  Obj string;
  std::int64_t pos = 0;
  std::int64_t endpos = INT64_MAX;
  Status parse(ThreadState& ts, Args args, const char* function_name);
};

ObjResult make_scanner(ThreadState& ts, Borrowed<Pattern> pattern,
                       const SearchArguments& arguments);

}  // namespace ouro::sre
