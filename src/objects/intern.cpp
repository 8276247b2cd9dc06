// The table of interned texts.
#include "objects/intern.h"

#include <cstring>

#include "objects/bytes.h"
#include "objects/errors.h"

namespace ouro {

namespace {

constexpr std::size_t kFirstPlaces = 1024;

std::size_t home_of(const InternTable& table, std::int64_t hash) {
  return static_cast<std::size_t>(hash) & table.mask;
}

Str** allocate_places(std::size_t count) {
  auto* places = static_cast<Str**>(allocate_raw(count * sizeof(Str*)));
  if (places != nullptr) std::memset(places, 0, count * sizeof(Str*));
  return places;
}

void insert(InternTable& table, Str* text) {
  std::size_t at = home_of(table, text->hash);
  while (table.places[at] != nullptr) at = (at + 1) & table.mask;
  table.places[at] = text;
}

bool grow(InternTable& table) {
  InternTable wider = {allocate_places(2 * (table.mask + 1)), 2 * table.mask + 1, table.used};
  if (wider.places == nullptr) return false;
  for (std::size_t i = 0; i <= table.mask; ++i) {
    if (table.places[i] != nullptr) insert(wider, table.places[i]);
  }
  free_raw(table.places);
  table = wider;
  return true;
}

}  // namespace

InternTable* create_intern_table() {
  auto* table = static_cast<InternTable*>(allocate_raw(sizeof(InternTable)));
  if (table == nullptr) return nullptr;
  *table = {allocate_places(kFirstPlaces), kFirstPlaces - 1, 0};
  if (table->places != nullptr) return table;
  free_raw(table);
  return nullptr;
}

void destroy_intern_table(InternTable* table) {
  if (table == nullptr) return;
  for (std::size_t i = 0; i <= table->mask; ++i) {
    if (Str* text = table->places[i]; text != nullptr)
      text->set_form(text->form_bits() & ~Str::kInterned);
  }
  free_raw(table->places);
  free_raw(table);
}

Borrowed<Str> find_interned(const CoreObjects& core, std::string_view ascii) {
  const InternTable& table = *core.interned;
  const std::int64_t hash = hash_bytes(core, ascii.data(), ascii.size());
  for (std::size_t at = home_of(table, hash); table.places[at] != nullptr;
       at = (at + 1) & table.mask) {
    Str* candidate = table.places[at];
    if (candidate->hash == hash && str_equals_ascii(candidate, ascii)) return candidate;
  }
  return nullptr;
}

Result<Ref<Str>> intern(ThreadState& ts, Ref<Str> text) {
  if (text->is_interned() || !is_exact_str(text)) return text;
  InternTable& table = *ts.core.interned;
  const std::int64_t hash = str_hash(text);
  for (std::size_t at = home_of(table, hash); table.places[at] != nullptr;
       at = (at + 1) & table.mask) {
    Str* candidate = table.places[at];
    if (candidate->hash == hash && str_equal(candidate, text)) return Ref<Str>::share(candidate);
  }
  if (3 * (table.used + 1) > 2 * (table.mask + 1) && !grow(table)) return raise_no_memory(ts);
  insert(table, text.get());
  ++table.used;
  text->set_form(text->form_bits() | Str::kInterned);
  return text;
}

Result<Ref<Str>> intern(ThreadState& ts, const char* text) {
  if (Borrowed<Str> found = find_interned(ts.core, text)) return found.new_ref();
  Ref<Str> made = OURO_TRY(Str::from_utf8(ts, text));
  return intern(ts, std::move(made));
}

void forget_interned(Str* text) {
  InternTable* table = current_thread_state()->core.interned;
  text->set_form(text->form_bits() & ~Str::kInterned);
  if (table == nullptr) return;
  std::size_t hole = home_of(*table, text->hash);
  while (table->places[hole] != text) {
    if (table->places[hole] == nullptr) return;
    hole = (hole + 1) & table->mask;
  }
  --table->used;
  // Entries that the hole would cut off from their home move back into it.
  for (std::size_t at = (hole + 1) & table->mask; table->places[at] != nullptr;
       at = (at + 1) & table->mask) {
    const std::size_t home = home_of(*table, table->places[at]->hash);
    if (((at - home) & table->mask) < ((at - hole) & table->mask)) continue;
    table->places[hole] = table->places[at];
    hole = at;
  }
  table->places[hole] = nullptr;
}

}  // namespace ouro
