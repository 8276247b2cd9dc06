// Module _pickle: what its sources share. The format is that of PEP 307, 3154 and 574, protocols 0
// to 5.
//
// A Pickler writes opcodes into `output`; with protocol 4 and up they are grouped into frames. Its
// memo says which objects were written already, and under which number. An Unpickler reads opcodes
// from `input`, which comes whole or piece by piece from a file; it keeps a stack of values, the
// places on it where marks were set, and a memo of objects by number.
#pragma once

#include <string_view>

#include "modules/module_support.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/list.h"
#include "objects/memoryview.h"

namespace ouro::pickle {

inline constexpr int kHighestProtocol = 5;
inline constexpr int kDefaultProtocol = 4;
inline constexpr std::int64_t kFrameTarget = 64 * 1024;  // larger values get no frame
inline constexpr std::int64_t kFrameLeast = 4;  // smaller frames are not worth their header
inline constexpr std::int64_t kFrameHeader = 9;
inline constexpr std::int64_t kBatch = 1000;  // items written between MARK and APPENDS and the like

enum Op : unsigned char {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloat = 'F',
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLong = 'L',
  kBinInt2 = 'M',
  kNone = 'N',
  kPersId = 'P',
  kBinPersId = 'Q',
  kReduce = 'R',
  kString = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicode = 'V',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kEmptyDict = '}',
  kAppends = 'e',
  kGet = 'g',
  kBinGet = 'h',
  kInst = 'i',
  kLongBinGet = 'j',
  kList = 'l',
  kEmptyList = ']',
  kObj = 'o',
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinFloat = 'G',
  kProto = 0x80,
  kNewObj = 0x81,
  kExt1 = 0x82,
  kExt2 = 0x83,
  kExt4 = 0x84,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kNewObjEx = 0x92,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
  kByteArray8 = 0x96,
  kNextBuffer = 0x97,
  kReadOnlyBuffer = 0x98,
};

/// What the module takes from others when it is imported, and its exceptions. All owned.
struct State : Object {
  Object *pickle_error, *pickling_error, *unpickling_error;
  Object *dispatch_table, *extension_registry, *inverted_registry, *extension_cache;  // copyreg
  Object *name_mapping_2to3, *import_mapping_2to3, *name_mapping_3to2, *import_mapping_3to2;
  Object* encode;   // codecs.encode
  Object* getattr;  // builtins.getattr
  Object* partial;  // functools.partial
  Object *pickler_type, *unpickler_type, *pickler_memo_type, *unpickler_memo_type, *buffer_type;
  template <class V>
  void edges(V& v) const {
    for (Object* const* at = &pickle_error; at <= &buffer_type; ++at) {
      v.edge(*at, gc::slot_label("state"));
    }
  }
};
inline State* state_of_type(Borrowed<Type> type) { return as<State>(Obj(companion(type))); }
inline State* state_of_module(Obj module) { return static_cast<State*>(as<Module>(module)->state); }
inline Type* type_in(Object* object) { return as<Type>(Obj(object)); }

/// Numbers of objects by identity; holds the objects.
class MemoTable {
 public:
  struct Entry {
    Object* object;  // owned; null: free place
    std::int64_t number;
  };
  [[nodiscard]] std::int64_t find(const Object* object) const;  // -1: absent
  Status add(ThreadState& ts, Obj object, std::int64_t number);
  void clear();
  [[nodiscard]] std::int64_t size() const { return used_; }
  [[nodiscard]] std::span<const Entry> places() const {
    return {entries_, static_cast<std::size_t>(capacity_)};
  }

 private:
  Status grow(ThreadState& ts);
  Entry* entries_;
  std::int64_t capacity_, used_;
};

struct Pickler : Object {
  State* state;
  MemoTable memo;
  Object* persistent_id;          // ? a function
  bool persistent_id_takes_self;  // it is a method of this pickler, kept without the pickler
  Object* dispatch_table;         // ?
  Object* reducer_override;       // ? only during dump
  Object* write;                  // ? the file's method
  Object* buffer_callback;        // ?
  Dict* fast_memo;                // ? ids of containers in progress, in fast mode at great depth
  char* output;
  std::int64_t length, capacity;
  std::int64_t frame_start;  // -1: no frame is open
  std::int32_t protocol, bin, fast, fast_nesting;
  bool framing, fix_imports;
  template <class V>
  void edges(V& v) const {
    if (type()->has(kImmutable)) v.edge(type(), gc::slot_label("__class__"));  // else a subclass tells
    v.edge(state, gc::slot_label("state"));
    v.edge(persistent_id, gc::slot_label("persistent_id"));
    v.edge(dispatch_table, gc::slot_label("dispatch_table"));
    v.edge(reducer_override, gc::slot_label("reducer_override"));
    v.edge(write, gc::slot_label("write"));
    v.edge(buffer_callback, gc::slot_label("buffer_callback"));
    v.edge(fast_memo, gc::slot_label("fast_memo"));
    for (const MemoTable::Entry& entry : memo.places()) {
      v.edge(entry.object, gc::slot_label("memo"));
    }
  }
};

struct Unpickler : Object {
  State* state;
  Object** stack;  // owned values
  std::int64_t stack_size, stack_capacity;
  std::int64_t fence;  // values below belong to an outer mark
  std::int64_t* marks;
  std::int64_t mark_count, mark_capacity;
  Object** memo;  // owned values; null: no such number
  std::int64_t memo_capacity, memo_size;
  Object* persistent_load;  // ?
  bool persistent_load_takes_self;
  bool fix_imports;
  std::int32_t protocol;
  Object *read, *readline, *peek;  // ? the file's methods
  Object* buffers;                 // ? iterator
  Str *encoding, *errors;
  Object* input;  // ? what `bytes` looks into: bytes, or a memoryview of the data given
  const char* bytes;
  std::int64_t input_size, position;
  std::int64_t taken;  // bytes of the input that the file itself has got past
  template <class V>
  void edges(V& v) const {
    if (type()->has(kImmutable)) v.edge(type(), gc::slot_label("__class__"));  // else a subclass tells
    v.edge(state, gc::slot_label("state"));
    for (std::int64_t i = 0; i < stack_size; ++i) v.edge(stack[i], gc::slot_label("stack"));
    for (std::int64_t i = 0; i < memo_capacity; ++i) v.edge(memo[i], gc::slot_label("memo"));
    v.edge(persistent_load, gc::slot_label("persistent_load"));
    for (Object* part : {read, readline, peek, buffers, input}) {
      v.edge(part, gc::slot_label("file"));
    }
  }
};

/// A wrapper of an object's memory, which may travel beside the pickle (PEP 574).
struct PickleBuffer : Object {
  MemoryView* view;  // null: released, and nobody looks at it any more
  std::int32_t exports;
  bool released;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(view, gc::slot_label("buffer"));
  }
};

// -- writing (pickle_output.cpp, pickle_save.cpp, pickle_save_reduce.cpp) -------------------------

Status write_bytes(ThreadState& ts, Pickler* self, std::string_view bytes);
inline Status write_op(ThreadState& ts, Pickler* self, Op op) {
  const char byte = static_cast<char>(op);
  return write_bytes(ts, self, {&byte, 1});
}
/// A header, then data that get no frame when they are large.
Status write_large(ThreadState& ts, Pickler* self, std::string_view header, std::string_view data);
/// Between two opcodes: closes a frame that is large enough, and writes to the file.
Status end_op(ThreadState& ts, Pickler* self);
Status commit_frame(ThreadState& ts, Pickler* self);
Status flush_output(ThreadState& ts, Pickler* self);
/// GET and PUT of the memo.
Status write_get(ThreadState& ts, Pickler* self, std::int64_t number);
Status memoize(ThreadState& ts, Pickler* self, Obj object);

Status save(ThreadState& ts, Pickler* self, Obj object, bool persistent = true);
/// A class, function or other object that is found under its name. `name` may be null.
Status save_global(ThreadState& ts, Pickler* self, Obj object, Borrowed<Str> name);
/// What __reduce__ gave. `object` is null when it is not the object itself that is described.
Status save_reduce(ThreadState& ts, Pickler* self, Obj reduced, Obj object);
/// save_reduce of (callable, arguments).
Status save_call(ThreadState& ts, Pickler* self, Obj callable, Obj arguments, Obj object);
Status save_items(ThreadState& ts, Pickler* self, Obj iterator);
Status save_pairs(ThreadState& ts, Pickler* self, Obj iterator);
/// In fast mode nothing is memoized, so cycles are looked for at great depth only.
Status enter_fast(ThreadState& ts, Pickler* self, Obj object);
void leave_fast(ThreadState& ts, Pickler* self, Obj object);
Status dump(ThreadState& ts, Pickler* self, Obj object);

// -- reading (pickle_input.cpp, pickle_load.cpp, pickle_build.cpp) --------------------------------

/// The next `count` bytes; good until the next read.
Result<std::string_view> read_bytes(ThreadState& ts, Unpickler* self, std::int64_t count);
/// The next line with its end.
Result<std::string_view> read_line(ThreadState& ts, Unpickler* self);
/// Tells the file what was taken of what it let peek at.
Status skip_peeked(ThreadState& ts, Unpickler* self);
Status set_input(ThreadState& ts, Unpickler* self, Obj data);

Status push(ThreadState& ts, Unpickler* self, ObjRef value);
ObjResult pop(ThreadState& ts, Unpickler* self);
Status push_mark(ThreadState& ts, Unpickler* self);
/// Takes the last mark away: the values from there on belong to it.
Result<std::int64_t> pop_mark(ThreadState& ts, Unpickler* self);
Result<Ref<Tuple>> pop_tuple(ThreadState& ts, Unpickler* self, std::int64_t start);
Result<Ref<List>> pop_list(ThreadState& ts, Unpickler* self, std::int64_t start);
void truncate(Unpickler* self, std::int64_t size);
Raised raise_underflow(ThreadState& ts, Unpickler* self);
Raised raise_unpickling(ThreadState& ts, const Unpickler* self, const char* text);
Status memo_put(ThreadState& ts, Unpickler* self, std::int64_t number, Obj value);
void clear_memo(Unpickler* self);

ObjResult find_class(ThreadState& ts, Unpickler* self, Borrowed<Str> module, Borrowed<Str> name);
/// self.find_class, which a subclass may have changed.
ObjResult ask_for_class(ThreadState& ts, Unpickler* self, Obj module, Obj name);
Status load_build(ThreadState& ts, Unpickler* self);
/// A new object of the class, as INST and OBJ want it.
ObjResult instantiate(ThreadState& ts, Obj type, Borrowed<Tuple> arguments);
/// NEWOBJ and NEWOBJ_EX.
Status load_new_object(ThreadState& ts, Unpickler* self, bool with_keywords);
Status load_extension(ThreadState& ts, Unpickler* self, std::int64_t code);
Status append_items(ThreadState& ts, Unpickler* self, std::int64_t start);
Status set_items(ThreadState& ts, Unpickler* self, std::int64_t start);
Status add_items(ThreadState& ts, Unpickler* self);
ObjResult load(ThreadState& ts, Unpickler* self);

// -- what both need -------------------------------------------------------------------------------

/// The attribute that a dotted name leads to from `object`; `parent`, when wanted, gets the last
/// but one.
ObjResult dotted_attribute(ThreadState& ts, Obj object, Borrowed<Str> name, ObjRef* parent);
/// True when the name has a part "<locals>".
bool has_locals(Borrowed<Str> name);
ObjResult import_module(ThreadState& ts, Obj name);
/// self.name where a program or a subclass gave one. A bound method of self is stored as its
/// function.
Status take_hook(ThreadState& ts, Obj self, const char* name, Object*& place, bool& takes_self);
ObjResult call_hook(ThreadState& ts, Obj self, Obj hook, bool takes_self, Obj argument);
/// The hook as an attribute of `self`: get, and set.
ObjResult get_hook(ThreadState& ts, Obj self, const char* name, Object* hook, bool takes_self);
Status set_hook(ThreadState& ts, const char* name, Obj value, Object*& place, bool& takes_self);
/// Names of one major version of Python as the other knows them, by the dicts of _compat_pickle.
Status map_names(ThreadState& ts, Object* names, Object* imports, ObjRef& module, ObjRef& name);

Result<Ref<Pickler>> make_pickler(ThreadState& ts, State* state);
Status set_protocol(ThreadState& ts, Pickler* self, Obj protocol, Obj fix_imports);
Status set_file(ThreadState& ts, Pickler* self, Obj file);
Status set_buffer_callback(ThreadState& ts, Pickler* self, Obj callback);
Result<Ref<Unpickler>> make_unpickler(ThreadState& ts, State* state);
Status set_file(ThreadState& ts, Unpickler* self, Obj file);
/// The arguments fix_imports, encoding, errors and buffers of `function`.
Status set_options(ThreadState& ts, Unpickler* self, const char* function,
                   std::span<const Obj> options);

Result<Ref<Type>> make_pickler_type(ThreadState& ts);
/// The types of the objects that `memo` attributes give.
Result<Ref<Type>> make_pickler_memo_type(ThreadState& ts);
Result<Ref<Type>> make_unpickler_memo_type(ThreadState& ts);
Result<Ref<Type>> make_unpickler_type(ThreadState& ts);
Result<Ref<Type>> make_buffer_type(ThreadState& ts);

}  // namespace ouro::pickle
