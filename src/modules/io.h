// Module _io: streams. The layout of its objects and what its files share.
//
// A text stream (TextIo) decodes and encodes over a buffered stream (Buffered), which gathers reads and writes over a raw one
// (FileIo). BytesIo and StringIo keep their content in the heap. Every stream has an attribute dict and closes itself when it dies.
#pragma once

#include <semaphore.h>

#include "gc/visitor.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/str.h"

namespace ouro {

inline constexpr std::int64_t kIoBufferBytes = 8192;

struct IoBase : Object {
  Dict* dict;  // ? owned
  gc::WeakReference* weaklist;
  bool closed_flag;  // `close` of the base class has run
  bool dying;        // `close` is called because nobody refers to the stream any more
  template <class V>
  void edges(V& v) const { v.edge(dict, gc::slot_label("__dict__")); }
};

struct FileIo : IoBase {
  int descriptor;  // -1: closed
  bool created, readable, writable, appending, close_descriptor;
  std::int8_t seekable;  // -1: not asked yet
};

/// BufferedReader, BufferedWriter and BufferedRandom. The buffer holds either bytes read ahead or bytes to be written.
/// Invariants: B1 0 <= position <= read_end <= size; B2 pending > 0 implies read_end == 0.
struct Buffered : IoBase {
  Object* raw;             // owned; null before __init__ and after detach
  char* buffer;            // heap block of `size` bytes
  std::int64_t size;
  std::int64_t position;   // next byte to hand out
  std::int64_t read_end;   // bytes read ahead end here
  std::int64_t pending;    // bytes waiting to be written, from the start of the buffer
  bool readable, writable;
  ThreadState* user;       // whose operation is running: another one would mix up the buffer
  int waiting;             // threads that wait for their turn
  sem_t turn;              // posted for one of them when an operation ends
  template <class V>
  void edges(V& v) const {
    IoBase::edges(v);
    v.edge(raw, gc::slot_label("raw"));
  }
};

/// How line ends are treated, from `newline=`.
struct NewlineMode {
  bool translate_read = true;    // \r\n and \r become \n
  bool universal = true;         // \r and \r\n end lines too
  bool translate_write = true;   // \n becomes `written`
  char written[3] = "\n";
  char ends[3] = "";             // the one line end to look for when not universal and not \n
};

struct TextIo : IoBase {
  Object* buffer;          // owned; null before __init__ and after detach
  Str* encoding;           // owned
  Str* errors;             // owned
  Object* newline;         // owned: None or str as given
  NewlineMode mode;
  enum class Codec : std::uint8_t { Utf8, Ascii, Latin1, Other } codec;
  bool line_buffering, write_through, has_read1, seekable, readable, writable;
  bool at_end_of_input;
  char* pending;           // encoded text waiting to be written
  std::int64_t pending_bytes, pending_capacity;
  char* tail;              // undecoded bytes at the end of the last chunk
  std::int64_t tail_bytes, tail_capacity;
  bool tail_return;        // the last decoded character was a \r that may be half of \r\n
  Str* decoded;            // ? owned: text read ahead
  std::int64_t decoded_position;
  unsigned newlines_seen;  // bits: 1 \r, 2 \n, 4 \r\n
  template <class V>
  void edges(V& v) const {
    IoBase::edges(v);
    v.edge(buffer, gc::slot_label("buffer"));
    v.edge(decoded, gc::slot_label("decoded"));
  }
};

struct BytesIo : IoBase {
  char* data;
  std::int64_t length, capacity, position;
  std::int32_t exports;  // memoryviews of the content: its size must not change
  bool closed;
};

struct StringIo : IoBase {
  char32_t* data;
  std::int64_t length, capacity, position;
  NewlineMode mode;
  bool closed;
  template <class V>
  void edges(V& v) const {
    IoBase::edges(v);
  }
};

// -- shared (io_base.cpp) ----------------------------------------------------------------------------------------------
Status add_io_base_types(ThreadState& ts, Borrowed<Module> module);
Status add_file_type(ThreadState& ts, Borrowed<Module> module);
Status add_buffered_types(ThreadState& ts, Borrowed<Module> module);
Status add_text_types(ThreadState& ts, Borrowed<Module> module);
Status add_memory_types(ThreadState& ts, Borrowed<Module> module);
Status add_pair_type(ThreadState& ts, Borrowed<Module> module);

/// A class of the module by name, borrowed.
Borrowed<Type> io_class(Borrowed<Module> module, const char* name);
/// Makes a class and puts it into the module.
Result<Ref<Type>> add_io_class(ThreadState& ts, Borrowed<Module> module, const TypeSpec& spec, const char* base);
/// Common slots of stream types: attribute dict, weak references, closing at death. `drop` releases the type's own fields.
void fill_io_type(Type& type, std::size_t bytes);
/// Begins a dealloc: closes the stream. False when that brought it back to life.
bool io_dealloc_begin(gc::Header* header);
/// Ends it: attribute dict, weak references, memory.
void io_dealloc_end(gc::Header* header);
/// Drops dict; for clear functions.
void io_clear_base(gc::Header* header);

/// Before a stream that is dying closes what lies under it: that is to warn when it is an open file.
void io_warn_below(ThreadState& ts, IoBase& self, Object* below);

/// io.UnsupportedOperation(message) (an OSError and ValueError).
Raised raise_unsupported(ThreadState& ts, const char* message);
Raised raise_closed(ThreadState& ts);
Raised raise_uninitialized(ThreadState& ts);
/// stream.closed, asked as Python would.
Result<bool> io_is_closed(ThreadState& ts, Obj stream);
/// A size argument: None or absent is -1.
Result<std::int64_t> io_size(ThreadState& ts, Args args, std::uint32_t index);
/// Grows a heap buffer to at least `wanted`; MemoryError.
Status io_grow(ThreadState& ts, char*& data, std::int64_t& capacity, std::int64_t wanted);
Status parse_newline(ThreadState& ts, Obj newline, NewlineMode& mode);

/// Direct calls that skip Python when the stream is exactly ours. FileIo: read into / write from memory, with EINTR handled.
/// -1 in the result: would block.
Result<std::int64_t> file_read(ThreadState& ts, FileIo& file, char* into, std::int64_t bytes);
Result<std::int64_t> file_write(ThreadState& ts, FileIo& file, const char* from, std::int64_t bytes);
bool is_exact_file(Obj object);
bool is_exact_buffered_writer(Obj object);
Status buffered_write(ThreadState& ts, Buffered& self, std::string_view bytes);
Status buffered_flush(ThreadState& ts, Buffered& self);
Status file_init(ThreadState& ts, Obj self, Args args);

Status add_newline_decoder_type(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
