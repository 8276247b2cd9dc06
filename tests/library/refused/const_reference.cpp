// refused: traverse names a const Ref
#include <ouro/ouro.h>
struct Node : ouro::Object {
  const ouro::Ref<Node> next;
  void traverse(auto& visit) { visit(next); }
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
