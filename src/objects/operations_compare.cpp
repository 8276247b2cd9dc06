// Truth, comparison, hash and text of any object.
#include <cstring>

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/slot_table.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace ouro {

// -- truth ---------------------------------------------------------------------------------------------------------------------------

Result<bool> is_true(ThreadState& ts, Obj object) {
  Object* raw = object.get();
  if (raw == ts.core.true_object) return true;
  if (raw == ts.core.false_object || raw == ts.core.none) return false;
  const Type* type = raw->type();
  if (type->number.truth != nullptr) return type->number.truth(ts, object);
  LengthSlot length = type->mapping.length;
  if (length == nullptr) length = type->sequence.length;
  if (length == nullptr) return true;
  return OURO_TRY(length(ts, object)) != 0;
}

// -- comparison ----------------------------------------------------------------------------------------------------------------------

namespace {

constexpr CompareOp kSwapped[] = {CompareOp::Greater, CompareOp::GreaterEqual, CompareOp::Equal,
                                  CompareOp::NotEqual, CompareOp::Less,         CompareOp::LessEqual};
constexpr const char* kSigns[] = {"<", "<=", "==", "!=", ">", ">="};

// Right's class goes first when it derives from left's; then left, then right. Identity decides == and != that nobody answers.
ObjResult compare_by_slots(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const Type* left_type = left->type();
  const Type* right_type = right->type();
  const CompareOp swapped = kSwapped[static_cast<std::size_t>(op)];
  bool right_asked = false;
  if (left_type != right_type && right_type->compare != nullptr && right_type->is_subtype_of(left_type)) {
    right_asked = true;
    ObjRef result = OURO_TRY(right_type->compare(ts, right, left, swapped));
    if (result.get() != ts.core.not_implemented) return result;
  }
  if (const CompareSlot slot = left->type()->compare) {
    ObjRef result = OURO_TRY(slot(ts, left, right, op));
    if (result.get() != ts.core.not_implemented) return result;
  }
  if (!right_asked) {
    if (const CompareSlot slot = right->type()->compare) {
      ObjRef result = OURO_TRY(slot(ts, right, left, swapped));
      if (result.get() != ts.core.not_implemented) return result;
    }
  }
  if (op == CompareOp::Equal) return ts.core.bool_ref(left == right);
  if (op == CompareOp::NotEqual) return ts.core.bool_ref(left != right);
  return raise_type_error(ts, "'{}' not supported between instances of '{t}' and '{t}'", kSigns[static_cast<std::size_t>(op)],
                          left, right);
}

bool holds(int order, CompareOp op) {
  switch (op) {
    case CompareOp::Less: return order < 0;
    case CompareOp::LessEqual: return order <= 0;
    case CompareOp::Equal: return order == 0;
    case CompareOp::NotEqual: return order != 0;
    case CompareOp::Greater: return order > 0;
    case CompareOp::GreaterEqual: return order >= 0;
  }
  return false;
}

// Comparisons of plain numbers and texts, which run no Python code; false when it is none.
bool compare_simple(Obj left, Obj right, CompareOp op, bool& result) {
  if (left->type_info != right->type_info) return false;
  switch (left->type()->kind) {
    case TypeKind::Int: {
      const auto* a = as<Int>(left);
      const auto* b = as<Int>(right);
      result = a->is_small() && b->is_small() ? holds(a->small < b->small ? -1 : a->small > b->small, op)
                                              : holds(int_compare(left, right), op);
      return true;
    }
    case TypeKind::Str:
      if (op == CompareOp::Equal || op == CompareOp::NotEqual) {
        result = (left == right || str_equal(as<Str>(left), as<Str>(right))) == (op == CompareOp::Equal);
      } else {
        result = holds(str_compare(as<Str>(left), as<Str>(right)), op);
      }
      return true;
    default: return false;
  }
}

}  // namespace

ObjResult compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  bool result;
  if (compare_simple(left, right, op, result)) return ts.core.bool_ref(result);
  const NativeDepth depth(ts, " in comparison");
  if (!depth.ok()) return Raised{};
  return compare_by_slots(ts, left, right, op);
}

Result<bool> compare_is_true(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (left == right) {
    if (op == CompareOp::Equal) return true;
    if (op == CompareOp::NotEqual) return false;
  }
  bool result;
  if (compare_simple(left, right, op, result)) return result;
  ObjRef answer = OURO_TRY(compare(ts, left, right, op));
  return is_true(ts, answer);
}

Result<bool> equals(ThreadState& ts, Obj left, Obj right) { return compare_is_true(ts, left, right, CompareOp::Equal); }

// -- hash ----------------------------------------------------------------------------------------------------------------------------

Result<std::int64_t> hash_of(ThreadState& ts, Obj object) {
  const Type* type = object->type();
  if (type->kind == TypeKind::Str) return str_hash(as<Str>(object));
  if (type->kind == TypeKind::Int) return int_hash(object);
  if (type->hash == nullptr) return hash_not_implemented(ts, object);
  return type->hash(ts, object);
}

// -- text ----------------------------------------------------------------------------------------------------------------------------

namespace {

Result<Ref<Str>> checked_text(ThreadState& ts, ObjRef text, const char* method) {
  if (!is_str(text)) return raise_type_error(ts, "{} returned non-string (type {t})", method, text);
  return Ref<Str>::steal(as<Str>(text.release()));
}

}  // namespace

Result<Ref<Str>> repr_of(ThreadState& ts, Obj object) {
  const UnarySlot slot = object->type()->repr;
  OURO_CHECK(slot != nullptr, "type %s has no repr", object->type()->name());
  const NativeDepth depth(ts, " while getting the repr of an object");
  if (!depth.ok()) return Raised{};
  return checked_text(ts, OURO_TRY(slot(ts, object)), "__repr__");
}

Result<Ref<Str>> str_of(ThreadState& ts, Obj object) {
  if (is_exact_str(object)) return Ref<Str>::share(as<Str>(object));
  const UnarySlot slot = object->type()->str;
  if (slot == nullptr) return repr_of(ts, object);
  const NativeDepth depth(ts, " while getting the str of an object");
  if (!depth.ok()) return Raised{};
  return checked_text(ts, OURO_TRY(slot(ts, object)), "__str__");
}

Result<Ref<Str>> ascii_of(ThreadState& ts, Obj object) {
  Ref<Str> text = OURO_TRY(repr_of(ts, object));
  if (text->is_ascii()) return text;
  StrBuilder result(ts);
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (c < 128) {
      OURO_TRY(result.append(c));
      continue;
    }
    char escape[12];
    const char* format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    std::snprintf(escape, sizeof escape, format, static_cast<unsigned>(c));
    OURO_TRY(result.append(std::string_view(escape)));
  }
  return result.finish();
}

ObjResult format_of(ThreadState& ts, Obj object, Borrowed<Str> spec) {
  if (!spec || spec->length == 0) {
    if (is_exact_str(object)) return object.new_ref();
    if (is_exact_int(object)) return str_of(ts, object);
  }
  MaybeAttribute method = find_special(ts, object, ts.core.names.dunder_format);
  if (method.failed) return Raised{};
  if (!method.value) return raise_type_error(ts, "Type {t} doesn't define __format__", object);
  const Ref<Str> given = spec ? spec.new_ref() : Ref<Str>::share(ts.core.empty_str);
  ObjRef text = OURO_TRY(call(ts, method.value, given));
  if (!is_str(text)) return raise_type_error(ts, "__format__ must return a str, not {t}", text);
  return text;
}

// -- objects that contain themselves -----------------------------------------------------------------------------------------------

Result<bool> repr_enter(ThreadState& ts, Obj object) {
  for (std::uint32_t i = 0; i < ts.shown_count; ++i) {
    if (ts.shown[i] == object.get()) return false;
  }
  if (ts.shown_count == ts.shown_capacity) {
    const std::uint32_t capacity = ts.shown_capacity == 0 ? 8 : 2 * ts.shown_capacity;
    void* grown = reallocate_raw(ts.shown, capacity * sizeof(Object*));
    if (grown == nullptr) return raise_no_memory(ts);
    ts.shown = static_cast<Object**>(grown);
    ts.shown_capacity = capacity;
  }
  ts.shown[ts.shown_count++] = object.get();
  return true;
}

void repr_leave(ThreadState& ts, Obj object) {
  for (std::uint32_t i = ts.shown_count; i-- > 0;) {
    if (ts.shown[i] != object.get()) continue;
    --ts.shown_count;
    std::memmove(ts.shown + i, ts.shown + i + 1, (ts.shown_count - i) * sizeof(Object*));
    break;
  }
  if (ts.shown_count > 0 || ts.shown == nullptr) return;
  free_raw(std::exchange(ts.shown, nullptr));
  ts.shown_capacity = 0;
}

}  // namespace ouro
