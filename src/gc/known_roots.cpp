// Known roots: the walk from them.
#include "gc/known_roots.h"

#include <algorithm>

#include "gc/collector.h"

namespace ouro::gc {

namespace {

/// One walk. Objects are taken from the stack in batches, each of which is fetched while the one
/// before it is followed.
class RootWalk final : public EdgeSink {
 public:
  RootWalk(AddressSet& visited, GcState state, heap::Heap& heap)
      : EdgeSink(buffer_, buffer_ + kEdges,
                 [](EdgeSink& sink) { static_cast<RootWalk&>(sink).visit_gathered(); }),
        visited_(visited),
        state_(state),
        stack_(heap) {}

  bool run() {
    visit_gathered();
    Header* batches[2][kBatch];
    std::size_t counts[2] = {0, 0};
    for (int now = 0; !failed_; now ^= 1) {
      const std::size_t count = std::min(stack_.size(), kBatch);
      stack_.resize(stack_.size() - count);
      for (std::size_t i = 0; i < count; ++i) {
        batches[now][i] = stack_[stack_.size() + i];
        __builtin_prefetch(batches[now][i]);
      }
      counts[now] = count;
      for (std::size_t i = 0; i < counts[now ^ 1]; ++i) {
        const Header* object = batches[now ^ 1][i];
        if (object->gc_state() != state_) continue;
        ++reached_;
        object->type_info->traverse(object, *this);
      }
      counts[now ^ 1] = 0;
      visit_gathered();
      if (count == 0 && stack_.size() == 0) return !failed_;
    }
    return false;
  }
  [[nodiscard]] std::size_t reached() const { return reached_; }

 private:
  static constexpr std::size_t kBatch = 16;
  static constexpr std::size_t kEdges = 512;

  void visit_gathered() {
    bool ok = stack_.make_room(size() + 1);
    if (ok) {
      Header** const top = stack_.items() + stack_.size();
      stack_.resize(stack_.size() + visited_.insert_all(begin(), size(), top, ok));
    }
    failed_ |= !ok;
    reset();
  }

  AddressSet& visited_;
  const GcState state_;
  ObjectArray stack_;
  std::size_t reached_ = 0;
  bool failed_ = false;
  Header* buffer_[kEdges + 1];
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
