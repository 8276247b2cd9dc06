// The collector's verifier. Rules:
//   G1   a log entry and its object's gc_word agree: generation and index; holes are counted
//   G2   a tracked object is alive (count > 0)
//   G4   no object is under examination (Candidate, Unreachable) while no collection runs
//   G8   every reference from a tracked object leads to a live object (count > 0)
//   G9   a tracked object's count is not below the number of references from tracked objects
//   G10  after trial deletion no tracked object refers to an unreachable one
//   G11  no tracked object is marked
//   G13  the objects of a closed log are all found
//   W1   the weak references on a tracked object's list name it as their referent
//   W2   ... and the list's links agree in both directions
// (G3, G5, G6, G7, G12 and G13 are checked where they could be broken.)
#include "gc/collection.h"
#include "support/check.h"

namespace ouro::gc {

namespace {

bool under_examination(const Header* object) {
  return object->gc_state() == GcState::Candidate || object->gc_state() == GcState::Unreachable;
}

// Finds the first edge to a dead object, to one under examination, and to an unreachable one.
class EdgeCheck final : public LabelledVisitor {
 public:
  void visit(const Header* target, const EdgeLabel&, bool) override {
    if (target->refcount == 0) note(dead_, target);
    if (under_examination(target)) note(examined_, target);
    if (target->gc_state() == GcState::Unreachable) note(unreachable_, target);
  }
  [[nodiscard]] const Header* dead() const { return dead_; }
  [[nodiscard]] const Header* examined() const { return examined_; }
  [[nodiscard]] const Header* unreachable() const { return unreachable_; }

 private:
  static void note(const Header*& first, const Header* target) {
    if (first == nullptr) first = target;
  }
  const Header* dead_ = nullptr;
  const Header* examined_ = nullptr;
  const Header* unreachable_ = nullptr;
};

bool in_a_log(const Header* object) {
  return object->gc_state() >= GcState::Gen0 && object->gc_state() <= GcState::Permanent;
}

// Counts references in the targets' own words, whose index is known from the log meanwhile: no
// memory is needed.
class CountEdges final : public LabelledVisitor {
 public:
  void visit(const Header* target, const EdgeLabel&, bool) override {
    if (!in_a_log(target) || target->gc_payload() == kMaxIndex) return;
    const_cast<Header*>(target)->set_gc_payload(target->gc_payload() + 1);
  }
};

std::optional<Violation> verify_weak_list(Header* object) {
  WeakReference** head = weaklist_of(object);
  if (head == nullptr) return std::nullopt;
  const WeakReference* before = nullptr;
  for (const WeakReference* at = *head; at != nullptr; before = at, at = at->next) {
    if (at->referent != object) {
      return violation("W1", "a weak reference on the list of a %s refers to %p",
                       object->type_info->name, static_cast<const void*>(at->referent));
    }
    if (at->previous != before) {
      return violation("W2", "the links of the weak references to a %s disagree",
                       object->type_info->name);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Violation> Collector::verify() { return verify(/*apart=*/false); }

std::optional<Violation> Collector::verify(bool apart) {
  const bool closes = logs_[2].closed();
  const bool open = logs_[2].open();
  std::optional<Violation> broken = verify_logs(apart);
  if (!broken && open) broken = verify_counts();
  if (closes && open) logs_[2].close();
  return broken;
}

std::optional<Violation> Collector::verify_logs(bool apart) const {
  for (int generation = 0; generation < 4; ++generation) {
    const GenerationLog& log = logs_[generation];
    if (log.closed()) continue;
    std::size_t holes = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (log.items()[i] == nullptr) {
        ++holes;
      } else if (auto broken = verify_entry(log.items()[i], generation, i, apart)) {
        return broken;
      }
    }
    if (holes != log.holes()) {
      return violation("G1", "generation %d has %zu holes, its log says %zu", generation, holes,
                       log.holes());
    }
  }
  return std::nullopt;
}

std::optional<Violation> Collector::verify_entry(Header* object, int generation, std::size_t index,
                                                 bool apart) const {
  const char* name = object->type_info->name;
  if (running_ == nullptr && under_examination(object)) {
    return violation("G4", "a %s in generation %d is under examination, but no collection runs",
                     name, generation);
  }
  if (static_cast<int>(object->gc_state()) != generation + 1 || object->gc_payload() != index) {
    return violation("G1", "entry %zu of generation %d is a %s whose word says state %u, index %u",
                     index, generation, name, static_cast<unsigned>(object->gc_state()),
                     object->gc_payload());
  }
  if ((object->gc_word & kMarkBit) != 0) {
    return violation("G11", "a %s in generation %d is marked", name, generation);
  }
  if (object->refcount == 0)
    return violation("G2", "a dead %s is in generation %d", name, generation);
  EdgeCheck edges;
  object->type_info->describe(object, edges);
  if (edges.dead() != nullptr) {
    return violation("G8", "a %s in generation %d refers to a dead object at %p", name, generation,
                     static_cast<const void*>(edges.dead()));
  }
  if (running_ == nullptr && edges.examined() != nullptr) {
    return violation(
        "G4", "a %s in generation %d refers to a %s under examination, but no collection runs",
        name, generation, edges.examined()->type_info->name);
  }
  if (apart && edges.unreachable() != nullptr) {
    return violation("G10", "a %s in generation %d refers to an unreachable %s", name, generation,
                     edges.unreachable()->type_info->name);
  }
  return verify_weak_list(object);
}

// G9. Between the first and the last loop the words of all tracked objects hold counts in place of
// indexes.
std::optional<Violation> Collector::verify_counts() const {
  const auto for_all = [this](auto visit) {
    for (const GenerationLog& log : logs_) {
      for (std::size_t i = 0; i < log.size(); ++i) {
        if (log.items()[i] != nullptr) visit(log.items()[i], i);
      }
    }
  };
  for_all([](Header* object, std::size_t) { object->set_gc_payload(0); });
  CountEdges count;
  for_all([&](Header* object, std::size_t) { object->type_info->describe(object, count); });
  std::optional<Violation> broken;
  for_all([&](Header* object, std::size_t index) {
    const std::uint32_t edges = object->gc_payload();
    object->set_gc_payload(static_cast<std::uint32_t>(index));
    if (edges <= object->refcount || broken) return;
    broken = violation("G9", "a %s with count %u has %u references from tracked objects",
                       object->type_info->name, object->refcount, edges);
  });
  return broken;
}

}  // namespace ouro::gc
