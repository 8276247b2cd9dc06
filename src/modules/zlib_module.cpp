// Module zlib: checksums and whole-text compression; the streams are in zlib_streams.cpp.
#include "modules/native_modules.h"
#include "modules/zlib_streams.h"

namespace ouro {

namespace zlib {

void* allocate(void*, unsigned count, unsigned bytes) {
  return allocate_raw(static_cast<std::size_t>(count) * bytes);
}
void release(void*, void* block) { free_raw(block); }

Raised raise_error(ThreadState& ts, Borrowed<Type> error, const z_stream& stream, int code,
                   const char* what) {
  // After a mismatch of versions the stream's message is not set at all.
  const char* detail = code == Z_VERSION_ERROR ? "library version mismatch" : stream.msg;
  if (detail == nullptr) {
    switch (code) {
      case Z_BUF_ERROR:
        detail = "incomplete or truncated stream";
        break;
      case Z_STREAM_ERROR:
        detail = "inconsistent stream state";
        break;
      case Z_DATA_ERROR:
        detail = "invalid input data";
        break;
      default:
        return raise(ts, error, "Error {} {}", code, what);
    }
  }
  return raise(ts, error, "Error {} {}: {}", code, what, detail);
}

}  // namespace zlib

namespace {

using zlib::Pump;

ObjResult compress_function(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "compress", {"/data", "level", "wbits"}, 1, values));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[0]));
  const int level = OURO_TRY(c_int_or(ts, values[1], Z_DEFAULT_COMPRESSION));
  const int window_bits = OURO_TRY(c_int_or(ts, values[2], MAX_WBITS));
  const Borrowed<Type> error = state_type(module, zlib::kError);
  z_stream stream = zlib::new_stream();
  switch (const int code = deflateInit2(&stream, level, Z_DEFLATED, window_bits, zlib::kMemoryLevel,
                                        Z_DEFAULT_STRATEGY)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return raise(ts, ts.core.exceptions.MemoryError, "Out of memory while compressing data");
    case Z_STREAM_ERROR:
      return raise(ts, error, "Bad compression level");
    default:
      deflateEnd(&stream);
      return zlib::raise_error(ts, error, stream, code, "while compressing data");
  }
  Pump pump(ts, stream, data.view());
  int code = Z_OK;
  const Status grown = pump.run(deflate, Z_NO_FLUSH, Z_FINISH, code);
  const int ended = deflateEnd(&stream);
  OURO_TRY(grown);
  if (code != Z_STREAM_END) {
    return zlib::raise_error(ts, error, stream, code, "while compressing data");
  }
  if (ended != Z_OK)
    return zlib::raise_error(ts, error, stream, ended, "while finishing compression");
  return pump.output().finish();
}

ObjResult decompress_function(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "decompress", {"/data", "wbits", "bufsize"}, 1, values));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[0]));
  const int window_bits = OURO_TRY(c_int_or(ts, values[1], MAX_WBITS));
  std::int64_t first_bytes = OURO_TRY(c_size_or(ts, values[2], zlib::kFirstBytes));
  if (first_bytes < 0) return raise_value_error(ts, "bufsize must be non-negative");
  const Borrowed<Type> error = state_type(module, zlib::kError);
  z_stream stream = zlib::new_stream();
  switch (const int code = inflateInit2(&stream, window_bits)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return raise(ts, ts.core.exceptions.MemoryError, "Out of memory while decompressing data");
    default:
      inflateEnd(&stream);
      return zlib::raise_error(ts, error, stream, code, "while preparing to decompress data");
  }
  Pump pump(ts, stream, data.view(), static_cast<std::size_t>(first_bytes));
  int code = Z_OK;
  const Status grown = pump.run(inflate, Z_NO_FLUSH, Z_FINISH, code);
  if (!grown.ok() || code != Z_STREAM_END) {
    inflateEnd(&stream);
    OURO_TRY(grown);
    if (code == Z_MEM_ERROR) {
      return raise(ts, ts.core.exceptions.MemoryError, "Out of memory while decompressing data");
    }
    return zlib::raise_error(ts, error, stream, code, "while decompressing data");
  }
  if (const int ended = inflateEnd(&stream); ended != Z_OK) {
    return zlib::raise_error(ts, error, stream, ended, "while finishing decompression");
  }
  return pump.output().finish();
}

template <uLong (*Checksum)(uLong, const Bytef*, z_size_t)>
ObjResult checksum(ThreadState& ts, Args args, std::uint32_t start) {
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  if (args.size() > 1) start = static_cast<std::uint32_t>(OURO_TRY(c_unsigned_bits(ts, args[1])));
  const uLong sum = Checksum(start, reinterpret_cast<const Bytef*>(data.data()), data.size());
  return Int::from(ts, static_cast<std::int64_t>(sum & 0xffffffffu));
}

ObjResult adler32_function(ThreadState& ts, Obj, Args args) {
  return checksum<adler32_z>(ts, args, 1);
}
ObjResult crc32_function(ThreadState& ts, Obj, Args args) { return checksum<crc32_z>(ts, args, 0); }

constexpr MethodDef kFunctions[] = {
    {"adler32", adler32_function, 1, 2, MethodDef::kNone,
     "adler32($module, data, value=1, /)\n--\n\nThe Adler-32 checksum of data, going on from "
     "value."},
    {"crc32", crc32_function, 1, 2, MethodDef::kNone,
     "crc32($module, data, value=0, /)\n--\n\nThe CRC-32 checksum of data, going on from value."},
    {"compress", compress_function, 0, -1, MethodDef::kKeywords,
     "compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)\n--\n\nThe "
     "compressed "
     "form of data."},
    {"decompress", decompress_function, 0, -1, MethodDef::kKeywords,
     "decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)\n--\n\nWhat data is the "
     "compressed form of."},
    {"compressobj", zlib::make_compressor, 0, -1, MethodDef::kKeywords,
     "compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n            "
     "wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n            strategy=Z_DEFAULT_STRATEGY, "
     "zdict=None)\n--\n\nA compressor for data that comes piece by piece."},
    {"decompressobj", zlib::make_decompressor, 0, -1, MethodDef::kKeywords,
     "decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')\n--\n\nA decompressor for data that "
     "comes "
     "piece by piece."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, int> kConstants[] = {
    {"MAX_WBITS", MAX_WBITS},
    {"DEFLATED", Z_DEFLATED},
    {"DEF_MEM_LEVEL", zlib::kMemoryLevel},
    {"DEF_BUF_SIZE", zlib::kFirstBytes},
    {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
    {"Z_BEST_SPEED", Z_BEST_SPEED},
    {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
    {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
    {"Z_FILTERED", Z_FILTERED},
    {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
    {"Z_RLE", Z_RLE},
    {"Z_FIXED", Z_FIXED},
    {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
    {"Z_NO_FLUSH", Z_NO_FLUSH},
    {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
    {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
    {"Z_FULL_FLUSH", Z_FULL_FLUSH},
    {"Z_FINISH", Z_FINISH},
    {"Z_BLOCK", Z_BLOCK},
    {"Z_TREES", Z_TREES},
};

}  // namespace

Result<Ref<Module>> create_zlib_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "zlib"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  OURO_TRY(add_constant(ts, module, "ZLIB_VERSION", ZLIB_VERSION));
  OURO_TRY(add_constant(ts, module, "ZLIB_RUNTIME_VERSION", zlibVersion()));
  OURO_TRY(add_constant(ts, module, "__version__", "1.0"));
  Ref<Type> error =
      OURO_TRY(make_exception_class(ts, "zlib", "error", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(error)));
  OURO_TRY(zlib::set_stream_types(ts, module, error));
  return module;
}

}  // namespace ouro
