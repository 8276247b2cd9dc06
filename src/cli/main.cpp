// ouro: runs a Python program, or the prompt.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "cli/options.h"
#include "cli/repl.h"

namespace {

using ouro::cli::CommandLine;

int run(ouro::Interpreter& interpreter, const CommandLine& line) {
  switch (line.what) {
    case CommandLine::What::File: return interpreter.run_file(line.target.c_str());
    case CommandLine::What::Command: return interpreter.run_command(line.target);
    case CommandLine::What::Module: return interpreter.run_module(line.target.c_str());
    case CommandLine::What::Stdin: return interpreter.run_stdin();
    case CommandLine::What::Prompt: return ouro::cli::run_prompt(interpreter, {.banner = !line.quiet});
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // writing to a closed pipe is a BrokenPipeError
  std::signal(SIGXFSZ, SIG_IGN);  // and to a file at its limit of size an OSError
  int status = 0;
  const std::optional<CommandLine> line = ouro::cli::parse_command_line(argc, argv, status);
  if (!line.has_value()) return status;
  auto owner = std::make_unique<ouro::Interpreter>(line->interpreter);
  ouro::Interpreter& interpreter = *owner;
  if (!interpreter.start()) {
    std::fprintf(stderr, "ouro: %s\n", interpreter.failure().c_str());
    return 1;
  }
  status = run(interpreter, *line);
  const bool prompt_follows = line->inspect && line->what != CommandLine::What::Prompt;
  if (prompt_follows) status = ouro::cli::run_prompt(interpreter, {.banner = false});
  if (line->heap_stats) interpreter.thread_state().space.heap.write_stats(stderr);
  ouro::LeakReport report;
  status = interpreter.finish(status, &report);
  if (line->leak_check && report.live_blocks > 0) {
    std::fprintf(stderr, "ouro: leakcheck: %zu blocks (%zu bytes) are alive after the end\n", report.live_blocks, report.live_bytes);
    if (status == 0) status = 1;
  }
  const bool interrupted = interpreter.interrupted() && !prompt_follows;
  // Daemon threads may look at the heap until the process ends.
  if (interpreter.threads_remain()) (void)owner.release();
  if (interrupted) {
    std::signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
  }
  return status;
}
