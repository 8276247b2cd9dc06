// Module _contextvars: variables whose values belong to a context, and contexts that code runs in.
//
// The current context is the thread's (ThreadState::context), made when first asked for. One Common
// object, which lies in the module's dict, holds the types of the module; every variable and context
// leads to it. A Context's values are a dict from variables (by identity) to values; copying a context copies the dict.
#include <cstdio>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/function.h"

namespace ouro {

namespace {

constexpr const char* kCommonName = "_common";

struct Context : Object {
  Dict* values;
  Object* common;    // the module's Common
  Object* previous;  // ? the context that was current when this was entered
  bool entered;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(values, gc::slot_label("values"));
    v.edge(common, gc::slot_label("common"));
    v.edge(previous, gc::slot_label("previous"));
  }
};

struct Common : Object {
  Type* context_type;
  Type* variable_type;
  Type* token_type;
  template <class V>
  void edges(V& v) const {
    v.edge(context_type, gc::slot_label("context type"));
    v.edge(variable_type, gc::slot_label("variable type"));
    v.edge(token_type, gc::slot_label("token type"));
  }
};

struct ContextVar : Object {
  Str* name;
  Object* fallback;  // ? default
  Object* common;    // the module's Common
  template <class V>
  void edges(V& v) const {
    v.edge(name, gc::slot_label("name"));
    v.edge(fallback, gc::slot_label("default"));
    v.edge(common, gc::slot_label("common"));
  }
};

/// What set() gives back; reset() takes it once.
struct Token : Object {
  Context* context;
  ContextVar* variable;
  Object* old_value;  // ? none was set
  bool used;
  template <class V>
  void edges(V& v) const {
    v.edge(context, gc::slot_label("context"));
    v.edge(variable, gc::slot_label("var"));
    v.edge(old_value, gc::slot_label("old_value"));
  }
};

Common* common_of(Object* common) { return as<Common>(Obj(common)); }

/// The module's Common, new reference.
ObjResult find_common(ThreadState& ts) {
  ObjRef module = OURO_TRY(import_by_name(ts, "_contextvars"));
  ObjRef common = OURO_TRY(get_attribute(ts, module, OURO_TRY(intern(ts, kCommonName))));
  if (std::string_view(common->type()->short_name()) != "Common") {
    return raise_system_error(ts, "the types of contexts were replaced");
  }
  return common;
}

Result<Ref<Context>> make_context(ThreadState& ts, Borrowed<Type> type, Obj common,
                                  Borrowed<Dict> values) {
  ObjRef held = common.new_ref();
  Ref<Dict> dict = values ? OURO_TRY(dict_copy(ts, values)) : OURO_TRY(Dict::create(ts));
  Ref<Context> made = OURO_TRY(new_object<Context>(ts, type, type->info.basic_bytes));
  made->values = dict.release();
  made->common = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

/// The context of this thread, made the first time.
Result<Ref<Context>> current_context(ThreadState& ts, Object* common) {
  if (ts.context == nullptr) {
    Ref<Context> first = OURO_TRY(make_context(ts, common_of(common)->context_type, common, nullptr));
    first->entered = true;
    if (ts.context == nullptr) ts.context = first.release();
  }
  return Ref<Context>::share(as<Context>(Obj(ts.context)));
}

/// The address of an object, as reprs show it.
struct AddressText {
  explicit AddressText(Obj object) {
    std::snprintf(text, sizeof text, "%p", static_cast<void*>(object.get()));
  }
  char text[24];
};

// -- ContextVar -----------------------------------------------------------------------------------

ObjResult variable_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "ContextVar", {"name", "*", "default"}, 1, given));
  if (!is_str(given[0])) return raise_type_error(ts, "context variable name must be a str");
  ObjRef common = OURO_TRY(find_common(ts));
  Ref<ContextVar> made = OURO_TRY(new_object<ContextVar>(ts, type, type->info.basic_bytes));
  made->name = Ref<Str>::share(as<Str>(given[0])).release();
  if (given[1]) made->fallback = given[1].new_ref().release();
  made->common = common.release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult variable_get(ThreadState& ts, Obj self, Args args) {
  const auto* variable = as<ContextVar>(self);
  const Ref<Context> context = OURO_TRY(current_context(ts, variable->common));
  const Lookup found = dict_lookup(ts, context->values, self);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return ObjRef::share(found.value);
  if (args.count > 0) return args[0].new_ref();
  if (variable->fallback != nullptr) return ObjRef::share(variable->fallback);
  return raise_with(ts, ts.core.exceptions.LookupError, self);
}

ObjResult variable_set(ThreadState& ts, Obj self, Args args) {
  auto* variable = as<ContextVar>(self);
  Ref<Context> context = OURO_TRY(current_context(ts, variable->common));
  const Lookup found = dict_lookup(ts, context->values, self);
  if (found.failed) return Raised{};
  ObjRef old = found.value == nullptr ? ObjRef() : ObjRef::share(found.value);
  Borrowed<Type> token_type = common_of(variable->common)->token_type;
  Ref<Token> token = OURO_TRY(new_object<Token>(ts, token_type));
  token->variable = Ref<ContextVar>::share(variable).release();
  token->context = Ref<Context>::share(context.get()).release();
  token->old_value = old.release();
  OURO_TRY(track(ts, token));
  OURO_TRY(dict_set(ts, context->values, self, args[0]));
  return token;
}

ObjResult variable_reset(ThreadState& ts, Obj self, Args args) {
  if (args[0]->type() != common_of(as<ContextVar>(self)->common)->token_type) {
    return raise_type_error(ts, "expected an instance of Token, got {r}", args[0]);
  }
  auto* token = as<Token>(args[0]);
  if (token->used) {
    return raise(ts, ts.core.exceptions.RuntimeError, "{r} has already been used once", args[0]);
  }
  if (Obj(token->variable) != self) {
    return raise_value_error(ts, "{r} was created by a different ContextVar", args[0]);
  }
  Ref<Context> context = OURO_TRY(current_context(ts, as<ContextVar>(self)->common));
  if (token->context != context.get()) {
    return raise_value_error(ts, "{r} was created in a different Context", args[0]);
  }
  token->used = true;
  if (token->old_value == nullptr) {
    (void)OURO_TRY(dict_remove(ts, context->values, self));
  } else {
    const ObjRef old = ObjRef::share(token->old_value);
    OURO_TRY(dict_set(ts, context->values, self, old));
  }
  return ts.core.none_ref();
}

ObjResult variable_repr(ThreadState& ts, Obj self) {
  const auto* variable = as<ContextVar>(self);
  const AddressText address(self);
  if (variable->fallback == nullptr) {
    const FormatArg shown[] = {Obj(variable->name), address.text};
    return format_message(ts, "<ContextVar name={r} at {}>", shown);
  }
  const FormatArg shown[] = {Obj(variable->name), Obj(variable->fallback), address.text};
  return format_message(ts, "<ContextVar name={r} default={r} at {}>", shown);
}

ObjResult variable_name(ThreadState&, Obj self) {
  return ObjRef::share(as<ContextVar>(self)->name);
}

constexpr MethodDef kVariableMethods[] = {
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {"get", variable_get, 0, 1, MethodDef::kNone,
     "get($self, default=<unrepresentable>, /)\n--\n\nThe value in the current context; else "
     "default, "
     "else the variable's default, else LookupError."},
    {"reset", variable_reset, 1, 1, MethodDef::kNone,
     "reset($self, token, /)\n--\n\nPut the value back that was there before the set() that gave "
     "token."},
    {"set", variable_set, 1, 1, MethodDef::kNone,
     "set($self, value, /)\n--\n\nSet the value in the current context; reset() takes the result."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kVariableGetSets[] = {
    {"name", variable_name, refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_variable(Type& type) {
  fill_holder<ContextVar, &ContextVar::name, &ContextVar::fallback, &ContextVar::common>(type);
  type.make = variable_make;
  type.repr = variable_repr;
  type.methods = kVariableMethods;
  type.getsets = kVariableGetSets;
}

// -- Token ----------------------------------------------------------------------------------------

ObjResult token_make(ThreadState& ts, Borrowed<Type>, Args) {
  return raise(ts, ts.core.exceptions.RuntimeError, "Tokens can only be created by ContextVars");
}

ObjResult token_repr(ThreadState& ts, Obj self) {
  const auto* token = as<Token>(self);
  const AddressText address(self);
  const FormatArg shown[] = {token->used ? " used" : "", Obj(token->variable), address.text};
  return format_message(ts, "<Token{} var={r} at {}>", shown);
}

ObjResult token_variable(ThreadState&, Obj self) {
  return ObjRef::share(as<Token>(self)->variable);
}

ObjResult token_old_value(ThreadState& ts, Obj self) {
  const auto* token = as<Token>(self);
  if (token->old_value != nullptr) return ObjRef::share(token->old_value);
  return get_attribute(ts, Obj(self->type()), OURO_TRY(intern(ts, "MISSING")));
}

ObjResult missing_repr(ThreadState& ts, Obj) { return Str::from_utf8(ts, "<Token.MISSING>"); }

constexpr MethodDef kTokenMethods[] = {
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kTokenGetSets[] = {
    {"old_value", token_old_value, nullptr, nullptr},
    {"var", token_variable, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_token(Type& type) {
  fill_holder<Token, &Token::context, &Token::variable, &Token::old_value>(type);
  type.make = token_make;
  type.repr = token_repr;
  type.hash = [](ThreadState& ts, Obj object) -> Result<std::int64_t> {
    return raise_type_error(ts, "unhashable type: '{t}'", object);
  };
  type.methods = kTokenMethods;
  type.getsets = kTokenGetSets;
}

// -- Context --------------------------------------------------------------------------------------

ObjResult context_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.count != 0 || args.keyword_count() != 0) {
    return raise_type_error(ts, "Context() does not accept any arguments");
  }
  ObjRef common = OURO_TRY(find_common(ts));
  return make_context(ts, type, common, nullptr);
}

ObjResult context_run(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return raise_type_error(ts, "run() missing 1 required positional argument");
  auto* context = as<Context>(self);
  if (context->entered) {
    return raise(ts, ts.core.exceptions.RuntimeError,
                 "cannot enter context: {r} is already entered", self);
  }
  const ObjRef held = self.new_ref();
  (void)OURO_TRY(current_context(ts, context->common));
  context->entered = true;
  context->previous = std::exchange(ts.context, Ref<Context>::share(context).release());
  ObjResult result = call(ts, args[0], args.from(1));
  Object* previous = std::exchange(context->previous, nullptr);
  context->entered = false;
  xdecref(std::exchange(ts.context, previous));
  return result;
}

ObjResult context_copy(ThreadState& ts, Obj self, Args) {
  const auto* context = as<Context>(self);
  return make_context(ts, self->type(), Obj(context->common), context->values);
}

/// The key as a variable of a context.
Status check_key(ThreadState& ts, Obj self, Obj key) {
  if (key->type() == common_of(as<Context>(self)->common)->variable_type) return kDone;
  return raise_type_error(ts, "a ContextVar key was expected, got {r}", key);
}

Result<std::int64_t> context_length(ThreadState&, Obj self) {
  return dict_size(as<Context>(self)->values);
}

ObjResult context_subscript(ThreadState& ts, Obj self, Obj key) {
  OURO_TRY(check_key(ts, self, key));
  const Lookup found = dict_lookup(ts, as<Context>(self)->values, key);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return raise_with(ts, ts.core.exceptions.KeyError, key);
  return ObjRef::share(found.value);
}

Result<bool> context_contains(ThreadState& ts, Obj self, Obj key) {
  OURO_TRY(check_key(ts, self, key));
  return dict_contains(ts, as<Context>(self)->values, key);
}

ObjResult context_get(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_key(ts, self, args[0]));
  const Lookup found = dict_lookup(ts, as<Context>(self)->values, args[0]);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return ObjRef::share(found.value);
  return args.count > 1 ? args[1].new_ref() : ts.core.none_ref();
}

ObjResult context_iter(ThreadState& ts, Obj self) {
  return iterate(ts, Obj(as<Context>(self)->values));
}

/// keys, values, items: over a copy, which later changes do not reach.
template <const char* kName>
ObjResult context_view(ThreadState& ts, Obj self, Args) {
  Ref<Dict> copy = OURO_TRY(dict_copy(ts, as<Context>(self)->values));
  return call_method(ts, copy, OURO_TRY(intern(ts, kName)));
}
constexpr char kKeys[] = "keys";
constexpr char kValues[] = "values";
constexpr char kItems[] = "items";

constexpr MethodDef kContextMethods[] = {
    {"copy", context_copy, 0, 0, MethodDef::kNone,
     "copy($self, /)\n--\n\nA context with the same values."},
    {"get", context_get, 1, 2, MethodDef::kNone,
     "get($self, key, default=None, /)\n--\n\nThe value of the variable key here, else default."},
    {"items", context_view<kItems>, 0, 0, MethodDef::kNone,
     "items($self, /)\n--\n\nThe variables with their values."},
    {"keys", context_view<kKeys>, 0, 0, MethodDef::kNone, "keys($self, /)\n--\n\nThe variables."},
    {"run", context_run, 0, -1, MethodDef::kKeywords,
     "run(callable, *args, **kwargs)\n\nCall callable with this as the current context."},
    {"values", context_view<kValues>, 0, 0, MethodDef::kNone,
     "values($self, /)\n--\n\nThe values."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void fill_context(Type& type) {
  fill_holder<Context, &Context::values, &Context::common, &Context::previous>(type);
  type.info.dealloc = [](gc::Header* header) {
    auto* self = static_cast<Context*>(header);
    untrack(self);
    if (self->weaklist != nullptr) clear_weak_references(self);
    drop(self->values);
    drop(self->common);
    drop(self->previous);
    free_object(self);
  };
  type.info.weaklist_offset = offsetof(Context, weaklist);
  type.make = context_make;
  type.iter = context_iter;
  type.mapping.length = context_length;
  type.mapping.subscript = context_subscript;
  type.sequence.contains = context_contains;
  type.methods = kContextMethods;
}

ObjResult copy_context(ThreadState& ts, Obj module, Args) {
  Obj found = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, kCommonName)));
  if (!found) return raise_system_error(ts, "the types of contexts are gone");
  ObjRef common = found.new_ref();
  const Ref<Context> context = OURO_TRY(current_context(ts, common.get()));
  return make_context(ts, context->type(), common, context->values);
}

constexpr MethodDef kFunctions[] = {
    {"copy_context", copy_context, 0, 0, MethodDef::kNone,
     "copy_context($module, /)\n--\n\nA copy of the current context."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

Status add_missing(ThreadState& ts, Borrowed<Type> token) {
  Ref<Type> type =
      OURO_TRY(make_native_type(ts, {"MISSING", "Token", sizeof(Object), 0, kDisallowInstantiation,
                                     [](Type& missing) {
                                       missing.repr = missing_repr;
                                       missing.info.dealloc = [](gc::Header* header) {
                                         free_object(static_cast<Object*>(header));
                                       };
                                     },
                                     nullptr}));
  ObjRef missing = OURO_TRY(allocate_object(ts, type, sizeof(Object)));
  OURO_TRY(dict_set(ts, token->dict, "MISSING", Obj(missing)));
  type_modified(token);
  return kDone;
}

Status add_common(ThreadState& ts, Borrowed<Module> module, Borrowed<Type> context_type,
                   Borrowed<Type> variable_type, Borrowed<Type> token_type) {
  Ref<Type> type = OURO_TRY(make_native_type(
      ts, {"Common", "_contextvars", sizeof(Common), 0, kDisallowInstantiation,
           fill_holder<Common, &Common::context_type, &Common::variable_type, &Common::token_type>,
           nullptr}));
  Ref<Common> common = OURO_TRY(new_object<Common>(ts, type));
  common->context_type = context_type.new_ref().release();
  common->variable_type = variable_type.new_ref().release();
  common->token_type = token_type.new_ref().release();
  OURO_TRY(track(ts, common));
  return dict_set(ts, module->dict, kCommonName, Obj(common));
}

}  // namespace

Result<Ref<Module>> create_contextvars_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_contextvars"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  const char* const name = "_contextvars";
  Ref<Type> context = OURO_TRY(
      add_native_type(ts, module, {"Context", name, sizeof(Context), 0, 0, fill_context, nullptr}));
  Ref<Type> variable = OURO_TRY(add_native_type(
      ts, module, {"ContextVar", name, sizeof(ContextVar), 0, 0, fill_variable, nullptr}));
  Ref<Type> token = OURO_TRY(
      add_native_type(ts, module, {"Token", name, sizeof(Token), 0, 0, fill_token, nullptr}));
  OURO_TRY(add_missing(ts, token));
  OURO_TRY(add_common(ts, module, context, variable, token));
  return module;
}

}  // namespace ouro
