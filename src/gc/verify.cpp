// The collector's verifier. Rules:
//   G1  a log entry and its object's gc_word agree: generation and index
//   G2  a tracked object is alive (count > 0)
//   G4  no object is a candidate outside trial deletion
//   G8  every reference from a tracked object leads to a live object (count > 0)
#include "gc/collection.h"
#include "support/check.h"

namespace ouro::gc {

namespace {

// Finds the first edge to a dead object.
class DeadEdge final : public LabelledVisitor {
 public:
  void visit(const Header* target, const EdgeLabel&, bool) override {
    if (target->refcount == 0 && dead_ == nullptr) dead_ = target;
  }
  [[nodiscard]] const Header* dead() const { return dead_; }

 private:
  const Header* dead_ = nullptr;
};

}  // namespace

std::optional<Violation> Collector::verify() const {
  for (int generation = 0; generation < 4; ++generation) {
    const GenerationLog& log = logs_[generation];
    std::size_t holes = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      const Header* object = log.items()[i];
      if (object == nullptr) {
        ++holes;
        continue;
      }
      const char* name = object->type_info->name;
      if (static_cast<int>(object->gc_state()) != generation + 1 || object->gc_payload() != i) {
        return violation("G1", "entry %zu of generation %d is a %s whose word says state %u, index %u", i, generation, name,
                         static_cast<unsigned>(object->gc_state()), object->gc_payload());
      }
      if (object->refcount == 0) return violation("G2", "a dead %s is in generation %d", name, generation);
      DeadEdge visitor;
      object->type_info->describe(object, visitor);
      if (visitor.dead() != nullptr) {
        return violation("G8", "a %s in generation %d refers to a dead object at %p", name, generation,
                         static_cast<const void*>(visitor.dead()));
      }
    }
    if (holes != log.holes()) {
      return violation("G1", "generation %d has %zu holes, its log says %zu", generation, holes, log.holes());
    }
  }
  return std::nullopt;
}

}  // namespace ouro::gc
