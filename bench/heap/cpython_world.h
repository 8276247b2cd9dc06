// The peer CPython 3.11, embedded: its interpreter, and a C type that does what bench's Node does
// (four references, collected, 64 bytes with the collector's header of 16).
//
// About its lists. CPython's collector keeps objects in linked lists, in order of birth, and thus
// of address, until a collection reaches them by reference: those it moves to the list's end. A
// graph held by one reference is therefore in graph order after its first collection ("scrambled");
// one whose every object is held from outside stays in order ("held"). Both are measured; the first
// is what programs have.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstddef>
#include <vector>

#include "graph.h"

namespace ouro::bench {

struct PyNode {
  PyObject ob_base;
  PyObject* slots[Graph::kSlots];
};

/// Starts the interpreter (once per process), without automatic collections.
class CPythonWorld {
 public:
  CPythonWorld();
  CPythonWorld(const CPythonWorld&) = delete;
  CPythonWorld& operator=(const CPythonWorld&) = delete;

  PyNode* make() const;
  [[nodiscard]] std::vector<PyNode*> make_nodes(const Graph& graph) const;
  [[nodiscard]] PyNode* make_graph_with_one_root(const Graph& graph) const;
  /// gc.collect(generation).
  std::size_t collect(int generation) const;

 private:
  PyObject* collect_function_;
};

/// Empties the slots of all, so that counting takes them, and drops one reference to each.
void drop_nodes(const std::vector<PyNode*>& nodes);

}  // namespace ouro::bench
