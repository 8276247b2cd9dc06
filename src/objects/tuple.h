// Tuple: a fixed row of references.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct Tuple : Object {
  std::int64_t size;
  Object* items[1];  // owned; `size` of them

  static constexpr std::size_t bytes_for(std::int64_t size) {
    return sizeof(Object) + sizeof(std::int64_t) + static_cast<std::size_t>(size) * sizeof(Object*);
  }
  /// A tuple of nulls, untracked: fill every place, then `track`. Size 0 gives the one empty tuple.
  static Result<Ref<Tuple>> make(ThreadState& ts, std::int64_t size);
  /// A tracked tuple of new references to `items`.
  static Result<Ref<Tuple>> from(ThreadState& ts, Object* const* items, std::size_t count);
  /// Packs: Tuple::of(ts, a, b).
  template <class... T>
  static Result<Ref<Tuple>> of(ThreadState& ts, const T&... values) {
    Object* items[] = {Obj(values).get()...};
    return from(ts, items, sizeof...(values));
  }
  [[nodiscard]] Obj at(std::int64_t index) const { return items[index]; }
  template <class V>
  void edges(V& v) const {
    v.edge_range_backwards(items, static_cast<std::size_t>(size), [](std::size_t i) { return gc::index_label(i); });
  }
};

/// CPython hands a class, and a native function of its older calling convention, the arguments in a tuple. Here they stay
/// where they are; but a program sees that tuple in gc.get_count() and in the moment a collection starts. So it is counted
/// while this lives: taken from the free list or born (which may run a collection, so Python code), then back to the list.
class ArgumentTuple {
 public:
  ArgumentTuple(ThreadState& ts, std::uint32_t count) : core_(ts.core), count_(count) {
    if (count == 0) return;
    if (count < kRebornTuples && core_.free_tuples[count] > 0) {
      --core_.free_tuples[count];
    } else {
      ts.space.collector.count_allocation();
    }
  }
  ~ArgumentTuple() {
    if (count_ != 0) give_back();
  }
  ArgumentTuple(const ArgumentTuple&) = delete;
  ArgumentTuple& operator=(const ArgumentTuple&) = delete;

  static constexpr std::uint32_t kRebornTuples = 20;  // CPython makes tuples shorter than this from its free lists

 private:
  void give_back();
  CoreObjects& core_;
  const std::uint32_t count_;
};

/// The same for the dict of keyword arguments, and other dicts that CPython makes for a moment.
class ArgumentDict {
 public:
  ArgumentDict(ThreadState& ts, bool there) : core_(ts.core), there_(there) {
    if (!there) return;
    if (core_.free_dicts > 0) {
      --core_.free_dicts;
    } else {
      ts.space.collector.count_allocation();
    }
  }
  ~ArgumentDict() {
    if (there_) give_back();
  }
  ArgumentDict(const ArgumentDict&) = delete;
  ArgumentDict& operator=(const ArgumentDict&) = delete;

  static constexpr std::uint16_t kFreeListLimit = 80;  // how many dead dicts CPython keeps

 private:
  void give_back();
  CoreObjects& core_;
  const bool there_;
};

/// Both, as a call that hands all its arguments over has them.
class PackedArguments {
 public:
  PackedArguments(ThreadState& ts, Args args);

 private:
  const ArgumentTuple positional_;
  const ArgumentDict keywords_;
};

/// An object without a free list that CPython makes for a moment and drops again: a bound method, an exception.
class PassingObject {
 public:
  explicit PassingObject(ThreadState& ts) : collector_(ts.space.collector) { collector_.count_allocation(); }
  ~PassingObject() { collector_.count_release(); }
  PassingObject(const PassingObject&) = delete;
  PassingObject& operator=(const PassingObject&) = delete;

 private:
  gc::Collector& collector_;
};

inline std::uint32_t Args::keyword_count() const {
  return keywords == nullptr ? 0 : static_cast<std::uint32_t>(keywords->size);
}

inline PackedArguments::PackedArguments(ThreadState& ts, Args args)
    : positional_(ts, args.count), keywords_(ts, args.keyword_count() > 0) {}

/// tuple(iterable): a tuple that is exact is returned itself.
Result<Ref<Tuple>> tuple_from_iterable(ThreadState& ts, Obj iterable);

}  // namespace ouro
