// Calls of Python functions: binding arguments to parameters, with CPython's words when they do not
// fit.
#include <cstring>

#include "objects/errors.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "vm/eval.h"

namespace ouro {

namespace {

// One binding in progress. Values are moved out of `values` (null then) into `slots`; whatever is
// left is dropped at the end.
struct Binding {
  ThreadState& ts;
  Function* function;
  Code* code;
  Object** slots;
  Object** values;
  std::uint32_t count;
  Tuple* keywords;
};

Borrowed<Str> parameter(const Code* code, std::int32_t index) {
  return static_cast<Str*>(code->local_names->items[index]);
}

// "'a', 'b', and 'c'" of a list of reprs.
Result<Ref<Str>> enumerate_names(ThreadState& ts, Borrowed<List> reprs) {
  StrBuilder text(ts);
  const std::int64_t count = reprs->size;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) {
      const bool last = i + 1 == count;
      const char* separator = !last ? ", " : count == 2 ? " and " : ", and ";
      OURO_TRY(text.append(std::string_view(separator)));
    }
    OURO_TRY(text.append(Borrowed<Str>(static_cast<Str*>(reprs->items[i]))));
  }
  return text.finish();
}

Raised raise_missing(const Binding& b, const char* kind, std::int32_t first, std::int32_t end) {
  ThreadState& ts = b.ts;
  Ref<List> names = OURO_TRY(List::create(ts));
  for (std::int32_t i = first; i < end; ++i) {
    if (b.slots[i] != nullptr) continue;
    Ref<Str> shown = OURO_TRY(repr_of(ts, parameter(b.code, i)));
    OURO_TRY(names->append(ts, ObjRef(std::move(shown))));
  }
  Ref<Str> text = OURO_TRY(enumerate_names(ts, names));
  return raise_type_error(ts, "{}() missing {} required {} argument{}: {}", b.function->qualname,
                          names->size, kind, names->size == 1 ? "" : "s", text);
}

Raised raise_too_many(const Binding& b) {
  ThreadState& ts = b.ts;
  const Code* code = b.code;
  std::int64_t kwonly_given = 0;
  for (std::int32_t i = code->arg_count; i < code->arg_count + code->kwonly_count; ++i) {
    kwonly_given += b.slots[i] != nullptr ? 1 : 0;
  }
  const std::int64_t defaults = b.function->defaults == nullptr ? 0 : b.function->defaults->size;
  Ref<Str> takes;
  bool plural;
  if (defaults > 0) {
    plural = true;
    takes = OURO_TRY(format_message(
        ts, "from {} to {}",
        std::initializer_list<FormatArg>{code->arg_count - defaults, code->arg_count}));
  } else {
    plural = code->arg_count != 1;
    takes = OURO_TRY(format_message(ts, "{}", std::initializer_list<FormatArg>{code->arg_count}));
  }
  Ref<Str> extra;
  if (kwonly_given > 0) {
    extra = OURO_TRY(
        format_message(ts, " positional argument{} (and {} keyword-only argument{})",
                       std::initializer_list<FormatArg>{b.count != 1 ? "s" : "", kwonly_given,
                                                        kwonly_given != 1 ? "s" : ""}));
  } else {
    extra = Ref<Str>::share(ts.core.empty_str);
  }
  return raise_type_error(ts, "{}() takes {} positional argument{} but {}{} {} given",
                          b.function->qualname, takes, plural ? "s" : "", b.count, extra,
                          b.count == 1 && kwonly_given == 0 ? "was" : "were");
}

// Names given by keyword that are positional-only parameters: raises when there are any.
Status refuse_positional_only(const Binding& b) {
  ThreadState& ts = b.ts;
  Ref<List> names = OURO_TRY(List::create(ts));
  for (std::int32_t i = 0; i < b.code->posonly_count; ++i) {
    for (std::int64_t k = 0; k < b.keywords->size; ++k) {
      if (!OURO_TRY(equals(ts, parameter(b.code, i), b.keywords->items[k]))) continue;
      OURO_TRY(names->append(ts, Obj(parameter(b.code, i).get())));
    }
  }
  if (names->size == 0) return kDone;
  Ref<Str> comma = OURO_TRY(Str::from_utf8(ts, ", "));
  Ref<Str> text =
      OURO_TRY(str_join(ts, comma, names->items, static_cast<std::size_t>(names->size)));
  return raise_type_error(
      ts, "{}() got some positional-only arguments passed as keyword arguments: '{}'",
      b.function->qualname, text);
}

// The parameter that a keyword names; -1 when there is none.
Result<std::int32_t> find_parameter(const Binding& b, Obj keyword, std::int32_t end) {
  for (std::int32_t i = b.code->posonly_count; i < end; ++i) {
    if (b.code->local_names->items[i] == keyword.get()) return i;
  }
  for (std::int32_t i = b.code->posonly_count; i < end; ++i) {
    if (OURO_TRY(equals(b.ts, parameter(b.code, i), keyword))) return i;
  }
  return -1;
}

Status bind_keywords(Binding& b, std::int32_t parameter_end, Dict* rest) {
  ThreadState& ts = b.ts;
  for (std::int64_t k = 0; k < b.keywords->size; ++k) {
    Obj keyword = b.keywords->items[k];
    Object*& value = b.values[b.count + static_cast<std::size_t>(k)];
    if (!is_str(keyword)) {
      return raise_type_error(ts, "keywords must be strings");
    }
    const std::int32_t index = OURO_TRY(find_parameter(b, keyword, parameter_end));
    if (index >= 0) {
      if (b.slots[index] != nullptr) {
        return raise_type_error(ts, "{}() got multiple values for argument '{}'",
                                b.function->qualname, keyword);
      }
      b.slots[index] = std::exchange(value, nullptr);
      continue;
    }
    if (rest == nullptr) {
      if (b.code->posonly_count > 0) OURO_TRY(refuse_positional_only(b));
      return raise_type_error(ts, "{}() got an unexpected keyword argument '{}'",
                              b.function->qualname, keyword);
    }
    OURO_TRY(dict_set(ts, rest, keyword, value));
  }
  return kDone;
}

Status fill_defaults(Binding& b) {
  const Code* code = b.code;
  const Tuple* defaults = b.function->defaults;
  const std::int32_t default_count =
      defaults == nullptr ? 0 : static_cast<std::int32_t>(defaults->size);
  const std::int32_t first_default = code->arg_count - default_count;
  const auto given = static_cast<std::int32_t>(b.count);
  if (given < code->arg_count) {
    for (std::int32_t i = given; i < first_default; ++i) {
      if (b.slots[i] == nullptr) return raise_missing(b, "positional", 0, first_default);
    }
    for (std::int32_t i = given > first_default ? given : first_default; i < code->arg_count; ++i) {
      if (b.slots[i] != nullptr || i < 0) continue;
      b.slots[i] = defaults->items[i - first_default];
      incref(b.slots[i]);
    }
  }
  const std::int32_t end = code->arg_count + code->kwonly_count;
  bool missing = false;
  for (std::int32_t i = code->arg_count; i < end; ++i) {
    if (b.slots[i] != nullptr) continue;
    if (b.function->kwdefaults != nullptr) {
      const Lookup found = dict_lookup(b.ts, b.function->kwdefaults, parameter(code, i));
      if (found.failed) return Raised{};
      if (found.value != nullptr) {
        incref(found.value);
        b.slots[i] = found.value;
        continue;
      }
    }
    missing = true;
  }
  if (missing) return raise_missing(b, "keyword-only", code->arg_count, end);
  return kDone;
}

Status bind_general(Binding& b) {
  ThreadState& ts = b.ts;
  const Code* code = b.code;
  const std::int32_t parameter_end = code->arg_count + code->kwonly_count;
  Dict* rest = nullptr;
  if ((code->flags & kVarKeywords) != 0) {
    rest = OURO_TRY(Dict::create(ts)).release();
    b.slots[parameter_end + ((code->flags & kVarArgs) != 0 ? 1 : 0)] = rest;
  }
  const std::uint32_t arg_count = static_cast<std::uint32_t>(code->arg_count);
  const std::uint32_t direct = b.count < arg_count ? b.count : arg_count;
  for (std::uint32_t i = 0; i < direct; ++i) b.slots[i] = std::exchange(b.values[i], nullptr);
  if ((code->flags & kVarArgs) != 0) {
    Ref<Tuple> extra = OURO_TRY(Tuple::make(ts, b.count - direct));
    for (std::uint32_t i = direct; i < b.count; ++i)
      extra->items[i - direct] = std::exchange(b.values[i], nullptr);
    if (b.count > direct) OURO_TRY(track(ts, extra));
    b.slots[parameter_end] = extra.release();
  }
  if (b.keywords != nullptr) OURO_TRY(bind_keywords(b, parameter_end, rest));
  if (b.count > arg_count && (code->flags & kVarArgs) == 0) return raise_too_many(b);
  return fill_defaults(b);
}

}  // namespace

Frame* make_call_frame(ThreadState& ts, Function* function, Object** values, std::uint32_t count,
                       Tuple* keywords) {
  Code* code = function->code;
  const std::uint32_t total =
      count + (keywords == nullptr ? 0 : static_cast<std::uint32_t>(keywords->size));
  Frame* frame = reserve_frame(ts, code);
  if (frame == nullptr) [[unlikely]] {
    for (std::uint32_t i = 0; i < total; ++i) decref(values[i]);
    decref(function);
    return nullptr;
  }
  if (keywords == nullptr && count == static_cast<std::uint32_t>(code->arg_count) &&
      code->kwonly_count == 0 && (code->flags & (kVarArgs | kVarKeywords)) == 0) {
    init_frame(frame, function, code->arg_count);
    std::memcpy(frame->slots, values, count * sizeof(Object*));
    return frame;
  }
  init_frame(frame, function, 0);
  Object** frame_end = ts.frame_stack_top;
  if (values >= frame_end && values < ts.frame_stack_limit) {
    ts.frame_stack_top = values + total;  // Python code that binding runs must not overwrite them
  }
  Binding binding{ts, function, code, frame->slots, values, count, keywords};
  const Status bound = bind_general(binding);
  {
    ObjRef exception = take_pending(ts);
    for (std::uint32_t i = 0; i < total; ++i) xdecref(std::exchange(values[i], nullptr));
    if (bound.raised()) {
      end_frame(ts, frame);
      restore_pending(ts, std::move(exception));
    }
  }
  ts.frame_stack_top = frame_end;
  if (bound.ok()) return frame;
  release_frame(ts, frame);
  return nullptr;
}

namespace {

// Where copies of `total` values go: above the room of the frame to be made. Null: raised.
Object** values_above_frame(ThreadState& ts, const Function* function, std::size_t total) {
  const std::size_t words = frame_words(function->code);
  if (total > UINT32_MAX ||
      words + total > static_cast<std::size_t>(ts.frame_stack_limit - ts.frame_stack_top)) {
    raise_recursion(ts);
    return nullptr;
  }
  return ts.frame_stack_top + words;
}

}  // namespace

ObjResult call_function(ThreadState& ts, Obj self, Args args) {
  Function* function = as<Function>(self);
  const std::uint32_t total = args.count + args.keyword_count();
  Object** values = values_above_frame(ts, function, total);
  if (values == nullptr) return Raised{};
  for (std::uint32_t i = 0; i < total; ++i) {
    incref(args.values[i]);
    values[i] = args.values[i];
  }
  incref(function);
  Frame* frame = make_call_frame(ts, function, values, args.count, args.keywords);
  if (frame == nullptr) return Raised{};
  return evaluate(ts, frame);
}

// -- f(*args, **kwargs) -----------------------------------------------------------------------

Result<Ref<Str>> callable_text(ThreadState& ts, Obj callable) {
  MaybeAttribute qualname = find_attribute(ts, callable, ts.core.names.dunder_qualname);
  if (qualname.failed) return Raised{};
  if (!qualname.value || !is_str(qualname.value)) return str_of(ts, callable);
  MaybeAttribute module = find_attribute(ts, callable, ts.core.names.dunder_module);
  if (module.failed) return Raised{};
  if (module.value && is_str(module.value) &&
      !str_equals_ascii(Borrowed<Str>(as<Str>(module.value)), "builtins")) {
    return format_message(ts, "{}.{}()",
                          std::initializer_list<FormatArg>{module.value, qualname.value});
  }
  return format_message(ts, "{}()", std::initializer_list<FormatArg>{qualname.value});
}

Result<Ref<Tuple>> unpacked_arguments(ThreadState& ts, Obj callable, Obj args) {
  if (is_exact_tuple(args)) return Ref<Tuple>::share(as<Tuple>(args));
  const Type* type = args->type();
  if (type->iter == nullptr && type->sequence.item == nullptr) {
    Ref<Str> text = OURO_TRY(callable_text(ts, callable));
    return raise_type_error(ts, "{} argument after * must be an iterable, not {t}", text, args);
  }
  return tuple_from_iterable(ts, args);
}

Frame* make_unpacked_frame(ThreadState& ts, Function* function, Tuple* args, Dict* kwargs) {
  const auto count = static_cast<std::size_t>(args->size);
  Ref<Tuple> keywords;
  if (kwargs != nullptr && kwargs->used > 0) {
    Result<Ref<Tuple>> made = Tuple::make(ts, kwargs->used);
    if (made.raised()) return nullptr;
    keywords = made.take();
  }
  const std::size_t keyword_count = keywords ? static_cast<std::size_t>(keywords->size) : 0;
  Object** values = values_above_frame(ts, function, count + keyword_count);
  if (values == nullptr) return nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    incref(args->items[i]);
    values[i] = args->items[i];
  }
  std::uint32_t position = 0;
  Obj key, value;
  for (std::size_t i = 0; i < keyword_count && dict_next(kwargs, position, key, value); ++i) {
    keywords->items[i] = key.new_ref().release();
    values[count + i] = value.new_ref().release();
  }
  incref(function);
  Frame* frame =
      make_call_frame(ts, function, values, static_cast<std::uint32_t>(count), keywords.get());
  if (frame == nullptr || keyword_count == 0 ||
      keyword_count > static_cast<std::size_t>(ts.frame_stack_limit - ts.frame_stack_top)) {
    return frame;
  }
  // CPython spreads the dict's values into an array that holds them until the call returns.
  Object** held = held_references(frame);
  position = 0;
  while (frame->held < keyword_count && dict_next(kwargs, position, key, value)) {
    held[frame->held++] = value.new_ref().release();
  }
  ts.frame_stack_top += keyword_count;
  return frame;
}

namespace {

Status merge_one(ThreadState& ts, Obj callable, Borrowed<Dict> target, Obj key, Obj value) {
  if (OURO_TRY(dict_contains(ts, target, key))) {
    Ref<Str> text = OURO_TRY(callable_text(ts, callable));
    return raise_type_error(ts, "{} got multiple values for keyword argument '{}'", text, key);
  }
  return dict_set(ts, target, key, value);
}

}  // namespace

Status merge_keywords(ThreadState& ts, Obj callable, Borrowed<Dict> target, Obj mapping) {
  if (is_plain_mapping(ts, mapping)) {
    Borrowed<Dict> source = as<Dict>(mapping);
    std::uint32_t position = 0;
    Obj key, value;
    while (dict_next(source, position, key, value)) {
      ObjRef held_key = key.new_ref();
      ObjRef held_value = value.new_ref();
      OURO_TRY(merge_one(ts, callable, target, held_key, held_value));
    }
    return kDone;
  }
  MaybeAttribute keys = find_attribute(ts, mapping, ts.core.names.n_keys);
  if (keys.failed) return Raised{};
  if (!keys.value) {
    Ref<Str> text = OURO_TRY(callable_text(ts, callable));
    return raise_type_error(ts, "{} argument after ** must be a mapping, not {t}", text, mapping);
  }
  ObjRef key_list = OURO_TRY(call(ts, keys.value));
  return for_each_item(ts, key_list, [&](ObjRef key) -> Status {
    ObjRef value = OURO_TRY(get_item(ts, mapping, key));
    return merge_one(ts, callable, target, key, value);
  });
}

}  // namespace ouro
