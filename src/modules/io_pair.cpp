// io.BufferedRWPair: a buffered stream over two raw ones, for reading and for writing.
#include "modules/io.h"
#include "modules/module_support.h"

namespace ouro {

namespace {

struct BufferedPair : IoBase {
  Object* reader;  // a BufferedReader; both null before __init__
  Object* writer;  // a BufferedWriter
  template <class V>
  void edges(V& v) const {
    IoBase::edges(v);
    v.edge(reader, gc::slot_label("reader"));
    v.edge(writer, gc::slot_label("writer"));
  }
};

BufferedPair& pair_of(Obj self) { return *as<BufferedPair>(self); }

void pair_clear(gc::Header* header) {
  io_clear_base(header);
  drop(static_cast<BufferedPair*>(header)->reader);
  drop(static_cast<BufferedPair*>(header)->writer);
}

void pair_dealloc(gc::Header* header) {
  if (!io_dealloc_begin(header)) return;
  drop(static_cast<BufferedPair*>(header)->reader);
  drop(static_cast<BufferedPair*>(header)->writer);
  io_dealloc_end(header);
}

/// Asks a stream whether it can do what it is for.
Status require(ThreadState& ts, Obj stream, const char* question, const char* message) {
  ObjRef answer = OURO_TRY(call_method(ts, stream, OURO_TRY(intern(ts, question))));
  return OURO_TRY(is_true(ts, answer)) ? kDone : Status(raise_unsupported(ts, message));
}

Status pair_init(ThreadState& ts, Obj self, Args args) {
  Obj values[3];
  OURO_TRY(
      parse_args(ts, args, "BufferedRWPair", {"/reader", "/writer", "/buffer_size"}, 2, values));
  OURO_TRY(require(ts, values[0], "readable", "File or stream is not readable."));
  OURO_TRY(require(ts, values[1], "writable", "File or stream is not writable."));
  Ref<Int> size = OURO_TRY(Int::from(ts, kIoBufferBytes));
  const Obj bytes = values[2] ? values[2] : Obj(size);
  ObjRef reader = OURO_TRY(call(ts, companion(self->type(), 0), values[0], bytes));
  ObjRef writer = OURO_TRY(call(ts, companion(self->type(), 1), values[1], bytes));
  xdecref(std::exchange(pair_of(self).reader, reader.release()));
  xdecref(std::exchange(pair_of(self).writer, writer.release()));
  return kDone;
}

/// The same method of one of the two streams.
template <Object* BufferedPair::*Stream, const char* Name>
ObjResult forward(ThreadState& ts, Obj self, Args args) {
  if (pair_of(self).*Stream == nullptr) return raise_uninitialized(ts);
  ObjRef stream = ObjRef::share(pair_of(self).*Stream);
  ObjRef method = OURO_TRY(get_attribute(ts, stream, Name));
  return call(ts, method, args);
}

constexpr char kRead[] = "read";
constexpr char kRead1[] = "read1";
constexpr char kReadInto[] = "readinto";
constexpr char kReadInto1[] = "readinto1";
constexpr char kPeek[] = "peek";
constexpr char kReadable[] = "readable";
constexpr char kWrite[] = "write";
constexpr char kFlush[] = "flush";
constexpr char kWritable[] = "writable";
constexpr char kIsTerminal[] = "isatty";
constexpr char kClose[] = "close";

ObjResult pair_close(ThreadState& ts, Obj self, Args) {
  Status first = kDone;
  if (forward<&BufferedPair::writer, kClose>(ts, self, {}).raised()) first = Raised{};
  // The reader is closed whatever happened; the first error is the one to tell, the second on top.
  ObjRef error = first.raised() ? take_pending(ts) : ObjRef();
  const bool failed = forward<&BufferedPair::reader, kClose>(ts, self, {}).raised();
  if (failed || !error) return failed ? ObjResult(Raised{}) : ObjResult(ts.core.none_ref());
  restore_pending(ts, std::move(error));
  return Raised{};
}

ObjResult pair_is_terminal(ThreadState& ts, Obj self, Args) {
  ObjRef writer = OURO_TRY((forward<&BufferedPair::writer, kIsTerminal>(ts, self, {})));
  if (OURO_TRY(is_true(ts, writer))) return writer;
  return forward<&BufferedPair::reader, kIsTerminal>(ts, self, {});
}

ObjResult get_closed(ThreadState& ts, Obj self) {
  if (pair_of(self).writer == nullptr) {
    return raise(ts, ts.core.exceptions.RuntimeError,
                 "the BufferedRWPair object is being garbage-collected");
  }
  ObjRef writer = ObjRef::share(pair_of(self).writer);
  return get_attribute(ts, writer, "closed");
}

constexpr MethodDef kMethods[] = {
    {"read", forward<&BufferedPair::reader, kRead>, 0, 1, MethodDef::kNone, nullptr},
    {"peek", forward<&BufferedPair::reader, kPeek>, 0, 1, MethodDef::kNone, nullptr},
    {"read1", forward<&BufferedPair::reader, kRead1>, 0, 1, MethodDef::kNone, nullptr},
    {"readinto", forward<&BufferedPair::reader, kReadInto>, 1, 1, MethodDef::kNone, nullptr},
    {"readinto1", forward<&BufferedPair::reader, kReadInto1>, 1, 1, MethodDef::kNone, nullptr},
    {"readable", forward<&BufferedPair::reader, kReadable>, 0, 0, MethodDef::kNone, nullptr},
    {"write", forward<&BufferedPair::writer, kWrite>, 1, 1, MethodDef::kNone, nullptr},
    {"flush", forward<&BufferedPair::writer, kFlush>, 0, 0, MethodDef::kNone, nullptr},
    {"writable", forward<&BufferedPair::writer, kWritable>, 0, 0, MethodDef::kNone, nullptr},
    {"close", pair_close, 0, 0, MethodDef::kNone, nullptr},
    {"isatty", pair_is_terminal, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"closed", get_closed, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

Status add_pair_type(ThreadState& ts, Borrowed<Module> module) {
  const auto fill = [](Type& type) {
    fill_io_type(type, sizeof(BufferedPair));
    gc::EdgeFunctions<BufferedPair>::install(type.info);
    type.info.clear = pair_clear;
    type.info.dealloc = pair_dealloc;
    type.init = pair_init;
    type.methods = kMethods;
    type.getsets = kGetSets;
    type.doc =
        "A buffered reader and writer object together.\n\nA buffered reader object and buffered "
        "writer "
        "object put together to form a\nsequential IO object that can read and write.";
  };
  Ref<Type> type = OURO_TRY(add_io_class(
      ts, module, TypeSpec{"BufferedRWPair", "_io", sizeof(BufferedPair), 0, 0, fill, nullptr},
      "_BufferedIOBase"));
  return set_companions(ts, type,
                        {Obj(io_class(module, "BufferedReader").get()),
                         Obj(io_class(module, "BufferedWriter").get())});
}

}  // namespace ouro
