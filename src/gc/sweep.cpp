// Collection: what happens to the unreachable, after the verdict. Python code runs in here: any
// object of `unreachable_` may go or be untracked at any call (forget() then empties its place),
// and new objects and weak references may appear.
#include "gc/collection.h"
#include "gc/ref.h"
#include "support/check.h"

namespace ouro::gc {

namespace {
constexpr std::size_t kFetchAhead = 16;

/// Fetches what references lead to.
class Fetching final : public EdgeSink {
 public:
  Fetching()
      : EdgeSink(buffer_, buffer_ + kEdges,
                 [](EdgeSink& sink) { static_cast<Fetching&>(sink).fetch(); }) {}
  void fetch() {
    for (std::size_t i = 0; i < size(); ++i) __builtin_prefetch(begin()[i], 1);
    reset();
  }

 private:
  static constexpr std::size_t kEdges = 64;
  Header* buffer_[kEdges + kSlack];
};
}  // namespace

void Collection::forget(Header* object) {
  const std::uint32_t index = object->gc_payload();
  if (index < unreachable_.size() && unreachable_[index] == object) {
    unreachable_[index] = nullptr;
    return;
  }
  OURO_CHECK(index < legacy_.size() && legacy_[index] == object,
             "G7: an unreachable %s is in no list", object->type_info->name);
  legacy_[index] = nullptr;
}

// Closes the holes and renumbers what stands behind the first.
void Collection::compact(ObjectArray& objects) {
  std::size_t kept = 0;
  while (kept < objects.size() && objects[kept] != nullptr) ++kept;
  for (std::size_t i = kept; i < objects.size(); ++i) {
    Header* object = objects[i];
    if (object == nullptr) continue;
    object->set_gc_payload(static_cast<std::uint32_t>(kept));
    objects[kept++] = object;
  }
  objects.resize(kept);
}

void Collection::sweep(Outcome& outcome) {
  const bool each_phase = collector_.verify_ == VerifyMode::EachPhase;
  const bool reclaims = in_bitmap_ && reclaimable_ &&
                        (flags_ & (kHasFinalizer | kLegacyFinalizer)) == 0 &&
                        (collector_.debug_ & kDebugSaveAll) == 0;
  if (!reclaims) leave_bitmap();
  if (by_place_ && (!reclaims || referable_)) number_unreachable();
  if (!set_legacy_apart()) {
    return_to_old(unreachable_);
    collector_.gave_up_ = true;
    return;
  }
  tell_about("collectable", unreachable_, kDebugCollectable);
  compact(unreachable_);
  std::size_t freed_references = 0;
  if (!clear_weakrefs(freed_references)) {
    if (reclaims) leave_bitmap();
    return_to_old(unreachable_);
    return_to_old(legacy_);
    collector_.gave_up_ = true;
    return;
  }
  run_finalizers();
  if (each_phase) collector_.check("verify_after_finalizers");
  keep_resurrected();
  compact(unreachable_);
  outcome.collected = freed_references + unreachable_.size();
  if (reclaims) {
    reclaim();
  } else {
    break_cycles();
  }
  compact(legacy_);
  outcome.uncollectable = legacy_.size();
  tell_about("uncollectable", legacy_, kDebugUncollectable);
  hand_over_legacy();
}

// A finalizer of the old kind cannot say in which order a cycle is to be taken apart: such objects,
// and all they reach, stay. They are marked, so that they are not taken for something a finalizer
// made reachable again.
bool Collection::set_legacy_apart() {
  if ((flags_ & kLegacyFinalizer) == 0) return true;
  if (!legacy_.reserve(unreachable_.size())) return false;
  const auto move = [this](Header* object) {
    unreachable_[object->gc_payload()] = nullptr;
    object->set_gc_payload(static_cast<std::uint32_t>(legacy_.size()));
    object->gc_word |= kMarkBit;
    legacy_.append(object);
  };
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    if ((unreachable_[i]->type_info->flags & kLegacyFinalizer) != 0) move(unreachable_[i]);
  }
  struct Follow final : LabelledVisitor {
    Follow(ObjectArray& the_unreachable, decltype(move)& the_move)
        : unreachable(the_unreachable), take(the_move) {}
    void visit(const Header* target, const EdgeLabel&, bool hidden) override {
      if (hidden || target->gc_state() != GcState::Unreachable) return;
      if (unreachable[target->gc_payload()] == target) take(const_cast<Header*>(target));
    }
    ObjectArray& unreachable;
    decltype(move)& take;
  } follow(unreachable_, move);
  for (std::size_t i = 0; i < legacy_.size(); ++i)
    legacy_[i]->type_info->describe(legacy_[i], follow);
  compact(unreachable_);
  return true;
}

// Before any finalizer runs: a callback or __del__ could otherwise reach, through a weak reference,
// an object that is half gone. All references die first; then callbacks run, of those references
// only that are not garbage themselves.
bool Collection::clear_weakrefs(std::size_t& freed) {
  if (!referable_ && (flags_ & kWeakReference) == 0) return true;
  const auto calls_back = [](const WeakReference* reference) {
    return reference->callback != nullptr && reference->gc_state() != GcState::Unreachable;
  };
  std::size_t callbacks = 0;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    if (i + kFetchAhead < unreachable_.size()) __builtin_prefetch(unreachable_[i + kFetchAhead]);
    WeakReference** head = weaklist_of(unreachable_[i]);
    if (head == nullptr) continue;
    for (WeakReference* at = *head; at != nullptr; at = at->next) callbacks += calls_back(at);
  }
  ObjectArray calls(heap_);
  if (callbacks > 0 && !calls.reserve(callbacks)) return false;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    if (i + kFetchAhead < unreachable_.size()) __builtin_prefetch(unreachable_[i + kFetchAhead], 1);
    Header* object = unreachable_[i];
    // A reference inside the garbage never calls back: it could show objects that are half taken
    // apart.
    if ((object->type_info->flags & kWeakReference) != 0)
      unlink(*static_cast<WeakReference*>(object));
    WeakReference** head = weaklist_of(object);
    if (head == nullptr) continue;
    while (*head != nullptr) {
      WeakReference* reference = *head;
      unlink(*reference);
      if (collector_.events_ != nullptr) collector_.events_->weakref_cleared(reference);
      if (!calls_back(reference)) continue;
      incref(reference);
      calls.append(reference);
    }
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    auto* reference = static_cast<WeakReference*>(calls[i]);
    if (collector_.hooks_.weakref_callback != nullptr) {
      collector_.hooks_.weakref_callback(collector_.hooks_.context, reference);
    }
    if (reference->refcount == 1) {
      ++freed;
    } else if (reference->is_tracked() && reference->gc_state() != old_state_ && old_.reserve(1)) {
      collector_.untrack(reference);
      put_into_old(reference);
    }
    decref(reference);
  }
  return true;
}

void Collection::run_finalizers() {
  if ((flags_ & kHasFinalizer) == 0) return;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    Header* object = unreachable_[i];
    if (object == nullptr || (object->type_info->flags & kHasFinalizer) == 0 ||
        object->is_finalized())
      continue;
    object->gc_word |= kFinalizedBit;
    any_finalizer_ran_ = true;
    if (collector_.events_ != nullptr) collector_.events_->finalizer_runs(object);
    incref(object);
    object->type_info->finalize(object);
    decref(object);
  }
}

// Finalizers may have stored what was unreachable. The same trial deletion over what is left says
// who lives again.
void Collection::keep_resurrected() {
  if (!any_finalizer_ran_) return;
  compact(unreachable_);
  if (!old_.reserve(unreachable_.size())) {
    return_to_old(unreachable_);
    collector_.gave_up_ = true;
    return;
  }
  for (std::size_t i = 0; i < unreachable_.size(); ++i)
    unreachable_[i]->set_gc_state(GcState::Candidate);
  const Candidates candidates = {unreachable_.items(), unreachable_.size(), nullptr,
                                 GcState::Candidate};
  TrialDeletion trial(heap_, candidates, nullptr, collector_.events_);
  trial.subtract_inner();
  const std::size_t before = old_.size_;
  Destination destination{old_.items_, /*keeps_places=*/false, before, old_state_, 0};
  ObjectArray still(heap_);
  collector_.gave_up_ = !trial.find_reachable(destination, still);
  old_.size_ = destination.count;
  if (collector_.events_ != nullptr) {
    for (std::size_t i = before; i < old_.size_; ++i) {
      collector_.events_->verdict(old_.items_[i], EventSink::Verdict::Resurrected, nullptr);
    }
  }
  unreachable_.swap(still);
}

void Collection::break_cycles() {
  const bool save = (collector_.debug_ & kDebugSaveAll) != 0;
  // Whose references are dropped soon is fetched, and a little later what it refers to: its count
  // will change.
  Fetching targets;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    if (i + 2 * kFetchAhead < unreachable_.size())
      __builtin_prefetch(unreachable_[i + 2 * kFetchAhead], 1);
    if (i + kFetchAhead < unreachable_.size()) {
      const Header* soon = unreachable_[i + kFetchAhead];
      if (soon != nullptr) soon->type_info->traverse(soon, targets);
      targets.fetch();
    }
    Header* object = unreachable_[i];
    if (object == nullptr) continue;
    incref(object);
    if (save) {
      if (collector_.hooks_.keep_garbage != nullptr)
        collector_.hooks_.keep_garbage(collector_.hooks_.context, object);
    } else if (object->type_info->clear != nullptr) {
      object->type_info->clear(object);
    }
    decref(object);
    // Who is still there after its references were dropped is held by somebody after all (or will
    // go with its neighbours).
    if (unreachable_[i] == object) {
      unreachable_[i] = nullptr;
      put_into_old_with_room(object);
    }
  }
  unreachable_.resize(0);
}

// Nothing outside refers to the unreachable, so nobody can tell in which order they end, nor see
// their counts.
void Collection::reclaim() {
  const AddressSet& dead = collector_.examined_;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    if (i + kFetchAhead < unreachable_.size()) __builtin_prefetch(unreachable_[i + kFetchAhead], 1);
    Header* object = unreachable_[i];
    OURO_CHECK(object != nullptr,
               "G12: an unreachable object went while others were being reclaimed");
    object->gc_word &= kLowBits & ~(kStateMask | kMarkBit);
    object->type_info->reclaim(object, dead);
  }
  leave_bitmap();
  unreachable_.resize(0);
}

void Collection::number_unreachable() {
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    unreachable_[i]->set_gc_payload(static_cast<std::uint32_t>(i));
  }
}

// The bitmap is empty between collections.
void Collection::leave_bitmap() {
  if (!in_bitmap_) return;
  for (std::size_t i = 0; i < unreachable_.size(); ++i) {
    collector_.examined_.remove(unreachable_[i]);
  }
  in_bitmap_ = false;
}

// Uncollectable objects go to gc.garbage (all of them under DEBUG_SAVEALL) and stay tracked.
void Collection::hand_over_legacy() {
  const bool save = (collector_.debug_ & kDebugSaveAll) != 0;
  for (std::size_t i = 0; i < legacy_.size(); ++i) {
    Header* object = legacy_[i];
    if (object == nullptr) continue;
    if (save || (object->type_info->flags & kLegacyFinalizer) != 0) {
      if (collector_.hooks_.keep_garbage != nullptr)
        collector_.hooks_.keep_garbage(collector_.hooks_.context, object);
    }
    if (collector_.events_ != nullptr) {
      collector_.events_->verdict(object, EventSink::Verdict::Uncollectable, nullptr);
    }
  }
  return_to_old(legacy_);
}

void Collection::tell_about(const char* what, ObjectArray& objects, unsigned flag) {
  if ((collector_.debug_ & flag) == 0) return;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Header* object = objects[i];
    if (object == nullptr) continue;  // writing may run Python code
    collector_.write_debug("gc: %s <%s %p>\n", what, object->type_info->name,
                           static_cast<const void*>(object));
  }
}

}  // namespace ouro::gc
