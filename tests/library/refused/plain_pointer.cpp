// refused: traverse names a plain pointer
#include <ouro/ouro.h>
struct Node : ouro::Object {
  Node* next = nullptr;
  void traverse(auto& visit) { visit(next); }
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
