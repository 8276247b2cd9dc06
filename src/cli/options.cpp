// Parsing the command line.
#include "cli/options.h"

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modules/memory_tracer.h"

namespace ouro::cli {

namespace {

constexpr const char* kHelp = R"(usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...
Ouro runs Python 3.11 programs on a memory manager that you can look into.

Options, as python3.11 has them:
-b     : issue warnings about comparing bytes with str (-bb: issue errors)
-B     : don't write .pyc files (ouro never does); also PYTHONDONTWRITEBYTECODE=x
-c cmd : program passed in as string (terminates option list)
-E     : ignore PYTHON* environment variables
-h     : print this help message and exit (also -? or --help)
-i     : inspect interactively after running script; forces a prompt even
         if stdin does not appear to be a terminal
-I     : isolate from the user's environment (implies -E, -P and -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert statements; -OO: discard docstrings too
-P     : don't prepend a potentially unsafe path to sys.path
-q     : don't print version and copyright messages on interactive startup
-s     : don't add user site directory to sys.path
-S     : don't add the folder of installed packages to sys.path
-u     : force the stdout and stderr streams to be unbuffered
-v     : accepted; also -d, -x, -W arg
-V     : print the version number and exit (also --version)
-X opt : one of the following (or any other name, kept in sys._xoptions)

Memory switches, all off by default:
-X heaplimit=SIZE      what the heap may take from the system, e.g. 64M; more is a MemoryError
-X heapdebug           guard bytes round every block; double frees and stray writes are reported
-X heapstats           a table of the heap's size classes on stderr at the end
-X leakcheck           exit with status 1 and a report when blocks are alive after the end
-X gcstress[=N]        a young collection at every N-th allocation of a collected object (1)
-X gcverify=phase      check the heap's and the collector's invariants after each phase of a collection;
                       =collection: before and after each
-X failalloc=N[,once]  the N-th allocation of the program fails, and all later ones (or only that one)
-X tracemalloc[=N]     trace the memory that Python code allocates, with N lines a block (1);
                       also PYTHONTRACEMALLOC=N
-X stdlib=DIR          where the pure-Python standard library is; also OURO_STDLIB

file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]
)";

// Words that name tools rather than files, when they are the whole first argument.
constexpr std::array kTools = {"record", "explore", "snapshot", "top",   "retained", "cycles",
                               "path",   "diff",    "query",    "explain", "graph",   "stats"};

struct Parser {
  int argc;
  char** argv;
  int at = 1;
  int status = 0;
  CommandLine line;

  int usage(const char* pattern, const char* value) {
    std::fprintf(stderr, pattern, value);
    std::fprintf(stderr, "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `%s -h' for more information.\n",
                 argv[0], argv[0]);
    return 2;
  }
  bool fail(const char* pattern, const char* value) {
    status = usage(pattern, value);
    return false;
  }

  /// "64M" in bytes; nothing when it is no size.
  static std::optional<std::size_t> size_of(const char* text) {
    char* end = nullptr;
    if (*text < '0' || *text > '9') return std::nullopt;
    const unsigned long long number = std::strtoull(text, &end, 10);
    unsigned shift = 0;
    switch (*end) {
      case 'k': case 'K': shift = 10; ++end; break;
      case 'm': case 'M': shift = 20; ++end; break;
      case 'g': case 'G': shift = 30; ++end; break;
      default: break;
    }
    if (*end == 'B' || *end == 'b') ++end;
    if (*end != '\0' || number == 0 || number > (ULLONG_MAX >> shift)) return std::nullopt;
    return static_cast<std::size_t>(number) << shift;
  }

  bool x_option(const char* text) {
    const char* equals = std::strchr(text, '=');
    const std::string name = equals == nullptr ? std::string(text) : std::string(text, equals);
    const char* value = equals == nullptr ? "" : equals + 1;
    InterpreterOptions& options = line.interpreter;
    if (name == "heaplimit") {
      const std::optional<std::size_t> bytes = size_of(value);
      if (!bytes.has_value()) return fail("-X heaplimit wants a size such as 64M, not '%s'\n", value);
      options.heap.limit_bytes = *bytes;
    } else if (name == "heapdebug") {
      options.heap.debug = true;
    } else if (name == "heapstats") {
      line.heap_stats = true;
    } else if (name == "leakcheck") {
      line.leak_check = true;
    } else if (name == "gcstress") {
      const std::optional<std::size_t> every = equals == nullptr ? std::size_t{1} : size_of(value);
      if (!every.has_value()) return fail("-X gcstress wants a number, not '%s'\n", value);
      options.gc_stress = *every;
    } else if (name == "gcverify") {
      if (std::strcmp(value, "phase") == 0) {
        options.gc_verify = gc::VerifyMode::EachPhase;
      } else if (std::strcmp(value, "collection") == 0 || equals == nullptr) {
        options.gc_verify = gc::VerifyMode::EachCollection;
      } else {
        return fail("-X gcverify is phase or collection, not '%s'\n", value);
      }
    } else if (name == "failalloc") {
      std::string number = value;
      if (const std::size_t comma = number.find(",once"); comma != std::string::npos && comma + 5 == number.size()) {
        options.fail_once = true;
        number.resize(comma);
      }
      const std::optional<std::size_t> at_allocation = size_of(number.c_str());
      if (!at_allocation.has_value()) return fail("-X failalloc wants a number (and ,once), not '%s'\n", value);
      options.fail_allocation_at = *at_allocation;
    } else if (name == "stdlib") {
      if (*value == '\0') return fail("-X stdlib wants a folder%s\n", value);
      options.stdlib = value;
    } else if (name == "dev") {
      options.sys.dev_mode = 1;
    }
    options.sys.x_options.emplace_back(name, value);
    return true;
  }

  /// How many lines a block a text asks tracing for; false when it is no such number (`status` set).
  bool trace_frames(const char* text, const char* origin) {
    char* end = nullptr;
    errno = 0;
    const long frames = std::strtol(text, &end, 10);
    if (*end != '\0' || errno != 0 || frames < 0 || frames > INT_MAX) {
      std::fprintf(stderr, "Fatal Python error: config_init_tracemalloc: %s: invalid number of frames\n"
                   "Python runtime state: preinitialized\n\n", origin);
      status = 1;
      return false;
    }
    if (frames > MemoryTracer::kMaxFrames) {
      std::fprintf(stderr, "Fatal Python error: init_interp_main: can't initialize tracemalloc\n"
                   "Python runtime state: core initialized\n"
                   "ValueError: the number of frames must be in range [1; %d]\n\n", MemoryTracer::kMaxFrames);
      status = 1;
      return false;
    }
    line.interpreter.trace_frames = static_cast<int>(frames);
    return true;
  }

  /// The first -X tracemalloc counts, and more than PYTHONTRACEMALLOC.
  bool read_tracing() {
    const SysOptions& sys = line.interpreter.sys;
    const char* variable = std::getenv("PYTHONTRACEMALLOC");
    if (sys.ignore_environment == 0 && variable != nullptr && !trace_frames(variable, "PYTHONTRACEMALLOC")) return false;
    for (const auto& [name, value] : sys.x_options) {
      if (name != "tracemalloc") continue;
      return trace_frames(value.empty() ? "1" : value.c_str(), "-X tracemalloc=NFRAME");
    }
    return true;
  }

  /// The argument of an option: the rest of the word or the next one.
  const char* argument(const char*& letter, char option) {
    const char* rest = letter + 1;
    letter = "";
    if (*rest != '\0') return rest;
    if (at + 1 < argc) return argv[++at];
    std::fprintf(stderr, "Argument expected for the -%c option\n", option);
    status = usage("%s", "");
    return nullptr;
  }

  /// One word of options; false when parsing is over (`status` set, or the program was named).
  bool word(const char* text, bool& named) {
    SysOptions& sys = line.interpreter.sys;
    for (const char* letter = text + 1; *letter != '\0'; letter += *letter != '\0') {
      switch (*letter) {
        case 'b': ++sys.bytes_warning; break;
        case 'B': ++sys.dont_write_bytecode; break;
        case 'd': break;
        case 'E': ++sys.ignore_environment; break;
        case 'h': case '?':
          std::printf(kHelp, argv[0]);
          return false;
        case 'i': ++sys.inspect; ++sys.interactive; line.inspect = line.interactive = true; break;
        case 'I': ++sys.isolated; sys.safe_path = 1; break;
        case 'O': ++sys.optimize; break;
        case 'P': sys.safe_path = 1; break;
        case 'q': ++sys.quiet; line.quiet = true; break;
        case 's': ++sys.no_user_site; break;
        case 'S': ++sys.no_site; break;
        case 'u': ++sys.unbuffered; break;
        case 'v': ++sys.verbose; break;
        case 'V':
          std::printf("Python 3.11.2 (Ouro)\n");
          return false;
        case 'x': break;
        case 'W': {
          const char* value = argument(letter, 'W');
          if (value == nullptr) return false;
          sys.warn_options.emplace_back(value);
          break;
        }
        case 'X': {
          const char* value = argument(letter, 'X');
          if (value == nullptr || !x_option(value)) return false;
          break;
        }
        case 'c': case 'm': {
          const char option = *letter;
          const char* value = argument(letter, option);
          if (value == nullptr) return false;
          line.what = option == 'c' ? CommandLine::What::Command : CommandLine::What::Module;
          line.target = value;
          named = true;
          break;
        }
        default: {
          const char unknown[] = {*letter, '\0'};
          return fail("Unknown option: -%s\n", unknown);
        }
      }
      if (named) return true;
    }
    return true;
  }

  /// A PYTHON… variable that stands for an option given that many times.
  static void raise_to(int& option, const char* variable) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') return;
    char* end = nullptr;
    const long number = std::strtol(value, &end, 10);
    const int level = *end == '\0' && number >= 0 && number < 100 ? static_cast<int>(number) : 1;
    option = std::max(option, level);
  }

  /// False when a variable makes no sense (`status` set).
  bool read_environment() {
    SysOptions& sys = line.interpreter.sys;
    if (sys.ignore_environment != 0) return true;
    if (const char* seed = std::getenv("PYTHONHASHSEED"); seed != nullptr && *seed != '\0' && std::strcmp(seed, "random") != 0) {
      char* end = nullptr;
      errno = 0;
      const unsigned long long number = std::strtoull(seed, &end, 10);
      if (*end != '\0' || *seed == '-' || errno != 0 || number > UINT32_MAX) {
        std::fputs("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range "
                   "[0; 4294967295]\nPython runtime state: preinitialized\n\n", stderr);
        status = 1;
        return false;
      }
    }
    raise_to(sys.optimize, "PYTHONOPTIMIZE");
    raise_to(sys.unbuffered, "PYTHONUNBUFFERED");
    raise_to(sys.dont_write_bytecode, "PYTHONDONTWRITEBYTECODE");
    raise_to(sys.no_user_site, "PYTHONNOUSERSITE");
    raise_to(sys.inspect, "PYTHONINSPECT");
    // The variable asks for a prompt on a terminal only; the option forces one.
    if (sys.inspect != 0 && isatty(STDIN_FILENO) != 0) line.inspect = true;
    if (const char* safe = std::getenv("PYTHONSAFEPATH"); safe != nullptr && *safe != '\0') sys.safe_path = 1;
    const char* warnings = std::getenv("PYTHONWARNINGS");
    if (warnings == nullptr || *warnings == '\0') return true;
    std::vector<std::string> all;
    const std::string_view text = warnings;
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find(',', start), text.size());
      all.emplace_back(text.substr(start, end - start));
      start = end + 1;
    }
    all.insert(all.end(), sys.warn_options.begin(), sys.warn_options.end());
    sys.warn_options = std::move(all);
    return true;
  }

  bool parse() {
    if (argc > 1) {
      for (const char* tool : kTools) {
        if (std::strcmp(argv[1], tool) != 0) continue;
        std::fprintf(stderr, "ouro: the command '%s' is not built yet\n", tool);
        status = 2;
        return false;
      }
    }
    bool named = false;
    for (; at < argc && !named; ++at) {
      const char* text = argv[at];
      if (text[0] != '-' || text[1] == '\0') break;
      if (std::strcmp(text, "--") == 0) {
        ++at;
        break;
      }
      if (std::strcmp(text, "--help") == 0) text = "-h";
      if (std::strcmp(text, "--version") == 0) text = "-V";
      if (text[1] == '-') {
        std::fprintf(stderr, "unknown option %s\n", text);
        return fail("%s", "");
      }
      if (!word(text, named)) return false;
    }
    SysOptions& sys = line.interpreter.sys;
    if (sys.isolated != 0) sys.ignore_environment = sys.no_user_site = 1;
    if (!read_environment() || !read_tracing()) return false;
    sys.argv.clear();
    if (named) {
      sys.argv.emplace_back(line.what == CommandLine::What::Command ? "-c" : "-m");
    } else if (at < argc) {
      line.what = std::strcmp(argv[at], "-") == 0 ? CommandLine::What::Stdin : CommandLine::What::File;
      line.target = argv[at];
      sys.argv.emplace_back(argv[at++]);
    } else {
      sys.argv.emplace_back("");
    }
    if (line.what == CommandLine::What::Stdin && (line.interactive || isatty(STDIN_FILENO) != 0)) {
      line.what = CommandLine::What::Prompt;
    }
    for (; at < argc; ++at) sys.argv.emplace_back(argv[at]);
    sys.orig_argv.assign(argv, argv + argc);
    // Sanitizer builds use debug blocks always; without -X heapdebug freed blocks are to be reused at once, as elsewhere.
    if (!line.interpreter.heap.debug) line.interpreter.heap.quarantine_bytes = 0;
    char self[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    sys.executable = length > 0 ? std::string(self, static_cast<std::size_t>(length)) : std::string(argv[0]);
    return true;
  }
};

}  // namespace

std::optional<CommandLine> parse_command_line(int argc, char** argv, int& status) {
  Parser parser{.argc = argc, .argv = argv, .line = {}};
  if (!parser.parse()) {
    status = parser.status;
    return std::nullopt;
  }
  return std::move(parser.line);
}

}  // namespace ouro::cli
