// GenericAlias: list[int]; type parameters and their substitution. Unions are in union_type.cpp.
#include "objects/generic_alias.h"

#include "objects/container_support.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

// Attributes of the alias itself; all others are those of its origin.
constexpr const char* kOwnAttributes[] = {
    "__class__",    "__bases__",      "__origin__",      "__args__",
    "__unpacked__", "__parameters__", "__mro_entries__", "__reduce_ex__",
    "__reduce__",   "__copy__",       "__deepcopy__",    "__typing_unpacked_tuple_args__"};

Result<Ref<GenericAlias>> make_alias(ThreadState& ts, Borrowed<Type> type, Obj origin,
                                     Borrowed<Tuple> args, bool starred) {
  ObjRef object = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  Ref<GenericAlias> made = Ref<GenericAlias>::steal(as<GenericAlias>(object.release()));
  made->origin = origin.new_ref().release();
  made->args = args.new_ref().release();
  made->starred = starred;
  OURO_TRY(track(ts, made));
  return made;
}

void alias_dealloc(gc::Header* header) {
  auto* self = static_cast<GenericAlias*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  drop(self->origin);
  drop(self->args);
  drop(self->parameters);
  free_object(self);
}

Result<Ref<Tuple>> as_arguments(ThreadState& ts, Obj args) {
  if (is_tuple(args)) return Ref<Tuple>::share(as<Tuple>(args));
  return Tuple::of(ts, args);
}

ObjResult alias_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "GenericAlias"));
  OURO_TRY(check_args(ts, args, "GenericAlias", 2, 2));
  Ref<Tuple> arguments = OURO_TRY(as_arguments(ts, args[1]));
  return make_alias(ts, type, args[0], arguments, false);
}

Result<Ref<Tuple>> parameters_of(ThreadState& ts, GenericAlias* alias) {
  if (alias->parameters == nullptr) {
    Ref<Tuple> found = OURO_TRY(collect_type_parameters(ts, alias->args));
    if (alias->parameters == nullptr) alias->parameters = found.release();
  }
  return Ref<Tuple>::share(alias->parameters);
}

Status append_argument(ThreadState& ts, StrBuilder& out, Obj argument) {
  if (!is_exact_list(argument)) {
    Ref<Str> text = OURO_TRY(type_argument_text(ts, argument));
    return out.append(text);
  }
  // A list of parameter types, as in Callable[[int, str], bool].
  OURO_TRY(out.append("["));
  for (std::int64_t i = 0; i < as<List>(argument)->size; ++i) {
    if (i > 0) OURO_TRY(out.append(", "));
    ObjRef item = as<List>(argument)->at(i).new_ref();
    Ref<Str> text = OURO_TRY(type_argument_text(ts, item));
    OURO_TRY(out.append(text));
  }
  return out.append("]");
}

ObjResult alias_repr(ThreadState& ts, Obj self) {
  const auto* alias = as<GenericAlias>(self);
  StrBuilder out(ts);
  if (alias->starred) OURO_TRY(out.append("*"));
  Ref<Str> origin = OURO_TRY(type_argument_text(ts, alias->origin));
  OURO_TRY(out.append(origin));
  OURO_TRY(out.append("["));
  for (std::int64_t i = 0; i < alias->args->size; ++i) {
    if (i > 0) OURO_TRY(out.append(", "));
    OURO_TRY(append_argument(ts, out, alias->args->at(i)));
  }
  if (alias->args->size == 0) OURO_TRY(out.append("()"));
  OURO_TRY(out.append("]"));
  return out.finish();
}

Result<std::int64_t> alias_hash(ThreadState& ts, Obj self) {
  const auto* alias = as<GenericAlias>(self);
  const std::int64_t origin = OURO_TRY(hash_of(ts, alias->origin));
  const std::int64_t args = OURO_TRY(hash_of(ts, alias->args));
  const std::int64_t mixed = origin ^ args;
  return mixed == -1 ? std::int64_t{-2} : mixed;
}

ObjResult alias_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_generic_alias(ts, left) || !is_generic_alias(ts, right) ||
      (op != CompareOp::Equal && op != CompareOp::NotEqual)) {
    return ts.core.not_implemented_ref();
  }
  const auto* a = as<GenericAlias>(left);
  const auto* b = as<GenericAlias>(right);
  bool equal = a->starred == b->starred;
  if (equal) equal = OURO_TRY(equals(ts, a->origin, b->origin));
  if (equal) equal = OURO_TRY(equals(ts, a->args, b->args));
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

ObjResult alias_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  for (const char* own : kOwnAttributes) {
    if (str_equals_ascii(name, own)) return generic_get_attribute(ts, self, name);
  }
  return get_attribute(ts, as<GenericAlias>(self)->origin, name);
}

// Makes an instance of the origin and tells it where it came from, if it can be told.
ObjResult alias_call(ThreadState& ts, Obj self, Args args) {
  ObjRef made = OURO_TRY(call(ts, Obj(as<GenericAlias>(self)->origin), args));
  Ref<Str> name = OURO_TRY(intern(ts, "__orig_class__"));
  if (set_attribute(ts, made, name, self).raised() &&
      !catch_pending(ts, ts.core.exceptions.AttributeError) &&
      !catch_pending(ts, ts.core.exceptions.TypeError)) {
    return Raised{};
  }
  return made;
}

ObjResult alias_subscript(ThreadState& ts, Obj self, Obj key) {
  auto* alias = as<GenericAlias>(self);
  Ref<Tuple> parameters = OURO_TRY(parameters_of(ts, alias));
  Ref<Tuple> args = OURO_TRY(substitute_type_parameters(ts, self, alias->args, parameters, key));
  return make_alias(ts, ts.core.types.generic_alias, alias->origin, args, alias->starred);
}

// for *list[int]: gives the alias once more, starred.
struct AliasIterator : Object {
  Object* alias;  // ? owned, null at the end
  template <class V>
  void edges(V& v) const {
    v.edge(alias, gc::slot_label("alias"));
  }
};

ObjResult alias_iter(ThreadState& ts, Obj self) {
  Ref<AliasIterator> made =
      OURO_TRY(new_object<AliasIterator>(ts, ts.core.types.generic_alias_iterator));
  made->alias = self.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

Next alias_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  ObjRef held = ObjRef::steal(std::exchange(as<AliasIterator>(self)->alias, nullptr));
  if (!held) return Next::Done;
  const auto* alias = as<GenericAlias>(held);
  auto starred = make_alias(ts, held->type(), alias->origin, alias->args, true);
  if (starred.raised()) return Next::Raised;
  item = starred.take();
  return Next::Item;
}

ObjResult alias_iterator_reduce(ThreadState& ts, Obj self, Args) {
  ObjRef function = OURO_TRY(builtin_function(ts, "iter"));
  Object* alias = as<AliasIterator>(self)->alias;
  Ref<Tuple> rest =
      OURO_TRY(Tuple::of(ts, alias == nullptr ? Obj(ts.core.empty_tuple) : Obj(alias)));
  return Tuple::of(ts, function, rest);
}

ObjResult return_self(ThreadState&, Obj self) { return self.new_ref(); }

constexpr MethodDef kAliasIteratorMethods[] = {
    {"__reduce__", alias_iterator_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

// The names of the origin and the alias's own.
ObjResult alias_dir(ThreadState& ts, Obj self, Args) {
  ObjRef names = OURO_TRY(dir_of(ts, as<GenericAlias>(self)->origin));
  if (!is_list(names)) return names;
  for (const char* own : kOwnAttributes) {
    Ref<Str> name = OURO_TRY(intern(ts, own));
    if (!OURO_TRY(contains(ts, names, name))) OURO_TRY(as<List>(names)->append(ts, Obj(name)));
  }
  return names;
}

ObjResult alias_mro_entries(ThreadState& ts, Obj self, Args) {
  return Tuple::of(ts, Obj(as<GenericAlias>(self)->origin));
}

ObjResult alias_instancecheck(ThreadState& ts, Obj, Args) {
  return raise_type_error(ts, "isinstance() argument 2 cannot be a parameterized generic");
}

ObjResult alias_subclasscheck(ThreadState& ts, Obj, Args) {
  return raise_type_error(ts, "issubclass() argument 2 cannot be a parameterized generic");
}

ObjResult alias_reduce(ThreadState& ts, Obj self, Args) {
  const auto* alias = as<GenericAlias>(self);
  if (alias->starred) {
    Ref<GenericAlias> plain =
        OURO_TRY(make_alias(ts, self->type(), alias->origin, alias->args, false));
    ObjRef iterator = OURO_TRY(alias_iter(ts, plain));
    ObjRef function = OURO_TRY(builtin_function(ts, "next"));
    Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, iterator));
    return Tuple::of(ts, function, arguments);
  }
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(alias->origin), Obj(alias->args)));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

ObjResult get_origin(ThreadState&, Obj self) {
  return ObjRef::share(as<GenericAlias>(self)->origin);
}
ObjResult get_args(ThreadState&, Obj self) {
  return Ref<Tuple>::share(as<GenericAlias>(self)->args);
}
ObjResult get_parameters(ThreadState& ts, Obj self) {
  return parameters_of(ts, as<GenericAlias>(self));
}
ObjResult get_unpacked_args(ThreadState& ts, Obj self) {
  const auto* alias = as<GenericAlias>(self);
  if (!alias->starred || alias->origin != ts.core.types.tuple) return ts.core.none_ref();
  return Ref<Tuple>::share(alias->args);
}
ObjResult get_unpacked(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as<GenericAlias>(self)->starred);
}

constexpr MethodDef kAliasMethods[] = {
    {"__mro_entries__", alias_mro_entries, 1, 1, MethodDef::kNone, nullptr},
    {"__instancecheck__", alias_instancecheck, 1, 1, MethodDef::kNone, nullptr},
    {"__subclasscheck__", alias_subclasscheck, 1, 1, MethodDef::kNone, nullptr},
    {"__dir__", alias_dir, 0, 0, MethodDef::kNone, nullptr},
    {"__reduce__", alias_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kAliasGetsets[] = {
    {"__origin__", get_origin, nullptr, nullptr, true},
    {"__args__", get_args, nullptr, nullptr, true},
    {"__parameters__", get_parameters, nullptr, "The type variables among the arguments."},
    {"__unpacked__", get_unpacked, nullptr, nullptr, true},
    {"__typing_unpacked_tuple_args__", get_unpacked_args, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

Status append_unique(ItemBuffer& found, ObjRef item) {
  for (std::int64_t i = 0; i < found.size(); ++i) {
    if (found.data()[i] == item.get()) return kDone;
  }
  return found.append(std::move(item));
}

// The tuple under `__parameters__` of an argument; empty when it has none.
Result<Ref<Tuple>> inner_parameters(ThreadState& ts, Obj argument) {
  MaybeAttribute inner = find_attribute(ts, argument, ts.core.names.dunder_parameters);
  if (inner.failed) return Raised{};
  if (!inner.value || !is_tuple(inner.value)) return Ref<Tuple>::share(ts.core.empty_tuple);
  return Ref<Tuple>::steal(as<Tuple>(inner.value.release()));
}

Result<std::int64_t> place_of_parameter(Borrowed<Tuple> parameters, Obj parameter) {
  for (std::int64_t i = 0; i < parameters->size; ++i) {
    if (parameters->at(i) == parameter) return i;
  }
  return std::int64_t{-1};
}

// The arguments given for parameters, with what is starred (*tuple[int, str]) taken apart.
Result<Ref<Tuple>> unpacked_arguments(ThreadState& ts, Obj given) {
  Ref<Tuple> packed = OURO_TRY(as_arguments(ts, given));
  Ref<Str> name = OURO_TRY(intern(ts, "__typing_unpacked_tuple_args__"));
  ItemBuffer items(ts);
  for (std::int64_t i = 0; i < packed->size; ++i) {
    Obj item = packed->at(i);
    if (!is_type(item)) {
      MaybeAttribute inner = find_attribute(ts, item, name);
      if (inner.failed) return Raised{};
      if (inner.value && is_tuple(inner.value)) {
        const auto* parts = as<Tuple>(inner.value);
        if (parts->size == 0 || parts->items[parts->size - 1] != ts.core.ellipsis) {
          for (std::int64_t j = 0; j < parts->size; ++j) {
            OURO_TRY(items.append(parts->at(j).new_ref()));
          }
          continue;
        }
      }
    }
    OURO_TRY(items.append(item.new_ref()));
  }
  return Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size()));
}

// A parameter may look at all arguments before they are handed out (`__typing_prepare_subst__`):
// one that takes any number packs its own.
Result<Ref<Tuple>> prepared_arguments(ThreadState& ts, Obj self, Borrowed<Tuple> parameters,
                                      Ref<Tuple> given) {
  Ref<Str> name = OURO_TRY(intern(ts, "__typing_prepare_subst__"));
  for (std::int64_t i = 0; i < parameters->size; ++i) {
    MaybeAttribute prepare = find_attribute(ts, parameters->at(i), name);
    if (prepare.failed) return Raised{};
    if (!prepare.value || is_none(prepare.value)) continue;
    ObjRef prepared = OURO_TRY(call(ts, prepare.value, self, Obj(given)));
    given = OURO_TRY(as_arguments(ts, prepared));
  }
  return given;
}

// The parameters an argument has inside, replaced by their values: argument[values …].
ObjResult substitute_inside(ThreadState& ts, Obj argument, Borrowed<Tuple> parameters,
                            Borrowed<Tuple> values) {
  Ref<Tuple> inner = OURO_TRY(inner_parameters(ts, argument));
  if (inner->size == 0) return argument.new_ref();
  ItemBuffer chosen(ts);
  for (std::int64_t i = 0; i < inner->size; ++i) {
    const std::int64_t place = OURO_TRY(place_of_parameter(parameters, inner->at(i)));
    if (place < 0) {
      OURO_TRY(chosen.append(inner->at(i).new_ref()));
      continue;
    }
    Obj value = values->at(place);
    // A tuple stands for the arguments of a parameter that takes any number of them.
    const bool spreads = is_tuple(value) && inner->at(i)->type()->iter != nullptr;
    if (!spreads) {
      OURO_TRY(chosen.append(value.new_ref()));
      continue;
    }
    for (std::int64_t j = 0; j < as<Tuple>(value)->size; ++j) {
      OURO_TRY(chosen.append(as<Tuple>(value)->at(j).new_ref()));
    }
  }
  Ref<Tuple> packed =
      OURO_TRY(Tuple::from(ts, chosen.data(), static_cast<std::size_t>(chosen.size())));
  return get_item(ts, argument, packed);
}

// Appends one argument with the parameters replaced by `values` (as many as parameters).
Status substitute(ThreadState& ts, Obj argument, Borrowed<Str> hook, Borrowed<Tuple> parameters,
                  Borrowed<Tuple> values, ItemBuffer& out) {
  if (is_type(argument)) return out.append(argument.new_ref());
  Ref<Str> unpacks = OURO_TRY(intern(ts, "__typing_is_unpacked_typevartuple__"));
  MaybeAttribute starred = find_attribute(ts, argument, unpacks);
  if (starred.failed) return Raised{};
  const bool spreads = starred.value && OURO_TRY(is_true(ts, starred.value));
  MaybeAttribute replace = find_attribute(ts, argument, hook);
  if (replace.failed) return Raised{};
  ObjRef replaced;
  if (replace.value) {
    const std::int64_t place = OURO_TRY(place_of_parameter(parameters, argument));
    if (place < 0) return out.append(argument.new_ref());
    replaced = OURO_TRY(call(ts, replace.value, values->at(place)));
  } else {
    replaced = OURO_TRY(substitute_inside(ts, argument, parameters, values));
  }
  if (!spreads) return out.append(std::move(replaced));
  if (!is_tuple(replaced)) return raise_type_error(ts, "expected a tuple, not {t}", replaced);
  for (std::int64_t i = 0; i < as<Tuple>(replaced)->size; ++i) {
    OURO_TRY(out.append(as<Tuple>(replaced)->at(i).new_ref()));
  }
  return kDone;
}

}  // namespace

ObjResult generic_alias_create(ThreadState& ts, Obj origin, Obj args) {
  Ref<Tuple> packed = OURO_TRY(as_arguments(ts, args));
  return make_alias(ts, ts.core.types.generic_alias, origin, packed, false);
}

Result<Ref<Tuple>> collect_type_parameters(ThreadState& ts, Borrowed<Tuple> args) {
  Ref<Str> hook = OURO_TRY(intern(ts, "__typing_subst__"));
  ItemBuffer found(ts);
  for (std::int64_t i = 0; i < args->size; ++i) {
    Obj argument = args->at(i);
    if (is_type(argument)) continue;
    MaybeAttribute replace = find_attribute(ts, argument, hook);
    if (replace.failed) return Raised{};
    if (replace.value) {
      OURO_TRY(append_unique(found, argument.new_ref()));
      continue;
    }
    Ref<Tuple> inner = OURO_TRY(inner_parameters(ts, argument));
    for (std::int64_t j = 0; j < inner->size; ++j)
      OURO_TRY(append_unique(found, inner->at(j).new_ref()));
  }
  return Tuple::from(ts, found.data(), static_cast<std::size_t>(found.size()));
}

Result<Ref<Tuple>> substitute_type_parameters(ThreadState& ts, Obj self, Borrowed<Tuple> args,
                                              Borrowed<Tuple> parameters, Obj values) {
  if (parameters->size == 0) return raise_type_error(ts, "{r} is not a generic class", self);
  Ref<Tuple> given = OURO_TRY(unpacked_arguments(ts, values));
  given = OURO_TRY(prepared_arguments(ts, self, parameters, std::move(given)));
  if (given->size != parameters->size) {
    return raise_type_error(ts, "Too {} arguments for {r}; actual {}, expected {}",
                            given->size > parameters->size ? "many" : "few", self, given->size,
                            parameters->size);
  }
  Ref<Str> hook = OURO_TRY(intern(ts, "__typing_subst__"));
  ItemBuffer replaced(ts);
  for (std::int64_t i = 0; i < args->size; ++i) {
    OURO_TRY(substitute(ts, args->at(i), hook, parameters, given, replaced));
  }
  return Tuple::from(ts, replaced.data(), static_cast<std::size_t>(replaced.size()));
}

Result<Ref<Str>> type_argument_text(ThreadState& ts, Obj argument) {
  if (argument.get() == ts.core.ellipsis) return Str::from_utf8(ts, "...");
  if (is_generic_alias(ts, argument)) return repr_of(ts, argument);
  MaybeAttribute origin = find_attribute(ts, argument, ts.core.names.dunder_origin);
  if (origin.failed) return Raised{};
  if (origin.value) {
    MaybeAttribute args = find_attribute(ts, argument, ts.core.names.dunder_args);
    if (args.failed) return Raised{};
    if (args.value) return repr_of(ts, argument);  // an alias of another module
  }
  MaybeAttribute qualname = find_attribute(ts, argument, ts.core.names.dunder_qualname);
  if (qualname.failed) return Raised{};
  MaybeAttribute module = find_attribute(ts, argument, ts.core.names.dunder_module);
  if (module.failed) return Raised{};
  if (!qualname.value || !module.value || is_none(module.value)) return repr_of(ts, argument);
  if (is_str(module.value) && str_equals_ascii(as<Str>(module.value), "builtins"))
    return str_of(ts, qualname.value);
  const FormatArg parts[] = {FormatArg(module.value), FormatArg(qualname.value)};
  return format_message(ts, "{}.{}", parts);
}

void init_generic_alias_iterator_type(ThreadState&, Type& type) {
  init_collected<AliasIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<AliasIterator, &AliasIterator::alias>;
  type.iter = return_self;
  type.next = alias_iterator_next;
  type.methods = kAliasIteratorMethods;
}

void init_generic_alias_type(ThreadState&, Type& type) {
  init_collected<GenericAlias>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = alias_dealloc;
  type.info.weaklist_offset = offsetof(GenericAlias, weaklist);
  type.make = alias_make;
  type.repr = alias_repr;
  type.hash = alias_hash;
  type.compare = alias_compare;
  type.call = alias_call;
  type.get_attribute = alias_get_attribute;
  type.iter = alias_iter;
  type.number.bit_or = union_of;
  type.mapping.subscript = alias_subscript;
  type.methods = kAliasMethods;
  type.getsets = kAliasGetsets;
  type.module_name = "types";
  type.doc = "GenericAlias(origin, args, /)\n--\n\nA generic class with its arguments.";
}

}  // namespace ouro
