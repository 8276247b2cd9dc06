// refused: an object's class derives from ouro::Object
#include <ouro/ouro.h>
struct Node {};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
