// Walks over the live objects, labels as text, and the report of what is alive.
#include "ouro/snapshot.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

#include "ouro/detail/type.h"
#include "ouro/heap.h"

namespace ouro {
inline namespace v1 {

namespace {

const void* block_of(Handle object) {
  return reinterpret_cast<const char*>(object) - detail::type_of(object).header_offset;
}

ObjectInfo info_of(const heap::Heap& heap, Handle object) {
  const auto state = static_cast<int>(object->gc_state());
  const bool in_generation =
      object->gc_state() >= gc::GcState::Gen0 && object->gc_state() <= gc::GcState::Gen2;
  return {object,
          object->type_info->name,
          object->type_info->basic_bytes,
          object->refcount,
          in_generation ? state - static_cast<int>(gc::GcState::Gen0) : -1,
          heap.allocation_serial(block_of(object))};
}

}  // namespace

void Heap::walk_objects(Callback<ObjectInfo> visit, void* context) const {
  heap_.for_each_live_of(heap::BlockKind::Object, [&](void* block, std::size_t) {
    const auto* header = static_cast<const gc::Header*>(block);
    // A marker says how far in the header is.
    if (header->type_info == &detail::kUnfinished && header->refcount == 0) {
      header =
          reinterpret_cast<const gc::Header*>(static_cast<const char*>(block) + header->gc_word);
    }
    const bool being_made = header->type_info == &detail::kUnfinished;
    const bool being_destroyed = header->refcount >= detail::kDying;
    if (being_made || being_destroyed) return;
    visit(context, info_of(heap_, header));
  });
  for (int generation = 0; generation < 4; ++generation) {
    state_->collector.for_each_in_any_order(generation, [&](const gc::Header* header) {
      const detail::Type& type = detail::type_of(header);
      if (type.header_offset != 0 || type.basic_bytes > detail::kBigObject) {
        visit(context, info_of(heap_, header));
      }
    });
  }
}

void Heap::walk_edges(Handle object, Callback<EdgeInfo> visit, void* context) const {
  struct Visitor final : gc::LabelledVisitor {
    void visit(const gc::Header* target, const gc::EdgeLabel& label, bool) override {
      call(the_context, EdgeInfo{from, target, label});
    }
    Handle from;
    Callback<EdgeInfo> call;
    void* the_context;
  } visitor;
  visitor.from = object;
  visitor.call = visit;
  visitor.the_context = context;
  object->type_info->describe(object, visitor);
}

std::string to_string(const gc::EdgeLabel& label) {
  const std::string name = label.text == nullptr ? "" : label.text;
  const std::string index = std::to_string(label.index);
  switch (label.kind) {
    case gc::EdgeLabel::Kind::Index:
      return name + "[" + index + "]";
    case gc::EdgeLabel::Kind::Key:
      return name + ".key[" + index + "]";
    case gc::EdgeLabel::Kind::Value:
      return name + ".value[" + index + "]";
    default:
      return name;
  }
}

std::size_t Heap::report(std::FILE* out, std::size_t objects) const {
  struct Class {
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  std::map<std::string_view, Class> classes;
  std::size_t total = 0;
  for_each_object([&](const ObjectInfo& info) {
    ++total;
    Class& of_class = classes[info.type];
    ++of_class.count;
    of_class.bytes += info.bytes;
  });
  if (out == nullptr) return total;
  for (const auto& [name, of_class] : classes) {
    std::fprintf(out, "  %zu %s, %zu bytes\n", of_class.count, std::string(name).c_str(),
                 of_class.bytes);
  }
  if (!heap_.has_debug_blocks()) return total;
  std::size_t shown = 0;
  for_each_object([&](const ObjectInfo& info) {
    if (shown++ >= objects) return;
    std::fprintf(out, "    allocation %llu at %s: %u references\n",
                 static_cast<unsigned long long>(info.serial),
                 heap_.allocation_origin(block_of(info.object)), info.references);
  });
  if (total > objects) std::fprintf(out, "    … and %zu more\n", total - objects);
  return total;
}

}  // namespace v1
}  // namespace ouro
