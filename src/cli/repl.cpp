// The prompt. A statement is complete when the grammar says so; each is a compilation unit of its own.
#include "cli/repl.h"

#include <editline/readline.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "compile/compile.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"
#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "runtime/importer.h"
#include "runtime/streams.h"
#include "vm/vm.h"

namespace ouro::cli {

namespace {

/// Lines from a terminal, edited and remembered, or from any other stdin (the prompt then goes to stderr).
class LineReader {
 public:
  explicit LineReader(ThreadState& ts) : ts_(ts), terminal_(isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
    if (!terminal_) return;
    using_history();
    stifle_history(1000);
    if (const char* home = std::getenv("HOME"); home != nullptr) history_file_ = std::string(home) + "/.ouro_history";
    if (!history_file_.empty()) read_history(history_file_.c_str());
  }
  ~LineReader() {
    if (terminal_ && !history_file_.empty()) write_history(history_file_.c_str());
  }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Appends the next line to `text`, with its newline unless the input ends in it; false at the end of input and when a
  /// signal's handler raised (Ctrl-C: KeyboardInterrupt), which is then pending.
  bool read(const char* prompt, std::string& text) {
    if (terminal_) {
      char* line = nullptr;
      {
        Unlocked unlocked(ts_);
        line = readline(prompt);
      }
      if (check_signals(ts_).raised()) {
        std::free(line);
        return false;
      }
      if (line == nullptr) return false;
      if (*line != '\0') add_history(line);
      text += line;
      text += '\n';
      std::free(line);
      return true;
    }
    std::fputs(prompt, stderr);
    std::fflush(stderr);
    bool any = false;
    for (;;) {
      int byte = EOF;
      {
        Unlocked unlocked(ts_);
        byte = std::fgetc(stdin);
      }
      if (byte == EOF && std::ferror(stdin) != 0 && errno == EINTR) {
        std::clearerr(stdin);
        if (check_signals(ts_).raised()) return false;
        continue;
      }
      if (byte == EOF) return any;
      any = true;
      text += static_cast<char>(byte);
      if (byte == '\n') return true;
    }
  }

 private:
  ThreadState& ts_;
  bool terminal_;
  std::string history_file_;
};

/// sys.ps1 or sys.ps2 as text; empty when it cannot be shown.
std::string prompt_text(ThreadState& ts, const char* name) {
  ObjRef value = sys_get(ts, name).new_ref();
  if (!value) return "";
  Result<Ref<Str>> shown = str_of(ts, value);
  if (shown.raised()) {
    clear_pending(ts);
    return "";
  }
  Ref<Str> text = shown.take();
  Utf8 utf8(text);
  return utf8.ok() ? std::string(utf8.view()) : "";
}

Status set_default_prompts(ThreadState& ts) {
  if (!sys_get(ts, "ps1")) OURO_TRY(sys_set(ts, "ps1", OURO_TRY(intern(ts, ">>> "))));
  if (!sys_get(ts, "ps2")) OURO_TRY(sys_set(ts, "ps2", OURO_TRY(intern(ts, "... "))));
  return kDone;
}

bool is_blank(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#') i = std::min(text.find('\n', i), text.size() - 1);
    if (std::strchr(" \t\f\r\n", text[i]) == nullptr) return false;
  }
  return true;
}

/// What reading a statement comes to: compiled, or in error (pending), or nothing to run, or the end of input.
enum class Reading : std::uint8_t { Compiled, Failed, Nothing, End };

/// The next line. At the end of input the cursor is left on a line of its own.
bool read_line(ThreadState& ts, LineReader& reader, const char* prompt, std::string& text) {
  if (reader.read(prompt_text(ts, prompt).c_str(), text)) return true;
  SavedPending saved(ts);
  write_stderr(ts, "\n");
  return false;
}

/// Ctrl-C at the prompt throws away what was typed.
bool interrupted(ThreadState& ts) {
  if (ts.pending == nullptr) return false;
  if (catch_pending(ts, ts.core.exceptions.KeyboardInterrupt)) {
    write_stderr(ts, "KeyboardInterrupt\n");
  } else {
    print_pending_exception(ts);
  }
  return true;
}

/// Reads lines until they are a statement, and compiles it. The input may end within the statement, which is then what there is
/// of it.
Reading read_statement(ThreadState& ts, LineReader& reader, std::uint32_t flags, Ref<Code>& code) {
  std::string text;
  if (!read_line(ts, reader, "ps1", text)) return interrupted(ts) ? Reading::Nothing : Reading::End;
  const CompileOptions options{.mode = CompileMode::Single,
                               .flags = flags,
                               .optimize = optimization_level(ts),
                               .source_is_utf8 = true,
                               .hooks = compile_hooks()};
  bool ended = false;
  for (;;) {
    if (text.back() != '\n') {
      ended = !read_line(ts, reader, "ps2", text);
      if (interrupted(ts)) return Reading::Nothing;
      if (ended) text += '\n';
      continue;
    }
    if (is_blank(text)) return Reading::Nothing;
    Ref<Str> filename = Ref<Str>::share(ts.core.names.n_stdin_file);
    const InputState state = compile_interactive(ts, text, ended, filename, options, code);
    if (state == InputState::Complete) return Reading::Compiled;
    if (state == InputState::Error) return Reading::Failed;
    if (state == InputState::EndOfInput || ended) return Reading::Nothing;
    ended = !read_line(ts, reader, "ps2", text);
    if (interrupted(ts)) return Reading::Nothing;
  }
}

void show_banner(ThreadState& ts) {
  write_stderr(ts, "Ouro: Python 3.11.2 on a memory manager that you can look into\n");
  write_stderr(ts, "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
}

}  // namespace

int run_prompt(Interpreter& interpreter, const PromptOptions& options) {
  ThreadState& ts = interpreter.thread_state();
  if (options.banner) show_banner(ts);
  if (set_default_prompts(ts).raised()) clear_pending(ts);
  LineReader reader(ts);
  std::uint32_t flags = 0;  // future features stay on from the statement that asks for them
  for (;;) {
    Ref<Code> code;
    const Reading reading = read_statement(ts, reader, flags, code);
    if (reading == Reading::End) return 0;
    if (reading == Reading::Nothing) continue;
    bool failed = reading == Reading::Failed;
    if (!failed) {
      flags |= code->flags & kFutureAnnotations;
      Ref<Dict> globals = Ref<Dict>::share(interpreter.main_module()->dict);
      failed = run_source_code(ts, code, globals, globals).raised();
    }
    if (failed) {
      const int status = print_pending_exception(ts);
      if (status >= 0) return status;
    }
    flush_standard_streams(ts);
  }
}

}  // namespace ouro::cli
