// Module sys: what the embedder tells it, and what other layers ask of it.
#pragma once

#include <string>
#include <vector>

#include "objects/module.h"

namespace ouro {

/// Command-line facts that sys shows.
struct SysOptions {
  std::vector<std::string> argv = {""};
  std::vector<std::string> orig_argv;
  std::vector<std::string> warn_options;
  std::vector<std::pair<std::string, std::string>> x_options;  // value empty: True
  std::string executable;
  int inspect = 0, interactive = 0, optimize = 0, dont_write_bytecode = 0, no_user_site = 0, no_site = 0, ignore_environment = 0,
      verbose = 0, bytes_warning = 0, quiet = 0, isolated = 0, dev_mode = 0, safe_path = 0, unbuffered = 0;
};

/// The functions of sys_hooks.cpp.
Status add_sys_hooks(ThreadState& ts, Borrowed<Module> module);
/// The functions of sys_threads.cpp.
Status add_sys_thread_functions(ThreadState& ts, Borrowed<Module> module);
/// Fills argv, flags, warnoptions, executable … of an existing sys module.
Status set_sys_options(ThreadState& ts, const SysOptions& options);
/// The dict of module sys; null before it exists and after it is gone.
Borrowed<Dict> sys_dict_of(ThreadState& ts);
/// sys.<name>, borrowed from the module; null when absent.
Borrowed<Object> sys_get(ThreadState& ts, const char* name);
Status sys_set(ThreadState& ts, const char* name, Obj value);
/// Writes text to sys.stdout / sys.stderr, or to the C stream when there is none. Errors are swallowed by the stderr form.
Status write_stdout(ThreadState& ts, std::string_view text);
void write_stderr(ThreadState& ts, std::string_view text);
/// sys.flags.optimize: 0, 1 (-O) or 2 (-OO).
int optimization_level(ThreadState& ts);
/// Tells audit hooks of an event; raises what a hook raises.
Status audit(ThreadState& ts, const char* event, std::span<Object* const> args);
/// The exception as Python prints it, on sys.stderr, without hooks.
void print_exception(ThreadState& ts, Obj exception);

}  // namespace ouro
