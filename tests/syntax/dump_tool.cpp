// Prints the tree of a source file, or its error, for comparison with python3.11.
//
// usage: dump_tool [-a] [-n] FILE...    -a with positions, -n count only
// Each file gives one line: the tree in ast.dump() format, or
//   KIND|message|line|column|end_line|end_column|text
// "-" as file reads records from stdin: a length in decimal, a newline, that many bytes of source.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "syntax/ast_dump.h"
#include "syntax/parser.h"

namespace {

using namespace ouro::syntax;

const char* kind_name(FailureKind kind) {
  switch (kind) {
    case FailureKind::SyntaxError:
      return "SyntaxError";
    case FailureKind::IndentationError:
      return "IndentationError";
    case FailureKind::TabError:
      return "TabError";
    case FailureKind::ValueError:
      return "ValueError";
    case FailureKind::MemoryError:
      return "MemoryError";
    case FailureKind::OutOfMemory:
      return "OutOfMemory";
  }
  return "?";
}

void show(std::string_view source, const ParseOptions& options, bool positions, bool quiet) {
  ParseResult result = parse(source, options, *std::pmr::new_delete_resource());
  if (result.failure) {
    const SyntaxFailure& f = *result.failure;
    std::string text(f.text);
    for (std::size_t i = 0; (i = text.find('\n', i)) != std::string::npos; i += 2)
      text.replace(i, 1, "\\n");
    std::printf("%s|%.*s|%d|%d|%d|%d|%s\n", kind_name(f.kind), static_cast<int>(f.message.size()),
                f.message.data(), f.line, f.column, f.end_line, f.end_column, text.c_str());
    return;
  }
  if (quiet) {
    std::puts("OK");
    return;
  }
  std::pmr::string out;
  if (!dump(result.ast, {positions}, out)) out = "too deep";
  std::puts(out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  bool positions = false;
  bool quiet = false;
  ParseOptions options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "-a") == 0) {
      positions = true;
    } else if (std::strcmp(argv[i], "-n") == 0) {
      quiet = true;
    } else if (std::strcmp(argv[i], "-e") == 0) {
      options.mode = ParseMode::Eval;
    } else if (std::strcmp(argv[i], "-s") == 0) {
      options.mode = ParseMode::Single;
    } else if (std::strcmp(argv[i], "-") == 0) {
      std::string line;
      while (std::getline(std::cin, line)) {
        std::string source(std::stoul(line), '\0');
        std::cin.read(source.data(), static_cast<std::streamsize>(source.size()));
        show(source, options, positions, quiet);
      }
    } else {
      std::ifstream in(argv[i], std::ios::binary);
      std::string source{std::istreambuf_iterator<char>(in), {}};
      options.source = SourceKind::Bytes;
      show(source, options, positions, quiet);
    }
  }
}
