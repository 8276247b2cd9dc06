// What Unicode says about characters in identifiers, on top of utf8proc.
#pragma once

#include <memory_resource>
#include <string_view>

namespace ouro::syntax {

/// May `c` begin an identifier (XID_Start or '_')?
bool is_identifier_start(char32_t c);
/// May `c` continue one (XID_Continue)?
bool is_identifier_part(char32_t c);
/// Python's str.isprintable for one character.
bool is_printable(char32_t c);
/// `text` in NFKC form; `text` itself when it is ASCII.
std::string_view normalize_identifier(std::string_view text, std::pmr::memory_resource& arena);

}  // namespace ouro::syntax
