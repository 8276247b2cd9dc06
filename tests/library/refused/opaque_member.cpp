// refused: traverse names a member whose references can't be found
#include <ouro/ouro.h>
struct Part;
struct Node;
struct Part {
  ouro::Ref<Node> node;
};
struct Node : ouro::Object {
  Part part;
  void traverse(auto& visit) { visit(part); }
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
