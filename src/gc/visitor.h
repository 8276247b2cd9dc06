// Edges: how a type tells its references, once, for two readers.
//
// A type T has one template member
//     template <class V> void edges(V& visitor) const { visitor.edge(name, slot_label("name")); … }
// `EdgeFunctions<T>` makes TypeInfo::traverse (fast, unlabelled, into a buffer) and
// TypeInfo::describe (labelled) of it.
#pragma once

#include <utility>

#include "gc/header.h"

namespace ouro::gc {

/// What a reference is called in its holder.
struct EdgeLabel {
  enum class Kind : std::uint8_t {
    Slot,       // a named part of the object: `text`, e.g. "__dict__", "__class__"
    Attribute,  // an attribute; `object` is its name (a str)
    Index,      // position `index` in a sequence
    Key,        // the key number `index` of a mapping; `object` is the key itself
    Value,      // the value under the key `object`
    Local,      // a local variable; `object` is its name
    Cell,       // the content of a cell
    Stack,      // the operand stack position `index`
    Member,     // member of a set
  };
  Kind kind;
  const char* text;
  const Header* object;
  std::size_t index;
};

constexpr EdgeLabel slot_label(const char* text) {
  return {EdgeLabel::Kind::Slot, text, nullptr, 0};
}
constexpr EdgeLabel index_label(std::size_t index) {
  return {EdgeLabel::Kind::Index, nullptr, nullptr, index};
}
constexpr EdgeLabel attribute_label(const Header* name) {
  return {EdgeLabel::Kind::Attribute, nullptr, name, 0};
}
constexpr EdgeLabel key_label(const Header* key, std::size_t index) {
  return {EdgeLabel::Kind::Key, nullptr, key, index};
}
constexpr EdgeLabel value_label(const Header* key) {
  return {EdgeLabel::Kind::Value, nullptr, key, 0};
}
constexpr EdgeLabel local_label(const Header* name) {
  return {EdgeLabel::Kind::Local, nullptr, name, 0};
}
constexpr EdgeLabel cell_label() { return {EdgeLabel::Kind::Cell, "cell_contents", nullptr, 0}; }
constexpr EdgeLabel stack_label(std::size_t index) {
  return {EdgeLabel::Kind::Stack, nullptr, nullptr, index};
}
constexpr EdgeLabel member_label(std::size_t index) {
  return {EdgeLabel::Kind::Member, nullptr, nullptr, index};
}

/// Collects edges into a buffer. Full buffers go to `flush`.
class EdgeSink {
 public:
  /// A buffer has room for so many edges behind its end: who adds a few need look only once.
  static constexpr std::size_t kSlack = 8;

  using Flush = void (*)(EdgeSink& sink);
  EdgeSink(Header** begin, Header** end, Flush flush)
      : begin_(begin), next_(begin), end_(end), flush_(flush) {}

  /// Null references cost nothing.
  void edge(const Header* target, EdgeLabel) {
    *next_ = const_cast<Header*>(target);
    next_ += target != nullptr;
    if (next_ >= end_) [[unlikely]]
      flush_(*this);
  }

  [[nodiscard]] Header** begin() const { return begin_; }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(next_ - begin_); }
  void reset() { next_ = begin_; }
  void resize(std::size_t size) { next_ = begin_ + size; }

 private:
  friend class EdgeCursor;
  Header** begin_;
  Header** next_;
  Header** end_;
  Flush flush_;
};

/// The visitor that fills an EdgeSink: its place in the buffer stays in a register.
class EdgeCursor {
 public:
  explicit EdgeCursor(EdgeSink& sink) : sink_(sink), next_(sink.next_), end_(sink.end_) {}
  ~EdgeCursor() { sink_.next_ = next_; }
  EdgeCursor(const EdgeCursor&) = delete;
  EdgeCursor& operator=(const EdgeCursor&) = delete;

  void edge(const Header* target, EdgeLabel) {
    put(target);
    look();
  }
  /// `kCount` references in a row.
  template <std::size_t kCount, class GetTarget>
  void edge_block(GetTarget&& target) {
    static_assert(kCount <= EdgeSink::kSlack);
    put_all(target, std::make_index_sequence<kCount>());
    look();
  }
  /// `count` references in a row; labels are made only for labelled visitors.
  template <class T, class MakeLabel>
  void edge_range(T* const* targets, std::size_t count, MakeLabel) {
    for (; count >= EdgeSink::kSlack; count -= EdgeSink::kSlack, targets += EdgeSink::kSlack) {
      edge_block<EdgeSink::kSlack>([targets](std::size_t i) { return targets[i]; });
    }
    for (std::size_t i = 0; i < count; ++i) put(targets[i]);
    look();
  }
  /// The same from the last to the first, as CPython walks lists and tuples: the order decides who
  /// is reached first.
  template <class T, class MakeLabel>
  void edge_range_backwards(T* const* targets, std::size_t count, MakeLabel) {
    for (; count >= EdgeSink::kSlack; count -= EdgeSink::kSlack) {
      T* const* last = targets + count - 1;
      edge_block<EdgeSink::kSlack>([last](std::size_t i) { return *(last - i); });
    }
    while (count > 0) put(targets[--count]);
    look();
  }
  /// A key of a mapping that CPython's traversal does not report (keys of all-string dicts).
  void hidden_edge(const Header*, EdgeLabel) {}

 private:
  void put(const Header* target) {
    *next_ = const_cast<Header*>(target);
    next_ += target != nullptr;
  }
  template <class GetTarget, std::size_t... kIndex>
  void put_all(GetTarget& target, std::index_sequence<kIndex...>) {
    (put(target(kIndex)), ...);
  }
  void look() {
    if (next_ >= end_) [[unlikely]]
      flush();
  }
  void flush() {
    sink_.next_ = next_;
    sink_.flush_(sink_);
    next_ = sink_.next_;
  }
  EdgeSink& sink_;
  Header** next_;
  Header** const end_;
};

/// Receives each edge with its label. Must not run Python code or allocate from the heap it looks
/// at.
class LabelledVisitor {
 public:
  virtual ~LabelledVisitor() = default;
  virtual void visit(const Header* target, const EdgeLabel& label, bool hidden) = 0;

  void edge(const Header* target, const EdgeLabel& label) {
    if (target != nullptr) visit(target, label, false);
  }
  template <class T, class MakeLabel>
  void edge_range(T* const* targets, std::size_t count, MakeLabel make_label) {
    for (std::size_t i = 0; i < count; ++i) edge(targets[i], make_label(i));
  }
  template <class T, class MakeLabel>
  void edge_range_backwards(T* const* targets, std::size_t count, MakeLabel make_label) {
    while (count > 0) {
      --count;
      edge(targets[count], make_label(count));
    }
  }
  void hidden_edge(const Header* target, const EdgeLabel& label) {
    if (target != nullptr) visit(target, label, true);
  }
};

/// Makes TypeInfo's two functions from T::edges.
template <class T>
struct EdgeFunctions {
  static void traverse(const Header* self, EdgeSink& sink) {
    EdgeCursor cursor(sink);
    static_cast<const T*>(self)->edges(cursor);
  }
  static void describe(const Header* self, LabelledVisitor& visitor) {
    static_cast<const T*>(self)->edges(visitor);
  }
  static void install(TypeInfo& type) {
    type.traverse = traverse;
    type.describe = describe;
  }
};

}  // namespace ouro::gc
