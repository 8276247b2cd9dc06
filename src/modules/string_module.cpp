// Module _string: format strings taken apart, for string.Formatter.
#include "modules/module_support.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

/// A place in a text; iterators over both kinds of parts are this.
struct TextIterator : Object {
  Str* text;  // owned
  std::int64_t position;
  template <class V>
  void edges(V& v) const {
    v.edge(text, gc::slot_label("text"));
  }
};

ObjResult iterator_over(ThreadState& ts, Borrowed<Type> type, Obj text, std::int64_t position) {
  ObjRef held = text.new_ref();
  Ref<TextIterator> made = OURO_TRY(new_object<TextIterator>(ts, type, type->info.basic_bytes));
  made->text = as<Str>(held.release());
  made->position = position;
  OURO_TRY(track(ts, made));
  return made;
}

// -- "literal {field!conversion:spec}" ------------------------------------------------------------

struct Range {
  std::int64_t start = 0;
  std::int64_t stop = 0;
};

struct Piece {
  Range literal;
  bool has_field = false;
  Range field;
  char32_t conversion = 0;  // 0: none
  Range spec;
};

/// Reads the field whose opening brace ends before `at`.
Status parse_field(ThreadState& ts, Borrowed<Str> text, std::int64_t& at, Piece& piece) {
  const std::int64_t end = text->length;
  piece.has_field = true;
  piece.field.start = at;
  char32_t c = 0;
  for (bool in_name = true; in_name && at < end;) {
    c = text->at(at++);
    switch (c) {
      case U'{':
        return raise_value_error(ts, "unexpected '{{' in field name");
      case U'[':
        while (at < end && text->at(at) != U']') ++at;
        break;
      case U'}':
      case U':':
      case U'!':
        in_name = false;
        break;
      default:
        break;
    }
  }
  piece.field.stop = at - 1;
  if (c == U'}') return kDone;
  if (c != U'!' && c != U':') return raise_value_error(ts, "expected '}}' before end of string");
  if (c == U'!') {
    if (at >= end)
      return raise_value_error(ts, "end of string while looking for conversion specifier");
    piece.conversion = text->at(at++);
    if (at < end) {
      c = text->at(at++);
      if (c == U'}') return kDone;
      if (c != U':') return raise_value_error(ts, "expected ':' after conversion specifier");
    }
  }
  piece.spec.start = at;
  for (int open = 1; at < end; ++at) {
    c = text->at(at);
    if (c == U'{') ++open;
    if (c == U'}' && --open == 0) {
      piece.spec.stop = at++;
      return kDone;
    }
  }
  return raise_value_error(ts, "unmatched '{{' in format spec");
}

/// Reads the next piece from `at`, which is not at the end.
Status parse_piece(ThreadState& ts, Borrowed<Str> text, std::int64_t& at, Piece& piece) {
  const std::int64_t end = text->length;
  piece.literal.start = at;
  char32_t c = 0;
  bool brace = false;
  while (at < end && !brace) {
    c = text->at(at++);
    brace = c == U'{' || c == U'}';
  }
  piece.literal.stop = at;
  if (!brace) return kDone;
  const bool doubled = at < end && text->at(at) == c;
  if (c == U'}' && !doubled)
    return raise_value_error(ts, "Single '}}' encountered in format string");
  if (at >= end) return raise_value_error(ts, "Single '{{' encountered in format string");
  if (doubled) {  // one of the two is literal text
    ++at;
    return kDone;
  }
  --piece.literal.stop;
  return parse_field(ts, text, at, piece);
}

ObjResult piece_tuple(ThreadState& ts, Borrowed<Str> text, const Piece& piece) {
  ObjRef literal = OURO_TRY(text->slice(ts, piece.literal.start, piece.literal.stop));
  ObjRef field = ts.core.none_ref();
  ObjRef spec = ts.core.none_ref();
  ObjRef conversion = ts.core.none_ref();
  if (piece.has_field) {
    field = OURO_TRY(text->slice(ts, piece.field.start, piece.field.stop));
    spec = OURO_TRY(text->slice(ts, piece.spec.start, piece.spec.stop));
    if (piece.conversion != 0) conversion = OURO_TRY(Str::from_char(ts, piece.conversion));
  }
  return Tuple::of(ts, literal, field, spec, conversion);
}

ObjResult next_piece(ThreadState& ts, TextIterator* iterator) {
  Ref<Str> text = Ref<Str>::share(iterator->text);
  Piece piece;
  OURO_TRY(parse_piece(ts, text, iterator->position, piece));
  return piece_tuple(ts, text, piece);
}

// -- "first.attribute[index]" ---------------------------------------------------------------------

/// The part of a field name as an int when it is made of digits, otherwise as text.
ObjResult name_or_number(ThreadState& ts, Borrowed<Str> text, Range part) {
  std::int64_t value = 0;
  bool digits = part.stop > part.start;
  for (std::int64_t i = part.start; i < part.stop && digits; ++i) {
    const int digit = unicode::decimal_value(text->at(i));
    digits = digit >= 0;
    if (digits && (__builtin_mul_overflow(value, 10, &value) ||
                   __builtin_add_overflow(value, digit, &value))) {
      return raise_value_error(ts, "Too many decimal digits in format string");
    }
  }
  if (digits) return Int::from(ts, value);
  return text->slice(ts, part.start, part.stop);
}

ObjResult next_step(ThreadState& ts, TextIterator* iterator) {
  Ref<Str> text = Ref<Str>::share(iterator->text);
  std::int64_t& at = iterator->position;
  const char32_t c = text->at(at++);
  if (c != U'.' && c != U'[')
    return raise_value_error(ts, "Only '.' or '[' may follow ']' in format field specifier");
  Range part{at, at};
  ObjRef name;
  if (c == U'.') {
    while (at < text->length && text->at(at) != U'.' && text->at(at) != U'[') ++at;
    part.stop = at;
    name = OURO_TRY(text->slice(ts, part.start, part.stop));
  } else {
    while (at < text->length && text->at(at) != U']') ++at;
    if (at >= text->length) return raise_value_error(ts, "Missing ']' in format string");
    part.stop = at++;
    name = OURO_TRY(name_or_number(ts, text, part));
  }
  if (part.start == part.stop) return raise_value_error(ts, "Empty attribute in format string");
  return Tuple::of(ts, Obj(c == U'.' ? ts.core.true_object : ts.core.false_object), name);
}

// -- the module -----------------------------------------------------------------------------------

template <ObjResult (*kNext)(ThreadState&, TextIterator*)>
Next text_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<TextIterator>(self);
  if (iterator->position >= iterator->text->length) return Next::Done;
  ObjResult made = kNext(ts, iterator);
  if (made.raised()) return Next::Raised;
  item = made.take();
  return Next::Item;
}

// Not fill_iterator's clear: a text forms no cycles, and an iterator without one would not be
// valid.
template <ObjResult (*kNext)(ThreadState&, TextIterator*)>
void fill(Type& type) {
  init_collected<TextIterator>(type);
  type.info.dealloc = dealloc_members<TextIterator, &TextIterator::text>;
  type.iter = iterator_self;
  type.next = text_next<kNext>;
}

struct StringState {
  Type* pieces;  // owned
  Type* steps;   // owned
};
StringState& state_of(Obj module) { return *static_cast<StringState*>(as<Module>(module)->state); }

void free_state(Module* module) {
  auto* state = static_cast<StringState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  xdecref(state->pieces);
  xdecref(state->steps);
  free_raw(state);
}

ObjResult formatter_parser(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "expected str, got {t}", args[0]);
  return iterator_over(ts, state_of(module).pieces, args[0], 0);
}

ObjResult formatter_field_name_split(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "expected str, got {t}", args[0]);
  Borrowed<Str> text = as<Str>(args[0]);
  std::int64_t end = 0;
  while (end < text->length && text->at(end) != U'.' && text->at(end) != U'[') ++end;
  ObjRef first = OURO_TRY(name_or_number(ts, text, {0, end}));
  ObjRef rest = OURO_TRY(iterator_over(ts, state_of(module).steps, text, end));
  return Tuple::of(ts, first, rest);
}

constexpr MethodDef kFunctions[] = {
    {"formatter_parser", formatter_parser, 1, 1, MethodDef::kNone,
     "parse the argument as a format string"},
    {"formatter_field_name_split", formatter_field_name_split, 1, 1, MethodDef::kNone,
     "split the argument as a field name"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_string_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_string"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> pieces =
      OURO_TRY(make_native_type(ts, {"formatteriterator", "builtins", sizeof(TextIterator), 0, 0,
                                     fill<next_piece>, nullptr}));
  Ref<Type> steps = OURO_TRY(make_native_type(
      ts, {"fieldnameiterator", "builtins", sizeof(TextIterator), 0, 0, fill<next_step>, nullptr}));
  auto* state = static_cast<StringState*>(allocate_raw(sizeof(StringState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {pieces.release(), steps.release()};
  module->state = state;
  module->free_state = free_state;
  return module;
}

}  // namespace ouro
