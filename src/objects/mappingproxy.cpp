// mappingproxy.
#include "objects/mappingproxy.h"

#include "objects/container_support.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

Obj mapping_of(Obj self) { return as<MappingProxy>(self)->mapping; }

Obj unwrapped(Obj object) {
  return is_kind(object, TypeKind::MappingProxy) ? mapping_of(object) : object;
}

ObjResult proxy_make(ThreadState& ts, Borrowed<Type>, Args args) {
  Obj mapping;
  OURO_TRY(parse_args(ts, args, "mappingproxy", {"mapping"}, 1, {&mapping, 1}));
  if (mapping->type()->mapping.subscript == nullptr || is_list(mapping) || is_tuple(mapping)) {
    return raise_type_error(ts, "mappingproxy() argument must be a mapping, not {t}", mapping);
  }
  return mappingproxy_create(ts, mapping);
}

ObjResult proxy_repr(ThreadState& ts, Obj self) {
  const FormatArg parts[] = {FormatArg(mapping_of(self))};
  return format_message(ts, "mappingproxy({r})", parts);
}

ObjResult proxy_str(ThreadState& ts, Obj self) { return str_of(ts, mapping_of(self)); }

ObjResult proxy_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  return compare(ts, mapping_of(left), right, op);
}

Result<std::int64_t> proxy_length(ThreadState& ts, Obj self) {
  return length_of(ts, mapping_of(self));
}

ObjResult proxy_subscript(ThreadState& ts, Obj self, Obj key) {
  return get_item(ts, mapping_of(self), key);
}

Result<bool> proxy_contains(ThreadState& ts, Obj self, Obj key) {
  return contains(ts, mapping_of(self), key);
}

ObjResult proxy_iter(ThreadState& ts, Obj self) { return iterate(ts, mapping_of(self)); }

ObjResult proxy_or(ThreadState& ts, Obj left, Obj right) {
  return binary_op(ts, BinaryOp::Or, unwrapped(left), unwrapped(right));
}

ObjResult proxy_inplace_or(ThreadState& ts, Obj self, Obj) {
  return raise_type_error(ts, "'|=' is not supported by {t}; use '|' instead", self);
}

ObjResult proxy_get(ThreadState& ts, Obj self, Args args) {
  Object* const passed[] = {args[0].get(), args.count > 1 ? args[1].get() : ts.core.none};
  return call_method(ts, mapping_of(self), ts.core.names.n_get, passed);
}

ObjResult proxy_keys(ThreadState& ts, Obj self, Args) {
  return call_method(ts, mapping_of(self), ts.core.names.n_keys);
}

ObjResult proxy_values(ThreadState& ts, Obj self, Args) {
  return call_method(ts, mapping_of(self), ts.core.names.n_values);
}

ObjResult proxy_items(ThreadState& ts, Obj self, Args) {
  return call_method(ts, mapping_of(self), ts.core.names.n_items);
}

ObjResult proxy_copy(ThreadState& ts, Obj self, Args) {
  return call_method(ts, mapping_of(self), ts.core.names.n_copy);
}

ObjResult proxy_reversed(ThreadState& ts, Obj self, Args) {
  return call_method(ts, mapping_of(self), ts.core.names.dunder_reversed);
}

constexpr MethodDef kProxyMethods[] = {
    {"get", proxy_get, 1, 2, MethodDef::kNone,
     "get($self, key, default=None, /)\n--\n\nReturn the value under key, or default when there is "
     "none."},
    {"keys", proxy_keys, 0, 0, MethodDef::kNone,
     "keys($self, /)\n--\n\nReturn a view of the keys."},
    {"values", proxy_values, 0, 0, MethodDef::kNone,
     "values($self, /)\n--\n\nReturn a view of the values."},
    {"items", proxy_items, 0, 0, MethodDef::kNone,
     "items($self, /)\n--\n\nReturn a view of the (key, value) pairs."},
    {"copy", proxy_copy, 0, 0, MethodDef::kNone,
     "copy($self, /)\n--\n\nReturn a copy of the mapping."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "mappingproxy[...] for annotations."},
    {"__reversed__", proxy_reversed, 0, 0, MethodDef::kNone,
     "__reversed__($self, /)\n--\n\nReturn an iterator, newest first."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

ObjResult mappingproxy_create(ThreadState& ts, Obj mapping) {
  ObjRef held = mapping.new_ref();
  Ref<MappingProxy> made = OURO_TRY(new_object<MappingProxy>(ts, ts.core.types.mappingproxy));
  made->mapping = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

void init_mappingproxy_type(ThreadState&, Type& type) {
  init_collected<MappingProxy>(type);
  type.info.flags |= kMappingPattern;
  type.info.dealloc = dealloc_members<MappingProxy, &MappingProxy::mapping>;
  type.make = proxy_make;
  type.repr = proxy_repr;
  type.str = proxy_str;
  type.compare = proxy_compare;
  type.iter = proxy_iter;
  type.number.bit_or = proxy_or;
  type.number.inplace_or = proxy_inplace_or;
  type.sequence.contains = proxy_contains;
  type.mapping.length = proxy_length;
  type.mapping.subscript = proxy_subscript;
  type.methods = kProxyMethods;
  type.doc = "mappingproxy(mapping)\n--\n\nA read-only view of a mapping.";
}

}  // namespace ouro
