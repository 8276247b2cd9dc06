// Look-ups in the tables of the Unicode Character Database.
#include "objects/unicode_database.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>

namespace ouro::unicode {

namespace {

/// A character and where its text starts in kTexts.
struct NameEntry {
  std::uint32_t character;
  std::uint32_t text;
};
struct NumberEntry {
  std::uint32_t character;
  double value;
};
struct DigitEntry {
  std::uint32_t character;
  int value;
};
struct WidthEntry {
  std::uint32_t first, last;
  const char* width;
};
/// A name for one or more characters.
struct SequenceEntry {
  std::uint32_t text;
  std::uint8_t count;
  char32_t characters[4];
};

#include <unicode_data.inc>  // made by the build

template <class Entry, std::size_t kCount>
const Entry* find(const Entry (&table)[kCount], char32_t character) {
  const Entry* at =
      std::lower_bound(std::begin(table), std::end(table), character,
                       [](const Entry& entry, char32_t value) { return entry.character < value; });
  return at != std::end(table) && at->character == character ? at : nullptr;
}

// -- names by rule --------------------------------------------------------------------------------

constexpr const char* kLeads[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                  "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
constexpr const char* kVowels[] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                   "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                   "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
constexpr const char* kTails[] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                  "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                  "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kSyllables = 19 * 21 * 28;
constexpr std::string_view kHangul = "HANGUL SYLLABLE ";
constexpr std::string_view kIdeograph = "CJK UNIFIED IDEOGRAPH-";

bool is_unified_ideograph(char32_t c) {
  static constexpr std::pair<char32_t, char32_t> kRanges[] = {
      {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B738},
      {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1}, {0x2CEB0, 0x2EBE0}, {0x30000, 0x3134A}};
  for (const auto& [first, last] : kRanges) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

/// The longest of `parts` that `text` begins with; -1: none.
template <std::size_t kCount>
int take_part(std::string_view& text, const char* const (&parts)[kCount]) {
  int best = -1;
  std::size_t length = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t size = std::strlen(parts[i]);
    if (text.substr(0, size) != parts[i] || (best >= 0 && size <= length)) continue;
    best = static_cast<int>(i);
    length = size;
  }
  text.remove_prefix(length);
  return best;
}

bool find_by_rule(std::string_view name, char32_t& out) {
  if (name.substr(0, kHangul.size()) == kHangul) {
    std::string_view rest = name.substr(kHangul.size());
    const int lead = take_part(rest, kLeads);
    const int vowel = take_part(rest, kVowels);
    const int tail = take_part(rest, kTails);
    if (lead < 0 || vowel < 0 || tail < 0 || !rest.empty()) return false;
    out = kFirstSyllable + static_cast<char32_t>((lead * 21 + vowel) * 28 + tail);
    return true;
  }
  if (name.substr(0, kIdeograph.size()) != kIdeograph) return false;
  const std::string_view digits = name.substr(kIdeograph.size());
  if (digits.size() != 4 && digits.size() != 5) return false;
  char32_t value = 0;
  for (const char c : digits) {
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<char32_t>(c - '0');
    } else if (c >= 'A' && c <= 'F') {
      value = value * 16 + static_cast<char32_t>(c - 'A') + 10;
    } else {
      return false;
    }
  }
  out = value;
  return is_unified_ideograph(value);
}

template <std::size_t kCount>
const SequenceEntry* find_sequence(const SequenceEntry (&table)[kCount], std::string_view name) {
  const SequenceEntry* at =
      std::lower_bound(std::begin(table), std::end(table), name,
                       [](const SequenceEntry& entry, std::string_view value) {
                         return value.compare(kTexts + entry.text) > 0;
                       });
  return at != std::end(table) && kTexts + at->text == name ? at : nullptr;
}

}  // namespace

std::size_t character_name(char32_t character, char* out) {
  if (character >= kFirstSyllable && character < kFirstSyllable + kSyllables) {
    const char32_t index = character - kFirstSyllable;
    return static_cast<std::size_t>(std::snprintf(out, kMaxNameLength, "%s%s%s%s", kHangul.data(),
                                                  kLeads[index / (21 * 28)],
                                                  kVowels[index / 28 % 21], kTails[index % 28]));
  }
  if (is_unified_ideograph(character)) {
    return static_cast<std::size_t>(std::snprintf(out, kMaxNameLength, "%s%X", kIdeograph.data(),
                                                  static_cast<unsigned>(character)));
  }
  const NameEntry* entry = find(kNames, character);
  if (entry == nullptr) return 0;
  const std::string_view name = kTexts + entry->text;
  name.copy(out, name.size());
  return name.size();
}

std::size_t find_named(std::string_view name, char32_t* out, bool sequences) {
  if (name.empty() || name.size() >= kMaxNameLength) return 0;
  char upper[kMaxNameLength];
  for (std::size_t i = 0; i < name.size(); ++i) {
    upper[i] = name[i] >= 'a' && name[i] <= 'z' ? static_cast<char>(name[i] - 32) : name[i];
  }
  const std::string_view wanted(upper, name.size());
  if (find_by_rule(name, out[0])) return 1;  // in capitals only
  const std::uint16_t* at = std::lower_bound(std::begin(kNameOrder), std::end(kNameOrder), wanted,
                                             [](std::uint16_t index, std::string_view value) {
                                               return kTexts + kNames[index].text < value;
                                             });
  if (at != std::end(kNameOrder) && kTexts + kNames[*at].text == wanted) {
    out[0] = kNames[*at].character;
    return 1;
  }
  const SequenceEntry* entry = find_sequence(kAliases, wanted);
  if (entry == nullptr && sequences) entry = find_sequence(kSequences, wanted);
  if (entry == nullptr) return 0;
  std::copy_n(entry->characters, entry->count, out);
  return entry->count;
}

std::string_view decomposition(char32_t character) {
  const NameEntry* entry = find(kDecompositions, character);
  return entry == nullptr ? std::string_view() : std::string_view(kTexts + entry->text);
}

bool numeric_value(char32_t character, double& value) {
  const NumberEntry* entry = find(kNumbers, character);
  if (entry == nullptr) return false;
  value = entry->value;
  return true;
}

int digit_value(char32_t character) {
  const DigitEntry* entry = find(kDigits, character);
  return entry == nullptr ? -1 : entry->value;
}

const char* east_asian_width(char32_t character) {
  const WidthEntry* at =
      std::lower_bound(std::begin(kWidths), std::end(kWidths), character,
                       [](const WidthEntry& entry, char32_t value) { return entry.last < value; });
  return at != std::end(kWidths) && at->first <= character ? at->width : "F";
}

}  // namespace ouro::unicode
