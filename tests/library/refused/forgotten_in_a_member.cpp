// refused: the class has Ref members and no traverse
#include <ouro/ouro.h>
struct Leaf : ouro::Object {};
struct Part {
  ouro::Ref<Leaf> leaf;
};
struct Node : ouro::Object {
  int number = 0;
  Part part;
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
