// Text signatures: the first line of a native function's doc, "name(params)\n--\n\n", apart from
// the doc proper.
#pragma once

#include <string_view>

namespace ouro {

namespace text_signature_detail {

/// Length of "name" + signature up to and with ')', 0 when `doc` does not start with a signature.
constexpr std::size_t end_of_signature(std::string_view name, std::string_view doc) {
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  if (doc.substr(0, name.size()) != name || doc.substr(name.size(), 1) != "(") return 0;
  const std::size_t end = doc.find(")\n--\n\n");
  const std::size_t blank = doc.find("\n\n");
  return end == std::string_view::npos || blank < end ? 0 : end + 1;
}

}  // namespace text_signature_detail

/// The doc without its signature.
constexpr std::string_view doc_text(std::string_view name, std::string_view doc) {
  const std::size_t end = text_signature_detail::end_of_signature(name, doc);
  return end == 0 ? doc : doc.substr(end + std::string_view("\n--\n\n").size());
}

/// "(params)", or empty when there is no signature.
constexpr std::string_view signature_text(std::string_view name, std::string_view doc) {
  const std::size_t end = text_signature_detail::end_of_signature(name, doc);
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  return end == 0 ? std::string_view() : doc.substr(name.size(), end - name.size());
}

}  // namespace ouro
