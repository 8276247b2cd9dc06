// Short ways to parse a text in a test and read the result.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "syntax/ast_dump.h"
#include "syntax/parser.h"

namespace ouro::syntax::testing {

inline ParseResult parse_text(std::string_view source, ParseOptions options = {}) {
  return parse(source, options, *std::pmr::new_delete_resource());
}

/// "message @line:column-end_line:end_column", or "ok".
inline std::string outcome(const ParseResult& result) {
  if (result.incomplete) return "incomplete";
  if (result.end_of_input) return "end of input";
  if (!result.failure) return "ok";
  const SyntaxFailure& f = *result.failure;
  return std::string(f.message) + " @" + std::to_string(f.line) + ":" + std::to_string(f.column) +
         "-" + std::to_string(f.end_line) + ":" + std::to_string(f.end_column);
}

inline std::string error_of(std::string_view source, ParseOptions options = {}) {
  return outcome(parse_text(source, options));
}

inline std::string tree_of(std::string_view source, ParseOptions options = {},
                           bool positions = false) {
  ParseResult result = parse_text(source, options);
  if (!result.ok()) return outcome(result);
  std::pmr::string out;
  dump(result.ast, {positions}, out);
  return std::string(out);
}

/// The tree of one expression, without the Module around it.
inline std::string expression_of(std::string_view source) {
  ParseOptions options;
  options.mode = ParseMode::Eval;
  std::string text = tree_of(source, options);
  constexpr std::string_view kHead = "Expression(body=";
  if (!text.starts_with(kHead)) return text;
  return text.substr(kHead.size(), text.size() - kHead.size() - 1);
}

}  // namespace ouro::syntax::testing
