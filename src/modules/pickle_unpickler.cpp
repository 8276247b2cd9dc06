// Module _pickle: the class Unpickler, and the view of its memo.
#include "modules/pickle.h"
#include "objects/function.h"

namespace ouro::pickle {

namespace {

Unpickler* unpickler_of(Obj self) { return as<Unpickler>(self); }

// -- setting up -----------------------------------------------------------------------------------

ObjResult unpickler_make(ThreadState& ts, Borrowed<Type> type, Args) {
  State* state = state_of_type(type);
  Ref<Unpickler> made = OURO_TRY(new_object<Unpickler>(ts, type, type->info.basic_bytes));
  made->state = Ref<State>::share(state).release();
  OURO_TRY(track(ts, made));
  return made;
}

void drop_input(Unpickler* self) {
  self->bytes = nullptr;
  self->input_size = self->position = self->taken = 0;
  drop(self->input);
}

void unpickler_clear(gc::Header* header) {
  auto* self = static_cast<Unpickler*>(header);
  truncate(self, 0);
  clear_memo(self);
  drop_input(self);
  clear_members<Unpickler, &Unpickler::read, &Unpickler::readline, &Unpickler::peek,
                &Unpickler::persistent_load, &Unpickler::buffers, &Unpickler::encoding,
                &Unpickler::errors, &Unpickler::state>(self);
}

void unpickler_dealloc(gc::Header* header) {
  auto* self = static_cast<Unpickler*>(header);
  untrack(self);
  unpickler_clear(self);
  if (self->stack != nullptr) free_raw(self->stack);
  if (self->marks != nullptr) free_raw(self->marks);
  free_object(self);
}

Status set_text(ThreadState& ts, Str*& place, Obj given, const char* fallback, const char* function,
                const char* name) {
  Ref<Str> text;
  if (!given) {
    text = OURO_TRY(intern(ts, fallback));
  } else if (is_str(given)) {
    text = Ref<Str>::share(as<Str>(given));
  } else {
    return raise_type_error(ts, "{}() argument '{}' must be str, not {}", function, name,
                            is_none(given) ? "None" : type_name(given));
  }
  const Ref<Str> old = Ref<Str>::steal(std::exchange(place, text.release()));
  return kDone;
}

}  // namespace

Result<Ref<Unpickler>> make_unpickler(ThreadState& ts, State* state) {
  ObjRef made = OURO_TRY(unpickler_make(ts, type_in(state->unpickler_type), Args{}));
  return Ref<Unpickler>::steal(static_cast<Unpickler*>(made.release()));
}

Status set_file(ThreadState& ts, Unpickler* self, Obj file) {
  drop_input(self);
  const std::pair<const char*, Object**> methods[] = {
      {"peek", &self->peek}, {"read", &self->read}, {"readline", &self->readline}};
  for (const auto& [name, place] : methods) {
    MaybeAttribute method = find_attribute(ts, file, OURO_TRY(intern(ts, name)));
    if (method.failed) return Raised{};
    const ObjRef old = ObjRef::steal(std::exchange(*place, method.value.release()));
  }
  if (self->read == nullptr || self->readline == nullptr) {
    drop(self->read);
    return raise_type_error(ts, "file must have 'read' and 'readline' attributes");
  }
  return kDone;
}

Status set_options(ThreadState& ts, Unpickler* self, const char* function,
                   std::span<const Obj> options) {
  self->fix_imports = options[0] ? OURO_TRY(is_true(ts, options[0])) : true;
  OURO_TRY(set_text(ts, self->encoding, options[1], "ASCII", function, "encoding"));
  OURO_TRY(set_text(ts, self->errors, options[2], "strict", function, "errors"));
  drop(self->buffers);
  if (options[3] && !is_none(options[3])) {
    ObjRef iterator = OURO_TRY(iterate(ts, options[3]));
    self->buffers = iterator.release();
  }
  return kDone;
}

// -- the class ------------------------------------------------------------------------------------

namespace {

Status unpickler_init(ThreadState& ts, Obj object, Args args) {
  Obj given[5];
  OURO_TRY(parse_args(ts, args, "Unpickler",
                      {"file", "*fix_imports", "*encoding", "*errors", "*buffers"}, 1, given));
  Unpickler* self = unpickler_of(object);
  clear_memo(self);
  OURO_TRY(set_options(ts, self, "Unpickler", {given + 1, 4}));
  OURO_TRY(set_file(ts, self, given[0]));
  drop(self->persistent_load);
  return take_hook(ts, object, "persistent_load", self->persistent_load,
                   self->persistent_load_takes_self);
}

ObjResult unpickler_load(ThreadState& ts, Obj object, Args) {
  Unpickler* self = unpickler_of(object);
  if (self->read == nullptr) {
    return raise(ts, type_in(self->state->unpickling_error),
                 "Unpickler.__init__() was not called by {t}.__init__()", object);
  }
  return load(ts, self);
}

ObjResult unpickler_find_class(ThreadState& ts, Obj object, Args args) {
  if (!is_str(args[0]) || !is_str(args[1])) {
    return raise_type_error(ts, "module and global names must be strings");
  }
  return find_class(ts, unpickler_of(object), as<Str>(args[0]), as<Str>(args[1]));
}

ObjResult unpickler_sizeof(ThreadState& ts, Obj object, Args) {
  const Unpickler* self = unpickler_of(object);
  const std::int64_t words = self->memo_capacity + self->mark_capacity + self->stack_capacity;
  return Int::from(ts, static_cast<std::int64_t>(object->type()->info.basic_bytes) +
                           words * static_cast<std::int64_t>(sizeof(Object*)));
}

ObjResult get_persistent_load(ThreadState& ts, Obj object) {
  const Unpickler* self = unpickler_of(object);
  return get_hook(ts, object, "persistent_load", self->persistent_load,
                  self->persistent_load_takes_self);
}
Status set_persistent_load(ThreadState& ts, Obj object, Obj value) {
  Unpickler* self = unpickler_of(object);
  return set_hook(ts, "persistent_load", value, self->persistent_load,
                  self->persistent_load_takes_self);
}

// -- the memo from outside ------------------------------------------------------------------------

struct MemoProxy : Object {
  Unpickler* unpickler;
  template <class V>
  void edges(V& v) const {
    v.edge(unpickler, gc::slot_label("unpickler"));
  }
};

ObjResult get_memo(ThreadState& ts, Obj object) {
  const Ref<Unpickler> self = Ref<Unpickler>::share(unpickler_of(object));
  Ref<MemoProxy> made =
      OURO_TRY(new_object<MemoProxy>(ts, type_in(self->state->unpickler_memo_type)));
  made->unpickler = self.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

/// The memo as a dict from numbers to objects.
Result<Ref<Dict>> copy_memo(ThreadState& ts, const Unpickler* self) {
  Ref<Dict> copy = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i < self->memo_capacity; ++i) {
    if (self->memo[i] == nullptr) continue;
    Ref<Int> number = OURO_TRY(Int::from(ts, i));
    OURO_TRY(dict_set(ts, copy, Obj(number), Obj(self->memo[i])));
  }
  return copy;
}

Status set_memo(ThreadState& ts, Obj object, Obj value) {
  if (!value) return raise_type_error(ts, "attribute deletion is not supported");
  Unpickler* self = unpickler_of(object);
  Ref<Dict> dict;
  if (value->type() == type_in(self->state->unpickler_memo_type)) {
    dict = OURO_TRY(copy_memo(ts, as<MemoProxy>(value)->unpickler));
  } else if (is_dict(value)) {
    dict = Ref<Dict>::share(as<Dict>(value));
  } else {
    return raise_type_error(
        ts, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {t}", value);
  }
  std::uint32_t position = 0;
  Obj key;
  Obj item;
  while (dict_next(dict, position, key, item)) {
    if (!is_int(key)) return raise_type_error(ts, "memo key must be integers");
    if (int_sign(key) < 0) return raise_value_error(ts, "memo key must be positive integers.");
  }
  clear_memo(self);
  position = 0;
  while (dict_next(dict, position, key, item)) {
    OURO_TRY(memo_put(ts, self, int_clamped(key), item));
  }
  return kDone;
}

ObjResult proxy_copy(ThreadState& ts, Obj object, Args) {
  return copy_memo(ts, as<MemoProxy>(object)->unpickler);
}

ObjResult proxy_clear(ThreadState& ts, Obj object, Args) {
  clear_memo(as<MemoProxy>(object)->unpickler);
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
     "__reduce__($self, /)\n--\n\nImplement pickling support."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"load", unpickler_load, 0, 0, MethodDef::kNone,
     "load($self, /)\n--\n\nLoad a pickle.\n\nRead a pickled object representation from the open "
     "file object given\nin the constructor, and return the object specified therein."},
    {"find_class", unpickler_find_class, 2, 2, MethodDef::kNone,
     "find_class($self, module_name, global_name, /)\n--\n\nReturn an object from a specified "
     "module.\n\nIf necessary, the module will be imported. Subclasses may override\nthis method, "
     "for instance to restrict unpickling."},
    {"__sizeof__", unpickler_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nReturns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"memo", get_memo, set_memo, nullptr},
    {"persistent_load", get_persistent_load, set_persistent_load, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_unpickler(Type& type) {
  init_collected<Unpickler>(type);
  type.info.dealloc = unpickler_dealloc;
  type.info.clear = unpickler_clear;
  type.make = unpickler_make;
  type.init = unpickler_init;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Result<Ref<Type>> make_unpickler_type(ThreadState& ts) {
  return make_native_type(
      ts,
      {"Unpickler", "_pickle", sizeof(Unpickler), 0, kBaseType, fill_unpickler,
       "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          "
       "buffers=())\n--\n\nThis takes a binary file for reading a pickle data stream.\n\nThe "
       "protocol of the pickle is detected automatically. The file must have a read() method "
       "that\ntakes a number of bytes, and a readline() method without arguments. encoding and "
       "errors say how\nstrings of Python 2 become text; buffers are the buffers that travelled "
       "beside the pickle."});
}

Result<Ref<Type>> make_unpickler_memo_type(ThreadState& ts) {
  const auto fill = [](Type& type) {
    fill_holder<MemoProxy, &MemoProxy::unpickler>(type);
    type.methods = kProxyMethods;
  };
  return make_native_type(ts, {"UnpicklerMemoProxy", "_pickle", sizeof(MemoProxy), 0,
                               kDisallowInstantiation, fill, nullptr});
}

}  // namespace ouro::pickle
