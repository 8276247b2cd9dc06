// Module _warnings: what the rest of the program asks of it.
#pragma once

#include "compile/compile.h"

namespace ouro {

/// Shows or raises a warning about the Python code that is running, as warnings.warn does. Runs Python code.
Status warn(ThreadState& ts, Borrowed<Type> category, std::string_view message);
/// A ResourceWarning about `source`, an object that dies before it was closed. Runs Python code.
Status warn_resource(ThreadState& ts, Obj source, std::string_view message);
/// What the compiler needs to show its warnings; the object lives as long as the program.
const CompileHooks* compile_hooks();
/// compile_source for the interpreter's own use: with hooks, and optimized as the command line says.
Result<Ref<Code>> compile_program(ThreadState& ts, std::string_view source, Borrowed<Str> filename, CompileOptions options);

}  // namespace ouro
