// Whose turn it is to import a module: the native importer's per-module locks.
//
// While a thread finds and executes a module, other threads that import the same one wait until it
// is complete. Threads that would wait for each other in a circle see the incomplete module
// instead, as a thread does that imports in a circle all by itself.
#pragma once

#include "objects/str.h"
#include "objects/threads.h"

namespace ouro {

/// One import that is going on; on the list of its interpreter while it lives. Made and destroyed
/// by the holder of the interpreter's lock.
class ImportTurn {
 public:
  ImportTurn(ThreadState& ts, Borrowed<Str> interned_name);
  ~ImportTurn();
  ImportTurn(const ImportTurn&) = delete;
  ImportTurn& operator=(const ImportTurn&) = delete;

  /// Waits while another thread imports the module, unless that thread waits for this one. Signal
  /// handlers run meanwhile.
  static Status wait(ThreadState& ts, Borrowed<Str> interned_name);

 private:
  static ImportTurn* of_another(ThreadState& ts, Borrowed<Str> name);
  static bool would_wait_in_circle(ThreadState& ts, const ImportTurn* turn);

  ThreadState& owner_;
  const Str* name_;
  ImportTurn* next_;
};

}  // namespace ouro
