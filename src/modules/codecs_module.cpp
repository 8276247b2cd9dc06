// Module _codecs: the module itself.
#include "modules/codecs_support.h"
#include "modules/native_modules.h"

namespace ouro {

Result<Borrowed<Str>> text_argument(ThreadState& ts, Args args, const char* function) {
  if (is_str(args[0])) return Borrowed<Str>(as<Str>(args[0]));
  return raise_type_error(ts, "{}() argument 1 must be str, not {n}", function, args[0]);
}

Status read_errors(ThreadState& ts, Args args, std::uint32_t index, const char* function,
                   CodecName& errors) {
  if (index >= args.count || is_none(args[index])) return kDone;
  if (!is_str(args[index])) {
    return raise_type_error(ts, "{}() argument {} must be str or None, not {n}", function,
                            index + 1, args[index]);
  }
  return errors.read(ts, args[index], function, "errors");
}

Result<Ref<Module>> create_codecs_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_codecs"));
  OURO_TRY(module->add_functions(ts, kCodecRegistryFunctions));
  OURO_TRY(module->add_functions(ts, kCodecFunctions));
  OURO_TRY(module->add_functions(ts, kCodecEscapeFunctions));
  OURO_TRY(module->add_functions(ts, kCodecCharmapFunctions));
  OURO_TRY(add_codec_registry(ts, module));
  return module;
}

}  // namespace ouro
