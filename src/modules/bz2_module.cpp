// Module _bz2: BZ2Compressor and BZ2Decompressor over libbz2.
#include <bzlib.h>

#include <climits>

#include "modules/library_support.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

constexpr std::size_t kFirstBytes = 32 * 1024;

void* allocate(void*, int count, int bytes) {
  return allocate_raw(static_cast<std::size_t>(count) * static_cast<std::size_t>(bytes));
}
void release(void*, void* block) { free_raw(block); }

bz_stream new_stream() {
  bz_stream stream = {};
  stream.bzalloc = allocate;
  stream.bzfree = release;
  return stream;
}

Status check(ThreadState& ts, int code) {
  switch (code) {
    case BZ_OK:
    case BZ_RUN_OK:
    case BZ_FLUSH_OK:
    case BZ_FINISH_OK:
    case BZ_STREAM_END:
      return kDone;
    case BZ_PARAM_ERROR:
      return raise_value_error(ts, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR:
      return raise_no_memory(ts);
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC:
      return raise(ts, ts.core.exceptions.OSError, "Invalid data stream");
    case BZ_IO_ERROR:
      return raise(ts, ts.core.exceptions.OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
      return raise(ts, ts.core.exceptions.EOFError,
                   "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
      return raise(ts, ts.core.exceptions.RuntimeError,
                   "Internal error - Invalid sequence of commands sent to libbzip2");
    default:
      return raise(ts, ts.core.exceptions.OSError, "Unrecognized error from libbzip2: {}", code);
  }
}

// -- compressing ----------------------------------------------------------------------------------

struct Compressor : Object {
  bz_stream stream;
  bool active;
  bool flushed;
};

void compressor_dealloc(gc::Header* header) {
  auto* self = static_cast<Compressor*>(header);
  if (self->active) BZ2_bzCompressEnd(&self->stream);
  free_object(self);
}

ObjResult make_compressor(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "BZ2Compressor"));
  OURO_TRY(check_args(ts, args, "BZ2Compressor", 0, 1));
  const int level = args.size() > 0 ? OURO_TRY(c_int(ts, args[0])) : 9;
  if (level < 1 || level > 9) return raise_value_error(ts, "compresslevel must be between 1 and 9");
  Ref<Compressor> made = OURO_TRY(new_object<Compressor>(ts, type, type->info.basic_bytes));
  made->stream = new_stream();
  OURO_TRY(check(ts, BZ2_bzCompressInit(&made->stream, level, 0, 0)));
  made->active = true;
  return made;
}

/// Runs `input` through the stream with one action.
Result<Ref<Bytes>> run(ThreadState& ts, Compressor* self, std::string_view input, int action) {
  ByteOutput output(ts);
  self->stream.next_in = const_cast<char*>(input.data());
  self->stream.avail_in = 0;
  std::size_t left = input.size();
  for (;;) {
    if (self->stream.avail_in == 0 && left > 0) {
      self->stream.avail_in = static_cast<unsigned>(std::min<std::size_t>(left, UINT_MAX));
      left -= self->stream.avail_in;
    }
    if (action == BZ_RUN && self->stream.avail_in == 0) break;
    OURO_TRY(output.grow(kFirstBytes));
    const auto room = static_cast<unsigned>(std::min<std::size_t>(output.available(), UINT_MAX));
    self->stream.next_out = output.room();
    self->stream.avail_out = room;
    const int code = BZ2_bzCompress(&self->stream, action);
    output.advance(room - self->stream.avail_out);
    OURO_TRY(check(ts, code));
    if (action == BZ_FINISH && code == BZ_STREAM_END) break;
  }
  return output.finish();
}

ObjResult compress(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Compressor>(object);
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  if (self->flushed) return raise_value_error(ts, "Compressor has been flushed");
  return run(ts, self, data.view(), BZ_RUN);
}

ObjResult flush(ThreadState& ts, Obj object, Args) {
  auto* self = as<Compressor>(object);
  if (self->flushed) return raise_value_error(ts, "Repeated call to flush()");
  self->flushed = true;
  return run(ts, self, {}, BZ_FINISH);
}

constexpr MethodDef kCompressorMethods[] = {
    {"compress", compress, 1, 1, MethodDef::kNone,
     "compress($self, data, /)\n--\n\nTakes data; returns the compressed bytes that are ready."},
    {"flush", flush, 0, 0, MethodDef::kNone,
     "flush($self, /)\n--\n\nReturns what compressed data is still inside."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- decompressing --------------------------------------------------------------------------------

struct Decompressor : Object {
  bz_stream stream;
  bool active;
  bool ended;
  bool needs_input;
  Bytes* unused;   // unused_data
  Bytes* waiting;  // input not taken yet, because the output reached its limit
};

void decompressor_dealloc(gc::Header* header) {
  auto* self = static_cast<Decompressor*>(header);
  if (self->active) BZ2_bzDecompressEnd(&self->stream);
  drop(self->unused);
  drop(self->waiting);
  free_object(self);
}

ObjResult make_decompressor(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "BZ2Decompressor"));
  OURO_TRY(check_args(ts, args, "BZ2Decompressor", 0, 0));
  Ref<Decompressor> made = OURO_TRY(new_object<Decompressor>(ts, type, type->info.basic_bytes));
  made->stream = new_stream();
  made->needs_input = true;
  made->unused = OURO_TRY(Bytes::from(ts, "")).release();
  made->waiting = OURO_TRY(Bytes::from(ts, "")).release();
  OURO_TRY(check(ts, BZ2_bzDecompressInit(&made->stream, 0, 0)));
  made->active = true;
  return made;
}

Status replace(ThreadState& ts, Bytes*& member, std::string_view text) {
  Ref<Bytes> now = OURO_TRY(Bytes::from(ts, text));
  decref(std::exchange(member, now.release()));
  return kDone;
}

Result<Ref<Bytes>> run(ThreadState& ts, Decompressor* self, std::string_view input,
                       std::size_t most) {
  ByteOutput output(ts);
  self->stream.next_in = const_cast<char*>(input.data());
  self->stream.avail_in = 0;
  std::size_t left = input.size();
  while (output.size() < most) {
    if (self->stream.avail_in == 0) {
      self->stream.avail_in = static_cast<unsigned>(std::min<std::size_t>(left, UINT_MAX));
      left -= self->stream.avail_in;
    }
    OURO_TRY(output.grow(kFirstBytes, most));
    const auto room = static_cast<unsigned>(std::min<std::size_t>(output.available(), UINT_MAX));
    self->stream.next_out = output.room();
    self->stream.avail_out = room;
    const int code = BZ2_bzDecompress(&self->stream);
    output.advance(room - self->stream.avail_out);
    OURO_TRY(check(ts, code));
    if (code == BZ_STREAM_END) {
      self->ended = true;
      break;
    }
    if (self->stream.avail_in == 0 && left == 0 && self->stream.avail_out > 0) break;
  }
  const std::string_view rest(self->stream.next_in, left + self->stream.avail_in);
  self->needs_input = !self->ended && rest.empty() && output.size() < most;
  if (self->ended) OURO_TRY(replace(ts, self->unused, rest));
  OURO_TRY(replace(ts, self->waiting, self->ended ? std::string_view() : rest));
  return output.finish();
}

ObjResult decompress(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Decompressor>(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "decompress", {"data", "max_length"}, 1, values));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[0]));
  const std::int64_t most = OURO_TRY(c_size_or(ts, values[1], -1));
  if (self->ended) {
    return raise(ts, ts.core.exceptions.EOFError, "End of stream already reached");
  }
  const std::size_t limit = most < 0 ? SIZE_MAX / 4 : static_cast<std::size_t>(most);
  if (self->waiting->length == 0) return run(ts, self, data.view(), limit);
  Ref<ByteArray> input = OURO_TRY(ByteArray::from(ts, self->waiting->view()));
  const std::int64_t before = input->length;
  OURO_TRY(input->resize(ts, before + static_cast<std::int64_t>(data.size())));
  std::memcpy(input->data + before, data.data(), data.size());
  return run(ts, self, {input->data, static_cast<std::size_t>(input->length)}, limit);
}

constexpr MethodDef kDecompressorMethods[] = {
    {"decompress", decompress, 0, -1, MethodDef::kKeywords,
     "decompress($self, /, data, max_length=-1)\n--\n\nTakes data; returns the decompressed bytes "
     "that "
     "are ready."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kDecompressorGetSets[] = {
    {"eof",
     [](ThreadState& ts, Obj self) -> ObjResult {
       return ts.core.bool_ref(as<Decompressor>(self)->ended);
     },
     refuse_member_set, "True if the end-of-stream marker has been reached."},
    {"needs_input",
     [](ThreadState& ts, Obj self) -> ObjResult {
       return ts.core.bool_ref(as<Decompressor>(self)->needs_input);
     },
     refuse_member_set,
     "True if more input is needed before more decompressed data can be produced."},
    {"unused_data",
     [](ThreadState&, Obj self) -> ObjResult {
       return Obj(as<Decompressor>(self)->unused).new_ref();
     },
     refuse_member_set, "Data found after the end of the compressed stream."},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_compressor(Type& type) {
  type.info.basic_bytes = sizeof(Compressor);
  type.info.dealloc = compressor_dealloc;
  type.make = make_compressor;
  type.methods = kCompressorMethods;
}

void fill_decompressor(Type& type) {
  type.info.basic_bytes = sizeof(Decompressor);
  type.info.dealloc = decompressor_dealloc;
  type.make = make_decompressor;
  type.methods = kDecompressorMethods;
  type.getsets = kDecompressorGetSets;
}

}  // namespace

Result<Ref<Module>> create_bz2_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_bz2"));
  const TypeSpec types[] = {
      {"BZ2Compressor", "_bz2", sizeof(Compressor), 0, 0, fill_compressor, nullptr},
      {"BZ2Decompressor", "_bz2", sizeof(Decompressor), 0, 0, fill_decompressor, nullptr},
  };
  OURO_TRY(add_native_types(ts, module, types));
  return module;
}

}  // namespace ouro
