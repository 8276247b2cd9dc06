// Known roots: the walk from them.
#include "gc/known_roots.h"

#include "gc/collector.h"
#include "gc/graph_walk.h"

namespace ouro::gc {

namespace {

class RootWalk final : public GraphWalk<RootWalk> {
 public:
  RootWalk(AddressSet& visited, GcState state, heap::Heap& heap)
      : GraphWalk(heap), visited_(visited), state_(state) {}
  std::size_t fresh(Header* const* targets, std::size_t count, Header** out, bool& ok) {
    return visited_.insert_all(targets, count, out, ok);
  }
  bool arrive(const Header* object) {
    if (object->gc_state() != state_) return false;
    ++reached_;
    return true;
  }
  [[nodiscard]] std::size_t reached() const { return reached_; }

 private:
  AddressSet& visited_;
  const GcState state_;
  std::size_t reached_ = 0;
};

}  // namespace

bool visit_from_roots(RootProvider& roots, GcState state, AddressSet& visited, heap::Heap& heap,
                      std::size_t& reached) {
  RootWalk walk(visited, state, heap);
  roots.roots(walk);
  const bool done = walk.run();
  reached = walk.reached();
  return done;
}

}  // namespace ouro::gc
