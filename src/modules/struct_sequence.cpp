// Struct sequences: the type's functions are the same for all; what differs is read from the type's dict.

#include "modules/struct_sequence.h"

#include <array>
#include <utility>

#include "objects/container_support.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "support/check.h"

namespace ouro {

namespace {

constexpr const char* kAllFields = "_all_fields";  // in the type's dict: names of all fields, hidden ones too

std::int64_t hidden_fields(const Type* type) {
  return static_cast<std::int64_t>((type->info.basic_bytes - Tuple::bytes_for(0)) / sizeof(Object*));
}
std::int64_t total_fields(const Tuple* self) { return self->size + hidden_fields(self->type()); }

struct StructSequence : Tuple {
  template <class V>
  void edges(V& v) const {
    v.edge_range(items, static_cast<std::size_t>(total_fields(this)), [](std::size_t i) { return gc::index_label(i); });
  }
};

void struct_dealloc(gc::Header* header) {
  auto* self = static_cast<StructSequence*>(header);
  untrack(self);
  for (std::int64_t i = total_fields(self); i-- > 0;) drop(self->items[i]);
  free_object(self);
}

/// Getter of field I, for the property that carries its name.
template <std::size_t I>
ObjResult get_field(ThreadState& ts, Obj, Args args) {
  Obj self = args[0];
  if (self->type_info->dealloc != struct_dealloc || static_cast<std::int64_t>(I) >= total_fields(as<Tuple>(self))) {
    return raise_type_error(ts, "'{t}' object has no such field", self);
  }
  return as<Tuple>(self)->at(I).new_ref();
}

template <std::size_t... I>
constexpr std::array<MethodDef, sizeof...(I)> make_getters(std::index_sequence<I...>) {
  return {{MethodDef{"field", get_field<I>, 1, 1, MethodDef::kNone, "The field of that name."}...}};
}
constexpr auto kGetters = make_getters(std::make_index_sequence<kMaxStructFields>());

/// The tuple of all field names of a type.
Result<Ref<Tuple>> field_names(ThreadState& ts, Borrowed<Type> type) {
  Ref<Str> key = OURO_TRY(intern(ts, kAllFields));
  Obj names = dict_get_str(type->dict, key);
  if (!names || !is_exact_tuple(names)) return raise_system_error(ts, "struct sequence type without field names");
  return Ref<Tuple>::share(as<Tuple>(names));
}

/// "time.struct_time"
Result<Ref<Str>> full_name(ThreadState& ts, Borrowed<Type> type) {
  return Str::from_utf8(ts, type->name());
}

ObjResult struct_repr(ThreadState& ts, Obj self) {
  Tuple* tuple = as<Tuple>(self);
  Borrowed<Type> type = self->type();
  Ref<Tuple> names = OURO_TRY(field_names(ts, type));
  Ref<Str> name = OURO_TRY(full_name(ts, type));
  StrBuilder out(ts);
  OURO_TRY(out.append(name));
  OURO_TRY(out.append("("));
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (i > 0) OURO_TRY(out.append(", "));
    Ref<Str> text = OURO_TRY(repr_of(ts, tuple->at(i)));
    OURO_TRY(out.append(as<Str>(names->at(i))));
    OURO_TRY(out.append("="));
    OURO_TRY(out.append(text));
  }
  OURO_TRY(out.append(")"));
  return out.finish();
}

/// An untracked instance with all fields null.
Result<Ref<Tuple>> allocate_struct(ThreadState& ts, Borrowed<Type> type, std::int64_t visible) {
  const std::size_t bytes = type->info.basic_bytes + static_cast<std::size_t>(visible) * sizeof(Object*);
  ObjRef made = OURO_TRY(allocate_object(ts, type, bytes));
  as<Tuple>(made)->size = visible;
  return Ref<Tuple>::steal(as<Tuple>(made.release()));
}

/// Structure(sequence[, dict of hidden fields]).
ObjResult struct_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, type->short_name(), {"sequence", "dict"}, 1, given));
  if (given[1] && !is_dict(given[1])) {
    Ref<Str> name = OURO_TRY(full_name(ts, type));
    return raise_type_error(ts, "{}() takes a dict as second arg, if any", name);
  }
  ObjRef dict = given[1].new_ref();
  ObjRef source = given[0].new_ref();
  if (source->type()->iter == nullptr && source->type()->sequence.item == nullptr) {
    return raise_type_error(ts, "constructor requires a sequence");
  }
  Ref<Tuple> values = OURO_TRY(tuple_from_iterable(ts, source));
  Ref<Tuple> names = OURO_TRY(field_names(ts, type));
  const std::int64_t most = names->size;
  const std::int64_t least = most - hidden_fields(type.get());
  if (values->size < least || values->size > most) {
    Ref<Str> name = OURO_TRY(full_name(ts, type));
    const char* bound = least == most ? "a" : values->size < least ? "an at least" : "an at most";
    return raise_type_error(ts, "{}() takes {} {}-sequence ({}-sequence given)", name, bound,
                            values->size < least ? least : most, values->size);
  }
  Ref<Tuple> made = OURO_TRY(allocate_struct(ts, type, least));
  for (std::int64_t i = 0; i < values->size; ++i) made->items[i] = values->at(i).new_ref().release();
  for (std::int64_t i = values->size; i < most; ++i) {
    Obj value = ts.core.none;
    if (dict) {
      const Lookup found = dict_lookup(ts, as<Dict>(dict), names->at(i));
      if (found.failed) return Raised{};
      if (found.value != nullptr) value = found.value;
    }
    made->items[i] = value.new_ref().release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult struct_reduce(ThreadState& ts, Obj self, Args) {
  Tuple* tuple = as<Tuple>(self);
  Ref<Tuple> names = OURO_TRY(field_names(ts, self->type()));
  Ref<Tuple> items = OURO_TRY(Tuple::from(ts, tuple->items, static_cast<std::size_t>(tuple->size)));
  Ref<Dict> hidden = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = tuple->size; i < total_fields(tuple); ++i) {
    OURO_TRY(dict_set(ts, hidden, names->at(i), tuple->at(i)));
  }
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, items, hidden));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

constexpr MethodDef kMethods[] = {
    {"__reduce__", struct_reduce, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_struct_type(Type& type) {
  gc::EdgeFunctions<StructSequence>::install(type.info);
  type.info.dealloc = struct_dealloc;
  type.make = struct_make;
  type.repr = struct_repr;
  type.methods = kMethods;
}

Status set_number(ThreadState& ts, Borrowed<Type> type, const char* name, std::size_t value) {
  Ref<Int> number = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(value)));
  return dict_set(ts, type->dict, name, Obj(number));
}

Result<Ref<Tuple>> name_tuple(ThreadState& ts, std::span<const char* const> names) {
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, static_cast<std::int64_t>(names.size())));
  for (std::size_t i = 0; i < names.size(); ++i) {
    Ref<Str> name = OURO_TRY(intern(ts, names[i]));
    made->items[i] = name.release();
  }
  return made;  // texts only: nothing to watch
}

}  // namespace

Result<Ref<Type>> make_struct_sequence(ThreadState& ts, const char* module, const char* name,
                                       std::span<const char* const> fields, std::size_t visible,
                                       const char* doc) {
  OURO_CHECK(visible <= fields.size() && fields.size() <= kMaxStructFields, "struct sequence %s has %zu fields", name,
             fields.size());
  TypeSpec spec{};
  spec.name = name;
  spec.module_name = module;
  spec.basic_bytes = static_cast<std::uint32_t>(Tuple::bytes_for(static_cast<std::int64_t>(fields.size() - visible)));
  spec.item_bytes = sizeof(Object*);
  spec.flags = std::uint64_t{gc::kCollected} | kTupleSubclass | kSequencePattern;
  spec.fill = fill_struct_type;
  spec.doc = doc;
  Ref<Type> type = OURO_TRY(make_native_type(ts, spec, ts.core.types.tuple));
  Ref<Tuple> all = OURO_TRY(name_tuple(ts, fields));
  Ref<Tuple> items = OURO_TRY(name_tuple(ts, fields.first(visible)));
  OURO_TRY(dict_set(ts, type->dict, kAllFields, Obj(all)));
  OURO_TRY(dict_set(ts, type->dict, "__match_args__", Obj(items)));
  OURO_TRY(set_number(ts, type, "n_fields", fields.size()));
  OURO_TRY(set_number(ts, type, "n_sequence_fields", visible));
  OURO_TRY(set_number(ts, type, "n_unnamed_fields", 0));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    ObjRef getter = OURO_TRY(BuiltinFunction::create(ts, kGetters[i], nullptr, nullptr));
    ObjRef property = OURO_TRY(call(ts, ts.core.types.property, getter));
    OURO_TRY(dict_set(ts, type->dict, all->at(static_cast<std::int64_t>(i)), property));
  }
  type_modified(type);
  return type;
}

ObjResult make_struct(ThreadState& ts, Borrowed<Type> type, std::span<Object* const> values) {
  Ref<Tuple> names = OURO_TRY(field_names(ts, type));
  const auto total = static_cast<std::size_t>(names->size);
  const std::int64_t visible = names->size - hidden_fields(type.get());
  OURO_CHECK(values.size() <= total && static_cast<std::int64_t>(values.size()) >= visible, "%s made of %zu values",
             type->name(), values.size());
  Ref<Tuple> made = OURO_TRY(allocate_struct(ts, type, visible));
  for (std::size_t i = 0; i < total; ++i) {
    made->items[i] = (i < values.size() ? Obj(values[i]) : Obj(ts.core.none)).new_ref().release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

}  // namespace ouro
