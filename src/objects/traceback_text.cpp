// The text of uncaught exceptions: chains, frames, messages, notes and groups.

#include "objects/traceback_text.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "objects/code.h"
#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/operations.h"

namespace ouro {

namespace {

constexpr std::int64_t kDefaultLimit = 1000;  // frames
constexpr long kRepeatsShown = 3;             // equal frames before "[Previous line repeated …]"
constexpr int kSourceIndent = 4;
constexpr int kMaxGroupWidth = 15;
constexpr int kMaxGroupDepth = 10;

constexpr std::string_view kTracebackHeader = "Traceback (most recent call last):\n";
constexpr std::string_view kGroupHeader = "Exception Group Traceback (most recent call last):\n";
constexpr std::string_view kCauseText =
    "The above exception was the direct cause of the following exception:\n";
constexpr std::string_view kContextText =
    "During handling of the above exception, another exception occurred:\n";

bool out_of_memory(ThreadState& ts) { return pending_matches(ts, ts.core.exceptions.MemoryError); }

/// Errors of the program's code are not to be told here; shortage of memory is.
Status forgive(ThreadState& ts) {
  if (out_of_memory(ts)) return Raised{};
  clear_pending(ts);
  return kDone;
}

/// A value in sys's dict, new reference or null.
ObjRef sys_value(ThreadState& ts, Borrowed<Str> name) {
  if (ts.core.sys_dict == nullptr) return nullptr;
  return dict_get_str(ts.core.sys_dict, name).new_ref();
}

bool is_strippable(char32_t c) { return c == U' ' || c == U'\t' || c == U'\f'; }

/// Where character offset `bytes` into the UTF-8 form of `line` lies.
std::int64_t character_offset(Borrowed<Str> line, std::int32_t bytes) {
  if (line->is_ascii()) return std::min<std::int64_t>(bytes, line->length);
  std::int64_t characters = 0;
  for (std::int32_t seen = 0; characters < line->length && seen < bytes; ++characters) {
    const char32_t c = line->at(characters);
    seen += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  return characters;
}

/// The markers below a source line that was printed without its first `stripped` characters.
Status append_markers(ThreadState& ts, StrBuilder& out, const CodeLocation& at, Borrowed<Str> line,
                      std::int64_t stripped, std::string_view margin) {
  if (at.line < 0 || at.end_line < 0 || at.column < 0 || at.end_column < 0) return kDone;
  const std::int64_t start = character_offset(line, at.column);
  std::int64_t end = character_offset(line, at.end_column);
  Anchors anchors;
  if (at.line == at.end_line) {
    if (start < end) {
      Ref<Str> segment = OURO_TRY(line->slice(ts, start, end));
      anchors = find_anchors(segment);
      if (anchors.left >= 0) anchors = {anchors.left + start, anchors.right + start};
    }
  } else {
    // An expression over several lines is marked to the end of its first.
    end = line->length;
    while (end > 0 && is_strippable(line->at(end - 1))) --end;
  }
  // Marking the whole line says nothing.
  if (end - start == line->length - stripped && anchors.left < 0) return kDone;
  OURO_TRY(out.append(margin));
  OURO_TRY(out.append_repeated(U' ', kSourceIndent));
  for (std::int64_t column = stripped; column < end; ++column) {
    char32_t mark = U'^';
    if (column < start) {
      mark = U' ';
    } else if (anchors.left >= 0) {
      mark = column >= anchors.left && column < anchors.right ? U'^' : U'~';
    }
    OURO_TRY(out.append(mark));
  }
  return out.append(U'\n');
}

Status append_frame(ThreadState& ts, StrBuilder& out, const Traceback* entry, Borrowed<Code> code,
                    std::string_view margin) {
  OURO_TRY(out.append(margin));
  const FormatArg shown[] = {FormatArg(code->filename), FormatArg(entry->line),
                             FormatArg(code->name)};
  Ref<Str> head = OURO_TRY(format_message(ts, "  File \"{}\", line {}, in {}\n", shown));
  OURO_TRY(out.append(Borrowed<Str>(head)));
  StrBuilder source(ts);
  if (!OURO_TRY(append_source_line(ts, source, code->filename, entry->line))) return kDone;
  Ref<Str> line = OURO_TRY(source.finish());
  std::int64_t stripped = 0;
  while (stripped < line->length && is_strippable(line->at(stripped))) ++stripped;
  OURO_TRY(out.append(margin));
  OURO_TRY(out.append_repeated(U' ', kSourceIndent));
  OURO_TRY(out.append(Borrowed<Str>(line), stripped, line->length));
  OURO_TRY(out.append(U'\n'));
  if (entry->instruction < 0) return kDone;
  const CodeLocation* at = code->location_of(static_cast<std::uint32_t>(entry->instruction));
  if (at == nullptr) return kDone;
  const CodeLocation copy = *at;
  return append_markers(ts, out, copy, line, stripped, margin);
}

Status append_repeated_note(ThreadState& ts, StrBuilder& out, long count, std::string_view margin) {
  if (count <= kRepeatsShown) return kDone;
  const long hidden = count - kRepeatsShown;
  OURO_TRY(out.append(margin));
  const FormatArg shown[] = {FormatArg(hidden), FormatArg(hidden > 1 ? "s" : "")};
  Ref<Str> text =
      OURO_TRY(format_message(ts, "  [Previous line repeated {} more time{}]\n", shown));
  return out.append(Borrowed<Str>(text));
}

/// How many frames to show: sys.tracebacklimit when it is an int.
std::int64_t frame_limit(ThreadState& ts) {
  auto name = intern(ts, "tracebacklimit");
  if (name.raised()) {
    clear_pending(ts);
    return kDefaultLimit;
  }
  Ref<Str> text = name.take();
  ObjRef limit = sys_value(ts, text);
  return limit && is_int(limit) ? int_clamped(limit) : kDefaultLimit;
}

}  // namespace

Status append_traceback(ThreadState& ts, StrBuilder& out, Obj traceback, std::string_view header,
                        std::string_view margin) {
  const std::int64_t limit = frame_limit(ts);
  if (limit <= 0) return kDone;
  OURO_TRY(out.append(header));
  Ref<Traceback> at = Ref<Traceback>::share(as<Traceback>(traceback));
  std::int64_t depth = 0;
  for (const Traceback* entry = at.get(); entry != nullptr; entry = entry->next) ++depth;
  for (; depth > limit; --depth) at = Ref<Traceback>::share(at->next);
  Ref<Code> last_code;
  int last_line = -1;
  long count = 0;
  while (at) {
    ObjRef frame = ObjRef::share(at->frame);
    auto got = frame ? get_attribute(ts, frame, "f_code") : ObjResult(Raised{});
    if (got.raised()) {
      OURO_TRY(forgive(ts));
      at = Ref<Traceback>::share(at->next);
      continue;
    }
    ObjRef code_object = got.take();
    if (is_kind(code_object, TypeKind::Code)) {
      auto code = Ref<Code>::steal(as<Code>(code_object.release()));
      const bool same = last_code && last_code->filename == code->filename &&
                        last_code->name == code->name && last_line == at->line && last_line != -1;
      if (!same) {
        OURO_TRY(append_repeated_note(ts, out, count, margin));
        count = 0;
      }
      last_line = at->line;
      if (++count <= kRepeatsShown) OURO_TRY(append_frame(ts, out, at.get(), code, margin));
      last_code = std::move(code);
    }
    at = Ref<Traceback>::share(at->next);
  }
  return append_repeated_note(ts, out, count, margin);
}

namespace {

/// One uncaught exception with all that belongs to it, printed into `out`.
class ExceptionPrinter {
 public:
  ExceptionPrinter(ThreadState& ts, StrBuilder& out, Ref<Dict> seen)
      : ts_(ts), out_(out), seen_(std::move(seen)) {}

  /// The exception after its causes and contexts, the oldest first.
  Status print_chain(Obj newest) {
    // Pairs: an exception, and whether it is linked to the next older one as its cause.
    Ref<List> chain = OURO_TRY(List::create(ts_));
    ObjRef at = newest.new_ref();
    while (at) {
      OURO_TRY(mark_seen(at));
      const BaseException* exception = as_exception(at);
      const bool by_cause = exception->cause != nullptr;
      ObjRef older = ObjRef::share(by_cause                      ? exception->cause
                                   : exception->suppress_context ? nullptr
                                                                 : exception->context);
      if (older && OURO_TRY(was_seen(older))) older.reset();
      OURO_TRY(chain->append(ts_, Obj(at)));
      OURO_TRY(chain->append(ts_, ts_.core.bool_ref(by_cause)));
      at = std::move(older);
    }
    for (std::int64_t i = chain->size - 2; i >= 0; i -= 2) {
      const bool need_close = need_close_;
      ObjRef exception = chain->at(i).new_ref();
      const bool is_group = is_instance_of(exception, ts_.core.exceptions.BaseExceptionGroup);
      OURO_TRY(is_group ? print_group(exception) : print_one(exception));
      if (i == 0) break;
      need_close_ = need_close;
      const bool by_cause = chain->at(i - 1).get() == ts_.core.true_object;
      OURO_TRY(line("\n"));
      OURO_TRY(line(by_cause ? kCauseText : kContextText));
      OURO_TRY(line("\n"));
    }
    return kDone;
  }

 private:
  Result<Ref<Int>> id_of(Obj exception) {
    return Int::from_unsigned(ts_, reinterpret_cast<std::uintptr_t>(exception.get()));
  }
  Status mark_seen(Obj exception) {
    Ref<Int> id = OURO_TRY(id_of(exception));
    return dict_set(ts_, seen_, id, exception);
  }
  Result<bool> was_seen(Obj exception) {
    Ref<Int> id = OURO_TRY(id_of(exception));
    return dict_contains(ts_, seen_, id);
  }

  /// Spaces and bar before each line inside a group.
  std::string_view margin() {
    const auto spaces = static_cast<std::size_t>(2 * depth_);
    std::memset(margin_, ' ', spaces);
    if (depth_ == 0) return {};
    margin_[spaces] = '|';
    margin_[spaces + 1] = ' ';
    return {margin_, spaces + 2};
  }
  Status line(std::string_view text) {
    OURO_TRY(out_.append(margin()));
    return out_.append(text);
  }
  Status indented(std::string_view text) {
    OURO_TRY(out_.append_repeated(U' ', 2 * depth_));
    return out_.append(text);
  }

  Status print_one(Obj exception) {
    if (ObjRef traceback = ObjRef::share(as_exception(exception)->traceback); traceback) {
      const bool is_group = is_instance_of(exception, ts_.core.exceptions.BaseExceptionGroup);
      StrBuilder frames(ts_);
      OURO_TRY(append_traceback(ts_, frames, traceback, is_group ? kGroupHeader : kTracebackHeader,
                                margin()));
      if (frames.length() != 0) {
        OURO_TRY(is_group && depth_ == 1 ? indented("+ ") : out_.append(margin()));
        Ref<Str> text = OURO_TRY(frames.finish());
        OURO_TRY(out_.append(Borrowed<Str>(text)));
      }
    }
    ObjRef shown = exception.new_ref();
    OURO_TRY(print_place(exception, shown));
    OURO_TRY(out_.append(margin()));
    OURO_TRY(print_type(exception));
    OURO_TRY(print_message(shown));
    if (Ref<Str> suggestion = suggestion_for(ts_, exception); suggestion) {
      const FormatArg parts[] = {FormatArg(suggestion)};
      Ref<Str> text = OURO_TRY(format_message(ts_, ". Did you mean: '{}'?", parts));
      OURO_TRY(out_.append(Borrowed<Str>(text)));
    }
    OURO_TRY(out_.append(U'\n'));
    return print_notes(exception);
  }

  Status print_type(Obj exception) {
    Type* type = exception->type();
    MaybeAttribute module = find_attribute(ts_, Obj(type), ts_.core.names.dunder_module);
    if (module.failed) OURO_TRY(forgive(ts_));
    if (!module.value || !is_str(module.value)) {
      OURO_TRY(out_.append(std::string_view("<unknown>.")));
    } else if (!str_equals_ascii(as<Str>(module.value), "builtins") &&
               !str_equals_ascii(as<Str>(module.value), "__main__")) {
      OURO_TRY(out_.append(Borrowed<Str>(as<Str>(module.value))));
      OURO_TRY(out_.append(U'.'));
    }
    if (type->qualname != nullptr) return out_.append(Borrowed<Str>(type->qualname));
    return out_.append(std::string_view(type->name()));
  }

  Status print_message(Obj shown) {
    if (is_none(shown)) return kDone;
    auto text = str_of(ts_, shown);
    if (text.raised()) {
      OURO_TRY(forgive(ts_));
      return out_.append(std::string_view(": <exception str() failed>"));
    }
    Ref<Str> owned = text.take();
    if (owned->length == 0) return kDone;
    OURO_TRY(out_.append(std::string_view(": ")));
    return out_.append(Borrowed<Str>(owned));
  }

  // -- SyntaxError: the place in the source
  // ------------------------------------------------------------------------

  struct Place {
    ObjRef message, filename, text;
    std::int64_t line = 0, offset = 0, end_line = 0, end_offset = 0;
  };

  /// An attribute as an int; None gives `missing`. False when it is no number.
  bool number_attribute(Obj exception, const char* name, std::int64_t missing, std::int64_t& out) {
    auto got = get_attribute(ts_, exception, name);
    if (got.raised()) return false;
    ObjRef value = got.take();
    if (is_none(value)) {
      out = missing;
      return true;
    }
    if (!is_int(value)) return false;
    out = int_clamped(value);
    return true;
  }
  bool object_attribute(Obj exception, const char* name, ObjRef& out) {
    auto got = get_attribute(ts_, exception, name);
    if (got.raised()) return false;
    out = got.take();
    return true;
  }
  bool read_place(Obj exception, Place& place) {
    if (!object_attribute(exception, "msg", place.message) ||
        !object_attribute(exception, "filename", place.filename) ||
        !number_attribute(exception, "lineno", INT64_MIN, place.line) || place.line == INT64_MIN ||
        !number_attribute(exception, "offset", -1, place.offset)) {
      return false;
    }
    // Only SyntaxError itself shows a range; IndentationError and other subclasses show a point.
    if (exception->type() != ts_.core.exceptions.SyntaxError) {
      place.end_line = place.line;
      place.end_offset = place.offset;
    } else if (!number_attribute(exception, "end_lineno", place.line, place.end_line) ||
               !number_attribute(exception, "end_offset", -1, place.end_offset)) {
      return false;
    }
    return object_attribute(exception, "text", place.text);
  }

  /// For exceptions with a place in source text: prints it, and leaves the bare message in `shown`.
  Status print_place(Obj exception, ObjRef& shown) {
    MaybeAttribute has_place = find_attribute(ts_, exception, ts_.core.names.n_print_file_and_line);
    if (has_place.failed) return forgive(ts_);
    if (!has_place.value) return kDone;
    Place place;
    if (!read_place(exception, place)) return forgive(ts_);
    OURO_TRY(out_.append(margin()));
    const FormatArg parts[] = {
        is_none(place.filename) ? FormatArg("<string>") : FormatArg(place.filename),
        FormatArg(place.line)};
    auto head = format_message(ts_, "  File \"{}\", line {}\n", parts);
    if (head.raised()) return forgive(ts_);
    Ref<Str> head_text = head.take();
    OURO_TRY(out_.append(Borrowed<Str>(head_text)));
    if (is_str(place.text)) {
      Borrowed<Str> text = as<Str>(place.text);
      // Only the first line of a place over several is shown, marked to its end.
      if (place.end_line > place.line) place.end_offset = text->length;
      OURO_TRY(print_source(text, place.offset, place.end_offset));
    }
    shown = std::move(place.message);
    return kDone;
  }

  /// The source line without its indentation, and carets from `offset` to `end_offset` (both from
  /// 1).
  Status print_source(Borrowed<Str> text, std::int64_t offset, std::int64_t end_offset) {
    const std::int64_t carets = end_offset > 0 && end_offset > offset ? end_offset - offset : 1;
    std::int64_t start = 0;
    std::int64_t column = offset - 1;
    while (start < text->length && is_strippable(text->at(start))) {
      ++start;
      --column;
    }
    std::int64_t end = text->length;
    if (end > start && text->at(end - 1) == U'\n') --end;
    column = std::min(column, end - start);
    // Of several lines the one with the offset is meant.
    for (std::int64_t i = start; i < end; ++i) {
      if (text->at(i) != U'\n') continue;
      if (i - start >= column) break;
      column -= i + 1 - start;
      start = i + 1;
    }
    OURO_TRY(out_.append(margin()));
    OURO_TRY(out_.append_repeated(U' ', kSourceIndent));
    OURO_TRY(out_.append(text, start, end));
    OURO_TRY(out_.append(U'\n'));
    if (column < 0) return kDone;
    OURO_TRY(out_.append(margin()));
    OURO_TRY(out_.append_repeated(U' ', kSourceIndent + column));
    OURO_TRY(out_.append_repeated(U'^', carets));
    return out_.append(U'\n');
  }

  // -- notes
  // -------------------------------------------------------------------------------------------------------

  Status print_notes(Obj exception) {
    MaybeAttribute notes = find_attribute(ts_, exception, ts_.core.names.dunder_notes);
    if (notes.failed) return forgive(ts_);
    if (!notes.value) return kDone;
    const bool is_sequence = notes.value->type()->sequence.item != nullptr && !is_dict(notes.value);
    if (!is_sequence) {
      OURO_TRY(out_.append(margin()));
      auto text = repr_of(ts_, notes.value);
      if (text.raised()) {
        OURO_TRY(forgive(ts_));
        return out_.append(std::string_view("<__notes__ repr() failed>"));
      }
      Ref<Str> owned = text.take();
      return out_.append(Borrowed<Str>(owned));
    }
    auto listed = list_from_iterable(ts_, notes.value);
    if (listed.raised()) return forgive(ts_);
    Ref<List> items = listed.take();
    for (std::int64_t i = 0; i < items->size; ++i) {
      ObjRef note = items->at(i).new_ref();
      OURO_TRY(print_note(note));
      OURO_TRY(out_.append(U'\n'));
    }
    return kDone;
  }

  Status print_note(Obj note) {
    auto text = str_of(ts_, note);
    if (text.raised()) {
      OURO_TRY(forgive(ts_));
      return line("<note str() failed>");
    }
    Ref<Str> owned = text.take();
    for (std::int64_t start = 0; start < owned->length;) {
      std::int64_t end = start;
      while (end < owned->length && owned->at(end) != U'\n') ++end;
      if (end < owned->length) ++end;
      OURO_TRY(out_.append(margin()));
      OURO_TRY(out_.append(Borrowed<Str>(owned), start, end));
      start = end;
    }
    return kDone;
  }

  // -- groups
  // ------------------------------------------------------------------------------------------------------

  Status print_group(Obj group) {
    if (depth_ > kMaxGroupDepth) {
      const FormatArg parts[] = {FormatArg(kMaxGroupDepth)};
      Ref<Str> text = OURO_TRY(format_message(ts_, "... (max_group_depth is {})\n", parts));
      OURO_TRY(out_.append(margin()));
      return out_.append(Borrowed<Str>(text));
    }
    const bool outermost = depth_ == 0;
    if (outermost) depth_ = 1;
    OURO_TRY(print_one(group));
    Ref<Tuple> members =
        Ref<Tuple>::share(as<Tuple>(exception_field(group, GroupField::Exceptions)));
    const std::int64_t count = members->size;
    const std::int64_t shown = count <= kMaxGroupWidth ? count : kMaxGroupWidth + 1;
    need_close_ = false;
    for (std::int64_t i = 0; i < shown; ++i) {
      const bool last = i + 1 == shown;
      // A nested group may draw the closing line first; then it is not drawn again.
      if (last) need_close_ = true;
      OURO_TRY(print_separator(i));
      ++depth_;
      if (i < kMaxGroupWidth) {
        OURO_TRY(print_chain(members->at(i)));
      } else {
        const std::int64_t more = count - kMaxGroupWidth;
        const FormatArg parts[] = {FormatArg(more), FormatArg(more > 1 ? "s" : "")};
        Ref<Str> text = OURO_TRY(format_message(ts_, "and {} more exception{}\n", parts));
        OURO_TRY(out_.append(margin()));
        OURO_TRY(out_.append(Borrowed<Str>(text)));
      }
      if (last && need_close_) {
        OURO_TRY(indented("+------------------------------------\n"));
        need_close_ = false;
      }
      --depth_;
    }
    if (outermost) depth_ = 0;
    return kDone;
  }

  Status print_separator(std::int64_t index) {
    OURO_TRY(indented(index == 0 ? "+-" : "  "));
    if (index >= kMaxGroupWidth)
      return out_.append(std::string_view("+---------------- ... ----------------\n"));
    const FormatArg parts[] = {FormatArg(index + 1)};
    Ref<Str> text = OURO_TRY(format_message(ts_, "+---------------- {} ----------------\n", parts));
    return out_.append(Borrowed<Str>(text));
  }

  ThreadState& ts_;
  StrBuilder& out_;
  Ref<Dict> seen_;
  int depth_ = 0;  // of groups
  bool need_close_ = false;
  char margin_[2 * (kMaxGroupDepth + 2) + 2];
};

}  // namespace

Result<Ref<Str>> traceback_text(ThreadState& ts, Obj exception) {
  ObjRef held = exception.new_ref();
  Ref<Dict> seen = OURO_TRY(Dict::create(ts));
  StrBuilder out(ts);
  ExceptionPrinter printer(ts, out, std::move(seen));
  OURO_TRY(printer.print_chain(held));
  return out.finish();
}

namespace {

/// "ValueError", "mod.Err": the class's name, with its module unless that goes without saying.
Status append_class(ThreadState& ts, StrBuilder& out, Obj exception) {
  MaybeAttribute module = find_attribute(ts, Obj(exception->type()), ts.core.names.dunder_module);
  if (module.failed) OURO_TRY(forgive(ts));
  if (!module.value || !is_str(module.value)) {
    OURO_TRY(out.append(std::string_view("<unknown>")));
  } else if (!str_equals_ascii(as<Str>(module.value), "builtins") &&
             !str_equals_ascii(as<Str>(module.value), "__main__")) {
    OURO_TRY(out.append(Borrowed<Str>(as<Str>(module.value))));
    OURO_TRY(out.append(U'.'));
  }
  return out.append(std::string_view(type_name(exception)));
}

Status append_str(ThreadState& ts, StrBuilder& out, Obj object, std::string_view on_failure) {
  auto text = str_of(ts, object);
  if (text.raised()) {
    OURO_TRY(forgive(ts));
    return out.append(on_failure);
  }
  Ref<Str> owned = text.take();
  return out.append(Borrowed<Str>(owned));
}

}  // namespace

Result<Ref<Str>> exception_summary(ThreadState& ts, Obj exception) {
  StrBuilder out(ts);
  OURO_TRY(append_class(ts, out, exception));
  auto text = str_of(ts, exception);
  if (text.raised()) {
    OURO_TRY(forgive(ts));
    OURO_TRY(out.append(std::string_view(": <exception str() failed>")));
    return out.finish();
  }
  Ref<Str> owned = text.take();
  if (owned->length != 0) {
    OURO_TRY(out.append(std::string_view(": ")));
    OURO_TRY(out.append(Borrowed<Str>(owned)));
  }
  return out.finish();
}

Result<Ref<Str>> unraisable_text(ThreadState& ts, const Unraisable& what) {
  StrBuilder out(ts);
  const bool has_message = what.message && !is_none(what.message);
  const bool has_where = what.where && !is_none(what.where);
  if (has_message) {
    OURO_TRY(append_str(ts, out, what.message, "<message str() failed>"));
    OURO_TRY(out.append(has_where ? std::string_view(": ") : std::string_view(":\n")));
  } else if (has_where) {
    OURO_TRY(out.append(std::string_view("Exception ignored in: ")));
  }
  if (has_where) {
    auto shown = repr_of(ts, what.where);
    if (shown.raised()) {
      OURO_TRY(forgive(ts));
      OURO_TRY(out.append(std::string_view("<object repr() failed>")));
    } else {
      Ref<Str> owned = shown.take();
      OURO_TRY(out.append(Borrowed<Str>(owned)));
    }
    OURO_TRY(out.append(U'\n'));
  }
  if (what.traceback && is_kind(what.traceback, TypeKind::Traceback)) {
    OURO_TRY(append_traceback(ts, out, what.traceback, kTracebackHeader, {}));
  }
  if (!what.exception || is_none(what.exception)) return out.finish();
  OURO_TRY(append_class(ts, out, what.exception));
  OURO_TRY(out.append(std::string_view(": ")));
  OURO_TRY(append_str(ts, out, what.exception, "<exception str() failed>"));
  OURO_TRY(out.append(U'\n'));
  return out.finish();
}

void write_to_stderr(ThreadState& ts, Borrowed<Str> text) {
  Ref<Str> held = text.new_ref();
  ObjRef file = sys_value(ts, ts.core.names.n_stderr);
  if (file && is_none(file)) return;  // the program has no stderr
  if (file) {
    Object* values[] = {held.get()};
    auto written = call_method(ts, file, ts.core.names.n_write, values);
    if (written.ok()) {
      auto flushed = call_method(ts, file, ts.core.names.n_flush);
      if (flushed.raised()) clear_pending(ts);
      return;
    }
    clear_pending(ts);
  }
  Utf8 bytes(held);
  if (!bytes.ok()) return;
  for (std::string_view rest = bytes.view(); !rest.empty();) {
    const ssize_t count = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (count <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace ouro
