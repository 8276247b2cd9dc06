// Collection: the phases up to the verdict. What follows it (weak references, finalizers, clearing) is in sweep.cpp.
#include "gc/collection.h"

#include <utility>

#include "support/check.h"

namespace ouro::gc {

namespace {

constexpr std::size_t kEdgeBuffer = 512;
constexpr std::size_t kPrefetchAhead = 8;

std::uint32_t clamped_count(const Header* object) {
  return object->refcount < kMaxIndex ? object->refcount : kMaxIndex;
}

bool is_candidate(const Header* object) { return object->gc_state() == GcState::Candidate; }

// Takes one off a candidate's gc_refs. A clamped count stands for "more than can be counted": it stays.
void subtract_one(Header* target) {
  if (!is_candidate(target)) return;
  const std::uint32_t refs = target->gc_payload();
  if (refs == kMaxIndex) return;
  OURO_CHECK(refs > 0, "G3: more references to a %s than its count says", target->type_info->name);
  target->set_gc_payload(refs - 1);
}

// The targets are fetched together before any is touched: the misses overlap.
void flush_subtractions(EdgeSink& sink) {
  Header** edges = sink.begin();
  const std::size_t count = sink.size();
  for (std::size_t i = 0; i < count; ++i) __builtin_prefetch(edges[i], 1);
  for (std::size_t i = 0; i < count; ++i) subtract_one(edges[i]);
  sink.reset();
}

// Tells the event sink of each subtraction while making it.
class ToldSubtraction final : public LabelledVisitor {
 public:
  explicit ToldSubtraction(EventSink& events) : events_(events) {}
  void from(const Header* object) { from_ = object; }
  void visit(const Header* target, const EdgeLabel& label, bool hidden) override {
    if (hidden || !is_candidate(target)) return;
    subtract_one(const_cast<Header*>(target));
    events_.subtracted(from_, target, label, target->gc_payload());
  }

 private:
  EventSink& events_;
  const Header* from_ = nullptr;
};

void mark_unreachable(Header* object, std::size_t index) {
  object->set_gc_state(GcState::Unreachable);
  object->set_gc_payload(static_cast<std::uint32_t>(index));
}

}  // namespace

bool ObjectArray::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return true;
  void* grown = heap_.reallocate_past_limit(items_, capacity * sizeof(Header*));
  if (grown == nullptr) return false;
  items_ = static_cast<Header**>(grown);
  capacity_ = capacity;
  return true;
}

void ObjectArray::swap(ObjectArray& other) {
  std::swap(items_, other.items_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
}

Collection::Collection(Collector& collector, int generation, Ageing ageing)
    : collector_(collector),
      heap_(collector.heap_),
      generation_(generation),
      promotes_(ageing == Ageing::Promote),
      old_(collector.logs_[promotes_ && generation < 2 ? generation + 1 : generation]),
      old_state_(static_cast<GcState>((promotes_ && generation < 2 ? generation + 1 : generation) + 1)),
      candidates_(collector.heap_),
      unreachable_(collector.heap_),
      legacy_(collector.heap_) {}

Collection::Outcome Collection::run() {
  const bool each_phase = collector_.verify_ == VerifyMode::EachPhase;
  if (collector_.verify_ != VerifyMode::Never) collector_.check("verify_before_collection");
  collector_.gave_up_ = false;
  const auto no_memory = [&] {
    collector_.gave_up_ = true;
    return Outcome{0, 0};
  };
  if (!merge()) return no_memory();
  if (collector_.events_ != nullptr) collector_.events_->collection_starts(generation_, candidates_.size());
  copy_counts(candidates_);
  subtract_inner(candidates_);
  if (each_phase) check_subtraction(candidates_);
  if (!find_reachable(candidates_, unreachable_)) {
    give_up(candidates_);
    return no_memory();
  }
  promote(candidates_);
  if (each_phase) collector_.check("verify_after_trial_deletion", /*apart=*/true);
  Outcome outcome = {0, 0};
  if (unreachable_.size() > 0) {
    if (!set_legacy_apart()) {
      return_to_old(unreachable_);
      return no_memory();
    }
    tell_about("collectable", unreachable_, kDebugCollectable);
    compact(unreachable_);
    std::size_t freed_references = 0;
    if (!clear_weakrefs(freed_references)) {
      return_to_old(unreachable_);
      return_to_old(legacy_);
      return no_memory();
    }
    run_finalizers();
    if (each_phase) collector_.check("verify_after_finalizers");
    keep_resurrected();
    compact(unreachable_);
    outcome.collected = freed_references + unreachable_.size();
    break_cycles();
    compact(legacy_);
    outcome.uncollectable = legacy_.size();
    tell_about("uncollectable", legacy_, kDebugUncollectable);
    hand_over_legacy();
  }
  if (collector_.events_ != nullptr) {
    collector_.events_->collection_ends(generation_, outcome.collected, outcome.uncollectable);
  }
  if (collector_.verify_ != VerifyMode::Never) collector_.check("verify_after_sweep");
  return outcome;
}

// Candidates stand in list order: the generation itself, then the younger ones, youngest last but one as CPython merges them
// (0 first, then 1). Room for every survivor in the next generation is made first: from here on nothing may fail.
bool Collection::merge() {
  GenerationLog* logs = collector_.logs_;
  std::size_t total = 0;
  for (int i = 0; i <= generation_; ++i) total += logs[i].live();
  if (!candidates_.reserve(total + 1)) return false;
  if (!old_.reserve(&old_ == &logs[generation_] ? total - old_.live() : total)) return false;
  const auto take = [&](GenerationLog& log) {
    Header** items = log.items();
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (items[i] != nullptr) (void)candidates_.append(items[i]);
    }
    log.reset();
  };
  take(logs[generation_]);
  for (int i = 0; i < generation_; ++i) take(logs[i]);
  return true;
}

void Collection::copy_counts(ObjectArray& candidates) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i + kPrefetchAhead < candidates.size()) __builtin_prefetch(candidates[i + kPrefetchAhead], 1);
    Header* object = candidates[i];
    const std::uint32_t refs = clamped_count(object);
    OURO_CHECK(refs > 0, "G2: a dead %s is tracked", object->type_info->name);
    object->set_gc_state(GcState::Candidate);
    object->set_gc_payload(refs);
    if (collector_.events_ != nullptr) collector_.events_->candidate(object, refs);
  }
}

void Collection::subtract_inner(ObjectArray& candidates) {
  if (collector_.events_ != nullptr) {
    ToldSubtraction visitor(*collector_.events_);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      visitor.from(candidates[i]);
      candidates[i]->type_info->describe(candidates[i], visitor);
    }
    return;
  }
  Header* buffer[kEdgeBuffer + 1];
  EdgeSink sink(buffer, buffer + kEdgeBuffer, flush_subtractions);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i + kPrefetchAhead < candidates.size()) __builtin_prefetch(candidates[i + kPrefetchAhead]);
    candidates[i]->type_info->traverse(candidates[i], sink);
  }
  flush_subtractions(sink);
}

// Everything `object` refers to is alive. A candidate not looked at yet just gets gc_refs 1; one already put aside as
// unreachable comes back, after all others (that is where CPython's list has it).
void Collection::reach_from(Header* object, ObjectArray& late) {
  struct Reach final : EdgeSink {
    Reach(Header** begin, Header** end, Collection& the_run, ObjectArray& the_late, Header* the_from)
        : EdgeSink(begin, end, [](EdgeSink& sink) { static_cast<Reach&>(sink).apply(); }),
          run(the_run), late(the_late), from(the_from) {}
    void apply() {
      Header** edges = begin();
      const std::size_t count = size();
      for (std::size_t i = 0; i < count; ++i) __builtin_prefetch(edges[i], 1);
      for (std::size_t i = 0; i < count; ++i) {
        Header* target = edges[i];
        switch (target->gc_state()) {
          case GcState::Candidate:
            if (target->gc_payload() == 0) target->set_gc_payload(1);
            break;
          case GcState::Unreachable:
            target->set_gc_state(GcState::Candidate);
            target->set_gc_payload(1);
            if (!late.append(target)) {
              target->gc_word |= kSpareBit;
              run.overflow_ = true;
            }
            if (run.collector_.events_ != nullptr) {
              run.collector_.events_->verdict(target, EventSink::Verdict::ReachedFromCandidate, from);
            }
            break;
          default:
            break;
        }
      }
      reset();
    }
    Collection& run;
    ObjectArray& late;
    Header* from;
  };
  Header* buffer[kEdgeBuffer + 1];
  Reach sink(buffer, buffer + kEdgeBuffer, *this, late, object);
  object->type_info->traverse(object, sink);
  sink.apply();
}

// One pass in list order decides: gc_refs > 0 lives, the rest is put aside for now. Whoever is reached later comes back
// into `late`. Afterwards the survivors are the kept ones in order, then the late ones in order of being reached.
bool Collection::find_reachable(ObjectArray& candidates, ObjectArray& unreachable) {
  ObjectArray late(heap_);
  overflow_ = false;
  const std::size_t total = candidates.size();
  EventSink* events = collector_.events_;
  // A kept candidate carries state Candidate to the end; `put aside` is the state Unreachable.
  std::size_t aside = 0;
  for (std::size_t i = 0; i < total; ++i) {
    if (i + kPrefetchAhead < total) __builtin_prefetch(candidates[i + kPrefetchAhead], 1);
    Header* object = candidates[i];
    if (object->gc_payload() == 0) {
      mark_unreachable(object, 0);
      ++aside;
      continue;
    }
    if (events != nullptr) events->verdict(object, EventSink::Verdict::ReferencedFromOutside, nullptr);
    object->gc_word |= kSpareBit;  // kept at its place; cleared below
    reach_from(object, late);
  }
  if (aside == 0) {
    for (std::size_t i = 0; i < total; ++i) candidates[i]->gc_word &= ~kSpareBit;
    return true;
  }
  // Kept places carry the spare bit, unreached ones the state Unreachable; what came back has neither, or (no room in `late`)
  // the spare bit without having been traversed: then all that is alive is traversed again, until nothing new comes back.
  for (std::size_t done = 0;;) {
    for (; done < late.size(); ++done) reach_from(late[done], late);
    if (!overflow_) break;
    overflow_ = false;
    for (std::size_t i = 0; i < total; ++i) {
      if (is_candidate(candidates[i])) reach_from(candidates[i], late);
    }
  }
  std::size_t dead = 0;
  for (std::size_t i = 0; i < total; ++i) dead += candidates[i]->gc_state() == GcState::Unreachable;
  if (!unreachable.reserve(dead)) return false;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < total; ++i) {
    Header* object = candidates[i];
    if (object->gc_state() == GcState::Unreachable) {
      mark_unreachable(object, unreachable.size());
      (void)unreachable.append(object);
      if (events != nullptr) events->verdict(object, EventSink::Verdict::Unreachable, nullptr);
    } else if ((object->gc_word & kSpareBit) != 0) {
      object->gc_word &= ~kSpareBit;
      candidates[kept++] = object;
    }
  }
  for (std::size_t i = 0; i < late.size(); ++i) candidates[kept++] = late[i];
  candidates.resize_down(kept);
  return true;
}

// Out of memory in the middle: whatever was decided, everything stays.
void Collection::give_up(ObjectArray& candidates) {
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i]->gc_word &= ~kSpareBit;
  promote(candidates);
}

void Collection::put_into_old(Header* object) {
  object->set_gc_state(old_state_);
  object->set_gc_payload(static_cast<std::uint32_t>(old_.append(object)));
}

// Survivors join the next generation, but for those that say they need no watching now.
void Collection::promote(ObjectArray& survivors) {
  const bool full = generation_ == 2;
  std::size_t moved = 0;
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    if (i + kPrefetchAhead < survivors.size()) __builtin_prefetch(survivors[i + kPrefetchAhead], 1);
    Header* object = survivors[i];
    TypeInfo* type = object->type_info;
    if (type->stays_tracked != nullptr && !type->stays_tracked(object, full)) {
      object->set_gc_state(GcState::Untracked);
      object->set_gc_payload(0);
      continue;
    }
    put_into_old(object);
    ++moved;
  }
  survivors.resize_down(0);
  if (!promotes_) return;
  if (generation_ == 1) collector_.long_lived_pending_ += moved;
  if (full) {
    collector_.long_lived_pending_ = 0;
    collector_.long_lived_total_ = old_.live();
  }
}

void Collection::return_to_old(ObjectArray& objects) {
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i] != nullptr) put_into_old_with_room(objects[i]);
  }
  objects.resize_down(0);
}

void Collection::check_subtraction(ObjectArray& candidates) const {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Header* object = candidates[i];
    OURO_CHECK(is_candidate(object), "verify_after_subtraction G4: a %s is no candidate", object->type_info->name);
    OURO_CHECK(object->gc_payload() <= clamped_count(object),
               "verify_after_subtraction G3: gc_refs %u of a %s above its count %u", object->gc_payload(),
               object->type_info->name, object->refcount);
  }
}

}  // namespace ouro::gc
