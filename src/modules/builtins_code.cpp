// builtins: what compiles and runs code, looks at namespaces, makes classes, reads and writes.
#include <cstdio>

#include "compile/compile.h"
#include "heap/memory_resource.h"
#include "modules/ast.h"
#include "modules/builtins_support.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"
#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/vm.h"

namespace ouro {

namespace {

// Flags of compile(): future features, and what ast and codeop ask for.
constexpr std::int64_t kOnlyAst = 0x400;
constexpr std::int64_t kTypeComments = 0x1000;
constexpr std::int64_t kTopLevelAwait = 0x2000;
constexpr std::int64_t kFutureFeatures = 0x1fe0000;
constexpr std::int64_t kNestedScopes = 0x10;
constexpr std::int64_t kKnownFlags = kFutureFeatures | kNestedScopes | kOnlyAst | kTypeComments | kTopLevelAwait | kDontImplyDedent |
                                     kAllowIncompleteInput;

/// Source given as str or bytes-like, as bytes; `decoded` tells which.
struct SourceText {
  std::string_view bytes;
  bool decoded = false;
  std::optional<Utf8> text;
  BufferView buffer;

  Status take(ThreadState& ts, Obj source, const char* function, const char* what) {
    if (is_str(source)) {
      text.emplace(Borrowed<Str>(as<Str>(source)));
      if (!text->ok()) return raise_no_memory(ts);
      bytes = text->view();
      decoded = true;
      return kDone;
    }
    if (!BufferView::is_bytes_like(source)) return raise_type_error(ts, "{}() arg 1 must be a {}", function, what);
    OURO_TRY(buffer.acquire(ts, source));
    bytes = buffer.view();
    return kDone;
  }
};

/// A file name as str: str, bytes or a path object.
ObjResult file_name(ThreadState& ts, Obj given) {
  ObjRef name = given.new_ref();
  if (!is_str(name) && !is_bytes(name)) {
    MaybeAttribute path = find_special(ts, name, ts.core.names.dunder_fspath);
    if (path.failed) return Raised{};
    if (!path.value) return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {}", name->type()->short_name());
    ObjRef shown = OURO_TRY(call(ts, path.value));
    if (!is_str(shown) && !is_bytes(shown)) {
      return raise_type_error(ts, "expected {t}.__fspath__() to return str or bytes, not {t}", name, shown);
    }
    name = std::move(shown);
  }
  if (is_bytes(name)) name = OURO_TRY(decode_utf8(ts, as<Bytes>(name)->view(), "surrogateescape"));
  return name;
}

/// compile() of source with PyCF_ONLY_AST: the tree as objects.
ObjResult parse_to_object(ThreadState& ts, std::string_view source, Borrowed<Str> filename, const CompileOptions& options) {
  AstModule ast;
  OURO_TRY(ast.open(ts));
  heap::HeapResource memory(ts.space.heap);
  syntax::Ast tree;
  OURO_TRY(parse_source(ts, source, filename, options, memory, tree));
  return ast_to_object(ts, *ast.classes, *tree.root());
}

/// compile() of a tree of objects.
ObjResult compile_object(ThreadState& ts, const AstClasses& classes, Obj object, Borrowed<Str> filename,
                         const CompileOptions& options) {
  try {
    heap::HeapResource memory(ts.space.heap);
    syntax::Ast tree(memory);
    std::pmr::vector<TreeConstant> constants(&memory);
    OURO_TRY(ast_from_object(ts, classes, object, options.mode, tree, constants));
    return compile_ast(ts, tree, constants, filename, options, memory);
  } catch (const std::bad_alloc&) {
    return raise_no_memory(ts);
  }
}

ObjResult builtin_compile(ThreadState& ts, Obj, Args args) {
  Obj values[7];
  OURO_TRY(parse_args(ts, args, "compile",
                      {"source", "filename", "mode", "flags", "dont_inherit", "optimize", "*", "_feature_version"}, 3, values));
  ObjRef filename = OURO_TRY(file_name(ts, values[1]));
  if (!is_str(values[2])) return raise_type_error(ts, "compile() argument 'mode' must be str, not {n}", values[2]);
  std::int64_t flags = 0;
  if (values[3]) flags = OURO_TRY(index_as_int64(ts, values[3], ts.core.exceptions.OverflowError));
  const bool inherits = !values[4] || !OURO_TRY(is_true(ts, values[4]));
  std::int64_t optimize = -1;
  if (values[5]) optimize = OURO_TRY(index_as_int64(ts, values[5], ts.core.exceptions.OverflowError));
  if ((flags & ~kKnownFlags) != 0) return raise_value_error(ts, "compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2) return raise_value_error(ts, "compile(): invalid optimize value");
  CompileOptions options;
  Borrowed<Str> mode = as<Str>(values[2]);
  if (str_equals_ascii(mode, "exec")) {
    options.mode = CompileMode::File;
  } else if (str_equals_ascii(mode, "eval")) {
    options.mode = CompileMode::Eval;
  } else if (str_equals_ascii(mode, "single")) {
    options.mode = CompileMode::Single;
  } else {
    return raise_value_error(ts, (flags & kOnlyAst) != 0 ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                                                         : "compile() mode must be 'exec', 'eval' or 'single'");
  }
  if ((flags & kTypeComments) != 0) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "compile() with type comments is not built yet");
  }
  options.flags = static_cast<std::uint32_t>(flags);
  if (inherits) options.flags |= current_future_flags(ts);
  options.optimize = optimize < 0 ? optimization_level(ts) : static_cast<int>(optimize);
  options.hooks = compile_hooks();
  const bool as_tree = (flags & kOnlyAst) != 0;
  if (as_tree && values[6]) {
    const std::int64_t version = OURO_TRY(index_as_int64(ts, values[6], ts.core.exceptions.OverflowError));
    if (version >= 0) options.feature_version = static_cast<int>(std::min<std::int64_t>(version, 11));
  }
  if (type_has(values[0], kHasDict)) {
    AstModule ast;
    OURO_TRY(ast.open(ts));
    if (OURO_TRY(is_ast_object(ts, *ast.classes, values[0]))) {
      if (as_tree) return values[0].new_ref();
      return compile_object(ts, *ast.classes, values[0], as<Str>(filename), options);
    }
  }
  SourceText source;
  OURO_TRY(source.take(ts, values[0], "compile", "string, bytes or AST object"));
  options.source_is_utf8 = source.decoded;
  if (as_tree) return parse_to_object(ts, source.bytes, as<Str>(filename), options);
  return compile_source(ts, source.bytes, as<Str>(filename), options);
}

bool is_mapping(Obj object) { return is_dict(object) || object->type()->mapping.subscript != nullptr; }

/// The namespaces of eval and exec: given, or those of the caller.
struct Namespaces {
  Ref<Dict> globals;
  ObjRef locals;

  Status take(ThreadState& ts, Obj given_globals, Obj given_locals, const char* function) {
    const bool is_eval = std::string_view(function) == "eval";
    if (is_eval && given_locals && !is_none(given_locals) && !is_mapping(given_locals)) {
      return raise_type_error(ts, "locals must be a mapping");
    }
    if (given_globals && !is_none(given_globals)) {
      if (!is_dict(given_globals)) {
        if (!is_eval) return raise_type_error(ts, "exec() globals must be a dict, not {t}", given_globals);
        return raise_type_error(ts, is_mapping(given_globals)
                                        ? "globals must be a real dict; try eval(expr, {{}}, mapping)"
                                        : "globals must be a dict");
      }
      globals = Ref<Dict>::share(as<Dict>(given_globals));
      locals = given_locals && !is_none(given_locals) ? given_locals.new_ref() : given_globals.new_ref();
    } else {
      Borrowed<Dict> current = current_globals(ts);
      if (!current) return raise(ts, ts.core.exceptions.SystemError, "globals and locals cannot be NULL");
      globals = current.new_ref();
      locals = given_locals && !is_none(given_locals) ? given_locals.new_ref() : OURO_TRY(current_locals(ts));
    }
    if (!is_eval && !is_mapping(locals)) return raise_type_error(ts, "locals must be a mapping or None, not {t}", locals);
    return kDone;
  }
};

/// exec(closure=…): a tuple of one cell for each free variable, when the code has any. `code` is null for text.
Status check_closure(ThreadState& ts, Obj code, Obj closure) {
  if (!code) {
    if (closure) return raise_type_error(ts, "closure can only be used when source is a code object");
    return kDone;
  }
  const std::int32_t count = as<Code>(code)->free_count;
  if (count == 0) {
    if (closure) return raise_type_error(ts, "cannot use a closure with this code object");
    return kDone;
  }
  bool fits = closure && is_exact_tuple(closure) && as<Tuple>(closure)->size == count;
  for (std::int32_t i = 0; fits && i < count; ++i) fits = is_kind(as<Tuple>(closure)->at(i), TypeKind::Cell);
  if (!fits) return raise_type_error(ts, "code object requires a closure of exactly length {}", count);
  return kDone;
}

ObjResult evaluate_or_execute(ThreadState& ts, Args args, const char* function, CompileMode mode) {
  Obj values[4];
  if (mode == CompileMode::Eval) {
    OURO_TRY(check_args(ts, args, function, 1, 3));
    for (std::uint32_t i = 0; i < args.size(); ++i) values[i] = args[i];
  } else {
    OURO_TRY(parse_args(ts, args, function, {"source", "globals", "locals", "/", "*", "closure"}, 1, values));
  }
  Namespaces spaces;
  OURO_TRY(spaces.take(ts, values[1], values[2], function));
  ObjRef code = values[0].new_ref();
  const bool from_text = !is_kind(code, TypeKind::Code);
  if (from_text) {
    SourceText source;
    OURO_TRY(source.take(ts, values[0], function, "string, bytes or code object"));
    std::string_view bytes = source.bytes;
    if (mode == CompileMode::Eval) bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t"), bytes.size()));
    code = OURO_TRY(compile_program(ts, bytes, ts.core.names.n_string_file, {.mode = mode, .flags = current_future_flags(ts), .source_is_utf8 = source.decoded}));
  } else if (mode == CompileMode::Eval && as<Code>(code)->free_count > 0) {
    return raise_type_error(ts, "code object passed to eval() may not contain free variables");
  }
  if (mode != CompileMode::Eval) {
    Obj closure = values[3] && !is_none(values[3]) ? values[3] : Obj();
    OURO_TRY(check_closure(ts, from_text ? Obj() : Obj(code), closure));
    if (closure) {
      (void)OURO_TRY(run_code_with_closure(ts, as<Code>(code), spaces.globals, spaces.locals, as<Tuple>(closure)));
      return ts.core.none_ref();
    }
  }
  const auto run = from_text ? run_source_code : run_code;
  ObjRef result = OURO_TRY(run(ts, as<Code>(code), spaces.globals, spaces.locals));
  return mode == CompileMode::Eval ? std::move(result) : ts.core.none_ref();
}

ObjResult builtin_eval(ThreadState& ts, Obj, Args args) { return evaluate_or_execute(ts, args, "eval", CompileMode::Eval); }
ObjResult builtin_exec(ThreadState& ts, Obj, Args args) { return evaluate_or_execute(ts, args, "exec", CompileMode::File); }

ObjResult builtin_globals(ThreadState& ts, Obj, Args) {
  Borrowed<Dict> globals = current_globals(ts);
  if (!globals) return ts.core.none_ref();
  return ObjRef(globals.new_ref());
}

ObjResult builtin_locals(ThreadState& ts, Obj, Args) { return current_locals(ts); }

ObjResult builtin_vars(ThreadState& ts, Obj, Args args) {
  if (args.size() == 0) return current_locals(ts);
  MaybeAttribute dict = find_attribute(ts, args[0], ts.core.names.dunder_dict);
  if (dict.failed) return Raised{};
  if (!dict.value) return raise_type_error(ts, "vars() argument must have __dict__ attribute");
  return std::move(dict.value);
}

ObjResult builtin_dir(ThreadState& ts, Obj, Args args) {
  if (args.size() == 1) return dir_of(ts, args[0]);
  ObjRef locals = OURO_TRY(current_locals(ts));
  ObjRef keys = OURO_TRY(call_method(ts, locals, ts.core.names.n_keys));
  Ref<List> names = OURO_TRY(list_from_iterable(ts, keys));
  OURO_TRY(names->sort(ts, nullptr, false));
  return names;
}

ObjResult builtin_breakpoint(ThreadState& ts, Obj, Args args) {
  ObjRef hook = sys_get(ts, "breakpointhook").new_ref();
  if (!hook) return raise(ts, ts.core.exceptions.RuntimeError, "lost sys.breakpointhook");
  return call(ts, hook, args);
}

// -- classes ---------------------------------------------------------------------------------------------------------

/// bases with __mro_entries__ applied; the same tuple when none has it.
Result<Ref<Tuple>> resolve_bases(ThreadState& ts, Borrowed<Tuple> bases) {
  Ref<List> resolved;
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Obj base = bases->at(i);
    MaybeAttribute entries = is_type(base) ? MaybeAttribute{nullptr, false} : find_attribute(ts, base, ts.core.names.dunder_mro_entries);
    if (entries.failed) return Raised{};
    if (!entries.value) {
      if (resolved) OURO_TRY(resolved->append(ts, base));
      continue;
    }
    ObjRef replacement = OURO_TRY(call(ts, entries.value, bases));
    if (!is_tuple(replacement)) return raise_type_error(ts, "__mro_entries__ must return a tuple");
    if (!resolved) resolved = OURO_TRY(List::from(ts, bases->items, static_cast<std::size_t>(i)));
    OURO_TRY(resolved->extend(ts, replacement));
  }
  if (!resolved) return bases.new_ref();
  return list_as_tuple(ts, resolved);
}

/// The most derived of `metatype` and the types of the bases.
Result<Ref<Object>> winning_metatype(ThreadState& ts, Obj metatype, Borrowed<Tuple> bases) {
  if (!is_type(metatype)) return metatype.new_ref();
  auto* winner = as<Type>(metatype);
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Type* type = bases->at(i)->type();
    if (winner->is_subtype_of(type)) continue;
    if (!type->is_subtype_of(winner)) {
      return raise_type_error(ts, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                                  "metaclasses of all its bases");
    }
    winner = type;
  }
  return Obj(winner).new_ref();
}

// __build_class__(function, name, *bases, metaclass=None, **kwds)
ObjResult builtin_build_class(ThreadState& ts, Obj, Args args) {
  if (args.size() < 2) return raise_type_error(ts, "__build_class__: not enough arguments");
  if (!is_kind(args[0], TypeKind::Function)) return raise_type_error(ts, "__build_class__: func must be a function");
  if (!is_str(args[1])) return raise_type_error(ts, "__build_class__: name is not a string");
  Ref<Tuple> given = OURO_TRY(Tuple::from(ts, args.values + 2, args.count - 2));
  Ref<Tuple> bases = OURO_TRY(resolve_bases(ts, given));
  Ref<Dict> keywords;
  ObjRef metatype;
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    if (str_equals_ascii(as<Str>(args.keywords->at(i)), "metaclass")) {
      metatype = args.keyword_value(i).new_ref();
      continue;
    }
    if (!keywords) keywords = OURO_TRY(Dict::create(ts));
    OURO_TRY(dict_set(ts, keywords, args.keywords->at(i), args.keyword_value(i)));
  }
  if (!metatype) metatype = Obj(bases->size > 0 ? bases->at(0)->type() : ts.core.types.type).new_ref();
  metatype = OURO_TRY(winning_metatype(ts, metatype, bases));
  ObjRef space;
  MaybeAttribute prepare = metatype.get() == ts.core.types.type ? MaybeAttribute{nullptr, false}
                                                                : find_attribute(ts, metatype, ts.core.names.dunder_prepare);
  if (prepare.failed) return Raised{};
  if (prepare.value) {
    Ref<Tuple> prepare_args = OURO_TRY(Tuple::of(ts, args[1], bases));
    space = OURO_TRY(call_with(ts, prepare.value, prepare_args, keywords));
    if (!is_dict(space) && space->type()->mapping.subscript == nullptr) {
      return raise_type_error(ts, "{}.__prepare__() must return a mapping, not {t}",
                              is_type(metatype) ? as<Type>(metatype)->name() : "<metaclass>", space);
    }
  } else {
    space = OURO_TRY(Dict::create(ts));
  }
  ObjRef class_cell = OURO_TRY(run_class_body(ts, args[0], space));
  if (bases.get() != given.get()) OURO_TRY(set_item(ts, space, ts.core.names.dunder_orig_bases, given));
  Ref<Tuple> class_args = OURO_TRY(Tuple::of(ts, args[1], bases, space));
  ObjRef made = OURO_TRY(call_with(ts, metatype, class_args, keywords));
  if (is_type(made) && is_kind(class_cell, TypeKind::Cell)) {
    Object* content = as<Cell>(class_cell)->content;
    if (content == nullptr) {
      return raise(ts, ts.core.exceptions.RuntimeError,
                   "__class__ not set defining {r} as {r}. Was __classcell__ propagated to type.__new__?", args[1], made);
    }
    if (content != made.get()) return raise_type_error(ts, "__class__ set to {r} defining {r} as {r}", content, args[1], made);
  }
  return made;
}

// -- input and output ------------------------------------------------------------------------------------------------

ObjResult builtin_print(ThreadState& ts, Obj, Args args) {
  const ArgumentTuple counted(ts, args.count);
  Obj separator;
  Obj end;
  Obj file;
  bool flush = false;
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    Borrowed<Str> keyword = as<Str>(args.keywords->at(i));
    Obj value = args.keyword_value(i);
    if (str_equals_ascii(keyword, "sep")) {
      separator = value;
    } else if (str_equals_ascii(keyword, "end")) {
      end = value;
    } else if (str_equals_ascii(keyword, "file")) {
      file = value;
    } else if (str_equals_ascii(keyword, "flush")) {
      flush = OURO_TRY(is_true(ts, value));
    } else {
      return raise_type_error(ts, "'{}' is an invalid keyword argument for print()", keyword);
    }
  }
  ObjRef stream;
  if (file && !is_none(file)) {
    stream = file.new_ref();
  } else {
    stream = sys_get(ts, "stdout").new_ref();
    if (!stream) return raise(ts, ts.core.exceptions.RuntimeError, "lost sys.stdout");
    if (is_none(stream)) return ts.core.none_ref();
  }
  if (separator && !is_none(separator) && !is_str(separator)) {
    return raise_type_error(ts, "sep must be None or a string, not {t}", separator);
  }
  if (end && !is_none(end) && !is_str(end)) return raise_type_error(ts, "end must be None or a string, not {t}", end);
  ObjRef write = OURO_TRY(get_attribute(ts, stream, ts.core.names.n_write));
  for (std::uint32_t i = 0; i < args.size(); ++i) {
    if (i > 0) {
      ObjRef between = separator && !is_none(separator) ? separator.new_ref() : ObjRef(OURO_TRY(intern(ts, " ")));
      OURO_TRY(call(ts, write, between));
    }
    Ref<Str> text = OURO_TRY(str_of(ts, args[i]));
    OURO_TRY(call(ts, write, text));
  }
  ObjRef ending = end && !is_none(end) ? end.new_ref() : ObjRef(OURO_TRY(intern(ts, "\n")));
  OURO_TRY(call(ts, write, ending));
  if (flush) OURO_TRY(call_method(ts, stream, ts.core.names.n_flush));
  return ts.core.none_ref();
}

ObjResult builtin_input(ThreadState& ts, Obj, Args args) {
  ObjRef in = sys_get(ts, "stdin").new_ref();
  ObjRef out = sys_get(ts, "stdout").new_ref();
  if (!in || is_none(in)) return raise(ts, ts.core.exceptions.RuntimeError, "input(): lost sys.stdin");
  if (!out || is_none(out)) return raise(ts, ts.core.exceptions.RuntimeError, "input(): lost sys.stdout");
  if (args.size() == 1) {
    Ref<Str> prompt = OURO_TRY(str_of(ts, args[0]));
    Object* write_args[] = {prompt.get()};
    OURO_TRY(call_method(ts, out, ts.core.names.n_write, write_args));
  }
  if (call_method(ts, out, ts.core.names.n_flush).raised()) clear_pending(ts);
  ObjRef line = OURO_TRY(call_method(ts, in, ts.core.names.n_readline));
  if (!is_str(line)) return raise_type_error(ts, "object.readline() returned non-string");
  Borrowed<Str> text = as<Str>(line);
  if (text->length == 0) return raise(ts, ts.core.exceptions.EOFError, "EOF when reading a line");
  if (text->at(text->length - 1) == '\n') return as<Str>(line)->slice(ts, 0, text->length - 1);
  return line;
}

// open is io.open; the module is imported when it is first used.
ObjResult builtin_open(ThreadState& ts, Obj, Args args) {
  Ref<Str> import_name = OURO_TRY(intern(ts, "__import__"));
  ObjRef import = dict_get_str(ts.core.builtins, import_name).new_ref();
  if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  Ref<Str> io_name = OURO_TRY(intern(ts, "_io"));
  ObjRef io = OURO_TRY(call(ts, import, io_name));
  ObjRef open = OURO_TRY(get_attribute(ts, io, "open"));
  return call(ts, open, args);
}

}  // namespace

const MethodDef kCodeBuiltins[] = {
    {"__build_class__", builtin_build_class, 0, -1, MethodDef::kKeywords,
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class statement."},
    {"breakpoint", builtin_breakpoint, 0, -1, MethodDef::kKeywords, "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws)."},
    {"compile", builtin_compile, 0, -1, MethodDef::kKeywords,
     "compile($module, /, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)\n--\n\n"
     "Compile source into a code object that can be executed by exec() or eval()."},
    {"dir", builtin_dir, 0, 1, MethodDef::kArgumentTuple, "dir([object]) -> list of strings\n\nThe names in the current scope, or the attributes of the object."},
    {"eval", builtin_eval, 1, 3, MethodDef::kNone,
     "eval($module, source, globals=None, locals=None, /)\n--\n\nEvaluate the given source in the context of globals and locals."},
    {"exec", builtin_exec, 0, -1, MethodDef::kKeywords,
     "exec($module, source, globals=None, locals=None, /, *, closure=None)\n--\n\nExecute the given source in the context of globals and locals."},
    {"globals", builtin_globals, 0, 0, MethodDef::kNone, "globals($module, /)\n--\n\nReturn the dictionary containing the current scope's global variables."},
    {"input", builtin_input, 0, 1, MethodDef::kNone, "input($module, prompt='', /)\n--\n\nRead a string from standard input."},
    {"locals", builtin_locals, 0, 0, MethodDef::kNone, "locals($module, /)\n--\n\nReturn a dictionary containing the current scope's local variables."},
    {"open", builtin_open, 0, -1, MethodDef::kKeywords, "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)\n\nOpen file and return a stream."},
    {"print", builtin_print, 0, -1, MethodDef::kKeywords, "print($module, *args, sep=' ', end='\\n', file=None, flush=False)\n--\n\nPrints the values to a stream, or to sys.stdout by default."},
    {"vars", builtin_vars, 0, 1, MethodDef::kArgumentTuple, "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals(); with one, to object.__dict__."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
