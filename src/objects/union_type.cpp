// UnionType: int | str.
#include "objects/container_support.h"
#include "objects/generic_alias.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

bool can_be_member(ThreadState& ts, Obj object) {
  return is_none(object) || is_type(object) || is_generic_alias(ts, object) ||
         is_kind(object, TypeKind::Union);
}

// Adds a member unless an equal one is there. None stands for its type; the members of a union are
// added one by one.
Status add_member(ThreadState& ts, ItemBuffer& members, Obj member) {
  if (is_kind(member, TypeKind::Union)) {
    const Tuple* inner = as<UnionType>(member)->args;
    for (std::int64_t i = 0; i < inner->size; ++i) OURO_TRY(add_member(ts, members, inner->at(i)));
    return kDone;
  }
  if (is_none(member)) member = ts.core.types.none_type;
  for (std::int64_t i = 0; i < members.size(); ++i) {
    Obj other = members.data()[i];
    if (other == member) return kDone;
    // Only aliases are compared: a class could be equal to anything.
    if (!is_generic_alias(ts, other) || !is_generic_alias(ts, member))
      continue;
    if (OURO_TRY(equals(ts, other, member))) return kDone;
  }
  return members.append(member.new_ref());
}

ObjResult make_union(ThreadState& ts, const ItemBuffer& members) {
  if (members.size() == 1) return ObjRef::share(members.data()[0]);
  Ref<Tuple> args =
      OURO_TRY(Tuple::from(ts, members.data(), static_cast<std::size_t>(members.size())));
  Ref<UnionType> made = OURO_TRY(new_object<UnionType>(ts, ts.core.types.union_type));
  made->args = args.release();
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<Tuple>> parameters_of(ThreadState& ts, UnionType* self) {
  if (self->parameters == nullptr) {
    Ref<Tuple> found = OURO_TRY(collect_type_parameters(ts, self->args));
    if (self->parameters == nullptr) self->parameters = found.release();
  }
  return Ref<Tuple>::share(self->parameters);
}

ObjResult union_repr(ThreadState& ts, Obj self) {
  const Tuple* args = as<UnionType>(self)->args;
  StrBuilder out(ts);
  for (std::int64_t i = 0; i < args->size; ++i) {
    if (i > 0) OURO_TRY(out.append(" | "));
    if (args->at(i).get() == ts.core.types.none_type) {
      OURO_TRY(out.append("None"));
      continue;
    }
    Ref<Str> text = OURO_TRY(type_argument_text(ts, args->at(i)));
    OURO_TRY(out.append(text));
  }
  return out.finish();
}

// Order does not matter to equality and hash.
Result<std::int64_t> union_hash(ThreadState& ts, Obj self) {
  Ref<Set> members =
      OURO_TRY(set_from_iterable(ts, ts.core.types.frozenset, as<UnionType>(self)->args));
  return hash_of(ts, members);
}

ObjResult union_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_kind(left, TypeKind::Union) || !is_kind(right, TypeKind::Union) ||
      (op != CompareOp::Equal && op != CompareOp::NotEqual)) {
    return ts.core.not_implemented_ref();
  }
  Ref<Set> a = OURO_TRY(set_from_iterable(ts, ts.core.types.set, as<UnionType>(left)->args));
  Ref<Set> b = OURO_TRY(set_from_iterable(ts, ts.core.types.set, as<UnionType>(right)->args));
  return compare(ts, a, b, op);
}

ObjResult union_subscript(ThreadState& ts, Obj self, Obj key) {
  auto* joined = as<UnionType>(self);
  Ref<Tuple> parameters = OURO_TRY(parameters_of(ts, joined));
  Ref<Tuple> args = OURO_TRY(substitute_type_parameters(ts, self, joined->args, parameters, key));
  ObjRef made = args->at(0).new_ref();
  for (std::int64_t i = 1; i < args->size; ++i)
    made = OURO_TRY(binary_op(ts, BinaryOp::Or, made, args->at(i)));
  return made;
}

// Aliases with arguments cannot be tested for.
Status check_members(ThreadState& ts, const Tuple* args, const char* function_name) {
  for (std::int64_t i = 0; i < args->size; ++i) {
    if (!is_generic_alias(ts, args->at(i))) continue;
    return raise_type_error(ts, "{}() argument 2 cannot be a parameterized generic", function_name);
  }
  return kDone;
}

ObjResult union_instancecheck(ThreadState& ts, Obj self, Args args) {
  const Tuple* members = as<UnionType>(self)->args;
  OURO_TRY(check_members(ts, members, "isinstance"));
  for (std::int64_t i = 0; i < members->size; ++i) {
    if (is_type(members->at(i)) && OURO_TRY(is_instance(ts, args[0], members->at(i))))
      return ts.core.bool_ref(true);
  }
  return ts.core.bool_ref(false);
}

ObjResult union_subclasscheck(ThreadState& ts, Obj self, Args args) {
  if (!is_type(args[0])) return raise_type_error(ts, "issubclass() arg 1 must be a class");
  const Tuple* members = as<UnionType>(self)->args;
  OURO_TRY(check_members(ts, members, "issubclass"));
  for (std::int64_t i = 0; i < members->size; ++i) {
    if (is_type(members->at(i)) && OURO_TRY(is_subclass(ts, args[0], members->at(i))))
      return ts.core.bool_ref(true);
  }
  return ts.core.bool_ref(false);
}

ObjResult get_args(ThreadState&, Obj self) { return Ref<Tuple>::share(as<UnionType>(self)->args); }
ObjResult get_parameters(ThreadState& ts, Obj self) {
  return parameters_of(ts, as<UnionType>(self));
}

constexpr MethodDef kUnionMethods[] = {
    {"__instancecheck__", union_instancecheck, 1, 1, MethodDef::kNone, nullptr},
    {"__subclasscheck__", union_subclasscheck, 1, 1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kUnionGetsets[] = {
    {"__args__", get_args, nullptr, nullptr},
    {"__parameters__", get_parameters, nullptr, "The type variables among the members."},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

ObjResult union_of(ThreadState& ts, Obj left, Obj right) {
  if (!can_be_member(ts, left) || !can_be_member(ts, right)) return ts.core.not_implemented_ref();
  ItemBuffer members(ts);
  OURO_TRY(add_member(ts, members, left));
  OURO_TRY(add_member(ts, members, right));
  return make_union(ts, members);
}

void init_union_type(ThreadState&, Type& type) {
  init_collected<UnionType>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<UnionType, &UnionType::args, &UnionType::parameters>;
  type.repr = union_repr;
  type.hash = union_hash;
  type.compare = union_compare;
  type.number.bit_or = union_of;
  type.mapping.subscript = union_subscript;
  type.methods = kUnionMethods;
  type.getsets = kUnionGetsets;
  type.module_name = "types";
  type.doc = "What int | str gives: one of several classes.";
}

}  // namespace ouro
