// Module _json: the scanner, which turns JSON text into objects.
#include "modules/json.h"
#include "objects/float.h"
#include "objects/list.h"

namespace ouro {

namespace {

struct Scanner : Object {
  Object* strict;  // owned, as all
  Object* object_hook;
  Object* object_pairs_hook;
  Object* parse_float;
  Object* parse_int;
  Object* parse_constant;
  template <class V>
  void edges(V& v) const {
    v.edge(strict, gc::slot_label("strict"));
    v.edge(object_hook, gc::slot_label("object_hook"));
    v.edge(object_pairs_hook, gc::slot_label("object_pairs_hook"));
    v.edge(parse_float, gc::slot_label("parse_float"));
    v.edge(parse_int, gc::slot_label("parse_int"));
    v.edge(parse_constant, gc::slot_label("parse_constant"));
  }
};

/// One run over a text.
class Scan {
 public:
  Scan(ThreadState& ts, Scanner* scanner, Str* text, bool strict, Borrowed<Dict> memo)
      : ts_(ts), scanner_(scanner), text_(text), strict_(strict), memo_(memo) {}

  /// The value that starts at `at`, which moves behind it. StopIteration(at) when there is none.
  ObjResult value(std::int64_t& at) {
    NativeDepth depth(ts_, " while decoding a JSON object from a unicode string");
    if (!depth.ok()) return Raised{};
    if (at >= text_->length) return nothing(at);
    switch (text_->at(at)) {
      case '"': {
        const std::int64_t start = at + 1;
        return json_scan_string(ts_, text_, start, strict_, at);
      }
      case '{':
        ++at;
        return object(at);
      case '[':
        ++at;
        return array(at);
      case 'n':
        if (take(at, "null")) return ts_.core.none_ref();
        break;
      case 't':
        if (take(at, "true")) return ts_.core.bool_ref(true);
        break;
      case 'f':
        if (take(at, "false")) return ts_.core.bool_ref(false);
        break;
      case 'N':
        if (take(at, "NaN")) return constant("NaN");
        break;
      case 'I':
        if (take(at, "Infinity")) return constant("Infinity");
        break;
      case '-':
        if (take(at, "-Infinity")) return constant("-Infinity");
        break;
      default:
        break;
    }
    return number(at);
  }

 private:
  Raised nothing(std::int64_t at) {
    Ref<Int> position = OURO_TRY(Int::from(ts_, at));
    return raise_with(ts_, ts_.core.exceptions.StopIteration, position);
  }

  bool take(std::int64_t& at, std::string_view word) {
    const auto size = static_cast<std::int64_t>(word.size());
    if (at + size > text_->length) return false;
    for (std::int64_t i = 0; i < size; ++i) {
      if (text_->at(at + i) != static_cast<char32_t>(word[static_cast<std::size_t>(i)])) {
        return false;
      }
    }
    at += size;
    return true;
  }

  ObjResult constant(const char* name) {
    Ref<Str> text = OURO_TRY(intern(ts_, name));
    return call(ts_, scanner_->parse_constant, text);
  }

  [[nodiscard]] bool is_digit(std::int64_t at) const {
    return at < text_->length && text_->at(at) >= '0' && text_->at(at) <= '9';
  }

  ObjResult number(std::int64_t& at) {
    const std::int64_t start = at;
    std::int64_t end = at;
    if (text_->at(end) == '-') ++end;
    if (!is_digit(end)) return nothing(start);
    if (text_->at(end) == '0') {
      ++end;
    } else {
      while (is_digit(end)) ++end;
    }
    bool real = false;
    if (end < text_->length && text_->at(end) == '.' && is_digit(end + 1)) {
      real = true;
      ++end;
      while (is_digit(end)) ++end;
    }
    if (end < text_->length && (text_->at(end) | 0x20) == 'e') {
      std::int64_t digits = end + 1;
      if (digits < text_->length && (text_->at(digits) == '+' || text_->at(digits) == '-')) {
        ++digits;
      }
      if (is_digit(digits)) {
        real = true;
        end = digits;
        while (is_digit(end)) ++end;
      }
    }
    at = end;
    Ref<Str> written = OURO_TRY(text_->slice(ts_, start, end));
    return call(ts_, real ? scanner_->parse_float : scanner_->parse_int, written);
  }

  void skip_space(std::int64_t& at) const {
    while (at < text_->length) {
      const char32_t c = text_->at(at);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
      ++at;
    }
  }
  [[nodiscard]] bool stands(std::int64_t at, char32_t c) const {
    return at < text_->length && text_->at(at) == c;
  }

  ObjResult array(std::int64_t& at) {
    Ref<List> list = OURO_TRY(List::create(ts_));
    skip_space(at);
    if (!stands(at, ']')) {
      for (;;) {
        ObjRef item = OURO_TRY(value(at));
        OURO_TRY(list->append(ts_, std::move(item)));
        skip_space(at);
        if (stands(at, ']')) break;
        if (!stands(at, ',')) return raise_json_error(ts_, "Expecting ',' delimiter", text_, at);
        ++at;
        skip_space(at);
      }
    }
    ++at;
    return list;
  }

  /// A key and its value; equal keys of one text are one object.
  Status member(std::int64_t& at, ObjRef& key, ObjRef& item) {
    if (!stands(at, '"')) {
      return raise_json_error(ts_, "Expecting property name enclosed in double quotes", text_, at);
    }
    Ref<Str> name = OURO_TRY(json_scan_string(ts_, text_, at + 1, strict_, at));
    key = OURO_TRY(dict_set_default(ts_, memo_, name, name));
    skip_space(at);
    if (!stands(at, ':')) return raise_json_error(ts_, "Expecting ':' delimiter", text_, at);
    ++at;
    skip_space(at);
    item = OURO_TRY(value(at));
    return kDone;
  }

  ObjResult object(std::int64_t& at) {
    const bool as_pairs = !is_none(scanner_->object_pairs_hook);
    Ref<List> pairs;
    Ref<Dict> dict;
    if (as_pairs) {
      pairs = OURO_TRY(List::create(ts_));
    } else {
      dict = OURO_TRY(Dict::create(ts_));
    }
    skip_space(at);
    if (!stands(at, '}')) {
      for (;;) {
        ObjRef key;
        ObjRef item;
        OURO_TRY(member(at, key, item));
        if (as_pairs) {
          Ref<Tuple> pair = OURO_TRY(Tuple::of(ts_, key, item));
          OURO_TRY(pairs->append(ts_, pair));
        } else {
          OURO_TRY(dict_set(ts_, dict, key, item));
        }
        skip_space(at);
        if (stands(at, '}')) break;
        if (!stands(at, ',')) return raise_json_error(ts_, "Expecting ',' delimiter", text_, at);
        ++at;
        skip_space(at);
      }
    }
    ++at;
    if (as_pairs) return call(ts_, scanner_->object_pairs_hook, pairs);
    if (is_none(scanner_->object_hook)) return dict;
    return call(ts_, scanner_->object_hook, dict);
  }

  ThreadState& ts_;
  Scanner* scanner_;
  Str* text_;
  bool strict_;
  Borrowed<Dict> memo_;
};

ObjResult scanner_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "make_scanner", {"context"}, 1, values));
  Ref<Scanner> made = OURO_TRY(new_object<Scanner>(ts, type, type->info.basic_bytes));
  const std::pair<const char*, Object**> parts[] = {{"strict", &made->strict},
                                                    {"object_hook", &made->object_hook},
                                                    {"object_pairs_hook", &made->object_pairs_hook},
                                                    {"parse_float", &made->parse_float},
                                                    {"parse_int", &made->parse_int},
                                                    {"parse_constant", &made->parse_constant}};
  for (const auto& [name, place] : parts) {
    *place = OURO_TRY(get_attribute(ts, values[0], name)).release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult scanner_call(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "scan_once", {"string", "idx"}, 2, values));
  if (!is_str(values[0])) {
    return raise_type_error(ts, "first argument must be a string, not {t}", values[0]);
  }
  std::int64_t at = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  if (at < 0) return raise_value_error(ts, "idx cannot be negative");
  auto* scanner = as<Scanner>(self);
  const bool strict = OURO_TRY(is_true(ts, scanner->strict));
  Ref<Dict> memo = OURO_TRY(Dict::create(ts));
  ObjRef value = OURO_TRY(Scan(ts, scanner, as<Str>(values[0]), strict, memo).value(at));
  Ref<Int> end = OURO_TRY(Int::from(ts, at));
  return Tuple::of(ts, value, end);
}

template <Object* Scanner::*kMember>
ObjResult get_member(ThreadState&, Obj self) {
  return ObjRef::share(as<Scanner>(self)->*kMember);
}
constexpr GetSetDef kGetSets[] = {
    {"strict", get_member<&Scanner::strict>, nullptr, "strict"},
    {"object_hook", get_member<&Scanner::object_hook>, nullptr, "object_hook"},
    {"object_pairs_hook", get_member<&Scanner::object_pairs_hook>, nullptr, nullptr},
    {"parse_float", get_member<&Scanner::parse_float>, nullptr, "parse_float"},
    {"parse_int", get_member<&Scanner::parse_int>, nullptr, "parse_int"},
    {"parse_constant", get_member<&Scanner::parse_constant>, nullptr, "parse_constant"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_json_scanner(Type& type) {
  fill_holder<Scanner, &Scanner::strict, &Scanner::object_hook, &Scanner::object_pairs_hook,
              &Scanner::parse_float, &Scanner::parse_int, &Scanner::parse_constant>(type);
  type.info.flags |= kBaseType;
  type.make = scanner_make;
  type.call = scanner_call;
  type.getsets = kGetSets;
}

}  // namespace ouro
