// Collection: the phases up to the verdict. What follows it (weak references, finalizers, clearing)
// is in sweep.cpp.
#include "gc/collection.h"

#include "gc/known_roots.h"
#include "support/check.h"

namespace ouro::gc {

namespace {
constexpr std::size_t kFetchAhead = 16;

// What fits the caches is told from the rest by marks; so are the young, whose references lead out.
constexpr std::size_t kWorthABitmap = 4096;

GcState state_of(int generation) { return static_cast<GcState>(generation + 1); }
}  // namespace

Collection::Collection(Collector& collector, int generation, Ageing ageing)
    : collector_(collector),
      heap_(collector.heap_),
      generation_(generation),
      promotes_(ageing == Ageing::Promote),
      log_(collector.logs_[generation]),
      old_(collector.logs_[promotes_ && generation < 2 ? generation + 1 : generation]),
      state_(state_of(generation)),
      old_state_(state_of(promotes_ && generation < 2 ? generation + 1 : generation)),
      unreachable_(collector.heap_),
      legacy_(collector.heap_) {}

Collection::Outcome Collection::run() {
  const bool each_phase = collector_.verify_ == VerifyMode::EachPhase;
  if (collector_.verify_ != VerifyMode::Never) collector_.check("verify_before_collection");
  Outcome outcome = {0, 0};
  collector_.gave_up_ = !merge() || !find_unreachable();
  if (collector_.gave_up_) return outcome;
  if (each_phase) collector_.check("verify_after_trial_deletion", /*apart=*/true);
  if (unreachable_.size() > 0) sweep(outcome);
  if (collector_.gave_up_) return outcome;
  if (collector_.events_ != nullptr) {
    collector_.events_->collection_ends(generation_, outcome.collected, outcome.uncollectable);
  }
  if (collector_.verify_ != VerifyMode::Never) collector_.check("verify_after_sweep");
  return outcome;
}

// Candidates stand in list order: the generation itself, then the younger ones, youngest last but
// one as CPython merges them (0 first, then 1). Room for every survivor in the next generation is
// made first: from here on nothing may fail.
bool Collection::merge() {
  std::size_t younger = 0;
  for (int i = 0; i < generation_; ++i) younger += collector_.logs_[i].live();
  if (!log_.reserve(younger)) return false;
  if (&old_ != &log_ && !old_.reserve(log_.live() + younger)) return false;
  for (int i = 0; i < generation_; ++i) {
    GenerationLog& log = collector_.logs_[i];
    for (std::size_t at = 0; at < log.size_; ++at) {
      if (at + kFetchAhead < log.size_) __builtin_prefetch(log.items_[at + kFetchAhead], 1);
      Header* object = log.items_[at];
      if (object == nullptr) continue;
      object->set_gc_state(state_);
      object->set_gc_payload(static_cast<std::uint32_t>(log_.append_to_any(object)));
    }
    log.reset();
  }
  if (collector_.events_ != nullptr)
    collector_.events_->collection_starts(generation_, log_.live());
  return true;
}

// Leaves the unreachable in unreachable_ and everybody else in old_. False when there was no
// memory: everybody stays.
bool Collection::find_unreachable() {
  const bool known = generation_ == 2 && collector_.roots_ != nullptr;
  if (known && collector_.events_ == nullptr) return examine_unknown(*collector_.roots_);
  if (!log_.open()) return false;
  return delete_on_trial({log_.items_, log_.size_, nullptr, state_});
}

// With known roots: only what they do not reach is put on trial.
bool Collection::examine_unknown(RootProvider& roots) {
  AddressSet visited(heap_);
  std::size_t reached = 0;
  if (!visited.prepare() || !visit_from_roots(roots, state_, visited, heap_, reached)) return false;
  const std::size_t unknown = log_.live() - reached;
  if (unknown == 0) {
    close_oldest();
    count_survivors(0);
    return true;
  }
  if (!log_.open()) return false;
  auto* chosen = static_cast<std::uint32_t*>(
      heap_.reallocate_past_limit(nullptr, unknown * sizeof(std::uint32_t)));
  if (chosen == nullptr) return false;
  std::size_t count = 0;
  for (std::size_t i = 0; i < log_.size_; ++i) {
    Header* object = log_.items_[i];
    if (object == nullptr || visited.contains(object)) continue;
    OURO_CHECK(count < unknown, "known roots leave %zu objects, but more are not visited", unknown);
    object->set_gc_state(GcState::Candidate);
    chosen[count++] = static_cast<std::uint32_t>(i);
  }
  const bool done = delete_on_trial({log_.items_, count, chosen, GcState::Candidate});
  heap_.free(chosen);
  return done;
}

bool Collection::delete_on_trial(const Candidates& candidates) {
  const bool full = generation_ == 2;
  const bool keeps_places =
      full && (collector_.roots_ != nullptr || collector_.survivor_order_ == SurvivorOrder::AsBorn);
  const bool bitmap =
      collector_.reached_by_ == ReachedBy::Bitmap ||
      (collector_.reached_by_ == ReachedBy::Choose && full && candidates.count >= kWorthABitmap);
  AddressSet* examined = bitmap && collector_.examined_.prepare() ? &collector_.examined_ : nullptr;
  TrialDeletion trial(heap_, candidates, examined, collector_.events_);
  trial.subtract_inner();
  if (collector_.verify_ == VerifyMode::EachPhase) check_subtraction(trial, candidates);

  const std::uint32_t mark = old_state_ == candidates.state && trial.marks() ? kMarkBit : 0;
  const std::size_t before = &old_ == &log_ ? 0 : old_.size_;
  Destination destination{old_.items_, keeps_places,
                          before,      old_state_,
                          mark,        full ? Destination::Ask::InFull : Destination::Ask::InYoung};
  const bool done = trial.find_reachable(destination, unreachable_);
  flags_ = trial.unreachable_flags();
  referable_ = trial.unreachable_referable();
  reclaimable_ = trial.unreachable_reclaimable();
  in_bitmap_ = !trial.marks();
  by_place_ = keeps_places;
  if (keeps_places) {
    log_.holes_ += unreachable_.size() + destination.left;
  } else {
    if (&log_ == &old_) {
      log_.holes_ = 0;
    } else {
      log_.reset();
    }
    old_.size_ = destination.count;
  }
  if (mark != 0) unmark();
  if (full && destination.ask_again) untrack_dependents();
  if (full) close_oldest();
  count_survivors(before);
  return done;
}

// Events are still told of its entries. Where rules are verified, small logs are closed, too, so
// that these are among what is verified.
void Collection::close_oldest() {
  if (collector_.logs_stay_open_ || collector_.events_ != nullptr) return;
  GenerationLog& oldest = collector_.logs_[2];
  if (collector_.verify_ != VerifyMode::Never || oldest.worth_closing()) oldest.close();
}

void Collection::unmark() {
  for (std::size_t i = 0; i < old_.size_; ++i) {
    if (i + kFetchAhead < old_.size_) __builtin_prefetch(old_.items_[i + kFetchAhead], 1);
    if (old_.items_[i] != nullptr) old_.items_[i]->gc_word &= ~kMarkBit;
  }
}

void Collection::check_subtraction(const TrialDeletion& trial, const Candidates& candidates) const {
  for (std::size_t i = 0; i < candidates.count; ++i) {
    const Header* object = candidates.at(i);
    if (object == nullptr || (object->gc_word & kMarkBit) != 0) continue;
    OURO_CHECK(object->gc_state() == candidates.state,
               "verify_after_subtraction G4: a %s is no candidate", object->type_info->name);
    OURO_CHECK(trial.gc_refs(i) <= object->refcount,
               "verify_after_subtraction G3: gc_refs %u of a %s above its count %u",
               trial.gc_refs(i), object->type_info->name, object->refcount);
  }
}

// Those that need watching only as long as what they hold does: asked in list order, after all
// others were.
void Collection::untrack_dependents() {
  for (std::size_t i = 0; i < old_.size_; ++i) {
    Header* object = old_.items_[i];
    if (object == nullptr) continue;
    const TypeInfo* type = object->type_info;
    if (type->stays_tracked == nullptr || type->stays_tracked(object, true)) continue;
    if (type->stays_tracked(object, false)) collector_.untrack(object);
  }
}

void Collection::count_survivors(std::size_t before) {
  if (!promotes_) return;
  if (generation_ == 1) collector_.long_lived_pending_ += old_.size_ - before;
  if (generation_ == 2) {
    collector_.long_lived_pending_ = 0;
    collector_.long_lived_total_ = old_.live();
  }
}

void Collection::put_into_old(Header* object) {
  object->gc_word = (object->gc_word & kLowBits & ~(kStateMask | kMarkBit)) |
                    static_cast<std::uint32_t>(old_state_) |
                    static_cast<std::uint32_t>(old_.append_to_any(object)) << kIndexShift;
}

// Promotion made room for every candidate, but weak references may have moved in meanwhile. Without
// room the object stays where the collector sees it next time: in the youngest generation, or (no
// memory at all) unwatched, which leaks but is sound.
void Collection::put_into_old_with_room(Header* object) {
  if (old_.reserve(1)) {
    put_into_old(object);
    return;
  }
  object->set_gc_state(GcState::Untracked);
  object->set_gc_payload(0);
  (void)collector_.track(object);
}

void Collection::return_to_old(ObjectArray& objects) {
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i] != nullptr) put_into_old_with_room(objects[i]);
  }
  objects.resize(0);
}

}  // namespace ouro::gc
