// Trial deletion: the two walks over the candidates.
#include "gc/trial_deletion.h"

#include <algorithm>
#include <cstring>

#include "gc/graph_walk.h"
#include "support/check.h"

namespace ouro::gc {

namespace {

constexpr std::size_t kFetchAhead = 32;
constexpr std::size_t kEdges = 512;

// So many objects that are held from outside are gathered before they are followed.
constexpr std::size_t kStarts = 1024;

[[gnu::always_inline]] inline void fetch(const Header* object) { __builtin_prefetch(object, 1); }

// Candidates are fetched in two steps: the object, and when that has arrived, what traverse reads
// besides. (Inlined by force: g++ takes a function that only fetches for one without effect, and
// drops its calls.)
class Ahead {
 public:
  [[gnu::always_inline]] explicit Ahead(const Candidates& candidates) : candidates_(candidates) {
    for (std::size_t i = 0; i < std::min(candidates_.count, kFetchAhead); ++i) {
      fetch(candidates_.at(i));
    }
  }
  [[gnu::always_inline]] void at(std::size_t index) const {
    if (index + kFetchAhead >= candidates_.count) return;
    fetch(candidates_.at(index + kFetchAhead));
    const Header* object = candidates_.at(index + kFetchAhead / 2);
    if (object == nullptr || object->type_info->buffer_offset == 0) return;
    // As a number: the buffer of an empty container is null.
    const auto buffer = *reinterpret_cast<const std::uintptr_t*>(
        reinterpret_cast<const char*>(object) + object->type_info->buffer_offset);
    __builtin_prefetch(reinterpret_cast<const void*>(buffer));
    __builtin_prefetch(reinterpret_cast<const void*>(buffer + 64));
  }

 private:
  const Candidates& candidates_;
};

std::uint32_t has_state(std::uint32_t word, GcState state) {
  return (word & kStateMask) == static_cast<std::uint32_t>(state) ? 1 : 0;
}

/// Takes one off the payload of each target that is a candidate. A target is fetched when its
/// reference is kAhead places from the front of the queue, so that a constant number of fetches is
/// under way.
class Subtraction final : public EdgeSink {
 public:
  explicit Subtraction(GcState state) : EdgeSink(buffer_, buffer_ + kEdges, full), state_(state) {}
  /// After an object was traversed: works off what is due.
  void gathered() {
    while (size() - fetched_ >= kChunk) step();
  }
  /// Works off everything.
  void drain() {
    while (fetched_ < size()) fetch(begin()[fetched_++]);
    while (front_ < size()) subtract(begin()[front_++]);
    front_ = fetched_ = 0;
    reset();
  }

 private:
  static constexpr std::size_t kChunk = 16;
  static constexpr std::size_t kAhead = 48;

  static void full(EdgeSink& sink) {
    auto& queue = static_cast<Subtraction&>(sink);
    queue.gathered();
    const std::size_t rest = queue.size() - queue.front_;
    std::memmove(queue.buffer_, queue.buffer_ + queue.front_, rest * sizeof *queue.buffer_);
    queue.fetched_ -= queue.front_;
    queue.front_ = 0;
    queue.resize(rest);
  }
  void subtract(Header* target) const {
    const std::uint32_t word = target->gc_word;
    if (has_state(word, state_) != 0) target->gc_word = word - (1u << kIndexShift);
  }
  void step() {
    Header** edges = begin();
    if (fetched_ - front_ >= kAhead) {
      for (std::size_t i = 0; i < kChunk; ++i) {
        fetch(edges[fetched_ + i]);
        subtract(edges[front_ + i]);
      }
      front_ += kChunk;
    } else {
      for (std::size_t i = 0; i < kChunk; ++i) fetch(edges[fetched_ + i]);
    }
    fetched_ += kChunk;
  }

  const GcState state_;
  std::size_t front_ = 0;    // first reference not worked off
  std::size_t fetched_ = 0;  // first reference whose target is not fetched
  Header* buffer_[kEdges + kSlack];
};

/// The same, telling the event sink of each.
class ToldSubtraction final : public LabelledVisitor {
 public:
  ToldSubtraction(EventSink& events, const Header* from, GcState state)
      : events_(events), from_(from), state_(state) {}
  void visit(const Header* target, const EdgeLabel& label, bool hidden) override {
    if (hidden || target->gc_state() != state_) return;
    const_cast<Header*>(target)->gc_word -= 1u << kIndexShift;
    events_.subtracted(from_, target, label, target->gc_payload());
  }

 private:
  EventSink& events_;
  const Header* const from_;
  const GcState state_;
};

/// Who has been reached, told by marks.
class Marks {
 public:
  explicit Marks(GcState state) : state_(state) {}
  [[nodiscard]] bool is_reached(const Header* object) const {
    return (object->gc_word & kMarkBit) != 0;
  }
  // Its mark is a matter of the place a survivor gets.
  void lives(const Header*) const {}
  /// While nobody is put aside.
  void reach(Header* target) const {
    const std::uint32_t word = target->gc_word;
    target->gc_word = word | has_state(word, state_) * kMarkBit;
  }
  /// Moves the targets reached for the first time to `fresh`; returns how many.
  std::size_t reach(Header* const* targets, std::size_t count, Header** fresh) const {
    Header** const begin = fresh;
    for (std::size_t i = 0; i < count; ++i) {
      Header* target = targets[i];
      const std::uint32_t word = target->gc_word;
      const std::uint32_t examined =
          has_state(word, state_) | has_state(word, GcState::Unreachable);
      const std::uint32_t marked = word / kMarkBit & 1;
      *fresh = target;
      fresh += examined & (marked ^ 1);
      target->gc_word = word | (examined * kMarkBit);
    }
    return static_cast<std::size_t>(fresh - begin);
  }

 private:
  const GcState state_;
};

/// … or by a bitmap of those that have not.
class Unreached {
 public:
  explicit Unreached(AddressSet& set) : set_(set) {}
  [[nodiscard]] bool is_reached(const Header* object) const { return !set_.contains(object); }
  void lives(const Header* object) const { set_.remove(object); }
  void reach(const Header* target) const { set_.remove(target); }
  std::size_t reach(Header* const* targets, std::size_t count, Header** fresh) const {
    return set_.take_all(targets, count, fresh);
  }

 private:
  AddressSet& set_;
};

}  // namespace

std::uint32_t TrialDeletion::gc_refs(std::size_t index) const {
  const std::size_t base = events_ != nullptr ? 0 : candidates_.position(index);
  return (candidates_.at(index)->gc_payload() - static_cast<std::uint32_t>(base)) & kMaxIndex;
}

void TrialDeletion::tell_candidates() {
  for (std::size_t i = 0; i < candidates_.count; ++i) {
    Header* object = candidates_.at(i);
    if (object == nullptr) continue;
    object->set_gc_payload(std::min(object->refcount, kUncountable));
    events_->candidate(object, object->refcount);
  }
}

void TrialDeletion::subtract_inner() {
  const std::size_t count = candidates_.count;
  if (events_ != nullptr) {
    tell_candidates();
  } else if (marks() && candidates_.chosen == nullptr &&
             inner_.prepare(candidates_.items, count, candidates_.state)) {
    inner_.subtract();
    return;
  }
  Subtraction sink(candidates_.state);
  const Ahead ahead(candidates_);
  for (std::size_t i = 0; i < count; ++i) {
    ahead.at(i);
    Header* object = candidates_.at(i);
    if (object == nullptr) continue;
    const std::uint32_t refs = object->refcount;
    OURO_CHECK(refs > 0, "G2: a dead %s is tracked", object->type_info->name);
    if (marks()) {
      if (refs >= kUncountable) object->gc_word |= kMarkBit;
    } else if (refs >= kUncountable) {
      unreached_->remove(object);
    } else {
      (void)unreached_->insert(object);  // when there is no memory, it is taken to live
    }
    if (events_ != nullptr) {
      ToldSubtraction visitor(*events_, object, candidates_.state);
      object->type_info->describe(object, visitor);
      continue;
    }
    object->gc_word += refs << kIndexShift;
    object->type_info->traverse(object, sink);
    sink.gathered();
  }
  sink.drain();
}

/// Judges candidates in list order. References of survivors are gathered, and followed at the
/// latest when it depends on them whether a candidate lives.
template <class Reached>
class TrialDeletion::Judge final : public EdgeSink {
 public:
  Judge(const Candidates& candidates, const InnerEdges& inner, Destination& destination,
        ObjectArray& unreachable, Reached reached, EventSink* events, heap::Heap& heap)
      : EdgeSink(buffer_, buffer_ + kEdges,
                 [](EdgeSink& sink) { static_cast<Judge&>(sink).follow(); }),
        candidates_(candidates),
        inner_(inner),
        destination_(destination),
        unreachable_(unreachable),
        late_(heap),
        reached_(reached),
        events_(events) {}

  void run() {
    const std::size_t count = candidates_.count;
    const Ahead ahead(candidates_);
    for (std::size_t i = inner_.kept() ? settle_first_survivors() : 0; i < count; ++i) {
      ahead.at(i);
      const std::size_t position = candidates_.position(i);
      Header* object = candidates_.items[position];
      if (object != nullptr && lives(object, position)) survive(object, position);
    }
    follow();
    // Who was put aside and then reached comes after all others: that is where CPython's list has
    // it.
    for (std::size_t i = 0; i < late_.size(); ++i) {
      if (i + kFetchAhead < late_.size()) fetch(late_[i + kFetchAhead]);
      survive(late_[i], late_[i]->gc_payload());
      if (i + 1 == late_.size()) follow();
    }
  }

  /// Ends the verdict: what is still aside is unreachable, unless memory ran out.
  bool settle() {
    if (late_.size() == 0 && !failed_ && events_ == nullptr && !inner_.kept()) return true;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < unreachable_.size(); ++i) {
      if (i + kFetchAhead < unreachable_.size()) fetch(unreachable_[i + kFetchAhead]);
      Header* object = unreachable_[i];
      if (object->gc_state() != GcState::Unreachable) continue;
      if (failed_) {
        reached_.lives(object);
        bring_back(object);
        settle_at(object, object->gc_payload());
        continue;
      }
      if (!keeps_places()) object->set_gc_payload(static_cast<std::uint32_t>(kept));
      unreachable_[kept++] = object;
      if (events_ != nullptr) {
        events_->verdict(object, EventSink::Verdict::Unreachable, nullptr);
      }
    }
    unreachable_.resize(kept);
    return !failed_;
  }
  /// What the types of the objects that were put aside have in common.
  [[nodiscard]] std::uint64_t flags() const { return flags_; }
  [[nodiscard]] bool referable() const { return referable_; }
  [[nodiscard]] bool reclaimable() const { return reclaimable_; }

 private:
  static constexpr std::size_t kGathered = 64;

  [[nodiscard]] bool keeps_places() const { return destination_.keeps_places; }

  /// The same as for all, shorter: with kept edges, up to the first candidate that has to be put
  /// aside. Returns its index.
  std::size_t settle_first_survivors() {
    Header** const items = candidates_.items;
    Header** const places = destination_.items;
    const std::size_t candidates = candidates_.count;
    const std::uint32_t state = static_cast<std::uint32_t>(destination_.state) | destination_.mark;
    const bool asks = destination_.ask != Destination::Ask::Nobody;
    if (keeps_places()) return 0;
    std::size_t count = destination_.count;
    std::size_t i = 0;
    for (; i < candidates; ++i) {
      if (i + kFetchAhead < candidates) fetch(items[i + kFetchAhead]);
      Header* object = items[i];
      if (object == nullptr) continue;
      const std::uint32_t refs = (object->gc_payload() - static_cast<std::uint32_t>(i)) & kMaxIndex;
      if (refs == 0 && !reached_.is_reached(object)) break;
      check_refs(object, refs);
      Header* const* const end = inner_.end_of(i);
      for (Header* const* at = inner_.begin_of(i); at < end; ++at) reached_.reach(*at);
      if (asks && object->type_info->stays_tracked != nullptr) {
        destination_.count = count;
        settle_at(object, i);
        count = destination_.count;
        continue;
      }
      if (places != nullptr) places[count] = object;
      object->gc_word = (object->gc_word & kLowBits & ~(kStateMask | kMarkBit)) | state |
                        static_cast<std::uint32_t>(count) << kIndexShift;
      ++count;
    }
    destination_.count = count;
    return i;
  }

  static void check_refs(const Header* object, std::uint32_t refs) {
    OURO_CHECK(refs <= object->refcount || object->refcount >= kUncountable,
               "G3: more references to a %s than its count says", object->type_info->name);
  }

  /// Whether the candidate lives; if not, it is put aside.
  bool lives(Header* object, std::size_t position) {
    const std::uint32_t base = events_ != nullptr ? 0 : static_cast<std::uint32_t>(position);
    const std::uint32_t refs = (object->gc_payload() - base) & kMaxIndex;
    if (refs != 0) {
      check_refs(object, refs);
      if (events_ != nullptr) {
        events_->verdict(object, EventSink::Verdict::ReferencedFromOutside, nullptr);
        (void)reached_.reach(&object, 1, fresh_);
      }
      reached_.lives(object);
      return true;
    }
    if (reached_.is_reached(object)) return true;
    follow();
    if (reached_.is_reached(object)) return true;
    // All that is aside may come back, so both arrays grow together.
    failed_ = failed_ || !unreachable_.make_room(1) || !late_.reserve(unreachable_.capacity());
    if (failed_) {
      reached_.lives(object);
      return true;
    }
    object->set_gc_state(GcState::Unreachable);
    // Whoever comes back needs its place, to settle at or to find its kept edges.
    const bool place = keeps_places() || inner_.kept();
    object->set_gc_payload(static_cast<std::uint32_t>(place ? position : unreachable_.size()));
    unreachable_.append(object);
    if (keeps_places()) candidates_.items[position] = nullptr;
    const TypeInfo* type = object->type_info;
    flags_ |= type->flags;
    referable_ |= type->weaklist_offset != 0;
    reclaimable_ &= type->reclaim != nullptr;
    return false;
  }

  void bring_back(Header* object) {
    if (keeps_places()) candidates_.items[object->gc_payload()] = object;
    object->set_gc_state(destination_.state);
  }

  void survive(Header* object, std::size_t position) {
    if (inner_.kept()) {
      follow_kept(position);
      settle_at(object, position);
      return;
    }
    from_ = object;
    object->type_info->traverse(object, *this);
    settle_at(object, position);
    if (size() >= kGathered || events_ != nullptr) follow();
  }

  // What is kept is at hand: nothing is gained by gathering.
  void follow_kept(std::size_t position) {
    Header* const* at = inner_.begin_of(position);
    Header* const* const end = inner_.end_of(position);
    if (unreachable_.size() == 0) {
      for (; at < end; ++at) reached_.reach(*at);
      return;
    }
    for (; at < end; at += std::min(static_cast<std::size_t>(end - at), kEdges)) {
      follow(at, std::min(static_cast<std::size_t>(end - at), kEdges));
    }
  }
  /// Follows what has been gathered.
  void follow() {
    if (size() == 0) return;
    follow(begin(), size());
    reset();
  }
  void follow(Header* const* targets, std::size_t size) {
    const std::size_t count = reached_.reach(targets, size, fresh_);
    if (unreachable_.size() == 0 && events_ == nullptr) return;
    for (std::size_t i = 0; i < count; ++i) {
      Header* target = fresh_[i];
      const bool aside = target->gc_state() == GcState::Unreachable;
      if (events_ != nullptr && (aside || target->gc_payload() == 0)) {
        events_->verdict(target, EventSink::Verdict::ReachedFromCandidate, from_);
      }
      if (!aside) continue;
      bring_back(target);
      late_.append(target);
    }
  }

  /// Gives a survivor its place.
  void settle_at(Header* object, std::size_t position) {
    const TypeInfo* type = object->type_info;
    if (destination_.ask != Destination::Ask::Nobody && type->stays_tracked != nullptr) {
      const bool full = destination_.ask == Destination::Ask::InFull;
      if (!type->stays_tracked(object, full)) {
        destination_.ask_again = full;
        if (!full || !type->stays_tracked(object, false)) {
          if (keeps_places()) candidates_.items[position] = nullptr;
          destination_.left += keeps_places() ? 1 : 0;
          object->gc_word &= kLowBits & ~(kStateMask | kMarkBit);
          return;
        }
      }
    }
    if (!keeps_places()) {
      position = destination_.count++;
      if (destination_.items != nullptr) destination_.items[position] = object;
    }
    const std::uint32_t kept = object->gc_word & kLowBits & ~(kStateMask | kMarkBit);
    object->gc_word = kept | static_cast<std::uint32_t>(destination_.state) | destination_.mark |
                      static_cast<std::uint32_t>(position) << kIndexShift;
  }

  const Candidates& candidates_;
  const InnerEdges& inner_;
  Destination& destination_;
  ObjectArray& unreachable_;
  ObjectArray late_;
  const Reached reached_;
  EventSink* const events_;
  const Header* from_ = nullptr;
  std::uint64_t flags_ = 0;
  bool referable_ = false;
  bool reclaimable_ = true;
  bool failed_ = false;
  Header* fresh_[kEdges + kSlack + 1];
  Header* buffer_[kEdges + kSlack];
};

/// The same without an order: survivors stay where they are. A candidate without gc_refs has its
/// place as payload already, so only those with some are written to.
class TrialDeletion::SurvivorWalk final : public GraphWalk<SurvivorWalk> {
 public:
  SurvivorWalk(AddressSet& unreached, GcState from, GcState to, heap::Heap& heap)
      : GraphWalk(heap), unreached_(unreached), from_(from), to_(to) {}
  std::size_t fresh(Header* const* targets, std::size_t count, Header** out, bool&) {
    return unreached_.take_all(targets, count, out);
  }
  bool arrive(Header* object) {
    ++survivors_;
    if (from_ != to_) object->set_gc_state(to_);
    return true;
  }
  [[nodiscard]] std::size_t survivors() const { return survivors_; }

 private:
  AddressSet& unreached_;
  const GcState from_;
  const GcState to_;
  std::size_t survivors_ = 0;
};

bool TrialDeletion::find_reachable_in_place(const Destination& destination,
                                            ObjectArray& unreachable) {
  SurvivorWalk walk(*unreached_, candidates_.state, destination.state, heap_);
  std::size_t candidates = 0;
  bool done = true;
  const Ahead ahead(candidates_);
  for (std::size_t i = 0; i < candidates_.count; ++i) {
    ahead.at(i);
    const std::size_t position = candidates_.position(i);
    Header* object = candidates_.items[position];
    if (object == nullptr) continue;
    ++candidates;
    const std::uint32_t refs =
        (object->gc_payload() - static_cast<std::uint32_t>(position)) & kMaxIndex;
    if (refs == 0) continue;
    OURO_CHECK(refs <= object->refcount || object->refcount >= kUncountable,
               "G3: more references to a %s than its count says", object->type_info->name);
    object->set_gc_payload(static_cast<std::uint32_t>(position));
    if (!unreached_->contains(object)) continue;
    unreached_->remove(object);
    done = done && walk.start(object) && (walk.waiting() < kStarts || walk.run());
  }
  done = done && walk.run() && unreachable.reserve(candidates - walk.survivors());
  if (done && candidates == walk.survivors()) return true;
  for (std::size_t i = 0; i < candidates_.count; ++i) {
    const std::size_t position = candidates_.position(i);
    Header* object = candidates_.items[position];
    if (object == nullptr) continue;
    if (!done) {
      unreached_->remove(object);
      object->set_gc_state(destination.state);
    } else if (unreached_->contains(object)) {
      object->set_gc_state(GcState::Unreachable);
      candidates_.items[position] = nullptr;
      unreachable.append(object);
      flags_ |= object->type_info->flags;
      referable_ |= object->type_info->weaklist_offset != 0;
      reclaimable_ &= object->type_info->reclaim != nullptr;
    }
  }
  return done;
}

bool TrialDeletion::find_reachable(Destination& destination, ObjectArray& unreachable) {
  if (destination.keeps_places && !marks() && events_ == nullptr) {
    return find_reachable_in_place(destination, unreachable);
  }
  const auto judge = [&](auto reached) {
    Judge<decltype(reached)> the_judge(candidates_, inner_, destination, unreachable, reached,
                                       events_, heap_);
    the_judge.run();
    const bool done = the_judge.settle();
    flags_ = the_judge.flags();
    referable_ = the_judge.referable();
    reclaimable_ = the_judge.reclaimable();
    return done;
  };
  return marks() ? judge(Marks(candidates_.state)) : judge(Unreached(*unreached_));
}

}  // namespace ouro::gc
