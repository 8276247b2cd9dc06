// Module _pickle: the class Pickler, and the view of its memo.
#include "modules/pickle.h"
#include "objects/function.h"

namespace ouro::pickle {

Status take_hook(ThreadState& ts, Obj self, const char* name, Object*& place, bool& takes_self) {
  MaybeAttribute found = find_attribute(ts, self, OURO_TRY(intern(ts, name)));
  if (found.failed) return Raised{};
  takes_self = false;
  if (found.value && is_kind(found.value, TypeKind::Method) &&
      as<Method>(found.value)->self == self.get()) {
    // Without its self, the method does not keep the pickler alive.
    takes_self = true;
    found.value = ObjRef::share(as<Method>(found.value)->function);
  }
  const ObjRef old = ObjRef::steal(std::exchange(place, found.value.release()));
  return kDone;
}

ObjResult call_hook(ThreadState& ts, Obj self, Obj hook, bool takes_self, Obj argument) {
  return takes_self ? call(ts, hook, self, argument) : call(ts, hook, argument);
}

ObjResult get_hook(ThreadState& ts, Obj self, const char* name, Object* hook, bool takes_self) {
  if (hook == nullptr) return raise(ts, ts.core.exceptions.AttributeError, "{}", name);
  if (!takes_self) return ObjRef::share(hook);
  return Method::create(ts, hook, self);
}

Status set_hook(ThreadState& ts, const char* name, Obj value, Object*& place, bool& takes_self) {
  if (!value) return raise_type_error(ts, "attribute deletion is not supported");
  if (!is_callable(value)) {
    return raise_type_error(ts, "{} must be a callable taking one argument", name);
  }
  takes_self = false;
  const ObjRef old = ObjRef::steal(std::exchange(place, value.new_ref().release()));
  return kDone;
}

// -- setting up -----------------------------------------------------------------------------------

namespace {

Pickler* pickler_of(Obj self) { return as<Pickler>(self); }

ObjResult pickler_make(ThreadState& ts, Borrowed<Type> type, Args) {
  State* state = state_of_type(type);
  Ref<Pickler> made = OURO_TRY(new_object<Pickler>(ts, type, type->info.basic_bytes));
  made->state = Ref<State>::share(state).release();
  made->frame_start = -1;
  OURO_TRY(track(ts, made));
  return made;
}

void pickler_clear(gc::Header* header) {
  auto* self = static_cast<Pickler*>(header);
  self->memo.clear();
  clear_members<Pickler, &Pickler::write, &Pickler::persistent_id, &Pickler::dispatch_table,
                &Pickler::fast_memo, &Pickler::reducer_override, &Pickler::buffer_callback,
                &Pickler::state>(self);
}

void pickler_dealloc(gc::Header* header) {
  auto* self = static_cast<Pickler*>(header);
  untrack(self);
  pickler_clear(self);
  if (self->output != nullptr) free_raw(self->output);
  free_object(self);
}

}  // namespace

Result<Ref<Pickler>> make_pickler(ThreadState& ts, State* state) {
  ObjRef made = OURO_TRY(pickler_make(ts, type_in(state->pickler_type), Args{}));
  return Ref<Pickler>::steal(static_cast<Pickler*>(made.release()));
}

Status set_protocol(ThreadState& ts, Pickler* self, Obj protocol, Obj fix_imports) {
  std::int64_t number = kDefaultProtocol;
  if (protocol && !is_none(protocol)) {
    number = OURO_TRY(index_as_int64(ts, protocol, ts.core.exceptions.OverflowError));
    if (number < 0) number = kHighestProtocol;
    if (number > kHighestProtocol) {
      return raise_value_error(ts, "pickle protocol must be <= {}", kHighestProtocol);
    }
  }
  const bool fix = fix_imports ? OURO_TRY(is_true(ts, fix_imports)) : true;
  self->protocol = static_cast<int>(number);
  self->bin = number > 0 ? 1 : 0;
  self->fix_imports = fix && number < 3;
  return kDone;
}

Status set_file(ThreadState& ts, Pickler* self, Obj file) {
  MaybeAttribute write = find_attribute(ts, file, ts.core.names.n_write);
  if (write.failed) return Raised{};
  if (!write.value) return raise_type_error(ts, "file must have a 'write' attribute");
  const ObjRef old = ObjRef::steal(std::exchange(self->write, write.value.release()));
  return kDone;
}

Status set_buffer_callback(ThreadState& ts, Pickler* self, Obj callback) {
  const bool given = callback && !is_none(callback);
  if (given && self->protocol < 5) {
    return raise_value_error(ts, "buffer_callback needs protocol >= 5");
  }
  const ObjRef old = ObjRef::steal(
      std::exchange(self->buffer_callback, given ? callback.new_ref().release() : nullptr));
  return kDone;
}

// -- the class ------------------------------------------------------------------------------------

namespace {

Status pickler_init(ThreadState& ts, Obj object, Args args) {
  Obj given[4];
  OURO_TRY(parse_args(ts, args, "Pickler", {"file", "protocol", "fix_imports", "buffer_callback"},
                      1, given));
  Pickler* self = pickler_of(object);
  drop(self->write);  // until all is well, it is not initialised
  self->memo.clear();
  drop(self->persistent_id);
  drop(self->dispatch_table);
  OURO_TRY(set_protocol(ts, self, given[1], given[2]));
  OURO_TRY(set_buffer_callback(ts, self, given[3]));
  self->fast = 0;
  self->fast_nesting = 0;
  drop(self->fast_memo);
  self->length = 0;
  self->frame_start = -1;
  OURO_TRY(
      take_hook(ts, object, "persistent_id", self->persistent_id, self->persistent_id_takes_self));
  MaybeAttribute table = find_attribute(ts, object, OURO_TRY(intern(ts, "dispatch_table")));
  if (table.failed) return Raised{};
  const ObjRef old = ObjRef::steal(std::exchange(self->dispatch_table, table.value.release()));
  return set_file(ts, self, given[0]);
}

ObjResult pickler_dump(ThreadState& ts, Obj object, Args args) {
  Pickler* self = pickler_of(object);
  if (self->write == nullptr) {
    return raise(ts, type_in(self->state->pickling_error),
                 "Pickler.__init__() was not called by {t}.__init__()", object);
  }
  self->length = 0;
  self->frame_start = -1;
  OURO_TRY(dump(ts, self, args[0]));
  OURO_TRY(flush_output(ts, self));
  return ts.core.none_ref();
}

ObjResult pickler_clear_memo(ThreadState& ts, Obj object, Args) {
  pickler_of(object)->memo.clear();
  return ts.core.none_ref();
}

ObjResult pickler_sizeof(ThreadState& ts, Obj object, Args) {
  const Pickler* self = pickler_of(object);
  return Int::from(ts, static_cast<std::int64_t>(object->type()->info.basic_bytes +
                                                 self->memo.places().size_bytes()) +
                           self->capacity);
}

template <auto member>
ObjResult get_number(ThreadState& ts, Obj object) {
  return Int::from(ts, pickler_of(object)->*member);
}
template <auto member>
Status set_number(ThreadState& ts, Obj object, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete numeric/char attribute");
  const std::int64_t number = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  pickler_of(object)->*member = static_cast<std::int32_t>(number);
  return kDone;
}

ObjResult get_dispatch_table(ThreadState& ts, Obj object) {
  if (pickler_of(object)->dispatch_table == nullptr) {
    return raise(ts, ts.core.exceptions.AttributeError, "'{t}' object has no attribute '{}'",
                 object, "dispatch_table");
  }
  return ObjRef::share(pickler_of(object)->dispatch_table);
}
Status set_dispatch_table(ThreadState&, Obj object, Obj value) {
  const ObjRef old = ObjRef::steal(
      std::exchange(pickler_of(object)->dispatch_table, ObjRef::share(value.get()).release()));
  return kDone;
}

ObjResult get_persistent_id(ThreadState& ts, Obj object) {
  const Pickler* self = pickler_of(object);
  return get_hook(ts, object, "persistent_id", self->persistent_id, self->persistent_id_takes_self);
}
Status set_persistent_id(ThreadState& ts, Obj object, Obj value) {
  Pickler* self = pickler_of(object);
  return set_hook(ts, "persistent_id", value, self->persistent_id, self->persistent_id_takes_self);
}

// -- the memo from outside ------------------------------------------------------------------------

struct MemoProxy : Object {
  Pickler* pickler;
  template <class V>
  void edges(V& v) const {
    v.edge(pickler, gc::slot_label("pickler"));
  }
};

ObjResult get_memo(ThreadState& ts, Obj object) {
  Pickler* self = pickler_of(object);
  const Ref<Pickler> held = Ref<Pickler>::share(self);
  Ref<MemoProxy> made =
      OURO_TRY(new_object<MemoProxy>(ts, type_in(self->state->pickler_memo_type)));
  made->pickler = held.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

/// Puts what a dict from ids to (number, object) holds into a table.
Status fill_memo(ThreadState& ts, MemoTable& table, Borrowed<Dict> dict) {
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) {
    if (!is_tuple(value) || as<Tuple>(value)->size != 2) {
      return raise_type_error(ts, "'memo' values must be 2-item tuples");
    }
    const ObjRef pair = value.new_ref();
    const std::int64_t number =
        OURO_TRY(index_as_int64(ts, as<Tuple>(pair)->at(0), ts.core.exceptions.OverflowError));
    OURO_TRY(table.add(ts, as<Tuple>(pair)->at(1), number));
  }
  return kDone;
}

Status set_memo(ThreadState& ts, Obj object, Obj value) {
  if (!value) return raise_type_error(ts, "attribute deletion is not supported");
  Pickler* self = pickler_of(object);
  MemoTable table{};
  const auto fill = [&]() -> Status {
    if (value->type() == type_in(self->state->pickler_memo_type)) {
      for (const MemoTable::Entry& entry : as<MemoProxy>(value)->pickler->memo.places()) {
        if (entry.object != nullptr) OURO_TRY(table.add(ts, entry.object, entry.number));
      }
      return kDone;
    }
    if (is_dict(value)) return fill_memo(ts, table, as<Dict>(value));
    return raise_type_error(
        ts, "'memo' attribute must be a PicklerMemoProxy object or dict, not {t}", value);
  };
  const Status filled = fill();
  if (filled.ok()) std::swap(table, self->memo);
  table.clear();
  return filled;
}

ObjResult proxy_copy(ThreadState& ts, Obj object, Args) {
  const Ref<Pickler> pickler = Ref<Pickler>::share(as<MemoProxy>(object)->pickler);
  Ref<Dict> copy = OURO_TRY(Dict::create(ts));
  for (const MemoTable::Entry& entry : pickler->memo.places()) {
    if (entry.object == nullptr) continue;
    Ref<Int> number = OURO_TRY(Int::from(ts, entry.number));
    Ref<Int> id = OURO_TRY(
        Int::from(ts, static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(entry.object))));
    Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, number, Obj(entry.object)));
    OURO_TRY(dict_set(ts, copy, Obj(id), Obj(pair)));
  }
  return copy;
}

ObjResult proxy_clear(ThreadState& ts, Obj object, Args) {
  as<MemoProxy>(object)->pickler->memo.clear();
  return ts.core.none_ref();
}

ObjResult proxy_reduce(ThreadState& ts, Obj object, Args args) {
  ObjRef copy = OURO_TRY(proxy_copy(ts, object, args));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, copy));
  return Tuple::of(ts, Obj(ts.core.types.dict), arguments);
}

constexpr MethodDef kProxyMethods[] = {
    {"clear", proxy_clear, 0, 0, MethodDef::kNone,
     "clear($self, /)\n--\n\nRemove all items from memo."},
    {"copy", proxy_copy, 0, 0, MethodDef::kNone,
     "copy($self, /)\n--\n\nCopy the memo to a new object."},
    {"__reduce__", proxy_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nImplement pickle support."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"dump", pickler_dump, 1, 1, MethodDef::kNone,
     "dump($self, obj, /)\n--\n\nWrite a pickled representation of the given object to the open "
     "file."},
    {"clear_memo", pickler_clear_memo, 0, 0, MethodDef::kNone,
     "clear_memo($self, /)\n--\n\nClears the pickler's \"memo\".\n\nObjects written before are "
     "written anew afterwards, and not referred to."},
    {"__sizeof__", pickler_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nReturns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"bin", get_number<&Pickler::bin>, set_number<&Pickler::bin>, nullptr},
    {"fast", get_number<&Pickler::fast>, set_number<&Pickler::fast>, nullptr},
    {"dispatch_table", get_dispatch_table, set_dispatch_table, nullptr},
    {"memo", get_memo, set_memo, nullptr},
    {"persistent_id", get_persistent_id, set_persistent_id, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_pickler(Type& type) {
  init_collected<Pickler>(type);
  type.info.dealloc = pickler_dealloc;
  type.info.clear = pickler_clear;
  type.make = pickler_make;
  type.init = pickler_init;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Result<Ref<Type>> make_pickler_type(ThreadState& ts) {
  return make_native_type(
      ts, {"Pickler", "_pickle", sizeof(Pickler), 0, kBaseType, fill_pickler,
           "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\nThis takes "
           "a binary file for writing a pickle data stream.\n\nThe file must have a write() method "
           "that accepts a single bytes argument. The protocol is a\nnumber from 0 to 5; the "
           "default is 4. With protocols below 3, fix_imports maps the names of\nPython 3 to those "
           "of Python 2. With protocol 5, buffer_callback is asked about each PickleBuffer:\nwhen "
           "it answers with a false value, the buffer travels beside the pickle."});
}

Result<Ref<Type>> make_pickler_memo_type(ThreadState& ts) {
  const auto fill = [](Type& type) {
    fill_holder<MemoProxy, &MemoProxy::pickler>(type);
    type.methods = kProxyMethods;
  };
  return make_native_type(ts, {"PicklerMemoProxy", "_pickle", sizeof(MemoProxy), 0,
                               kDisallowInstantiation, fill, nullptr});
}

}  // namespace ouro::pickle
