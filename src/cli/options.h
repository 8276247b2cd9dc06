// The command line: python3.11's options, and ouro's memory switches under -X.
#pragma once

#include <optional>
#include <string>

#include "runtime/interpreter.h"

namespace ouro::cli {

struct CommandLine {
  InterpreterOptions interpreter;
  enum class What : std::uint8_t { Prompt, Stdin, File, Command, Module } what = What::Stdin;
  std::string target;         // file, command text or module name
  bool inspect = false;       // -i: the prompt follows the program
  bool interactive = false;   // behave as if stdin were a terminal
  bool quiet = false;
  bool heap_stats = false;    // -X heapstats
  bool leak_check = false;    // -X leakcheck
};

/// The parsed command line, or nothing when `status` is what the process should exit with (help shown, or usage error told).
std::optional<CommandLine> parse_command_line(int argc, char** argv, int& status);

}  // namespace ouro::cli
