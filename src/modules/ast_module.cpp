// Module _ast: the classes of syntax trees, made from the table of the abstract grammar.
//
// AST itself is native: an object with a dict whose constructor knows the fields of its class. The
// others are classes as a program could write them, with `_fields`, `_attributes`, a signature as
// docstring, and None as class attribute for each optional field.
#include <optional>

#include "modules/ast.h"
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace {

using syntax::AstClass;

struct AstObject : Object {
  Dict* dict;  // ?
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

// -- class AST ------------------------------------------------------------------------------------

ObjResult ast_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<AstObject> made = OURO_TRY(new_object<AstObject>(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, made));
  return made;
}

Status ast_init(ThreadState& ts, Obj self, Args args) {
  MaybeAttribute found = find_attribute(ts, self->type(), OURO_TRY(intern(ts, "_fields")));
  if (found.failed) return Raised{};
  Ref<List> fields;
  if (found.value) {
    fields = OURO_TRY(list_from_iterable(ts, found.value));
  } else {
    fields = OURO_TRY(List::create(ts));
  }
  if (static_cast<std::int64_t>(args.size()) > fields->size) {
    return raise_type_error(ts, "{} constructor takes at most {} positional argument{}",
                            self->type()->short_name(), fields->size, fields->size == 1 ? "" : "s");
  }
  for (std::uint32_t i = 0; i < args.size(); ++i) {
    ObjRef name = fields->at(i).new_ref();
    if (!is_str(name))
      return raise_type_error(ts, "attribute name must be string, not '{t}'", name);
    OURO_TRY(set_attribute(ts, self, as<Str>(name), args[i]));
  }
  for (std::uint32_t k = 0; k < args.keyword_count(); ++k) {
    Borrowed<Str> keyword = as<Str>(args.keywords->at(k));
    for (std::uint32_t i = 0; i < args.size() && i < fields->size; ++i) {
      if (!is_str(fields->at(i)) || !str_equal(as<Str>(fields->at(i)), keyword)) continue;
      return raise_type_error(ts, "{} got multiple values for argument '{}'",
                              self->type()->short_name(), keyword);
    }
    OURO_TRY(set_attribute(ts, self, keyword, args.keyword_value(k)));
  }
  return kDone;
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  auto* object = as<AstObject>(self);
  if (object->dict == nullptr) {
    Ref<Dict> made = OURO_TRY(Dict::create(ts));
    if (object->dict == nullptr) object->dict = made.release();
  }
  return ObjRef::share(object->dict);
}

Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  const Ref<Dict> old = Ref<Dict>::steal(
      std::exchange(as<AstObject>(self)->dict, Ref<Dict>::share(as<Dict>(value)).release()));
  return kDone;
}

ObjResult ast_reduce(ThreadState& ts, Obj self, Args) {
  ObjRef dict = OURO_TRY(get_dict(ts, self));
  return Tuple::of(ts, Obj(self->type()), Obj(ts.core.empty_tuple), dict);
}

constexpr MethodDef kMethods[] = {
    {"__reduce__", ast_reduce, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"__dict__", get_dict, set_dict, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill(Type& type) {
  fill_holder<AstObject, &AstObject::dict>(type);
  type.info.flags |= kBaseType | kHasDict;
  type.dict_offset = offsetof(AstObject, dict);
  type.make = ast_make;
  type.init = ast_init;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

// -- signatures -----------------------------------------------------------------------------------

template <class T>
constexpr const char* type_word() {
  using namespace syntax;
  if constexpr (std::is_same_v<T, Expr*>)
    return "expr";
  else if constexpr (std::is_same_v<T, Stmt*>)
    return "stmt";
  else if constexpr (std::is_same_v<T, Pattern*>)
    return "pattern";
  else if constexpr (std::is_same_v<T, ExceptHandler*>)
    return "excepthandler";
  else if constexpr (std::is_same_v<T, Identifier>)
    return "identifier";
  else if constexpr (std::is_same_v<T, int> || std::is_same_v<T, bool>)
    return "int";
  else if constexpr (std::is_same_v<T, ConstantValue> || std::is_same_v<T, ConstantTag>)
    return "constant";
  else if constexpr (std::is_enum_v<T>)
    return ast_class_name(AstEnum<T>::kSum);
  else
    return ast_class_name(kAstClassOf<std::remove_pointer_t<T>>);
}

/// Gathers a class's signature, its fields, and those that may be missing.
struct Signature {
  ThreadState& ts;
  StrBuilder& text;
  List* fields;
  List* optional_fields;
  Status status = kDone;

  template <class T>
  void required(const char* name, const T&) {
    add(type_word<T>(), "", name);
  }
  template <class T>
  void required(const char* name, const syntax::Seq<T>&) {
    add(type_word<T>(), "*", name);
  }
  template <class T>
  void optional(const char* name, const T&) {
    add(type_word<T>(), "?", name);
  }
  void comment(const char* name) { add("string", "?", name); }
  void kind(const char* name, bool) { add("string", "?", name); }

 private:
  void add(const char* type, const char* mark, const char* name) {
    if (status.ok()) status = try_add(type, mark, name);
  }
  Status try_add(const char* type, const char* mark, const char* name) {
    OURO_TRY(text.append(std::string_view(fields->size == 0 ? "(" : ", ")));
    OURO_TRY(text.append(std::string_view(type)));
    OURO_TRY(text.append(std::string_view(mark)));
    OURO_TRY(text.append(U' '));
    OURO_TRY(text.append(std::string_view(name)));
    Ref<Str> field = OURO_TRY(intern(ts, name));
    OURO_TRY(fields->append(ts, field));
    return *mark == '?' ? optional_fields->append(ts, field) : kDone;
  }
};

enum class Location : std::uint8_t { None, Open, Full };

/// What a class is made from.
struct ClassParts {
  Ref<List> fields, optional_fields;
  Ref<Str> doc;
};

/// A class without fields is its name only.
Result<Ref<Str>> finish_signature(StrBuilder& text, const List* fields) {
  if (fields->size > 0) OURO_TRY(text.append(U')'));
  return text.finish();
}

Status new_parts(ThreadState& ts, ClassParts& parts) {
  parts.fields = OURO_TRY(List::create(ts));
  parts.optional_fields = OURO_TRY(List::create(ts));
  return kDone;
}

template <class T>
Status describe(ThreadState& ts, const char* name, ClassParts& parts) {
  OURO_TRY(new_parts(ts, parts));
  StrBuilder text(ts);
  OURO_TRY(text.append(std::string_view(name)));
  Signature signature{ts, text, parts.fields.get(), parts.optional_fields.get()};
  T node;
  visit_fields(signature, node);
  OURO_TRY(signature.status);
  parts.doc = OURO_TRY(finish_signature(text, parts.fields.get()));
  return kDone;
}

/// The same from a written signature: "Name(type field, type field)".
Status describe_text(ThreadState& ts, std::string_view text, ClassParts& parts) {
  OURO_TRY(new_parts(ts, parts));
  parts.doc = OURO_TRY(Str::from_utf8(ts, text));
  std::size_t at = text.find('(');
  while (at != std::string_view::npos && at < text.size()) {
    const std::size_t end = text.find_first_of(",)", at);
    if (end == std::string_view::npos) break;
    const std::size_t space = text.rfind(' ', end);
    Ref<Str> field = OURO_TRY(Str::from_utf8(ts, text.substr(space + 1, end - space - 1)));
    field = OURO_TRY(intern(ts, std::move(field)));
    OURO_TRY(parts.fields->append(ts, field));
    at = end + 1;
  }
  return kDone;
}

// -- making the classes ---------------------------------------------------------------------------

class ClassMaker {
 public:
  ClassMaker(ThreadState& ts, Borrowed<Module> module, AstClasses& classes)
      : ts_(ts), module_(module), classes_(classes) {}

  Status make(AstClass name, AstClass base, ClassParts& parts) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts_));
    Ref<Tuple> fields = OURO_TRY(list_as_tuple(ts_, parts.fields));
    OURO_TRY(dict_set(ts_, dict, "_fields", Obj(fields)));
    OURO_TRY(dict_set(ts_, dict, "__match_args__", Obj(fields)));
    OURO_TRY(dict_set(ts_, dict, "__module__", Obj(OURO_TRY(intern(ts_, "ast")))));
    OURO_TRY(dict_set(ts_, dict, "__doc__", Obj(parts.doc)));
    for (std::int64_t i = 0; i < parts.optional_fields->size; ++i) {
      OURO_TRY(dict_set(ts_, dict, parts.optional_fields->at(i), ts_.core.none));
    }
    Ref<Tuple> bases = OURO_TRY(Tuple::of(ts_, Obj(classes_.of(base))));
    Ref<Str> text = OURO_TRY(intern(ts_, ast_class_name(name)));
    ObjRef made = OURO_TRY(type_new(ts_, ts_.core.types.type, text, bases, dict, {}));
    OURO_TRY(dict_set(ts_, module_->dict, text, made));
    classes_.types[static_cast<std::size_t>(name)] = as<Type>(made.release());
    return kDone;
  }

  Status locate(AstClass name, Location location) {
    static constexpr const char* kAttributes[] = {"lineno", "col_offset", "end_lineno",
                                                  "end_col_offset"};
    Ref<List> attributes = OURO_TRY(List::create(ts_));
    for (std::size_t i = 0; i < 4 && location != Location::None; ++i) {
      Ref<Str> attribute = OURO_TRY(intern(ts_, kAttributes[i]));
      OURO_TRY(attributes->append(ts_, attribute));
      if (i >= 2 && location == Location::Open) {
        OURO_TRY(set_attribute(ts_, classes_.of(name), attribute, ts_.core.none));
      }
    }
    Ref<Tuple> row = OURO_TRY(list_as_tuple(ts_, attributes));
    return set_attribute(ts_, classes_.of(name), OURO_TRY(intern(ts_, "_attributes")), row);
  }

  Status make_sum(AstClass name, Location location) {
    OURO_TRY(finish_sum());
    ClassParts parts;
    OURO_TRY(new_parts(ts_, parts));
    parts.doc = Ref<Str>::share(ts_.core.empty_str);
    OURO_TRY(make(name, AstClass::kAST, parts));
    OURO_TRY(locate(name, location));
    sum_ = name;
    sum_text_.emplace(ts_);
    return sum_text_->append(std::string_view(ast_class_name(name)));
  }

  /// A class derived from the sum made last.
  Status make_member(AstClass name, ClassParts& parts, bool is_value) {
    if (sum_is_empty_) {
      OURO_TRY(sum_text_->append(std::string_view(" = ")));
    } else if (is_value) {
      OURO_TRY(sum_text_->append(std::string_view(" | ")));
    } else {
      OURO_TRY(sum_text_->append(U'\n'));
      const std::string_view sum = ast_class_name(sum_);
      OURO_TRY(sum_text_->append_repeated(U' ', static_cast<std::int64_t>(sum.size()) + 1));
      OURO_TRY(sum_text_->append(std::string_view("| ")));
    }
    sum_is_empty_ = false;
    OURO_TRY(sum_text_->append(Borrowed<Str>(parts.doc)));
    OURO_TRY(make(name, sum_, parts));
    if (!is_value) return kDone;
    ObjRef only = OURO_TRY(call(ts_, classes_.of(name)));
    classes_.singletons[static_cast<std::size_t>(name)] = only.release();
    return kDone;
  }

  /// Gives the sum made last its docstring, which names what derives from it.
  Status finish_sum() {
    if (!sum_text_.has_value()) return kDone;
    Ref<Str> doc = OURO_TRY(sum_text_->finish());
    sum_text_.reset();
    sum_is_empty_ = true;
    return set_attribute(ts_, classes_.of(sum_), ts_.core.names.dunder_doc, doc);
  }

 private:
  ThreadState& ts_;
  Borrowed<Module> module_;
  AstClasses& classes_;
  AstClass sum_ = AstClass::kAST;
  std::optional<StrBuilder> sum_text_;
  bool sum_is_empty_ = true;
};

Status make_root_class(ThreadState& ts, Borrowed<Module> module, AstClasses& classes) {
  Ref<Type> root =
      OURO_TRY(add_native_type(ts, module, {"AST", "ast", sizeof(AstObject), 0, 0, fill, nullptr}));
  for (const char* name : {"_fields", "__match_args__", "_attributes"}) {
    OURO_TRY(dict_set(ts, root->dict, name, Obj(ts.core.empty_tuple)));
  }
  root->info.flags &= ~std::uint64_t{kImmutable};
  classes.types[0] = root.release();
  return kDone;
}

Status make_classes(ThreadState& ts, Borrowed<Module> module, AstClasses& classes) {
  OURO_TRY(make_root_class(ts, module, classes));
  ClassMaker maker(ts, module, classes);
  ClassParts parts;
#define OURO_AST_SUM(name, location) \
  OURO_TRY(maker.make_sum(AstClass::k##name, Location::location));
#define OURO_AST_VALUE(sum, name)            \
  OURO_TRY(describe_text(ts, #name, parts)); \
  OURO_TRY(maker.make_member(AstClass::k##name, parts, true));
#define OURO_AST_NODE(sum, type, name, fields)        \
  OURO_TRY(describe<syntax::type>(ts, #name, parts)); \
  OURO_TRY(maker.make_member(AstClass::k##name, parts, false));
#define OURO_AST_PRODUCT(type, name, location, fields)            \
  OURO_TRY(maker.finish_sum());                                   \
  OURO_TRY(describe<syntax::type>(ts, #name, parts));             \
  OURO_TRY(maker.make(AstClass::k##name, AstClass::kAST, parts)); \
  OURO_TRY(maker.locate(AstClass::k##name, Location::location));
#define OURO_AST_ROOT(name, text)           \
  OURO_TRY(describe_text(ts, text, parts)); \
  OURO_TRY(maker.make_member(AstClass::k##name, parts, false));
#include "syntax/ast_schema.def"
  return maker.finish_sum();
}

void free_state(Module* module) {
  auto* classes = static_cast<AstClasses*>(std::exchange(module->state, nullptr));
  if (classes == nullptr) return;
  for (std::size_t i = 0; i < syntax::kAstClassCount; ++i) {
    xdecref(classes->singletons[i]);
    xdecref(classes->types[i]);
  }
  free_raw(classes);
}

}  // namespace

const char* ast_class_name(AstClass name) {
  static constexpr const char* kNames[] = {
      "AST",
#define OURO_AST_SUM(name, location) #name,
#define OURO_AST_VALUE(sum, name) #name,
#define OURO_AST_NODE(sum, type, name, fields) #name,
#define OURO_AST_PRODUCT(type, name, location, fields) #name,
#define OURO_AST_ROOT(name, text) #name,
#include "syntax/ast_schema.def"
  };
  return kNames[static_cast<std::size_t>(name)];
}

Status AstModule::open(ThreadState& ts) {
  module = OURO_TRY(import_by_name(ts, "_ast"));
  if (!is_kind(module, TypeKind::Module) || as<Module>(module)->free_state != free_state) {
    return raise(ts, ts.core.exceptions.ImportError,
                 "sys.modules['_ast'] is not the native module");
  }
  classes = static_cast<const AstClasses*>(as<Module>(module)->state);
  return kDone;
}

Result<Ref<Module>> create_ast_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_ast"));
  auto* classes = static_cast<AstClasses*>(allocate_raw(sizeof(AstClasses)));
  if (classes == nullptr) return raise_no_memory(ts);
  *classes = {};
  module->state = classes;
  module->free_state = free_state;
  OURO_TRY(make_classes(ts, module, *classes));
  OURO_TRY(add_constant(ts, module, "PyCF_ONLY_AST", 0x400));
  OURO_TRY(add_constant(ts, module, "PyCF_TYPE_COMMENTS", 0x1000));
  OURO_TRY(add_constant(ts, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000));
  return module;
}

}  // namespace ouro
