// refused: the class has Ref members and no traverse
#include <ouro/ouro.h>
struct Node : ouro::Object {
  int number = 0;
  ouro::Ref<Node> next;
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
