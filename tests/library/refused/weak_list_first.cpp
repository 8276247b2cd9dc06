// refused: WeakReferable has to stand after the base that brings ouro::Object
#include <ouro/ouro.h>
struct Node : ouro::WeakReferable, ouro::Object {};
ouro::Ref<Node> make_node() { return ouro::make<Node>(); }
