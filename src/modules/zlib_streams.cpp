// zlib.Compress and zlib.Decompress: streams that are fed piece by piece.
#include "modules/zlib_streams.h"

namespace ouro::zlib {

namespace {

struct Stream : Object {
  z_stream stream;
  bool active;         // the library's state exists
  bool ended;          // Decompress.eof
  Object* dictionary;  // Decompress: zdict, or null
  Bytes* unused;       // Decompress.unused_data
  Bytes* unconsumed;   // Decompress.unconsumed_tail
  Object* error;       // the class zlib.error
};

template <int (*End)(z_streamp)>
void dealloc(gc::Header* header) {
  auto* self = static_cast<Stream*>(header);
  if (self->active) End(&self->stream);
  drop(self->dictionary);
  drop(self->unused);
  drop(self->unconsumed);
  drop(self->error);
  free_object(self);
}

Borrowed<Type> error_of(Stream* self) { return as<Type>(self->error); }

Result<Ref<Stream>> new_stream_object(ThreadState& ts, Borrowed<Type> type, Obj error) {
  Ref<Stream> made = OURO_TRY(new_object<Stream>(ts, type));
  made->stream = new_stream();
  made->error = error.new_ref().release();
  made->unused = OURO_TRY(Bytes::from(ts, "")).release();
  made->unconsumed = OURO_TRY(Bytes::from(ts, "")).release();
  return made;
}

Status replace_bytes(ThreadState& ts, Bytes*& member, std::string_view text) {
  Ref<Bytes> now = OURO_TRY(Bytes::from(ts, text));
  decref(std::exchange(member, now.release()));
  return kDone;
}

// -- compressing ----------------------------------------------------------------------------------

ObjResult compress_method(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  Pump pump(ts, self->stream, data.view());
  int code = Z_OK;
  OURO_TRY(pump.run(deflate, Z_NO_FLUSH, Z_NO_FLUSH, code));
  if (code == Z_STREAM_ERROR) {
    return raise_error(ts, error_of(self), self->stream, code, "while compressing data");
  }
  return pump.output().finish();
}

ObjResult flush_compressor(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  const int mode = args.size() > 0 ? OURO_TRY(c_int(ts, args[0])) : Z_FINISH;
  if (mode == Z_NO_FLUSH) return Bytes::from(ts, "");
  Pump pump(ts, self->stream, "");
  int code = Z_OK;
  OURO_TRY(pump.run(deflate, mode, mode, code));
  if (code == Z_STREAM_END && mode == Z_FINISH) {
    code = deflateEnd(&self->stream);
    if (code != Z_OK) {
      return raise_error(ts, error_of(self), self->stream, code, "while finishing compression");
    }
    self->active = false;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return raise_error(ts, error_of(self), self->stream, code, "while flushing");
  }
  return pump.output().finish();
}

Status give_dictionary(ThreadState& ts, z_stream& stream, std::string_view dictionary) {
  if (dictionary.size() > UINT_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "zdict length does not fit in an unsigned int");
  }
  switch (deflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                               static_cast<uInt>(dictionary.size()))) {
    case Z_OK:
      return kDone;
    case Z_STREAM_ERROR:
      return raise_value_error(ts, "Invalid dictionary");
    default:
      return raise_value_error(ts, "deflateSetDictionary()");
  }
}

// -- decompressing --------------------------------------------------------------------------------

/// Hands the stream the object's dictionary.
Status use_dictionary(ThreadState& ts, Stream* self) {
  BufferView dictionary;
  OURO_TRY(dictionary.acquire(ts, self->dictionary));
  if (dictionary.size() > UINT_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "zdict length does not fit in an unsigned int");
  }
  const int code =
      inflateSetDictionary(&self->stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                           static_cast<uInt>(dictionary.size()));
  if (code == Z_OK) return kDone;
  return raise_error(ts, error_of(self), self->stream, code, "while setting zdict");
}

/// What the stream left of its input: behind its end, or behind the limit of output.
Status save_rest(ThreadState& ts, Stream* self, std::string_view rest, int code) {
  if (code == Z_STREAM_END && !rest.empty()) {
    Ref<ByteArray> joined = OURO_TRY(ByteArray::from(ts, self->unused->view()));
    const std::int64_t before = joined->length;
    OURO_TRY(joined->resize(ts, before + static_cast<std::int64_t>(rest.size())));
    std::memcpy(joined->data + before, rest.data(), rest.size());
    OURO_TRY(
        replace_bytes(ts, self->unused, {joined->data, static_cast<std::size_t>(joined->length)}));
    rest = {};
  }
  if (rest.empty() && self->unconsumed->length == 0) return kDone;
  return replace_bytes(ts, self->unconsumed, rest);
}

/// Runs `input` through the stream; the rest of it is saved.
Status inflate_into(ThreadState& ts, Stream* self, Pump& pump, int last_flush, int& code) {
  OURO_TRY(pump.run(inflate, Z_SYNC_FLUSH, last_flush, code, [&](int now) -> Result<bool> {
    if (now != Z_NEED_DICT || self->dictionary == nullptr) return false;
    OURO_TRY(use_dictionary(ts, self));
    return true;
  }));
  return save_rest(ts, self, pump.rest(), code);
}

ObjResult decompress_method(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "decompress", {"/data", "max_length"}, 1, values));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[0]));
  const std::int64_t most = OURO_TRY(c_size_or(ts, values[1], 0));
  if (most < 0) return raise_value_error(ts, "max_length must be non-negative");
  Pump pump(ts, self->stream, data.view(), kFirstBytes,
            most == 0 ? SIZE_MAX / 4 : static_cast<std::size_t>(most));
  int code = Z_OK;
  OURO_TRY(inflate_into(ts, self, pump, Z_SYNC_FLUSH, code));
  if (code == Z_STREAM_END) {
    self->ended = true;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return raise_error(ts, error_of(self), self->stream, code, "while decompressing data");
  }
  return pump.output().finish();
}

ObjResult flush_decompressor(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  const std::int64_t first =
      OURO_TRY(c_size_or(ts, args.size() > 0 ? args[0] : Obj(), kFirstBytes));
  if (first <= 0) return raise_value_error(ts, "length must be greater than zero");
  Ref<Bytes> input = Ref<Bytes>::share(self->unconsumed);
  Pump pump(ts, self->stream, input->view(), static_cast<std::size_t>(first));
  int code = Z_OK;
  OURO_TRY(inflate_into(ts, self, pump, Z_FINISH, code));
  if (code == Z_STREAM_END) {
    self->ended = true;
    self->active = false;
    code = inflateEnd(&self->stream);
    if (code != Z_OK) {
      return raise_error(ts, error_of(self), self->stream, code, "while finishing decompression");
    }
  }
  return pump.output().finish();
}

// -- copies ---------------------------------------------------------------------------------------

template <int (*Copy)(z_streamp, z_streamp)>
ObjResult copy_method(ThreadState& ts, Obj object, Args) {
  auto* self = as<Stream>(object);
  Ref<Stream> made = OURO_TRY(new_stream_object(ts, self->type(), self->error));
  switch (const int code = Copy(&made->stream, &self->stream)) {
    case Z_OK:
      break;
    case Z_STREAM_ERROR:
      return raise_value_error(ts, "Inconsistent stream state");
    case Z_MEM_ERROR:
      return raise(ts, ts.core.exceptions.MemoryError,
                   "Can't allocate memory for {}compression object",
                   Copy == inflateCopy ? "de" : "");
    default:
      return raise_error(ts, error_of(self), self->stream, code, "while copying object");
  }
  made->active = true;
  made->ended = self->ended;
  if (self->dictionary != nullptr) made->dictionary = Obj(self->dictionary).new_ref().release();
  OURO_TRY(replace_bytes(ts, made->unused, self->unused->view()));
  OURO_TRY(replace_bytes(ts, made->unconsumed, self->unconsumed->view()));
  return made;
}

#define OURO_COPY_METHODS(copy)                                                                \
  {"copy", copy_method<copy>, 0,                                                               \
   0,      MethodDef::kNone,  "copy($self, /)\n--\n\nAnother stream that goes on from here."}, \
      {"__copy__", copy_method<copy>, 0, 0, MethodDef::kNone, "__copy__($self, /)\n--\n\n"},   \
      {"__deepcopy__",                                                                         \
       copy_method<copy>,                                                                      \
       1,                                                                                      \
       1,                                                                                      \
       MethodDef::kNone,                                                                       \
       "__deepcopy__($self, memo, /)\n--\n\n"},                                                \
  {                                                                                            \
    nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr                                          \
  }

constexpr MethodDef kCompressMethods[] = {
    {"compress", compress_method, 1, 1, MethodDef::kNone,
     "compress($self, data, /)\n--\n\nTakes data; returns the compressed bytes that are ready."},
    {"flush", flush_compressor, 0, 1, MethodDef::kNone,
     "flush($self, mode=zlib.Z_FINISH, /)\n--\n\nReturns what compressed data is still inside."},
    OURO_COPY_METHODS(deflateCopy),
};

constexpr MethodDef kDecompressMethods[] = {
    {"decompress", decompress_method, 0, -1, MethodDef::kKeywords,
     "decompress($self, data, /, max_length=0)\n--\n\nTakes data; returns the decompressed bytes "
     "that "
     "are ready."},
    {"flush", flush_decompressor, 0, 1, MethodDef::kNone,
     "flush($self, length=zlib.DEF_BUF_SIZE, /)\n--\n\nReturns what decompressed data is still "
     "inside."},
    OURO_COPY_METHODS(inflateCopy),
};
#undef OURO_COPY_METHODS

template <Bytes* Stream::*Member>
ObjResult get_bytes(ThreadState&, Obj self) {
  return Obj(as<Stream>(self)->*Member).new_ref();
}
ObjResult get_ended(ThreadState& ts, Obj self) { return ts.core.bool_ref(as<Stream>(self)->ended); }

constexpr GetSetDef kDecompressGetSets[] = {
    {"unused_data", get_bytes<&Stream::unused>, refuse_member_set, nullptr},
    {"unconsumed_tail", get_bytes<&Stream::unconsumed>, refuse_member_set, nullptr},
    {"eof", get_ended, refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_compress(Type& type) {
  type.info.dealloc = dealloc<deflateEnd>;
  type.methods = kCompressMethods;
}

void fill_decompress(Type& type) {
  type.info.dealloc = dealloc<inflateEnd>;
  type.methods = kDecompressMethods;
  type.getsets = kDecompressGetSets;
}

}  // namespace

ObjResult make_compressor(ThreadState& ts, Obj module, Args args) {
  Obj values[6];
  OURO_TRY(parse_args(ts, args, "compressobj",
                      {"level", "method", "wbits", "memLevel", "strategy", "zdict"}, 0, values));
  const int level = OURO_TRY(c_int_or(ts, values[0], Z_DEFAULT_COMPRESSION));
  const int method = OURO_TRY(c_int_or(ts, values[1], Z_DEFLATED));
  const int window_bits = OURO_TRY(c_int_or(ts, values[2], MAX_WBITS));
  const int memory_level = OURO_TRY(c_int_or(ts, values[3], kMemoryLevel));
  const int strategy = OURO_TRY(c_int_or(ts, values[4], Z_DEFAULT_STRATEGY));
  BufferView dictionary;
  if (values[5]) OURO_TRY(dictionary.acquire(ts, values[5]));
  const Obj error = state_object(module, kError);
  Ref<Stream> made = OURO_TRY(new_stream_object(ts, state_type(module, kCompress), error));
  switch (const int code =
              deflateInit2(&made->stream, level, method, window_bits, memory_level, strategy)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return raise(ts, ts.core.exceptions.MemoryError,
                   "Can't allocate memory for compression object");
    case Z_STREAM_ERROR:
      return raise_value_error(ts, "Invalid initialization option");
    default:
      return raise_error(ts, as<Type>(error), made->stream, code,
                         "while creating compression object");
  }
  made->active = true;
  if (values[5]) OURO_TRY(give_dictionary(ts, made->stream, dictionary.view()));
  return made;
}

ObjResult make_decompressor(ThreadState& ts, Obj module, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "decompressobj", {"wbits", "zdict"}, 0, values));
  const int window_bits = OURO_TRY(c_int_or(ts, values[0], MAX_WBITS));
  if (values[1] && !BufferView::is_bytes_like(values[1])) {
    return raise_type_error(ts, "zdict argument must support the buffer protocol");
  }
  const Obj error = state_object(module, kError);
  Ref<Stream> made = OURO_TRY(new_stream_object(ts, state_type(module, kDecompress), error));
  if (values[1]) made->dictionary = values[1].new_ref().release();
  switch (const int code = inflateInit2(&made->stream, window_bits)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return raise(ts, ts.core.exceptions.MemoryError,
                   "Can't allocate memory for decompression object");
    case Z_STREAM_ERROR:
      return raise_value_error(ts, "Invalid initialization option");
    default:
      return raise_error(ts, as<Type>(error), made->stream, code,
                         "while creating decompression object");
  }
  made->active = true;
  // A raw stream does not say that it needs a dictionary.
  if (made->dictionary != nullptr && window_bits < 0) OURO_TRY(use_dictionary(ts, made.get()));
  return made;
}

Status set_stream_types(ThreadState& ts, Borrowed<Module> module, Borrowed<Type> error) {
  Ref<Type> compress = OURO_TRY(make_native_type(
      ts, {"Compress", "zlib", sizeof(Stream), 0, kDisallowInstantiation, fill_compress, nullptr}));
  Ref<Type> decompress =
      OURO_TRY(make_native_type(ts, {"Decompress", "zlib", sizeof(Stream), 0,
                                     kDisallowInstantiation, fill_decompress, nullptr}));
  return set_state(ts, module, {Obj(error.get()), compress, decompress});
}

}  // namespace ouro::zlib
