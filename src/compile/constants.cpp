// Making, comparing and merging constants.
#include "compile/constants.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "compile/compile.h"
#include "objects/bytes.h"
#include "objects/set.h"

namespace ouro::compile {
namespace {

struct HashedItem {
  std::uint64_t hash;
  Object* item;
};

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = (a ^ b) * 0x9E3779B97F4A7C15u;
  return x ^ (x >> 29);
}

/// -0.0 differs from 0.0 in its bits already; NaNs are told apart by identity before this is asked.
bool same_double(double left, double right) {
  return left == right && std::signbit(left) == std::signbit(right);
}

std::uint64_t constant_hash(Obj object) {
  auto kind = static_cast<std::uint64_t>(object->type()->kind);
  switch (object->type()->kind) {
    case TypeKind::Int:
      return mix(kind, static_cast<std::uint64_t>(int_hash(object)));
    case TypeKind::Float:
      return mix(kind, std::bit_cast<std::uint64_t>(as<Float>(object)->value));
    case TypeKind::Complex:
      return mix(mix(kind, std::bit_cast<std::uint64_t>(as<Complex>(object)->real)),
                 std::bit_cast<std::uint64_t>(as<Complex>(object)->imaginary));
    case TypeKind::Str:
      return mix(kind, static_cast<std::uint64_t>(str_hash(as<Str>(object))));
    case TypeKind::Bytes: {
      std::uint64_t hash = kind;
      for (char c : as<Bytes>(object)->view())
        hash = hash * 0x100000001B3u + static_cast<unsigned char>(c);
      return mix(kind, hash);
    }
    case TypeKind::Tuple: {
      std::uint64_t hash = kind;
      for (std::int64_t i = 0; i < as<Tuple>(object)->size; ++i)
        hash = mix(hash, constant_hash(as<Tuple>(object)->at(i)));
      return hash;
    }
    case TypeKind::FrozenSet: {
      std::uint64_t hash = kind;  // the order of members says nothing
      std::uint64_t position = 0;
      Obj key;
      while (set_next(as<Set>(object), position, key))
        hash += constant_hash(key) * 0x9E3779B97F4A7C15u;
      return hash;
    }
    default:
      return mix(kind, reinterpret_cast<std::uintptr_t>(object.get()));
  }
}

void sorted_members(Borrowed<Set> set, std::pmr::vector<HashedItem>& out) {
  std::uint64_t position = 0;
  Obj key;
  while (set_next(set, position, key)) out.push_back({constant_hash(key), key.get()});
  std::sort(out.begin(), out.end(),
            [](const HashedItem& a, const HashedItem& b) { return a.hash < b.hash; });
}

bool same_sets(Borrowed<Set> left, Borrowed<Set> right, std::pmr::memory_resource& memory) {
  if (set_size(left) != set_size(right)) return false;
  std::pmr::vector<HashedItem> ours(&memory);
  std::pmr::vector<HashedItem> theirs(&memory);
  sorted_members(left, ours);
  sorted_members(right, theirs);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i].hash != theirs[i].hash) return false;
    bool found = false;
    std::size_t first = i;
    while (first > 0 && theirs[first - 1].hash == ours[i].hash) --first;
    for (std::size_t j = first; j < theirs.size() && theirs[j].hash == ours[i].hash && !found;
         ++j) {
      found = same_constant(ours[i].item, theirs[j].item, memory);
    }
    if (!found) return false;
  }
  return true;
}

/// Interning pays for texts that may be used as names; CPython draws the line at these characters.
bool looks_like_name(Borrowed<Str> text) {
  if (!text->is_ascii()) return false;
  std::string_view view = text->ascii();
  return std::all_of(view.begin(), view.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

bool same_constant(Obj left, Obj right, std::pmr::memory_resource& memory) {
  if (left == right) return true;
  TypeKind kind = left->type()->kind;
  if (kind != right->type()->kind) return false;
  switch (kind) {
    case TypeKind::Int:
      return int_compare(left, right) == 0;
    case TypeKind::Float:
      return same_double(as<Float>(left)->value, as<Float>(right)->value);
    case TypeKind::Complex:
      return same_double(as<Complex>(left)->real, as<Complex>(right)->real) &&
             same_double(as<Complex>(left)->imaginary, as<Complex>(right)->imaginary);
    case TypeKind::Str:
      return str_equal(as<Str>(left), as<Str>(right));
    case TypeKind::Bytes:
      return as<Bytes>(left)->view() == as<Bytes>(right)->view();
    case TypeKind::Tuple: {
      if (as<Tuple>(left)->size != as<Tuple>(right)->size) return false;
      for (std::int64_t i = 0; i < as<Tuple>(left)->size; ++i) {
        if (!same_constant(as<Tuple>(left)->at(i), as<Tuple>(right)->at(i), memory)) return false;
      }
      return true;
    }
    case TypeKind::FrozenSet:
      return same_sets(as<Set>(left), as<Set>(right), memory);
    default:
      return false;
  }
}

Str* NamePool::get(std::string_view text) {
  auto found = table_.find(text);
  if (found != table_.end()) return found->second;
  Ref<Str> name = must(intern(ts_, must(Str::from_utf8(ts_, text))));
  Str* object = name.get();
  owned_.push_back(std::move(name));
  table_.emplace(text, object);
  return object;
}

Object* ConstantTable::canonical(ObjRef value) {
  if (is_exact_str(value) && looks_like_name(as<Str>(value))) {
    value = must(intern(ts_, Ref<Str>::steal(static_cast<Str*>(value.release()))));
  }
  std::uint64_t hash = constant_hash(value);
  auto [first, last] = merged_.equal_range(hash);
  for (auto entry = first; entry != last; ++entry) {
    if (same_constant(entry->second, value, memory_)) return entry->second;
  }
  if (is_exact_tuple(value)) {
    // Nobody else has seen this tuple yet, so its items may still be exchanged for equal ones.
    auto* tuple = as<Tuple>(value);
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      Object* item = canonical(tuple->at(i).new_ref());
      if (item == tuple->items[i]) continue;
      incref(item);
      decref(std::exchange(tuple->items[i], item));
    }
  }
  Object* object = value.get();
  owned_.push_back(std::move(value));
  merged_.emplace(hash, object);
  return object;
}

Object* ConstantTable::attach(const syntax::Constant& node, ObjRef value) {
  Object* object = canonical(std::move(value));
  by_node_.insert_or_assign(&node, object);
  return object;
}

Object* ConstantTable::object_of(const syntax::Constant& node) {
  switch (node.value.tag) {
    case syntax::ConstantTag::None:
      return ts_.core.none;
    case syntax::ConstantTag::True:
      return ts_.core.true_object;
    case syntax::ConstantTag::False:
      return ts_.core.false_object;
    case syntax::ConstantTag::Ellipsis:
      return ts_.core.ellipsis;
    default:
      break;
  }
  auto found = by_node_.find(&node);
  if (found != by_node_.end()) return found->second;
  return attach(node, must(constant_object(ts_, node.value)));
}

}  // namespace ouro::compile

namespace ouro {

ObjResult constant_object(ThreadState& ts, const syntax::ConstantValue& value) {
  switch (value.tag) {
    case syntax::ConstantTag::None:
      return ts.core.none_ref();
    case syntax::ConstantTag::True:
    case syntax::ConstantTag::False:
      return ts.core.bool_ref(value.tag == syntax::ConstantTag::True);
    case syntax::ConstantTag::Ellipsis:
      return ObjRef::share(ts.core.ellipsis);
    case syntax::ConstantTag::Int: {
      std::int64_t number = 0;
      const char* end = value.text.data() + value.text.size();
      auto [stop, problem] = std::from_chars(value.text.data(), end, number, value.base);
      if (problem == std::errc() && stop == end) return Int::from(ts, number);
      return Int::parse(ts, value.text, value.base, ts.core.none);
    }
    case syntax::ConstantTag::Float:
      return Float::from(ts, value.number);
    case syntax::ConstantTag::Imaginary:
      return Complex::from(ts, 0.0, value.number);
    case syntax::ConstantTag::Str:
      return Str::from_utf8(ts, value.text);
    case syntax::ConstantTag::Bytes:
      return Bytes::from(ts, value.text);
    case syntax::ConstantTag::Attached:
      break;
  }
  OURO_CHECK(false, "constant node with tag %d has no value", static_cast<int>(value.tag));
}

}  // namespace ouro
