// Module builtins: functions on values. Those that run code or do input and output are in builtins_code.cpp.
#include "modules/builtins_support.h"
#include "modules/native_modules.h"
#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/generator.h"

namespace ouro {

namespace {

ObjResult builtin_abs(ThreadState& ts, Obj, Args args) { return absolute(ts, args[0]); }

ObjResult all_or_any(ThreadState& ts, Obj iterable, bool stops_at) {
  ObjRef iterator = OURO_TRY(iterate(ts, iterable));
  for (;;) {
    ObjRef item;
    switch (next_item(ts, iterator, item)) {
      case Next::Raised: return Raised{};
      case Next::Done: return ts.core.bool_ref(!stops_at);
      case Next::Item: break;
    }
    if (OURO_TRY(is_true(ts, item)) == stops_at) return ts.core.bool_ref(stops_at);
  }
}
ObjResult builtin_all(ThreadState& ts, Obj, Args args) { return all_or_any(ts, args[0], false); }
ObjResult builtin_any(ThreadState& ts, Obj, Args args) { return all_or_any(ts, args[0], true); }

ObjResult builtin_ascii(ThreadState& ts, Obj, Args args) { return ascii_of(ts, args[0]); }

ObjResult in_base(ThreadState& ts, Obj value, int base, const char* prefix) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  Ref<Str> digits = OURO_TRY(int_to_text(ts, number, base));
  const bool negative = digits->length > 0 && digits->at(0) == '-';
  StrBuilder builder(ts);
  if (negative) OURO_TRY(builder.append(U'-'));
  OURO_TRY(builder.append(std::string_view(prefix)));
  OURO_TRY(builder.append(digits, negative ? 1 : 0, digits->length));
  return builder.finish();
}
ObjResult builtin_bin(ThreadState& ts, Obj, Args args) { return in_base(ts, args[0], 2, "0b"); }
ObjResult builtin_oct(ThreadState& ts, Obj, Args args) { return in_base(ts, args[0], 8, "0o"); }
ObjResult builtin_hex(ThreadState& ts, Obj, Args args) { return in_base(ts, args[0], 16, "0x"); }

ObjResult builtin_callable(ThreadState& ts, Obj, Args args) { return ts.core.bool_ref(is_callable(args[0])); }

ObjResult builtin_chr(ThreadState& ts, Obj, Args args) {
  const std::int64_t code = OURO_TRY(index_as_int64(ts, args[0], nullptr));
  if (code < INT32_MIN || code > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  if (code < 0 || code > 0x10ffff) return raise_value_error(ts, "chr() arg not in range(0x110000)");
  return Str::from_char(ts, static_cast<char32_t>(code));
}

ObjResult builtin_ord(ThreadState& ts, Obj, Args args) {
  std::int64_t length = 0;
  if (is_str(args[0])) {
    Borrowed<Str> text = as<Str>(args[0]);
    if (text->length == 1) return Int::from(ts, text->at(0));
    length = text->length;
  } else if (is_bytes(args[0]) || is_kind(args[0], TypeKind::ByteArray)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, args[0]));
    if (view.size() == 1) return Int::from(ts, static_cast<unsigned char>(view.view()[0]));
    length = static_cast<std::int64_t>(view.size());
  } else {
    return raise_type_error(ts, "ord() expected string of length 1, but {t} found", args[0]);
  }
  return raise_type_error(ts, "ord() expected a character, but string of length {} found", length);
}

ObjResult builtin_delattr(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[1])) return raise_type_error(ts, "attribute name must be string, not '{t}'", args[1]);
  OURO_TRY(set_attribute(ts, args[0], as<Str>(args[1]), nullptr));
  return ts.core.none_ref();
}

ObjResult builtin_divmod(ThreadState& ts, Obj, Args args) { return divmod(ts, args[0], args[1]); }

ObjResult builtin_format(ThreadState& ts, Obj, Args args) {
  if (args.size() == 2 && !is_str(args[1])) return raise_type_error(ts, "format() argument 2 must be str, not {n}", args[1]);
  return format_of(ts, args[0], args.size() == 2 ? Borrowed<Str>(as<Str>(args[1])) : Borrowed<Str>());
}

ObjResult builtin_getattr(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[1])) return raise_type_error(ts, "attribute name must be string, not '{t}'", args[1]);
  if (args.size() == 2) return get_attribute(ts, args[0], as<Str>(args[1]));
  MaybeAttribute found = find_attribute(ts, args[0], as<Str>(args[1]));
  if (found.failed) return Raised{};
  return found.value ? std::move(found.value) : args[2].new_ref();
}

ObjResult builtin_hasattr(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[1])) return raise_type_error(ts, "attribute name must be string, not '{t}'", args[1]);
  const MaybeAttribute found = find_attribute(ts, args[0], as<Str>(args[1]));
  if (found.failed) return Raised{};
  return ts.core.bool_ref(static_cast<bool>(found.value));
}

ObjResult builtin_setattr(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[1])) return raise_type_error(ts, "attribute name must be string, not '{t}'", args[1]);
  OURO_TRY(set_attribute(ts, args[0], as<Str>(args[1]), args[2]));
  return ts.core.none_ref();
}

ObjResult builtin_hash(ThreadState& ts, Obj, Args args) { return Int::from(ts, OURO_TRY(hash_of(ts, args[0]))); }

ObjResult builtin_id(ThreadState& ts, Obj, Args args) {
  return Int::from(ts, static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(args[0].get())));
}

ObjResult builtin_isinstance(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(OURO_TRY(is_instance(ts, args[0], args[1])));
}

ObjResult builtin_issubclass(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(OURO_TRY(is_subclass(ts, args[0], args[1])));
}

ObjResult builtin_iter(ThreadState& ts, Obj, Args args) {
  if (args.size() == 1) return iterate(ts, args[0]);
  if (!is_callable(args[0])) return raise_type_error(ts, "iter(v, w): v must be callable");
  return callable_iterator_create(ts, args[0], args[1]);
}

ObjResult builtin_len(ThreadState& ts, Obj, Args args) { return Int::from(ts, OURO_TRY(length_of(ts, args[0]))); }

// min and max: the first best item, `sign` telling the direction.
ObjResult best_item(ThreadState& ts, Args args, const char* name, CompareOp better) {
  if (args.size() == 0) return raise_type_error(ts, "{} expected at least 1 argument, got 0", name);
  Obj key;
  Obj fallback;
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    Borrowed<Str> keyword = as<Str>(args.keywords->at(i));
    if (str_equals_ascii(keyword, "key")) {
      key = is_none(args.keyword_value(i)) ? Obj() : args.keyword_value(i);
    } else if (str_equals_ascii(keyword, "default")) {
      fallback = args.keyword_value(i);
    } else {
      return raise_type_error(ts, "'{}' is an invalid keyword argument for {}()", keyword, name);
    }
  }
  if (args.size() > 1 && fallback) {
    return raise_type_error(ts, "Cannot specify a default for {}() with multiple positional arguments", name);
  }
  ObjRef best;
  ObjRef best_key;
  const auto consider = [&](ObjRef item) -> Status {
    ObjRef item_key = key ? OURO_TRY(call(ts, key, item)) : item.new_ref();
    if (best && !OURO_TRY(compare_is_true(ts, item_key, best_key, better))) return kDone;
    best = std::move(item);
    best_key = std::move(item_key);
    return kDone;
  };
  if (args.size() > 1) {
    for (std::uint32_t i = 0; i < args.size(); ++i) OURO_TRY(consider(args[i].new_ref()));
  } else {
    OURO_TRY(for_each_item(ts, args[0], consider));
  }
  if (best) return best;
  if (fallback) return fallback.new_ref();
  return raise_value_error(ts, "{}() arg is an empty sequence", name);
}
ObjResult builtin_max(ThreadState& ts, Obj, Args args) { return best_item(ts, args, "max", CompareOp::Greater); }
ObjResult builtin_min(ThreadState& ts, Obj, Args args) { return best_item(ts, args, "min", CompareOp::Less); }

ObjResult builtin_next(ThreadState& ts, Obj, Args args) {
  if (args[0]->type()->next == nullptr) return raise_type_error(ts, "'{t}' object is not an iterator", args[0]);
  ObjRef item;
  switch (args[0]->type()->next(ts, args[0], item)) {
    case Next::Item: return item;
    case Next::Raised:
      if (args.size() == 2 && catch_pending(ts, ts.core.exceptions.StopIteration)) return args[1].new_ref();
      return Raised{};
    case Next::Done: break;
  }
  if (args.size() == 2) return args[1].new_ref();
  return raise_object(ts, OURO_TRY(call(ts, ts.core.exceptions.StopIteration)));
}

ObjResult builtin_pow(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "pow", {"base", "exp", "mod"}, 2, values));
  return power(ts, values[0], values[1], values[2] ? values[2] : Obj(ts.core.none));
}

ObjResult builtin_repr(ThreadState& ts, Obj, Args args) { return repr_of(ts, args[0]); }

ObjResult builtin_round(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "round", {"number", "ndigits"}, 1, values));
  MaybeAttribute method = find_special(ts, values[0], ts.core.names.dunder_round);
  if (method.failed) return Raised{};
  if (!method.value) return raise_type_error(ts, "type {t} doesn't define __round__ method", values[0]);
  if (!values[1] || is_none(values[1])) return call(ts, method.value);
  return call(ts, method.value, values[1]);
}

// As in CPython the list's own method does it: it knows the keywords and words the errors.
ObjResult builtin_sorted(ThreadState& ts, Obj, Args args) {
  if (args.size() != 1) return raise_type_error(ts, "sorted expected 1 argument, got {}", args.size());
  Ref<List> list = OURO_TRY(list_from_iterable(ts, args[0]));
  ObjRef sort = OURO_TRY(get_attribute(ts, list, ts.core.names.n_sort));
  OURO_TRY(call(ts, sort, args.from(1)));
  return list;
}

ObjResult builtin_sum(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "sum", {"iterable", "/", "start"}, 1, values));
  ObjRef total = values[1] ? values[1].new_ref() : OURO_TRY(Int::from(ts, 0));
  if (is_str(total)) return raise_type_error(ts, "sum() can't sum strings [use ''.join(seq) instead]");
  if (is_bytes(total)) return raise_type_error(ts, "sum() can't sum bytes [use b''.join(seq) instead]");
  if (is_kind(total, TypeKind::ByteArray)) return raise_type_error(ts, "sum() can't sum bytearray [use b''.join(seq) instead]");
  // While sum and items are small ints, or floats, no object is made of the sum.
  enum class Kept { Object, Word, Double } kept = Kept::Object;
  std::int64_t word = 0;
  double number = 0;
  const auto keep_apart = [&] {
    if (is_exact_int(total) && as<Int>(total)->is_small()) {
      kept = Kept::Word;
      word = as<Int>(total)->small;
    } else if (is_exact_float(total)) {
      kept = Kept::Double;
      number = as<Float>(total)->value;
    }
  };
  const auto make_total = [&]() -> Status {
    if (kept == Kept::Word) total = OURO_TRY(Int::from(ts, word));
    if (kept == Kept::Double) total = OURO_TRY(Float::from(ts, number));
    kept = Kept::Object;
    return kDone;
  };
  keep_apart();
  OURO_TRY(for_each_item(ts, values[0], [&](ObjRef item) -> Status {
    if (kept == Kept::Word && (is_exact_int(item) || is_bool(item)) && as<Int>(item)->is_small()) {
      std::int64_t sum = 0;
      if (!__builtin_add_overflow(word, as<Int>(item)->small, &sum)) {
        word = sum;
        return kDone;
      }
    }
    if (kept == Kept::Double && is_exact_float(item)) {
      number += as<Float>(item)->value;
      return kDone;
    }
    OURO_TRY(make_total());
    total = OURO_TRY(binary_op(ts, BinaryOp::Add, total, item));
    keep_apart();
    return kDone;
  }));
  OURO_TRY(make_total());
  return total;
}

ObjResult builtin_aiter(ThreadState& ts, Obj, Args args) {
  if (args[0]->type()->aiter == nullptr) return raise_type_error(ts, "'{t}' object is not an async iterable", args[0]);
  return args[0]->type()->aiter(ts, args[0]);
}

ObjResult builtin_anext(ThreadState& ts, Obj, Args args) {
  if (args[0]->type()->anext == nullptr) return raise_type_error(ts, "'{t}' object is not an async iterator", args[0]);
  ObjRef awaitable = OURO_TRY(args[0]->type()->anext(ts, args[0]));
  return args.size() == 2 ? anext_with_default(ts, awaitable, args[1]) : ObjResult(std::move(awaitable));
}

constexpr MethodDef kMethods[] = {
    {"abs", builtin_abs, 1, 1, MethodDef::kNone, "abs($module, x, /)\n--\n\nReturn the absolute value of the argument."},
    {"aiter", builtin_aiter, 1, 1, MethodDef::kNone, "aiter($module, async_iterable, /)\n--\n\nReturn an AsyncIterator for an AsyncIterable object."},
    {"all", builtin_all, 1, 1, MethodDef::kNone, "all($module, iterable, /)\n--\n\nReturn True if bool(x) is True for all values x in the iterable."},
    {"anext", builtin_anext, 1, 2, MethodDef::kNone, "anext($module, aiterator, default=<unrepresentable>, /)\n--\n\nReturn the next item from the async iterator."},
    {"any", builtin_any, 1, 1, MethodDef::kNone, "any($module, iterable, /)\n--\n\nReturn True if bool(x) is True for any x in the iterable."},
    {"ascii", builtin_ascii, 1, 1, MethodDef::kNone, "ascii($module, obj, /)\n--\n\nReturn an ASCII-only representation of an object."},
    {"bin", builtin_bin, 1, 1, MethodDef::kNone, "bin($module, number, /)\n--\n\nReturn the binary representation of an integer.\n\n   >>> bin(37)\n   '0b100101'"},
    {"callable", builtin_callable, 1, 1, MethodDef::kNone, "callable($module, obj, /)\n--\n\nReturn whether the object is callable."},
    {"chr", builtin_chr, 1, 1, MethodDef::kNone, "chr($module, i, /)\n--\n\nReturn a Unicode string of one character."},
    {"delattr", builtin_delattr, 2, 2, MethodDef::kNone, "delattr($module, obj, name, /)\n--\n\nDeletes the named attribute from the given object."},
    {"divmod", builtin_divmod, 2, 2, MethodDef::kNone, "divmod($module, x, y, /)\n--\n\nReturn the tuple (x//y, x%y)."},
    {"format", builtin_format, 1, 2, MethodDef::kNone, "format($module, value, format_spec='', /)\n--\n\nReturn value.__format__(format_spec)"},
    {"getattr", builtin_getattr, 2, 3, MethodDef::kNone, "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object."},
    {"hasattr", builtin_hasattr, 2, 2, MethodDef::kNone, "hasattr($module, obj, name, /)\n--\n\nReturn whether the object has an attribute with the given name."},
    {"hash", builtin_hash, 1, 1, MethodDef::kNone, "hash($module, obj, /)\n--\n\nReturn the hash value for the given object."},
    {"hex", builtin_hex, 1, 1, MethodDef::kNone, "hex($module, number, /)\n--\n\nReturn the hexadecimal representation of an integer.\n\n   >>> hex(-47806)\n   '-0xbabe'"},
    {"id", builtin_id, 1, 1, MethodDef::kNone, "id($module, obj, /)\n--\n\nReturn the identity of an object: the address of its block."},
    {"isinstance", builtin_isinstance, 2, 2, MethodDef::kNone, "isinstance($module, obj, class_or_tuple, /)\n--\n\nReturn whether an object is an instance of a class."},
    {"issubclass", builtin_issubclass, 2, 2, MethodDef::kNone, "issubclass($module, cls, class_or_tuple, /)\n--\n\nReturn whether 'cls' is derived from another class."},
    {"iter", builtin_iter, 1, 2, MethodDef::kNone, "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object."},
    {"len", builtin_len, 1, 1, MethodDef::kNone, "len($module, obj, /)\n--\n\nReturn the number of items in a container."},
    {"max", builtin_max, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple, "max(iterable, *[, default=obj, key=func]) -> value\n\nReturn the biggest item."},
    {"min", builtin_min, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple, "min(iterable, *[, default=obj, key=func]) -> value\n\nReturn the smallest item."},
    {"next", builtin_next, 1, 2, MethodDef::kNone, "next(iterator[, default])\n\nReturn the next item from the iterator."},
    {"oct", builtin_oct, 1, 1, MethodDef::kNone, "oct($module, number, /)\n--\n\nReturn the octal representation of an integer.\n\n   >>> oct(511)\n   '0o777'"},
    {"ord", builtin_ord, 1, 1, MethodDef::kNone, "ord($module, c, /)\n--\n\nReturn the Unicode code point for a one-character string."},
    {"pow", builtin_pow, 0, -1, MethodDef::kKeywords, "pow($module, /, base, exp, mod=None)\n--\n\nEquivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."},
    {"repr", builtin_repr, 1, 1, MethodDef::kNone, "repr($module, obj, /)\n--\n\nReturn the canonical string representation of the object."},
    {"round", builtin_round, 0, -1, MethodDef::kKeywords, "round($module, /, number, ndigits=None)\n--\n\nRound a number to a given precision in decimal digits."},
    {"setattr", builtin_setattr, 3, 3, MethodDef::kNone, "setattr($module, obj, name, value, /)\n--\n\nSets the named attribute on the given object to the specified value."},
    {"sorted", builtin_sorted, 0, -1, MethodDef::kKeywords, "sorted($module, iterable, /, *, key=None, reverse=False)\n--\n\nReturn a new list of the items in ascending order."},
    {"sum", builtin_sum, 0, -1, MethodDef::kKeywords, "sum($module, iterable, /, start=0)\n--\n\nReturn the sum of a 'start' value and an iterable of numbers."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// The built-in types and exceptions that have a name in builtins.
Status add_types(ThreadState& ts, Borrowed<Dict> dict) {
  const CoreTypes& types = ts.core.types;
  Type* const named[] = {types.object, types.type, types.bool_, types.int_, types.float_, types.complex, types.str, types.bytes,
                         types.bytearray, types.memoryview, types.tuple, types.list, types.dict, types.set, types.frozenset,
                         types.slice, types.range, types.enumerate, types.zip, types.map, types.filter, types.reversed, types.property,
                         types.classmethod, types.staticmethod, types.super};
  for (Type* type : named) OURO_TRY(dict_set(ts, dict, type->name(), Obj(type)));
#define OURO_EXCEPTION(name, base) OURO_TRY(dict_set(ts, dict, #name, Obj(ts.core.exceptions.name)));
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
  OURO_TRY(dict_set(ts, dict, "EnvironmentError", Obj(ts.core.exceptions.OSError)));
  return dict_set(ts, dict, "IOError", Obj(ts.core.exceptions.OSError));
}

}  // namespace

Result<Ref<Module>> create_builtins_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "builtins"));
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(module->add_functions(ts, kCodeBuiltins));
  Borrowed<Dict> dict = module->dict;
  OURO_TRY(dict_set(ts, dict, "None", Obj(ts.core.none)));
  OURO_TRY(dict_set(ts, dict, "Ellipsis", Obj(ts.core.ellipsis)));
  OURO_TRY(dict_set(ts, dict, "NotImplemented", Obj(ts.core.not_implemented)));
  OURO_TRY(dict_set(ts, dict, "False", Obj(ts.core.false_object)));
  OURO_TRY(dict_set(ts, dict, "True", Obj(ts.core.true_object)));
  OURO_TRY(dict_set(ts, dict, "__debug__", Obj(ts.core.true_object)));
  OURO_TRY(add_types(ts, dict));
  return module;
}

}  // namespace ouro
