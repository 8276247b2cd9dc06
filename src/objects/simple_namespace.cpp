// types.SimpleNamespace: an object that is nothing but its attributes.
#include "objects/container_support.h"
#include "objects/dict.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

struct SimpleNamespace : Object {
  Dict* dict;  // owned, never null while reachable
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

void namespace_clear(gc::Header* header) { drop(static_cast<SimpleNamespace*>(header)->dict); }

ObjResult namespace_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<SimpleNamespace> made =
      OURO_TRY(new_object<SimpleNamespace>(ts, type, type->info.basic_bytes));
  made->dict = dict.release();
  OURO_TRY(track(ts, made));
  return made;
}

// The attributes; after the collector has cleared the object there are none.
Result<Ref<Dict>> attributes_of(ThreadState& ts, Obj self) {
  auto* space = as<SimpleNamespace>(self);
  if (space->dict == nullptr) space->dict = OURO_TRY(Dict::create(ts)).release();
  return Ref<Dict>::share(space->dict);
}

Status namespace_init(ThreadState& ts, Obj self, Args args) {
  if (args.count > 0) return raise_type_error(ts, "no positional arguments expected");
  Ref<Dict> dict = OURO_TRY(attributes_of(ts, self));
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    OURO_TRY(dict_set(ts, dict, args.keywords->at(i), args.keyword_value(i)));
  }
  return kDone;
}

ObjResult namespace_repr(ThreadState& ts, Obj self) {
  const bool plain = self->type() == ts.core.types.simple_namespace;
  const std::string_view name = plain ? "namespace" : self->type()->short_name();
  StrBuilder out(ts);
  OURO_TRY(out.append(name));
  if (!OURO_TRY(repr_enter(ts, self))) {
    OURO_TRY(out.append("(...)"));
    return out.finish();
  }
  auto show = [&]() -> ObjResult {
    Ref<Dict> dict = OURO_TRY(attributes_of(ts, self));
    OURO_TRY(out.append("("));
    std::uint32_t position = 0;
    bool first = true;
    Obj key;
    Obj value;
    while (dict_next(dict, position, key, value)) {
      if (!is_str(key) || as<Str>(key)->length == 0) continue;
      ObjRef held_key = key.new_ref();
      ObjRef held_value = value.new_ref();
      if (!first) OURO_TRY(out.append(", "));
      first = false;
      OURO_TRY(out.append(Borrowed<Str>(as<Str>(held_key))));
      OURO_TRY(out.append("="));
      Ref<Str> text = OURO_TRY(repr_of(ts, held_value));
      OURO_TRY(out.append(text));
    }
    OURO_TRY(out.append(")"));
    return out.finish();
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

ObjResult namespace_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  Type* type = ts.core.types.simple_namespace;
  if (!is_instance_of(left, type) || !is_instance_of(right, type))
    return ts.core.not_implemented_ref();
  Ref<Dict> a = OURO_TRY(attributes_of(ts, left));
  Ref<Dict> b = OURO_TRY(attributes_of(ts, right));
  return compare(ts, a, b, op);
}

ObjResult namespace_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Dict> dict = OURO_TRY(attributes_of(ts, self));
  return Tuple::of(ts, Obj(self->type()), Obj(ts.core.empty_tuple), dict);
}

ObjResult namespace_dict(ThreadState& ts, Obj self) { return attributes_of(ts, self); }

constexpr GetSetDef kNamespaceGetSets[] = {
    {"__dict__", namespace_dict, refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kNamespaceMethods[] = {
    {"__reduce__", namespace_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

void init_simple_namespace_type(ThreadState&, Type& type) {
  init_collected<SimpleNamespace>(type);
  type.info.flags |= kBaseType | kHasDict;
  type.info.dealloc = dealloc_members<SimpleNamespace, &SimpleNamespace::dict>;
  type.info.clear = namespace_clear;
  type.dict_offset = offsetof(SimpleNamespace, dict);
  type.make = namespace_make;
  type.init = namespace_init;
  type.repr = namespace_repr;
  type.compare = namespace_compare;
  type.methods = kNamespaceMethods;
  type.getsets = kNamespaceGetSets;
  type.module_name = "types";
  type.doc = "SimpleNamespace(**kwargs)\n--\n\nAn object with the given attributes.";
}

}  // namespace ouro
