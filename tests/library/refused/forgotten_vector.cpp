// refused: the class has Ref members and no traverse
#include <ouro/ouro.h>
struct Node : ouro::Object, ouro::WeakReferable {
  std::string name;
  std::vector<ouro::Ref<Node>> children;
};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
