// Objects: what they all share at birth, death and in weak references, out of line.
#include <new>

#include "library/references.h"
#include "ouro/detail/checks.h"
#include "ouro/detail/type.h"
#include "ouro/object.h"
#include "ouro/root.h"
#include "ouro/weak.h"
#include "support/check.h"

namespace ouro {
inline namespace v1 {
namespace detail {

namespace {

void no_members(const gc::Header*, MemberSink&) {}
void no_edges(const gc::Header*, gc::EdgeSink&) {}

void end_of_unfinished(gc::Header*) {
  OURO_CHECK(false, "an object that make() did not make loses its last reference");
}

void end_of_weak_reference(gc::Header* self) {
  auto& reference = static_cast<gc::WeakReference&>(*self);
  gc::unlink(reference);
  gc::Header* callback = reference.callback;
  current_state().heap.free(&reference);
  if (callback != nullptr) drop(Access::object(callback));
}

constexpr Type kWeakReferenceType{
    {no_edges, describe_members, nullptr, end_of_weak_reference, nullptr, nullptr,
     "ouro::WeakReference", gc::kWeakReference, 0, sizeof(gc::WeakReference)},
    no_members,
    0};

}  // namespace

constinit const Type kUnfinished{{no_edges, describe_members, nullptr, end_of_unfinished, nullptr,
                                  nullptr, "(object being made)", 0, 0, sizeof(Object)},
                                 no_members,
                                 0};

void destroyed_while_referenced(const gc::Header* header) {
  const bool dying = header->refcount >= kDying / 2;
  check_failed("count of an object that is destroyed", __FILE__, __LINE__,
               "a %s is destroyed while %u references to it exist (it was no object of make(), its "
               "constructor threw, or its destructor gave references away)",
               header->type_info->name, dying ? header->refcount - kDying : header->refcount - 1);
}

void no_current_heap() {
  check_failed("current heap", __FILE__, __LINE__,
               "this thread has no current heap: construct an ouro::Heap, or call make_current() "
               "on the heap that the objects belong to");
}

void describe_members(const gc::Header* self, gc::LabelledVisitor& visitor) {
  struct Sink final : MemberSink {
    explicit Sink(gc::LabelledVisitor& the_visitor) : visitor(the_visitor) {}
    void member(const void*, const gc::Header* target, const gc::EdgeLabel& label) override {
      visitor.edge(target, label);
    }
    gc::LabelledVisitor& visitor;
  } sink(visitor);
  type_of(self).members(self, sink);
}

bool is_resurrected(gc::Header* self) noexcept {
  if (--self->refcount == 0) return false;
  // One that waited to be taken apart was untracked. Without memory for the list it stays so: then
  // counting alone can end it.
  if ((self->type_info->flags & gc::kCollected) != 0 && !self->is_tracked()) {
    (void)current_state().collector.track(self);
  }
  return true;
}

void end_weak_references(gc::Header* self) noexcept {
  gc::WeakReference** head = gc::weaklist_of(self);
  while (*head != nullptr) {
    gc::WeakReference& reference = **head;
    gc::unlink(reference);
    if (reference.callback == nullptr) continue;
    // The callback may drop the Weak that holds it.
    ++reference.refcount;
    auto& callback = static_cast<Callback&>(*Access::object(reference.callback));
    callback.run(callback);
    if (--reference.refcount == 0) reference.type_info->dealloc(&reference);
  }
}

namespace {

gc::WeakReference* new_weak_reference(gc::Header* referent, gc::Header* callback) {
  State& state = current_state();
  void* block = state.heap.allocate<sizeof(gc::WeakReference)>(heap::BlockKind::Object);
  if (block == nullptr) return nullptr;
  auto* reference = ::new (block) gc::WeakReference{};
  reference->refcount = 1;
  reference->type_info = const_cast<Type*>(&kWeakReferenceType);
  reference->callback = callback;
  gc::link(*reference, *referent);
  return reference;
}

}  // namespace

gc::WeakReference* share_weak_reference(gc::Header* referent) noexcept {
  if constexpr (kChecked) check_usable(referent, "referred to weakly");
  gc::WeakReference** head = gc::weaklist_of(referent);
  if (head != nullptr && *head != nullptr && (*head)->callback == nullptr) {
    ++(*head)->refcount;
    return *head;
  }
  return new_weak_reference(referent, nullptr);
}

gc::WeakReference* make_weak_reference(gc::Header* referent, gc::Header* callback) noexcept {
  if constexpr (kChecked) check_usable(referent, "referred to weakly");
  gc::WeakReference* reference = new_weak_reference(referent, callback);
  if (reference == nullptr) drop(Access::object(callback));
  return reference;
}

void add_root(State& state, RootLink& link) noexcept {
  if (state.root_list.next == &state.root_list) state.collector.set_root_provider(&state);
  link.previous = &state.root_list;
  link.next = state.root_list.next;
  link.next->previous = &link;
  state.root_list.next = &link;
}

void remove_root(State& state, RootLink& link) noexcept {
  link.previous->next = link.next;
  link.next->previous = link.previous;
  if (state.root_list.next == &state.root_list) state.collector.set_root_provider(nullptr);
}

void State::roots(gc::EdgeSink& sink) {
  for (const RootLink* link = root_list.next; link != &root_list; link = link->next) {
    sink.edge(link->target, {});
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace ouro
