// list.sort: a stable merge sort that finds runs which are sorted already (T. Peters' timsort,
// 2002) and merges them in the order of a near-optimal tree (powersort, J. I. Munro and S. Wild,
// 2018).
//
// While sorting the list is empty: comparisons run Python code, which so cannot reach the items.
// The items (and keys) are owned by the detached storage and by the key array; merging moves
// pointers between these and a scratch array, always keeping one copy each.
#include <algorithm>
#include <bit>
#include <cstring>

#include "objects/float.h"
#include "objects/list_impl.h"
#include "objects/str.h"
#include "support/check.h"

namespace ouro {

namespace {

// -- what "less" means; 1, 0, or -1 when it raised
// --------------------------------------------------------------------

struct LessInt {
  int operator()(Object* a, Object* b) const {
    return static_cast<Int*>(a)->small < static_cast<Int*>(b)->small ? 1 : 0;
  }
};

struct LessFloat {
  int operator()(Object* a, Object* b) const {
    return static_cast<Float*>(a)->value < static_cast<Float*>(b)->value ? 1 : 0;
  }
};

// Both texts have one byte a character.
struct LessNarrowStr {
  int operator()(Object* a, Object* b) const {
    const auto* x = static_cast<Str*>(a);
    const auto* y = static_cast<Str*>(b);
    const auto common = static_cast<std::size_t>(std::min(x->length, y->length));
    const int order = std::memcmp(x->data1(), y->data1(), common);
    return (order != 0 ? order < 0 : x->length < y->length) ? 1 : 0;
  }
};

struct LessAny {
  ThreadState& ts;
  int operator()(Object* a, Object* b) const {
    Result<bool> less = compare_is_true(ts, a, b, CompareOp::Less);
    if (less.raised()) return -1;
    return less.take() ? 1 : 0;
  }
};

// -- rows of keys with the values that move along
// ----------------------------------------------------------------------

struct Rows {
  Object** keys = nullptr;
  Object** values = nullptr;  // null when the keys are the values

  [[nodiscard]] Rows operator+(std::int64_t offset) const {
    return {keys + offset, values == nullptr ? nullptr : values + offset};
  }
};

void copy_rows(Rows to, Rows from, std::int64_t count) {
  std::copy_n(from.keys, count, to.keys);
  if (to.values != nullptr) std::copy_n(from.values, count, to.values);
}

void move_rows(Rows to, Rows from, std::int64_t count) {
  const auto bytes = static_cast<std::size_t>(count) * sizeof(Object*);
  std::memmove(to.keys, from.keys, bytes);
  if (to.values != nullptr) std::memmove(to.values, from.values, bytes);
}

void set_row(Rows to, Rows from) {
  *to.keys = *from.keys;
  if (to.values != nullptr) *to.values = *from.values;
}

void reverse_rows(Rows rows, std::int64_t count) {
  std::reverse(rows.keys, rows.keys + count);
  if (rows.values != nullptr) std::reverse(rows.values, rows.values + count);
}

enum class SortEnd : std::uint8_t { Done, Raised, NoMemory };

constexpr std::int64_t kMinGallop = 7;  // wins in a row before jumping pays
constexpr int kMaxRuns = 85;            // more than enough for 2^63 items

template <class Less>
class MergeSort {
 public:
  MergeSort(Less less, Rows rows, std::int64_t size) : less_(less), rows_(rows), size_(size) {}
  ~MergeSort() { free_raw(scratch_.keys); }
  MergeSort(const MergeSort&) = delete;
  MergeSort& operator=(const MergeSort&) = delete;

  SortEnd run() {
    if (size_ < 2) return SortEnd::Done;
    const std::int64_t shortest = shortest_run(size_);
    for (std::int64_t start = 0; start < size_;) {
      std::int64_t length = 0;
      if (!count_run(start, length)) return SortEnd::Raised;
      if (length < shortest) {
        const std::int64_t forced = std::min(shortest, size_ - start);
        if (!insert_binary(start, length, forced)) return SortEnd::Raised;
        length = forced;
      }
      if (const SortEnd end = found_run(start, length); end != SortEnd::Done) return end;
      runs_[run_count_++] = {start, length, 0};
      start += length;
    }
    while (run_count_ > 1) {
      int at = run_count_ - 2;
      if (at > 0 && runs_[at - 1].length < runs_[at + 1].length) --at;
      if (const SortEnd end = merge_at(at); end != SortEnd::Done) return end;
    }
    return SortEnd::Done;
  }

 private:
  struct Run {
    std::int64_t start, length;
    int power;  // of the boundary to the next run
  };

  // Between 32 and 64, so that size / shortest is a power of two or a little less.
  static std::int64_t shortest_run(std::int64_t size) {
    std::int64_t lost_bit = 0;
    while (size >= 64) {
      lost_bit |= size & 1;
      size >>= 1;
    }
    return size + lost_bit;
  }

  // The length of the run at `start`; a strictly falling one is turned round.
  bool count_run(std::int64_t start, std::int64_t& length) {
    Object** keys = rows_.keys + start;
    const std::int64_t left = size_ - start;
    if (left == 1) {
      length = 1;
      return true;
    }
    int less = less_(keys[1], keys[0]);
    if (less < 0) return false;
    const bool falls = less == 1;
    std::int64_t n = 2;
    for (; n < left; ++n) {
      less = less_(keys[n], keys[n - 1]);
      if (less < 0) return false;
      if ((less == 1) != falls) break;
    }
    if (falls) reverse_rows(rows_ + start, n);
    length = n;
    return true;
  }

  // Sorts rows [start, start + size) of which the first `sorted` are in order.
  bool insert_binary(std::int64_t start, std::int64_t sorted, std::int64_t size) {
    const Rows rows = rows_ + start;
    for (std::int64_t i = sorted; i < size; ++i) {
      std::int64_t low = 0;
      std::int64_t high = i;
      Object* pivot = rows.keys[i];
      while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const int less = less_(pivot, rows.keys[middle]);
        if (less < 0) return false;
        (less == 1 ? high : low) = less == 1 ? middle : middle + 1;
      }
      Object* value = rows.values == nullptr ? nullptr : rows.values[i];
      move_rows(rows + (low + 1), rows + low, i - low);
      rows.keys[low] = pivot;
      if (rows.values != nullptr) rows.values[low] = value;
    }
    return true;
  }

  // How deep in a perfectly balanced tree the boundary between two neighbouring runs lies.
  int boundary_power(std::int64_t start, std::int64_t length1, std::int64_t length2) const {
    std::int64_t a = 2 * start + length1;
    std::int64_t b = a + length1 + length2;
    int power = 0;
    for (;;) {
      ++power;
      if (a >= size_) {
        a -= size_;
        b -= size_;
      } else if (b >= size_) {
        return power;
      }
      a <<= 1;
      b <<= 1;
    }
  }

  SortEnd found_run(std::int64_t start, std::int64_t length) {
    if (run_count_ == 0) return SortEnd::Done;
    const Run& last = runs_[run_count_ - 1];
    OURO_CHECK(last.start + last.length == start && run_count_ < kMaxRuns,
               "runs of a sort do not meet");
    const int power = boundary_power(last.start, last.length, length);
    while (run_count_ > 1 && runs_[run_count_ - 2].power > power) {
      if (const SortEnd end = merge_at(run_count_ - 2); end != SortEnd::Done) return end;
    }
    runs_[run_count_ - 1].power = power;
    return SortEnd::Done;
  }

  SortEnd merge_at(int at) {
    Run first = runs_[at];
    Run second = runs_[at + 1];
    runs_[at].length = first.length + second.length;
    if (at == run_count_ - 3) runs_[at + 1] = runs_[at + 2];
    --run_count_;
    // What is in place already at both ends needs no merging.
    const std::int64_t skip =
        gallop_right(rows_.keys[second.start], rows_.keys + first.start, first.length, 0);
    if (skip < 0) return SortEnd::Raised;
    first.start += skip;
    first.length -= skip;
    if (first.length == 0) return SortEnd::Done;
    second.length = gallop_left(rows_.keys[first.start + first.length - 1],
                                rows_.keys + second.start, second.length, second.length - 1);
    if (second.length < 0) return SortEnd::Raised;
    if (second.length == 0) return SortEnd::Done;
    return first.length <= second.length ? merge_low(first, second) : merge_high(first, second);
  }

  // The first place in the sorted `row` where `key` may go (before its equals); -1 when it raised.
  std::int64_t gallop_left(Object* key, Object** row, std::int64_t size, std::int64_t hint) {
    std::int64_t reached = 0;
    std::int64_t offset = 1;
    int less = less_(row[hint], key);
    if (less < 0) return -1;
    if (less == 1) {  // row[hint] < key: to the right
      const std::int64_t limit = size - hint;
      while (offset < limit) {
        less = less_(row[hint + offset], key);
        if (less < 0) return -1;
        if (less == 0) break;
        reached = offset;
        offset = (offset << 1) + 1;
      }
      offset = std::min(offset, limit);
      reached += hint;
      offset += hint;
    } else {
      const std::int64_t limit = hint + 1;
      while (offset < limit) {
        less = less_(row[hint - offset], key);
        if (less < 0) return -1;
        if (less == 1) break;
        reached = offset;
        offset = (offset << 1) + 1;
      }
      offset = std::min(offset, limit);
      const std::int64_t left = hint - offset;
      offset = hint - reached;
      reached = left;
    }
    for (++reached; reached < offset;) {
      const std::int64_t middle = reached + (offset - reached) / 2;
      less = less_(row[middle], key);
      if (less < 0) return -1;
      if (less == 1) {
        reached = middle + 1;
      } else {
        offset = middle;
      }
    }
    return offset;
  }

  // Like it, but after the equals of `key`.
  std::int64_t gallop_right(Object* key, Object** row, std::int64_t size, std::int64_t hint) {
    std::int64_t reached = 0;
    std::int64_t offset = 1;
    int less = less_(key, row[hint]);
    if (less < 0) return -1;
    if (less == 1) {  // key < row[hint]: to the left
      const std::int64_t limit = hint + 1;
      while (offset < limit) {
        less = less_(key, row[hint - offset]);
        if (less < 0) return -1;
        if (less == 0) break;
        reached = offset;
        offset = (offset << 1) + 1;
      }
      offset = std::min(offset, limit);
      const std::int64_t left = hint - offset;
      offset = hint - reached;
      reached = left;
    } else {
      const std::int64_t limit = size - hint;
      while (offset < limit) {
        less = less_(key, row[hint + offset]);
        if (less < 0) return -1;
        if (less == 1) break;
        reached = offset;
        offset = (offset << 1) + 1;
      }
      offset = std::min(offset, limit);
      reached += hint;
      offset += hint;
    }
    for (++reached; reached < offset;) {
      const std::int64_t middle = reached + (offset - reached) / 2;
      less = less_(key, row[middle]);
      if (less < 0) return -1;
      if (less == 1) {
        offset = middle;
      } else {
        reached = middle + 1;
      }
    }
    return offset;
  }

  bool reserve_scratch(std::int64_t count) {
    if (count <= scratch_room_) return true;
    free_raw(std::exchange(scratch_.keys, nullptr));
    scratch_room_ = 0;
    const std::size_t rows = rows_.values == nullptr ? 1 : 2;
    void* block = allocate_raw(static_cast<std::size_t>(count) * rows * sizeof(Object*));
    if (block == nullptr) return false;
    scratch_.keys = static_cast<Object**>(block);
    scratch_.values = rows == 1 ? nullptr : scratch_.keys + count;
    scratch_room_ = count;
    return true;
  }

  // Merges from the front; the first run, the shorter one, waits in the scratch. On every way out
  // what is left of it is put back into the gap, which has exactly its size.
  SortEnd merge_low(Run first, Run second) {
    if (!reserve_scratch(first.length)) return SortEnd::NoMemory;
    copy_rows(scratch_, rows_ + first.start, first.length);
    Rows to = rows_ + first.start;
    Rows a = scratch_;
    Rows b = rows_ + second.start;
    std::int64_t left_a = first.length;
    std::int64_t left_b = second.length;
    const auto take = [&](Rows& from, std::int64_t& left, std::int64_t count) {
      move_rows(to, from, count);
      to = to + count;
      from = from + count;
      left -= count;
    };
    const auto end = [&](SortEnd how) {
      copy_rows(to, a, left_a);
      return how;
    };
    const auto only_last_of_a = [&] {  // everything of b comes before it
      move_rows(to, b, left_b);
      set_row(to + left_b, a);
      return SortEnd::Done;
    };
    take(b, left_b, 1);
    if (left_b == 0) return end(SortEnd::Done);
    if (left_a == 1) return only_last_of_a();
    for (;;) {
      std::int64_t wins_a = 0;
      std::int64_t wins_b = 0;
      do {
        const int less = less_(*b.keys, *a.keys);
        if (less < 0) return end(SortEnd::Raised);
        if (less == 1) {
          take(b, left_b, 1);
          ++wins_b;
          wins_a = 0;
          if (left_b == 0) return end(SortEnd::Done);
        } else {
          take(a, left_a, 1);
          ++wins_a;
          wins_b = 0;
          if (left_a == 1) return only_last_of_a();
        }
      } while (wins_a < min_gallop_ && wins_b < min_gallop_);
      ++min_gallop_;
      do {
        min_gallop_ -= min_gallop_ > 1 ? 1 : 0;
        wins_a = gallop_right(*b.keys, a.keys, left_a, 0);
        if (wins_a < 0) return end(SortEnd::Raised);
        if (wins_a > 0) {
          take(a, left_a, wins_a);
          if (left_a == 1) return only_last_of_a();
          if (left_a == 0)
            return end(SortEnd::Done);  // only when comparisons contradict each other
        }
        take(b, left_b, 1);
        if (left_b == 0) return end(SortEnd::Done);
        wins_b = gallop_left(*a.keys, b.keys, left_b, 0);
        if (wins_b < 0) return end(SortEnd::Raised);
        if (wins_b > 0) {
          take(b, left_b, wins_b);
          if (left_b == 0) return end(SortEnd::Done);
        }
        take(a, left_a, 1);
        if (left_a == 1) return only_last_of_a();
      } while (wins_a >= kMinGallop || wins_b >= kMinGallop);
      ++min_gallop_;  // leaving this mode costs
    }
  }

  // Merges from the back; the second run, the shorter one, waits in the scratch.
  SortEnd merge_high(Run first, Run second) {
    if (!reserve_scratch(second.length)) return SortEnd::NoMemory;
    copy_rows(scratch_, rows_ + second.start, second.length);
    const Rows a = rows_ + first.start;
    const Rows b = scratch_;
    std::int64_t left_a = first.length;
    std::int64_t left_b = second.length;
    const auto take = [&](Rows from, std::int64_t& left, std::int64_t count) {
      left -= count;
      // Of left_a + left_b + count rows, the last `count` places are filled.
      move_rows(a + (left_a + left_b), from + left, count);
    };
    const auto end = [&](SortEnd how) {
      copy_rows(a + left_a, b, left_b);
      return how;
    };
    const auto only_first_of_b = [&] {  // everything of a comes after it
      move_rows(a + 1, a, left_a);
      set_row(a, b);
      return SortEnd::Done;
    };
    take(a, left_a, 1);
    if (left_a == 0) return end(SortEnd::Done);
    if (left_b == 1) return only_first_of_b();
    for (;;) {
      std::int64_t wins_a = 0;
      std::int64_t wins_b = 0;
      do {
        const int less = less_(b.keys[left_b - 1], a.keys[left_a - 1]);
        if (less < 0) return end(SortEnd::Raised);
        if (less == 1) {
          take(a, left_a, 1);
          ++wins_a;
          wins_b = 0;
          if (left_a == 0) return end(SortEnd::Done);
        } else {
          take(b, left_b, 1);
          ++wins_b;
          wins_a = 0;
          if (left_b == 1) return only_first_of_b();
        }
      } while (wins_a < min_gallop_ && wins_b < min_gallop_);
      ++min_gallop_;
      do {
        min_gallop_ -= min_gallop_ > 1 ? 1 : 0;
        const std::int64_t keep_a = gallop_right(b.keys[left_b - 1], a.keys, left_a, left_a - 1);
        if (keep_a < 0) return end(SortEnd::Raised);
        wins_a = left_a - keep_a;
        if (wins_a > 0) {
          take(a, left_a, wins_a);
          if (left_a == 0) return end(SortEnd::Done);
        }
        take(b, left_b, 1);
        if (left_b == 1) return only_first_of_b();
        const std::int64_t keep_b = gallop_left(a.keys[left_a - 1], b.keys, left_b, left_b - 1);
        if (keep_b < 0) return end(SortEnd::Raised);
        wins_b = left_b - keep_b;
        if (wins_b > 0) {
          take(b, left_b, wins_b);
          if (left_b == 1) return only_first_of_b();
          if (left_b == 0)
            return end(SortEnd::Done);  // only when comparisons contradict each other
        }
        take(a, left_a, 1);
        if (left_a == 0) return end(SortEnd::Done);
      } while (wins_a >= kMinGallop || wins_b >= kMinGallop);
      ++min_gallop_;
    }
  }

  Less less_;
  Rows rows_;
  std::int64_t size_;
  Rows scratch_;
  std::int64_t scratch_room_ = 0;
  std::int64_t min_gallop_ = kMinGallop;
  Run runs_[kMaxRuns];
  int run_count_ = 0;
};

template <class Less>
SortEnd sort_rows(Less less, Rows rows, std::int64_t size) {
  MergeSort<Less> sorter(less, rows, size);
  return sorter.run();
}

template <class Test>
bool all_of(Object* const* keys, std::int64_t size, Test test) {
  return std::all_of(keys, keys + size, test);
}

// Keys of one plain type are compared without going through the type.
SortEnd sort_by_kind(ThreadState& ts, Rows rows, std::int64_t size) {
  if (size < 2) return SortEnd::Done;
  switch (rows.keys[0]->type()->kind) {
    case TypeKind::Int:
      if (all_of(rows.keys, size,
                 [](Object* o) { return is_exact_int(o) && as<Int>(o)->is_small(); })) {
        return sort_rows(LessInt{}, rows, size);
      }
      break;
    case TypeKind::Float:
      if (all_of(rows.keys, size, [](Object* o) { return is_exact_float(o); }))
        return sort_rows(LessFloat{}, rows, size);
      break;
    case TypeKind::Str:
      if (all_of(rows.keys, size,
                 [](Object* o) { return is_exact_str(o) && as<Str>(o)->width() == 1; })) {
        return sort_rows(LessNarrowStr{}, rows, size);
      }
      break;
    default:
      break;
  }
  return sort_rows(LessAny{ts}, rows, size);
}

}  // namespace

Status List::sort(ThreadState& ts, Obj key, bool reverse) {
  Object** own_items = std::exchange(items, nullptr);
  const std::int64_t own_size = std::exchange(size, 0);
  const std::int64_t own_capacity = std::exchange(capacity, -1);  // any growth meanwhile shows

  Rows rows{own_items, nullptr};
  std::int64_t key_count = 0;
  SortEnd end = SortEnd::Done;
  if (key && own_size > 0) {
    rows = {
        static_cast<Object**>(allocate_raw(static_cast<std::size_t>(own_size) * sizeof(Object*))),
        own_items};
    if (rows.keys == nullptr) end = SortEnd::NoMemory;
    while (end == SortEnd::Done && key_count < own_size) {
      ObjResult made = call(ts, key, Obj(own_items[key_count]));
      if (made.raised()) {
        end = SortEnd::Raised;
      } else {
        rows.keys[key_count++] = made.take().release();
      }
    }
  }
  if (end == SortEnd::Done) {
    // Reversed before and after, so that equal items keep their order.
    if (reverse) reverse_rows(rows, own_size);
    end = sort_by_kind(ts, rows, own_size);
    if (reverse) reverse_rows(rows, own_size);
  }
  // What dies with the keys counts as during the sort, too.
  if (rows.values != nullptr) {
    for (std::int64_t i = 0; i < key_count; ++i) decref(rows.keys[i]);
    free_raw(rows.keys);
  }
  if (end == SortEnd::NoMemory) raise_no_memory(ts);
  const bool modified = capacity != -1;
  Object** other_items = std::exchange(items, own_items);
  const std::int64_t other_size = std::exchange(size, own_size);
  capacity = own_capacity;
  if (modified && end == SortEnd::Done) {
    raise_value_error(ts, "list modified during sort");
    end = SortEnd::Raised;
  }
  if (other_items != nullptr) {
    for (std::int64_t i = other_size; i-- > 0;) xdecref(other_items[i]);
    free_raw(other_items);
  }
  if (end != SortEnd::Done) return Raised{};
  return kDone;
}

}  // namespace ouro
