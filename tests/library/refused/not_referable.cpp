// refused: Weak<T> needs a T that derives from ouro::WeakReferable, too
#include <ouro/ouro.h>
struct Node : ouro::Object {};
ouro::Weak<Node> make_weak(const ouro::Ref<Node>& node) { return node; }
