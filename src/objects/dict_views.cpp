// dict_keys, dict_values, dict_items: views that follow their dict.
#include "objects/dict_impl.h"
#include "objects/list.h"
#include "objects/mappingproxy.h"
#include "objects/set_impl.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

bool is_keys_or_items_view(Obj object) {
  return is_kind(object, TypeKind::DictKeysView) || is_kind(object, TypeKind::DictItemsView);
}

ObjResult view_repr(ThreadState& ts, Obj self) {
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "...");
  auto show = [&]() -> ObjResult {
    Ref<List> members = OURO_TRY(list_from_iterable(ts, self));
    const FormatArg parts[] = {FormatArg(type_name(self)), FormatArg(members)};
    return format_message(ts, "{}({r})", parts);
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

Result<std::int64_t> view_length(ThreadState&, Obj self) {
  const Dict* dict = as<DictView>(self)->dict;
  return dict == nullptr ? std::int64_t{0} : std::int64_t{dict->used};
}

Result<bool> all_contained(ThreadState& ts, Obj members, Obj container) {
  ObjRef iterator = OURO_TRY(iterate(ts, members));
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return true;
    if (!OURO_TRY(contains(ts, container, item))) return false;
  }
}

ObjResult view_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_any_set(right) && !is_keys_or_items_view(right)) return ts.core.not_implemented_ref();
  const std::int64_t a = OURO_TRY(length_of(ts, left));
  const std::int64_t b = OURO_TRY(length_of(ts, right));
  switch (op) {
    case CompareOp::Equal:
    case CompareOp::NotEqual: {
      bool equal = a == b;
      if (equal) equal = OURO_TRY(all_contained(ts, left, right));
      return ts.core.bool_ref(equal == (op == CompareOp::Equal));
    }
    case CompareOp::Less:
      if (a >= b) return ts.core.bool_ref(false);
      return bool_result(ts, all_contained(ts, left, right));
    case CompareOp::LessEqual:
      if (a > b) return ts.core.bool_ref(false);
      return bool_result(ts, all_contained(ts, left, right));
    case CompareOp::Greater:
      if (a <= b) return ts.core.bool_ref(false);
      return bool_result(ts, all_contained(ts, right, left));
    case CompareOp::GreaterEqual:
      if (a < b) return ts.core.bool_ref(false);
      return bool_result(ts, all_contained(ts, right, left));
  }
  return ts.core.not_implemented_ref();
}

Result<bool> keys_contains(ThreadState& ts, Obj self, Obj item) {
  return dict_contains(ts, as<DictView>(self)->dict, item);
}

Result<bool> items_contains(ThreadState& ts, Obj self, Obj item) {
  if (!is_tuple(item) || as<Tuple>(item)->size != 2) return false;
  const Lookup found = dict_lookup(ts, as<DictView>(self)->dict, as<Tuple>(item)->at(0));
  if (found.failed) return Raised{};
  if (found.value == nullptr) return false;
  ObjRef value = ObjRef::share(found.value);
  return equals(ts, value, as<Tuple>(item)->at(1));
}

// -- set operators: the left operand may be any iterable when the right one is the view
// ---------------------------------

ObjResult view_subtract(ThreadState& ts, Obj left, Obj right) {
  Ref<Set> made = OURO_TRY(set_from_iterable(ts, ts.core.types.set, left));
  const ArgumentTuple counted(ts, 1);  // CPython calls the method
  OURO_TRY(set_difference_update(ts, made, right));
  return made;
}

ObjResult view_and(ThreadState& ts, Obj left, Obj right) {
  Obj view = left;
  Obj other = right;
  if (!is_keys_or_items_view(view)) std::swap(view, other);
  if (is_keys_or_items_view(other)) {  // two views: the shorter one is walked over
    const std::int64_t a = OURO_TRY(length_of(ts, view));
    const std::int64_t b = OURO_TRY(length_of(ts, other));
    if (b > a) std::swap(view, other);
  }
  Ref<Set> made = OURO_TRY(Set::create(ts, ts.core.types.set));
  OURO_TRY(for_each_item(ts, other, [&](ObjRef item) -> Status {
    if (OURO_TRY(contains(ts, view, item))) OURO_TRY(set_add(ts, made, item));
    return kDone;
  }));
  return made;
}

ObjResult view_or(ThreadState& ts, Obj left, Obj right) {
  Ref<Set> made = OURO_TRY(set_from_iterable(ts, ts.core.types.set, left));
  OURO_TRY(set_update(ts, made, right));
  return made;
}

ObjResult view_xor(ThreadState& ts, Obj left, Obj right) {
  Ref<Set> made = OURO_TRY(set_from_iterable(ts, ts.core.types.set, left));
  OURO_TRY(set_symmetric_difference_update(ts, made, right));
  return made;
}

ObjResult view_isdisjoint(ThreadState& ts, Obj self, Args args) {
  if (self == args[0]) return ts.core.bool_ref(OURO_TRY(length_of(ts, self)) == 0);
  Obj asked = self;
  Obj walked = args[0];
  // Of two things with fast membership the shorter one is walked over.
  if (is_any_set(walked) || is_keys_or_items_view(walked)) {
    const std::int64_t a = OURO_TRY(length_of(ts, asked));
    const std::int64_t b = OURO_TRY(length_of(ts, walked));
    if (b > a) std::swap(asked, walked);
  }
  ObjRef iterator = OURO_TRY(iterate(ts, walked));
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return ts.core.bool_ref(true);
    if (OURO_TRY(contains(ts, asked, item))) return ts.core.bool_ref(false);
  }
}

// -- iteration
// ---------------------------------------------------------------------------------------------------------

ObjResult keys_iter(ThreadState& ts, Obj self) {
  return dict_iterator_create(ts, ts.core.types.dict_key_iterator, as<DictView>(self)->dict);
}
ObjResult values_iter(ThreadState& ts, Obj self) {
  return dict_iterator_create(ts, ts.core.types.dict_value_iterator, as<DictView>(self)->dict);
}
ObjResult items_iter(ThreadState& ts, Obj self) {
  return dict_iterator_create(ts, ts.core.types.dict_item_iterator, as<DictView>(self)->dict);
}
ObjResult keys_reversed(ThreadState& ts, Obj self, Args) {
  return dict_reverse_iterator_create(ts, ts.core.types.dict_reverse_key_iterator,
                                      as<DictView>(self)->dict);
}
ObjResult values_reversed(ThreadState& ts, Obj self, Args) {
  return dict_reverse_iterator_create(ts, ts.core.types.dict_reverse_value_iterator,
                                      as<DictView>(self)->dict);
}
ObjResult items_reversed(ThreadState& ts, Obj self, Args) {
  return dict_reverse_iterator_create(ts, ts.core.types.dict_reverse_item_iterator,
                                      as<DictView>(self)->dict);
}

ObjResult view_mapping(ThreadState& ts, Obj self) {
  return mappingproxy_create(ts, as<DictView>(self)->dict);
}

constexpr const char kDisjointDoc[] =
    "isdisjoint($self, other, /)\n--\n\nReturn whether there is no common member.";
constexpr const char kReversedDoc[] =
    "__reversed__($self, /)\n--\n\nReturn an iterator, newest first.";

constexpr MethodDef kKeysMethods[] = {
    {"isdisjoint", view_isdisjoint, 1, 1, MethodDef::kNone, kDisjointDoc},
    {"__reversed__", keys_reversed, 0, 0, MethodDef::kNone, kReversedDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kItemsMethods[] = {
    {"isdisjoint", view_isdisjoint, 1, 1, MethodDef::kNone, kDisjointDoc},
    {"__reversed__", items_reversed, 0, 0, MethodDef::kNone, kReversedDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kValuesMethods[] = {
    {"__reversed__", values_reversed, 0, 0, MethodDef::kNone, kReversedDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kViewGetsets[] = {
    {"mapping", view_mapping, nullptr, "A read-only view of the dict this one belongs to."},
    {nullptr, nullptr, nullptr, nullptr},
};

void init_view(Type& type, UnarySlot iter, const MethodDef* methods) {
  init_collected<DictView>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<DictView, &DictView::dict>;
  type.repr = view_repr;
  type.iter = iter;
  type.sequence.length = view_length;
  type.methods = methods;
  type.getsets = kViewGetsets;
}

void add_set_behaviour(Type& type, ContainsSlot contains_slot) {
  type.compare = view_compare;
  type.sequence.contains = contains_slot;
  type.number.subtract = view_subtract;
  type.number.bit_and = view_and;
  type.number.bit_or = view_or;
  type.number.bit_xor = view_xor;
}

}  // namespace

ObjResult dict_view_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict) {
  Ref<Dict> held = dict.new_ref();
  Ref<DictView> made = OURO_TRY(new_object<DictView>(ts, type));
  made->dict = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

void init_dict_keys_type(ThreadState&, Type& type) {
  init_view(type, keys_iter, kKeysMethods);
  add_set_behaviour(type, keys_contains);
}

void init_dict_values_type(ThreadState&, Type& type) {
  init_view(type, values_iter, kValuesMethods);
}

void init_dict_items_type(ThreadState&, Type& type) {
  init_view(type, items_iter, kItemsMethods);
  add_set_behaviour(type, items_contains);
}

}  // namespace ouro
