// The peer CPython: the C type and the interpreter's start.
#include "cpython_world.h"

#include <cstdlib>

namespace ouro::bench {

namespace {

int traverse(PyObject* self, visitproc visit, void* arg) {
  for (PyObject* target : reinterpret_cast<PyNode*>(self)->slots) Py_VISIT(target);
  return 0;
}

int clear(PyObject* self) {
  for (PyObject*& slot : reinterpret_cast<PyNode*>(self)->slots) Py_CLEAR(slot);
  return 0;
}

// The trashcan bounds the recursion of long chains, as in CPython's own containers.
void dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  Py_TRASHCAN_BEGIN(self, dealloc);
  for (PyObject* target : reinterpret_cast<PyNode*>(self)->slots) Py_XDECREF(target);
  PyObject_GC_Del(self);
  Py_TRASHCAN_END;
}

PyTypeObject make_type() {
  PyTypeObject type = {};
  Py_SET_REFCNT(&type, 1);
  type.tp_name = "bench.Node";
  type.tp_basicsize = sizeof(PyNode);
  type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC;
  type.tp_traverse = traverse;
  type.tp_clear = clear;
  type.tp_dealloc = dealloc;
  type.tp_free = PyObject_GC_Del;
  return type;
}

PyTypeObject node_type = make_type();

void start_interpreter() {
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.site_import = 0;
  if (PyStatus_Exception(Py_InitializeFromConfig(&config))) std::abort();
  PyConfig_Clear(&config);
  if (PyType_Ready(&node_type) < 0) std::abort();
  PyGC_Disable();
}

}  // namespace

CPythonWorld::CPythonWorld() {
  if (Py_IsInitialized() == 0) start_interpreter();
  PyObject* module = PyImport_ImportModule("gc");
  if (module == nullptr) std::abort();
  collect_function_ = PyObject_GetAttrString(module, "collect");
  if (collect_function_ == nullptr) std::abort();
  Py_DECREF(module);
}

PyNode* CPythonWorld::make() const {
  PyNode* node = PyObject_GC_New(PyNode, &node_type);
  if (node == nullptr) std::abort();
  for (PyObject*& slot : node->slots) slot = nullptr;
  PyObject_GC_Track(node);
  return node;
}

std::vector<PyNode*> CPythonWorld::make_nodes(const Graph& graph) const {
  std::vector<PyNode*> nodes(graph.objects());
  for (PyNode*& node : nodes) node = make();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t s = 0; s < Graph::kSlots; ++s) {
      if (graph.target(i, s) == Graph::kNone) continue;
      nodes[i]->slots[s] = Py_NewRef(&nodes[graph.target(i, s)]->ob_base);
    }
  }
  return nodes;
}

PyNode* CPythonWorld::make_graph_with_one_root(const Graph& graph) const {
  const std::vector<PyNode*> nodes = make_nodes(graph);
  for (std::size_t i = 1; i < nodes.size(); ++i) Py_DECREF(nodes[i]);
  return nodes[0];
}

std::size_t CPythonWorld::collect(int generation) const {
  PyObject* found = PyObject_CallFunction(collect_function_, "i", generation);
  if (found == nullptr) std::abort();
  const std::size_t count = PyLong_AsSize_t(found);
  Py_DECREF(found);
  return count;
}

void drop_nodes(const std::vector<PyNode*>& nodes) {
  for (PyNode* node : nodes) clear(&node->ob_base);
  for (PyNode* node : nodes) Py_DECREF(node);
}

}  // namespace ouro::bench
