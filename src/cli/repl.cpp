// The prompt. A statement is complete when the grammar says so; each is a compilation unit of its own.
#include "cli/repl.h"

#include <editline/readline.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "compile/compile.h"
#include "heap/memory_resource.h"
#include "modules/sys_module.h"
#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "runtime/importer.h"
#include "runtime/streams.h"
#include "syntax/parser.h"
#include "vm/vm.h"

namespace ouro::cli {

namespace {

/// Lines from a terminal, edited and remembered, or from any other stdin (the prompt then goes to stderr).
class LineReader {
 public:
  LineReader() : terminal_(isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
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

  /// Appends the next line, its newline included, to `text`; false at the end of input.
  bool read(const char* prompt, std::string& text) {
    if (terminal_) {
      char* line = readline(prompt);
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
      const int byte = std::fgetc(stdin);
      if (byte == EOF) {
        if (any) text += '\n';
        return any;
      }
      any = true;
      text += static_cast<char>(byte);
      if (byte == '\n') return true;
    }
  }

 private:
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

/// Reads one statement into `text`. False at the end of input.
bool read_statement(ThreadState& ts, LineReader& reader, std::string& text) {
  heap::HeapResource memory(ts.space.heap);
  text.clear();
  if (!reader.read(prompt_text(ts, "ps1").c_str(), text)) return false;
  for (;;) {
    const syntax::ParseResult result = syntax::parse_interactive(text, false, {.filename = "<stdin>"}, memory);
    if (!result.incomplete) return true;
    if (!reader.read(prompt_text(ts, "ps2").c_str(), text)) return true;
  }
}

Status run_statement(ThreadState& ts, Borrowed<Module> main, const std::string& text) {
  Ref<Str> filename = Ref<Str>::share(ts.core.names.n_stdin_file);
  Ref<Code> code = OURO_TRY(compile_source(ts, text, filename, {.mode = CompileMode::Single, .source_is_utf8 = true}));
  Ref<Dict> globals = Ref<Dict>::share(main->dict);
  (void)OURO_TRY(run_code(ts, code, globals, globals));
  return kDone;
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
  LineReader reader;
  std::string text;
  for (;;) {
    if (!read_statement(ts, reader, text)) {
      write_stderr(ts, "\n");
      return 0;
    }
    if (is_blank(text)) continue;
    if (run_statement(ts, interpreter.main_module(), text).raised()) {
      const int status = print_pending_exception(ts);
      if (status >= 0) return status;
    }
    flush_standard_streams(ts);
  }
}

}  // namespace ouro::cli
