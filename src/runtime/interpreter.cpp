// Interpreter: building, running programs, and the way out.
#include "runtime/interpreter.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "compile/compile.h"
#include "modules/faulthandler.h"
#include "modules/memory_tracer.h"
#include "modules/native_modules.h"
#include "modules/signals.h"
#include "modules/thread.h"
#include "modules/warnings_module.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "runtime/importer.h"
#include "runtime/importlib.h"
#include "runtime/shutdown.h"
#include "runtime/source_file.h"
#include "runtime/streams.h"
#include "vm/vm.h"

namespace ouro {

namespace {

constexpr const char* kLibraryFolders[] = {"/usr/lib/python3.11", "/usr/local/lib/python3.11"};
constexpr const char* kSitePackages = "/usr/lib/python3/dist-packages";

bool is_folder(const std::string& path) {
  struct stat facts = {};
  return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

std::string folder_of(const char* path) {
  const char* slash = std::strrchr(path, '/');
  if (slash == nullptr) return "";
  return slash == path ? "/" : std::string(path, slash);
}

/// Whether a file can be imported from: it ends with the directory of a zip archive, which a comment may follow.
bool is_archive(std::string_view bytes) {
  constexpr std::size_t kDirectoryEnd = 22;
  constexpr std::size_t kMostComment = 65535;
  if (bytes.size() < kDirectoryEnd) return false;
  const std::size_t farthest = std::min(bytes.size(), kDirectoryEnd + kMostComment);
  return bytes.substr(bytes.size() - farthest).find("PK\5\6") != std::string_view::npos;
}

std::string absolute(const std::string& path) {
  if (!path.empty() && path.front() == '/') return path;
  char folder[4096];
  if (getcwd(folder, sizeof folder) == nullptr) return path;
  return path.empty() ? std::string(folder) : std::string(folder) + "/" + path;
}

Status append_path(ThreadState& ts, Borrowed<List> path, const std::string& entry) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, entry));
  return path->append(ts, text);
}

Status prepend_path(ThreadState& ts, const std::string& entry) {
  Borrowed<Object> path = sys_get(ts, "path");
  if (!path || !is_list(path)) return kDone;
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, entry));
  return as<List>(path)->insert(ts, 0, text);
}

}  // namespace

Interpreter::Interpreter(const InterpreterOptions& options) : options_(options), heap_(options.heap) {}

Interpreter::~Interpreter() {
  if (ts_.has_value() && !finished_) (void)finish(0, nullptr);
}

bool Interpreter::start() {
  space_.emplace(heap_);
  gc::current_space() = &*space_;
  ts_.emplace(core_, *space_);
  ts_->interpreter = this;
  ts_->identity = static_cast<std::uint64_t>(pthread_self());
  threads_ = new (std::nothrow) Threads(*space_);
  if (threads_ == nullptr) {
    failure_ = "out of memory while starting";
    return false;
  }
  threads_->add(*ts_);
  threads_->set_main_thread(&*ts_);
  threads_->take_lock(*ts_);
  current_thread_state() = &*ts_;
  space_->collector.set_verify(options_.gc_verify);
  if (build().raised()) {
    heap_.set_fail_allocation_at(0, /*once=*/false);
    if (failure_.empty()) failure_ = "out of memory while starting";
    if (core_.types.object != nullptr && ts_->pending != nullptr && core_.modules != nullptr) {
      print_pending_exception(*ts_);
    }
    return false;
  }
  space_->collector.set_stress(options_.gc_stress);
  if (options_.fail_allocation_at != 0) heap_.set_fail_allocation_at(options_.fail_allocation_at, options_.fail_once);
  return true;
}

Status Interpreter::build() {
  ThreadState& ts = *ts_;
  // Nothing is garbage while the world is being made, and its objects are not to be counted as a program's.
  space_->collector.set_enabled(false);
  OURO_TRY(init_frame_stack(ts));
  OURO_TRY(init_core_objects(ts));
  install_vm(ts);
  OURO_TRY(add_slot_wrappers(ts, core_.types.function));
  if (options_.trace_frames > 0) {
    MemoryTracer* tracer = memory_tracer(ts);
    if (tracer == nullptr) return raise_no_memory(ts);
    OURO_TRY(tracer->start(ts, options_.trace_frames));
  }
  core_.modules = OURO_TRY(Dict::create(ts)).release();
  for (const char* name : {"sys", "builtins"}) {
    Ref<Module> module = OURO_TRY(find_native_module(name)->create(ts));
    (std::strcmp(name, "sys") == 0 ? core_.sys_dict : core_.builtins) = Ref<Dict>::share(module->dict).release();
    OURO_TRY(dict_set(ts, core_.modules, name, Obj(module)));
  }
  OURO_TRY(set_sys_options(ts, options_.sys));
  OURO_TRY(install_importer(ts));
  OURO_TRY(find_library());
  // The collector's hooks belong to module gc, which therefore exists from the start.
  gc_module_ = as<Module>(OURO_TRY(import_module(ts, "gc")).release());
  OURO_TRY(open_standard_streams(ts, options_.sys.unbuffered != 0, options_.sys.ignore_environment == 0));
  Ref<Module> main = OURO_TRY(Module::create(ts, "__main__"));
  const Lookup builtins = dict_lookup(ts, core_.modules, OURO_TRY(intern(ts, "builtins")));
  OURO_TRY(dict_set(ts, main->dict, "__builtins__", Obj(builtins.value)));
  OURO_TRY(dict_set(ts, main->dict, "__annotations__", OURO_TRY(Dict::create(ts))));
  OURO_TRY(dict_set(ts, core_.modules, "__main__", Obj(main)));
  main_ = main.release();
  OURO_TRY(add_site_builtins());
  OURO_TRY(import_module(ts, "_signal"));  // Ctrl-C raises KeyboardInterrupt from here on
  if (wants_faulthandler()) {
    ObjRef faulthandler = OURO_TRY(import_module(ts, "faulthandler"));
    OURO_TRY(call_method(ts, faulthandler, OURO_TRY(intern(ts, "enable"))));
  }
  if (!options_.sys.warn_options.empty()) OURO_TRY(import_module(ts, "warnings"));
  first_builtins_ = OURO_TRY(dict_copy(ts, core_.builtins)).release();
  space_->collector.set_enabled(true);
  return kDone;
}

// -X faulthandler, -X dev, or the environment variable.
bool Interpreter::wants_faulthandler() const {
  if (options_.sys.dev_mode != 0) return true;
  for (const auto& [name, value] : options_.sys.x_options) {
    if (name == "faulthandler") return true;
  }
  if (options_.sys.ignore_environment != 0) return false;
  const char* variable = std::getenv("PYTHONFAULTHANDLER");
  return variable != nullptr && *variable != '\0';
}

// exit, quit, copyright, credits, license and help: what the library's site puts into builtins.
Status Interpreter::add_site_builtins() {
  ThreadState& ts = *ts_;
  if (options_.sys.no_site != 0) return kDone;
  ObjRef library = OURO_TRY(import_module(ts, "_sitebuiltins"));
  const auto add = [&](const char* name, const char* type, std::initializer_list<Object*> args) -> Status {
    ObjRef made = OURO_TRY(get_attribute(ts, library, type));
    made = OURO_TRY(call(ts, made, Args{args.begin(), static_cast<std::uint32_t>(args.size()), nullptr}));
    return dict_set(ts, core_.builtins, name, made);
  };
  Ref<Str> end_of_file = OURO_TRY(Str::from_utf8(ts, "Ctrl-D (i.e. EOF)"));
  for (const char* name : {"quit", "exit"}) {
    Ref<Str> shown_name = OURO_TRY(intern(ts, name));
    OURO_TRY(add(name, "Quitter", {shown_name.get(), end_of_file.get()}));
  }
  const std::pair<const char*, const char*> texts[] = {
      {"copyright", "Ouro is open source; its licence is in the file LICENSE.\n"
                    "The Python language and its standard library are the work of the Python Software Foundation and its contributors."},
      {"credits", "    Thanks to everybody who made and documented Python.  See www.python.org for more information."},
      {"license", "Ouro's licence is in the file LICENSE; the standard library's is at https://docs.python.org/3/license.html"}};
  for (const auto& [name, text] : texts) {
    Ref<Str> shown_name = OURO_TRY(intern(ts, name));
    Ref<Str> shown = OURO_TRY(Str::from_utf8(ts, text));
    OURO_TRY(add(name, "_Printer", {shown_name.get(), shown.get()}));
  }
  return add("help", "_Helper", {});
}

// sys.path: the library and the packages beside it. Without a library, programs that use native modules only still run.
Status Interpreter::find_library() {
  ThreadState& ts = *ts_;
  Ref<List> path = OURO_TRY(List::create(ts));
  const bool use_environment = options_.sys.ignore_environment == 0 && options_.sys.isolated == 0;
  if (const char* extra = use_environment ? std::getenv("PYTHONPATH") : nullptr; extra != nullptr && *extra != '\0') {
    std::string entries = extra;
    for (std::size_t start = 0; start <= entries.size();) {
      const std::size_t end = std::min(entries.find(':', start), entries.size());
      OURO_TRY(append_path(ts, path, absolute(entries.substr(start, end - start))));
      start = end + 1;
    }
  }
  std::string library = options_.stdlib;
  if (library.empty() && use_environment) {
    if (const char* named = std::getenv("OURO_STDLIB"); named != nullptr) library = named;
  }
  for (const char* folder : kLibraryFolders) {
    if (library.empty() && is_folder(folder)) library = folder;
  }
  if (!library.empty()) OURO_TRY(append_path(ts, path, library));
  if (options_.sys.no_site == 0 && is_folder(kSitePackages)) OURO_TRY(append_path(ts, path, kSitePackages));
  return sys_set(ts, "path", path);
}

int Interpreter::run_source(std::string_view source, const char* filename, bool source_is_utf8) {
  ThreadState& ts = *ts_;
  const auto run = [&]() -> Status {
    Ref<Str> name = OURO_TRY(Str::from_utf8(ts, filename));
    Ref<Code> code = OURO_TRY(compile_program(ts, source, name, {.source_is_utf8 = source_is_utf8, .source_is_file = !source_is_utf8}));
    Ref<Dict> globals = Ref<Dict>::share(main_->dict);
    (void)OURO_TRY(run_source_code(ts, code, globals, globals));
    return kDone;
  };
  return run().ok() ? 0 : report_uncaught();
}

int Interpreter::report_uncaught() {
  interrupted_ = pending_matches(*ts_, core_.exceptions.KeyboardInterrupt);
  const int status = print_pending_exception(*ts_);
  if (status < 0) return 1;
  exit_requested_ = true;
  return status;
}

// A folder or an archive: its `__main__`.
int Interpreter::run_container(const char* path) {
  const auto run = [&]() -> Status {
    OURO_TRY(prepend_path(*ts_, absolute(path)));
    Ref<Str> name = OURO_TRY(intern(*ts_, "__main__"));
    return run_as_main(*ts_, name, false);
  };
  return run().ok() ? 0 : report_uncaught();
}

int Interpreter::run_file(const char* path) {
  ThreadState& ts = *ts_;
  SourceFile file;
  const char* program = options_.sys.executable.c_str();
  switch (file.read(path)) {
    case SourceFile::Outcome::Read:
      break;
    case SourceFile::Outcome::IsDirectory: {
      const std::string inner = std::string(path) + "/__main__.py";
      SourceFile probe;
      if (probe.read(inner.c_str()) != SourceFile::Outcome::Read) {
        std::fprintf(stderr, "%s: can't find '__main__' module in '%s'\n", program, absolute(path).c_str());
        return 1;
      }
      return run_container(path);
    }
    case SourceFile::Outcome::NoMemory:
      (void)raise_no_memory(ts);
      return report_uncaught();
    case SourceFile::Outcome::CannotOpen:
    case SourceFile::Outcome::CannotRead:
      std::fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", program, absolute(path).c_str(), file.error_number(),
                   std::strerror(file.error_number()));
      return 2;
  }
  if (is_archive(file.bytes())) return run_container(path);
  char real[4096];
  const char* resolved = realpath(path, real);
  const std::string full_path = absolute(path);
  Status ready = kDone;
  if (options_.sys.safe_path == 0) ready = prepend_path(ts, folder_of(resolved == nullptr ? path : resolved));
  if (ready.ok()) {
    Result<Ref<Str>> name = Str::from_utf8(ts, full_path);
    if (name.ok()) {
      Ref<Str> text = name.take();
      ready = dict_set(ts, main_->dict, "__file__", Obj(text));
      if (ready.ok()) ready = dict_set(ts, main_->dict, "__cached__", Obj(ts.core.none));
    } else {
      ready = Raised{};
    }
  }
  if (ready.raised()) return report_uncaught();
  return run_source(file.bytes(), full_path.c_str(), false);
}

int Interpreter::run_command(std::string_view command) {
  if (options_.sys.safe_path == 0 && prepend_path(*ts_, "").raised()) return report_uncaught();
  return run_source(command, "<string>", true);
}

int Interpreter::run_stdin() {
  SourceFile file;
  if (file.read_stream(STDIN_FILENO) == SourceFile::Outcome::NoMemory) {
    (void)raise_no_memory(*ts_);
    return report_uncaught();
  }
  if (options_.sys.safe_path == 0 && prepend_path(*ts_, "").raised()) return report_uncaught();
  return run_source(file.bytes(), "<stdin>", false);
}

// -m: the standard library's runpy finds and runs the module as __main__.
int Interpreter::run_module(const char* name) {
  ThreadState& ts = *ts_;
  const auto run = [&]() -> Status {
    if (options_.sys.safe_path == 0) OURO_TRY(prepend_path(ts, absolute("")));
    return run_module_as_main(ts, name, main_);
  };
  return run().ok() ? 0 : report_uncaught();
}

int print_pending_exception(ThreadState& ts) {
  ObjRef exception = take_pending(ts);
  if (is_instance_of(exception, ts.core.exceptions.SystemExit)) {
    MaybeAttribute code = find_attribute(ts, exception, ts.core.names.n_code);
    clear_pending(ts);
    if (!code.value || is_none(code.value)) return 0;
    if (is_int(code.value)) return static_cast<int>(int_clamped(code.value) & 0xff);
    Result<Ref<Str>> text = str_of(ts, code.value);
    if (text.ok()) {
      Ref<Str> shown = text.take();
      Utf8 utf8(shown);
      if (utf8.ok()) write_stderr(ts, utf8.view());
    }
    clear_pending(ts);
    write_stderr(ts, "\n");
    return 1;
  }
  (void)sys_set(ts, "last_type", exception->type());
  (void)sys_set(ts, "last_value", exception);
  Object* traceback = as_exception(exception)->traceback;
  (void)sys_set(ts, "last_traceback", traceback == nullptr ? ts.core.none : traceback);
  clear_pending(ts);
  ObjRef hook = sys_get(ts, "excepthook").new_ref();
  if (hook) {
    ObjRef held = traceback == nullptr ? ts.core.none_ref() : Obj(traceback).new_ref();
    if (call(ts, hook, exception->type(), exception, held).ok()) return -1;
    ObjRef second = take_pending(ts);
    if (is_instance_of(second, ts.core.exceptions.SystemExit)) {
      restore_pending(ts, std::move(second));
      return print_pending_exception(ts);
    }
    write_stderr(ts, "Error in sys.excepthook:\n");
    print_exception(ts, second);
    write_stderr(ts, "\nOriginal exception was:\n");
  }
  if (!hook) write_stderr(ts, "sys.excepthook is missing\n");
  print_exception(ts, exception);
  return -1;
}

int Interpreter::finish(int status, LeakReport* leak_report) {
  ThreadState& ts = *ts_;
  finished_ = true;
  if (core_.modules != nullptr) {
    wait_for_threads(ts);
    run_exit_functions(ts);
    threads_->begin_finishing(ts);
    core_.finalizing = true;
    if (!flush_standard_streams(ts)) status = 120;
    finish_signals(ts);
    Ref<Module>::steal(std::exchange(main_, nullptr)).reset();
    ouro::finish_modules(ts, Ref<Dict>::steal(std::exchange(first_builtins_, nullptr)));
    finish_faulthandler(ts);
    // gc.callbacks and gc.garbage are the last holders of what a program left there.
    if (gc_module_ != nullptr) {
      Ref<Module> gc_module = Ref<Module>::steal(std::exchange(gc_module_, nullptr));
      gc_module->free_state(gc_module.get());
      gc_module.reset();
      space_->collector.unfreeze();  // nothing is left that could see frozen objects go
      // Again while there is something: the class of an unwatched instance is held until that is gone.
      do {
        release_thread(ts);
      } while (space_->collector.collect({.generation = 2, .cause = gc::Cause::Shutdown}) > 0);
    }
  }
  // Starting may have failed before there were modules to take apart, with a class half made.
  if (core_.modules == nullptr) space_->collector.collect({.generation = 2, .cause = gc::Cause::Shutdown});
  space_->collector.set_stress(0);
  release_thread(ts);
  end_memory_tracer(ts);
  clear_core_objects(ts);
  free_frame_stack(ts);
  current_thread_state() = nullptr;
  threads_remain_ = threads_->has_others(ts);
  threads_->set_main_thread(nullptr);
  threads_->remove(ts);
  Threads::forget(std::exchange(threads_, nullptr));
  ts_.reset();
  gc::current_space() = nullptr;
  space_.reset();
  heap_.release_unused();
  if (leak_report != nullptr) *leak_report = {heap_.live_blocks(), heap_.live_bytes()};
  return status;
}

}  // namespace ouro
