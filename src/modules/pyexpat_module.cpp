// Module pyexpat, with pyexpat.errors and pyexpat.model: the XML parser expat.
#include "modules/native_modules.h"
#include "modules/pyexpat.h"
#include "objects/list.h"

namespace ouro {

namespace {

enum StateIndex : std::size_t { kError, kParserType };

ObjResult create_parser(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "ParserCreate", {"encoding", "namespace_separator", "intern"}, 0,
                      values));
  constexpr const char* kNames[] = {"encoding", "namespace_separator"};
  for (std::size_t i = 0; i < 2; ++i) {
    if (values[i] && is_none(values[i])) values[i] = nullptr;
    if (values[i] && !is_str(values[i])) {
      return raise_type_error(ts, "ParserCreate() argument '{}' must be str or None, not {t}",
                              kNames[i], values[i]);
    }
  }
  if (values[1] && as<Str>(values[1])->length > 1) {
    return raise_value_error(ts,
                             "namespace_separator must be at most one character, omitted, or None");
  }
  Utf8 encoding{Borrowed<Str>(values[0] ? as<Str>(values[0]) : ts.core.empty_str)};
  Utf8 separator{Borrowed<Str>(values[1] ? as<Str>(values[1]) : ts.core.empty_str)};
  if (!encoding.ok() || !separator.ok()) return raise_no_memory(ts);
  ObjRef intern;
  if (!values[2]) {
    intern = OURO_TRY(Dict::create(ts));
  } else if (!is_none(values[2])) {
    if (!is_dict(values[2])) return raise_type_error(ts, "intern must be a dictionary");
    intern = values[2].new_ref();
  }
  Ref<xml::Parser> made = OURO_TRY(
      xml::new_parser(ts, state_type(module, kParserType), state_object(module, kError), intern));
  const XML_Memory_Handling_Suite memory = {allocate_raw, reallocate_raw, free_raw};
  made->parser = XML_ParserCreate_MM(values[0] ? encoding.c_str() : nullptr, &memory,
                                     values[1] ? separator.c_str() : nullptr);
  if (made->parser == nullptr) return raise_no_memory(ts);
  // Names hash alike in programs that fix the seed of text hashing.
  XML_SetHashSalt(made->parser, static_cast<unsigned long>(ts.core.hash_key[0]));
  OURO_TRY(xml::finish_parser(ts, made));
  return made;
}

ObjResult error_string(ThreadState& ts, Obj, Args args) {
  const std::int64_t code = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return xml::text_or_none(ts, XML_ErrorString(static_cast<XML_Error>(code)));
}

constexpr MethodDef kFunctions[] = {
    {"ParserCreate", create_parser, 0, -1, MethodDef::kKeywords,
     "ParserCreate($module, /, encoding=None, namespace_separator=None,\n             "
     "intern=<unrepresentable>)\n--\n\nA new XML parser."},
    {"ErrorString", error_string, 1, 1, MethodDef::kNone,
     "ErrorString($module, code, /)\n--\n\nThe text of an error's number."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, XML_Error> kErrors[] = {
#define OURO_XML_ERROR(name) \
  { #name, name }
    OURO_XML_ERROR(XML_ERROR_NO_MEMORY),
    OURO_XML_ERROR(XML_ERROR_SYNTAX),
    OURO_XML_ERROR(XML_ERROR_NO_ELEMENTS),
    OURO_XML_ERROR(XML_ERROR_INVALID_TOKEN),
    OURO_XML_ERROR(XML_ERROR_UNCLOSED_TOKEN),
    OURO_XML_ERROR(XML_ERROR_PARTIAL_CHAR),
    OURO_XML_ERROR(XML_ERROR_TAG_MISMATCH),
    OURO_XML_ERROR(XML_ERROR_DUPLICATE_ATTRIBUTE),
    OURO_XML_ERROR(XML_ERROR_JUNK_AFTER_DOC_ELEMENT),
    OURO_XML_ERROR(XML_ERROR_PARAM_ENTITY_REF),
    OURO_XML_ERROR(XML_ERROR_UNDEFINED_ENTITY),
    OURO_XML_ERROR(XML_ERROR_RECURSIVE_ENTITY_REF),
    OURO_XML_ERROR(XML_ERROR_ASYNC_ENTITY),
    OURO_XML_ERROR(XML_ERROR_BAD_CHAR_REF),
    OURO_XML_ERROR(XML_ERROR_BINARY_ENTITY_REF),
    OURO_XML_ERROR(XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF),
    OURO_XML_ERROR(XML_ERROR_MISPLACED_XML_PI),
    OURO_XML_ERROR(XML_ERROR_UNKNOWN_ENCODING),
    OURO_XML_ERROR(XML_ERROR_INCORRECT_ENCODING),
    OURO_XML_ERROR(XML_ERROR_UNCLOSED_CDATA_SECTION),
    OURO_XML_ERROR(XML_ERROR_EXTERNAL_ENTITY_HANDLING),
    OURO_XML_ERROR(XML_ERROR_NOT_STANDALONE),
    OURO_XML_ERROR(XML_ERROR_UNEXPECTED_STATE),
    OURO_XML_ERROR(XML_ERROR_ENTITY_DECLARED_IN_PE),
    OURO_XML_ERROR(XML_ERROR_FEATURE_REQUIRES_XML_DTD),
    OURO_XML_ERROR(XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING),
    OURO_XML_ERROR(XML_ERROR_UNBOUND_PREFIX),
    OURO_XML_ERROR(XML_ERROR_UNDECLARING_PREFIX),
    OURO_XML_ERROR(XML_ERROR_INCOMPLETE_PE),
    OURO_XML_ERROR(XML_ERROR_XML_DECL),
    OURO_XML_ERROR(XML_ERROR_TEXT_DECL),
    OURO_XML_ERROR(XML_ERROR_PUBLICID),
    OURO_XML_ERROR(XML_ERROR_SUSPENDED),
    OURO_XML_ERROR(XML_ERROR_NOT_SUSPENDED),
    OURO_XML_ERROR(XML_ERROR_ABORTED),
    OURO_XML_ERROR(XML_ERROR_FINISHED),
    OURO_XML_ERROR(XML_ERROR_SUSPEND_PE),
    OURO_XML_ERROR(XML_ERROR_RESERVED_PREFIX_XML),
    OURO_XML_ERROR(XML_ERROR_RESERVED_PREFIX_XMLNS),
    OURO_XML_ERROR(XML_ERROR_RESERVED_NAMESPACE_URI),
    OURO_XML_ERROR(XML_ERROR_INVALID_ARGUMENT),
    OURO_XML_ERROR(XML_ERROR_NO_BUFFER),
    OURO_XML_ERROR(XML_ERROR_AMPLIFICATION_LIMIT_BREACH),
#undef OURO_XML_ERROR
};

constexpr std::pair<const char*, int> kModel[] = {
    {"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY},   {"XML_CTYPE_ANY", XML_CTYPE_ANY},
    {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},   {"XML_CTYPE_NAME", XML_CTYPE_NAME},
    {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
    {"XML_CQUANT_NONE", XML_CQUANT_NONE},   {"XML_CQUANT_OPT", XML_CQUANT_OPT},
    {"XML_CQUANT_REP", XML_CQUANT_REP},     {"XML_CQUANT_PLUS", XML_CQUANT_PLUS},
};

constexpr std::pair<const char*, int> kConstants[] = {
    {"XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER},
    {"XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE},
    {"XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS},
};

/// Makes pyexpat.`name`, which can also be imported.
Result<Ref<Module>> add_part(ThreadState& ts, Borrowed<Module> module, const char* name,
                             const char* full_name, const char* doc) {
  Ref<Module> part = OURO_TRY(Module::create(ts, full_name));
  OURO_TRY(add_constant(ts, part, "__doc__", doc));
  OURO_TRY(dict_set(ts, ts.core.modules, full_name, Obj(part)));
  OURO_TRY(dict_set(ts, module->dict, name, Obj(part)));
  return part;
}

Status fill_errors(ThreadState& ts, Borrowed<Module> part) {
  Ref<Dict> codes = OURO_TRY(Dict::create(ts));
  Ref<Dict> messages = OURO_TRY(Dict::create(ts));
  for (const auto& [name, code] : kErrors) {
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, XML_ErrorString(code)));
    Ref<Int> number = OURO_TRY(Int::from(ts, code));
    OURO_TRY(dict_set(ts, part->dict, name, Obj(text)));
    OURO_TRY(dict_set(ts, codes, text, number));
    OURO_TRY(dict_set(ts, messages, number, text));
  }
  OURO_TRY(dict_set(ts, part->dict, "codes", Obj(codes)));
  return dict_set(ts, part->dict, "messages", Obj(messages));
}

ObjResult feature_list(ThreadState& ts) {
  Ref<List> features = OURO_TRY(List::create(ts));
  for (const XML_Feature* at = XML_GetFeatureList(); at->feature != XML_FEATURE_END; ++at) {
    Ref<Str> name = OURO_TRY(Str::from_utf8(ts, at->name));
    Ref<Int> value = OURO_TRY(Int::from(ts, at->value));
    Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, name, value));
    OURO_TRY(features->append(ts, pair));
  }
  return features;
}

Status add_version(ThreadState& ts, Borrowed<Module> module) {
  const XML_Expat_Version version = XML_ExpatVersionInfo();
  Ref<Int> major = OURO_TRY(Int::from(ts, version.major));
  Ref<Int> minor = OURO_TRY(Int::from(ts, version.minor));
  Ref<Int> micro = OURO_TRY(Int::from(ts, version.micro));
  Ref<Tuple> info = OURO_TRY(Tuple::of(ts, major, minor, micro));
  OURO_TRY(dict_set(ts, module->dict, "version_info", Obj(info)));
  return add_constant(ts, module, "EXPAT_VERSION", XML_ExpatVersion());
}

}  // namespace

Result<Ref<Module>> create_pyexpat_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "pyexpat"));
  OURO_TRY(add_constant(ts, module, "__doc__", "Python wrapper for Expat parser."));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> error = OURO_TRY(
      make_exception_class(ts, "xml.parsers.expat", "ExpatError", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(error)));
  OURO_TRY(dict_set(ts, module->dict, "ExpatError", Obj(error)));
  Ref<Type> type =
      OURO_TRY(make_native_type(ts, {"xmlparser", "pyexpat", sizeof(xml::Parser), 0,
                                     std::uint64_t{gc::kCollected} | kDisallowInstantiation,
                                     xml::fill_parser, "XML parser"}));
  OURO_TRY(dict_set(ts, module->dict, "XMLParserType", Obj(type)));
  OURO_TRY(set_state(ts, module, {error, type}));
  OURO_TRY(add_version(ts, module));
  OURO_TRY(add_constant(ts, module, "native_encoding", "UTF-8"));
  ObjRef features = OURO_TRY(feature_list(ts));
  OURO_TRY(dict_set(ts, module->dict, "features", features));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  Ref<Module> errors = OURO_TRY(add_part(ts, module, "errors", "pyexpat.errors",
                                         "Constants used to describe error conditions."));
  OURO_TRY(fill_errors(ts, errors));
  Ref<Module> model = OURO_TRY(add_part(ts, module, "model", "pyexpat.model",
                                        "Constants used to interpret content model information."));
  for (const auto& [name, value] : kModel) OURO_TRY(add_constant(ts, model, name, value));
  return module;
}

}  // namespace ouro
