// Per-module locks of the native importer.
#include "runtime/import_turns.h"

namespace ouro {

ImportTurn::ImportTurn(ThreadState& ts, Borrowed<Str> interned_name)
    : owner_(ts), name_(interned_name.get()), next_(ts.threads->imports) {
  ts.threads->imports = this;
}

ImportTurn::~ImportTurn() {
  // Turns of one thread end in the order opposite to their beginning, but among other threads'
  // ones.
  ImportTurn** link = &owner_.threads->imports;
  while (*link != this) link = &(*link)->next_;
  *link = next_;
  owner_.threads->import_ended();
}

ImportTurn* ImportTurn::of_another(ThreadState& ts, Borrowed<Str> name) {
  // Turns of threads that a fork has left behind never end.
  for (ImportTurn* turn = ts.threads->imports; turn != nullptr; turn = turn->next_) {
    if (turn->name_ == name.get() && &turn->owner_ != &ts && !turn->owner_.is_gone) return turn;
  }
  return nullptr;
}

bool ImportTurn::would_wait_in_circle(ThreadState& ts, const ImportTurn* turn) {
  for (const ImportTurn* at = turn; at != nullptr; at = at->owner_.awaited_import) {
    if (&at->owner_ == &ts) return true;
  }
  return false;
}

Status ImportTurn::wait(ThreadState& ts, Borrowed<Str> interned_name) {
  while (ImportTurn* turn = of_another(ts, interned_name)) {
    if (would_wait_in_circle(ts, turn)) return kDone;
    ts.awaited_import = turn;
    ts.threads->wait_for_import(ts);
    ts.awaited_import = nullptr;
    OURO_TRY(check_signals(ts));
  }
  return kDone;
}

}  // namespace ouro
