// The prompt: reads statements from a terminal (with editing and history) or from a file fed to stdin.
#pragma once

#include "runtime/interpreter.h"

namespace ouro::cli {

struct PromptOptions {
  bool banner = true;
};

/// Reads, runs and shows until the end of input or SystemExit; returns the status to exit with.
int run_prompt(Interpreter& interpreter, const PromptOptions& options);

}  // namespace ouro::cli
