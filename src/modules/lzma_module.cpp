// Module _lzma: LZMACompressor, LZMADecompressor and filter properties over liblzma.
#include "modules/lzma_filters.h"
#include "modules/native_modules.h"

namespace ouro {

namespace lzma {

namespace {

constexpr std::size_t kFirstBytes = 32 * 1024;

enum Format : int { kAuto, kXz, kAlone, kRaw };

struct Stream : Object {
  lzma_stream stream;
  Object* error;  // the class LZMAError
  bool flushed;   // compressor
  bool ended;     // decompressor, as all below
  bool needs_input;
  int check;
  Bytes* unused;
  Bytes* waiting;  // input not taken yet, because the output reached its limit
};

void dealloc(gc::Header* header) {
  auto* self = static_cast<Stream*>(header);
  lzma_end(&self->stream);
  drop(self->unused);
  drop(self->waiting);
  drop(self->error);
  free_object(self);
}

/// The module's LZMAError, which its types know as their companion.
Borrowed<Type> error_of(Borrowed<Type> type) { return companion(type); }

Result<Ref<Stream>> new_stream(ThreadState& ts, Borrowed<Type> type) {
  Ref<Stream> made = OURO_TRY(new_object<Stream>(ts, type, type->info.basic_bytes));
  made->stream = LZMA_STREAM_INIT;
  made->stream.allocator = &kAllocator;
  made->error = Obj(error_of(type).get()).new_ref().release();
  made->unused = OURO_TRY(Bytes::from(ts, "")).release();
  made->waiting = OURO_TRY(Bytes::from(ts, "")).release();
  return made;
}

// -- compressing ----------------------------------------------------------------------------------

ObjResult make_compressor(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[4];
  OURO_TRY(
      parse_args(ts, args, "LZMACompressor", {"format", "check", "preset", "filters"}, 0, values));
  const int format = OURO_TRY(c_int_or(ts, values[0], kXz));
  int check = OURO_TRY(c_int_or(ts, values[1], -1));
  const bool has_preset = values[2] && !is_none(values[2]);
  const bool has_filters = values[3] && !is_none(values[3]);
  if (has_preset && has_filters) {
    return raise_value_error(ts, "Cannot specify both preset and filter chain");
  }
  const auto preset = has_preset
                          ? static_cast<std::uint32_t>(OURO_TRY(c_unsigned_bits(ts, values[2])))
                          : std::uint32_t{LZMA_PRESET_DEFAULT};
  if (format != kXz && check != -1 && check != LZMA_CHECK_NONE) {
    return raise_value_error(ts, "Integrity checks are only supported by FORMAT_XZ");
  }
  Ref<Stream> made = OURO_TRY(new_stream(ts, type));
  const Borrowed<Type> error = error_of(type);
  FilterChain filters;
  if (has_filters) OURO_TRY(filters.take(ts, error, values[3]));
  lzma_ret code = LZMA_OK;
  switch (format) {
    case kXz:
      if (check == -1) check = LZMA_CHECK_CRC64;
      code = has_filters
                 ? lzma_stream_encoder(&made->stream, filters.get(), static_cast<lzma_check>(check))
                 : lzma_easy_encoder(&made->stream, preset, static_cast<lzma_check>(check));
      break;
    case kAlone: {
      lzma_options_lzma options = {};
      if (!has_filters) {
        if (lzma_lzma_preset(&options, preset)) {
          return raise(ts, error, "Invalid compression preset: {}", preset);
        }
      } else if (!filters.is_single(LZMA_FILTER_LZMA1)) {
        return raise_value_error(
            ts, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
      }
      code = lzma_alone_encoder(
          &made->stream,
          has_filters ? static_cast<lzma_options_lzma*>(filters.get()->options) : &options);
      break;
    }
    case kRaw:
      if (!has_filters) return raise_value_error(ts, "Must specify filters for FORMAT_RAW");
      code = lzma_raw_encoder(&made->stream, filters.get());
      break;
    default:
      return raise_value_error(ts, "Invalid container format: {}", format);
  }
  OURO_TRY(check_code(ts, error, code));
  return made;
}

Result<Ref<Bytes>> encode(ThreadState& ts, Stream* self, std::string_view input,
                          lzma_action action) {
  ByteOutput output(ts);
  self->stream.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
  self->stream.avail_in = input.size();
  for (;;) {
    OURO_TRY(output.grow(kFirstBytes));
    const std::size_t room = output.available();
    self->stream.next_out = reinterpret_cast<std::uint8_t*>(output.room());
    self->stream.avail_out = room;
    lzma_ret code = lzma_code(&self->stream, action);
    output.advance(room - self->stream.avail_out);
    if (code == LZMA_BUF_ERROR && input.empty() && self->stream.avail_out > 0) code = LZMA_OK;
    OURO_TRY(check_code(ts, as<Type>(Obj(self->error)), code));
    if (action == LZMA_RUN ? self->stream.avail_in == 0 && self->stream.avail_out > 0
                           : code == LZMA_STREAM_END) {
      return output.finish();
    }
  }
}

ObjResult compress(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  if (self->flushed) return raise_value_error(ts, "Compressor has been flushed");
  return encode(ts, self, data.view(), LZMA_RUN);
}

ObjResult flush(ThreadState& ts, Obj object, Args) {
  auto* self = as<Stream>(object);
  if (self->flushed) return raise_value_error(ts, "Repeated call to flush()");
  self->flushed = true;
  return encode(ts, self, {}, LZMA_FINISH);
}

constexpr MethodDef kCompressorMethods[] = {
    {"compress", compress, 1, 1, MethodDef::kNone,
     "compress($self, data, /)\n--\n\nTakes data; returns the compressed bytes that are ready."},
    {"flush", flush, 0, 0, MethodDef::kNone,
     "flush($self, /)\n--\n\nReturns what compressed data is still inside."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- decompressing --------------------------------------------------------------------------------

ObjResult make_decompressor(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "LZMADecompressor", {"format", "memlimit", "filters"}, 0, values));
  const int format = OURO_TRY(c_int_or(ts, values[0], kAuto));
  const bool has_limit = values[1] && !is_none(values[1]);
  const bool has_filters = values[2] && !is_none(values[2]);
  if (has_limit && format == kRaw) {
    return raise_value_error(ts, "Cannot specify memory limit with FORMAT_RAW");
  }
  const std::uint64_t limit = has_limit ? OURO_TRY(c_unsigned_bits(ts, values[1])) : UINT64_MAX;
  if (format == kRaw && !has_filters) {
    return raise_value_error(ts, "Must specify filters for FORMAT_RAW");
  }
  if (format != kRaw && has_filters) {
    return raise_value_error(ts, "Cannot specify filters except with FORMAT_RAW");
  }
  Ref<Stream> made = OURO_TRY(new_stream(ts, type));
  made->needs_input = true;
  made->check = kUnknownCheck;
  constexpr std::uint32_t kFlags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
  lzma_ret code = LZMA_OK;
  switch (format) {
    case kAuto:
      code = lzma_auto_decoder(&made->stream, limit, kFlags);
      break;
    case kXz:
      code = lzma_stream_decoder(&made->stream, limit, kFlags);
      break;
    case kAlone:
      made->check = LZMA_CHECK_NONE;
      code = lzma_alone_decoder(&made->stream, limit);
      break;
    case kRaw: {
      made->check = LZMA_CHECK_NONE;
      FilterChain filters;
      OURO_TRY(filters.take(ts, error_of(type), values[2]));
      code = lzma_raw_decoder(&made->stream, filters.get());
      break;
    }
    default:
      return raise_value_error(ts, "Invalid container format: {}", format);
  }
  OURO_TRY(check_code(ts, error_of(type), code));
  return made;
}

Status replace(ThreadState& ts, Bytes*& member, std::string_view text) {
  Ref<Bytes> now = OURO_TRY(Bytes::from(ts, text));
  decref(std::exchange(member, now.release()));
  return kDone;
}

Result<Ref<Bytes>> decode(ThreadState& ts, Stream* self, std::string_view input, std::size_t most) {
  ByteOutput output(ts);
  self->stream.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
  self->stream.avail_in = input.size();
  while (output.size() < most) {
    OURO_TRY(output.grow(kFirstBytes, most));
    const std::size_t room = output.available();
    self->stream.next_out = reinterpret_cast<std::uint8_t*>(output.room());
    self->stream.avail_out = room;
    lzma_ret code = lzma_code(&self->stream, LZMA_RUN);
    output.advance(room - self->stream.avail_out);
    const bool dry = self->stream.avail_in == 0 && self->stream.avail_out > 0;
    if (code == LZMA_BUF_ERROR && dry) code = LZMA_OK;
    OURO_TRY(check_code(ts, as<Type>(Obj(self->error)), code));
    if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK)
      self->check = lzma_get_check(&self->stream);
    if (code == LZMA_STREAM_END) {
      self->ended = true;
      break;
    }
    if (dry && code == LZMA_OK) break;
  }
  const std::string_view rest(reinterpret_cast<const char*>(self->stream.next_in),
                              self->stream.avail_in);
  self->needs_input = !self->ended && rest.empty() && output.size() < most;
  if (self->ended) OURO_TRY(replace(ts, self->unused, rest));
  OURO_TRY(replace(ts, self->waiting, self->ended ? std::string_view() : rest));
  return output.finish();
}

ObjResult decompress(ThreadState& ts, Obj object, Args args) {
  auto* self = as<Stream>(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "decompress", {"data", "max_length"}, 1, values));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[0]));
  const std::int64_t most = OURO_TRY(c_size_or(ts, values[1], -1));
  if (self->ended) return raise(ts, ts.core.exceptions.EOFError, "Already at end of stream");
  const std::size_t limit = most < 0 ? SIZE_MAX / 4 : static_cast<std::size_t>(most);
  if (self->waiting->length == 0) return decode(ts, self, data.view(), limit);
  Ref<ByteArray> input = OURO_TRY(ByteArray::from(ts, self->waiting->view()));
  const std::int64_t before = input->length;
  OURO_TRY(input->resize(ts, before + static_cast<std::int64_t>(data.size())));
  std::memcpy(input->data + before, data.data(), data.size());
  return decode(ts, self, {input->data, static_cast<std::size_t>(input->length)}, limit);
}

constexpr MethodDef kDecompressorMethods[] = {
    {"decompress", decompress, 0, -1, MethodDef::kKeywords,
     "decompress($self, /, data, max_length=-1)\n--\n\nTakes data; returns the decompressed bytes "
     "that "
     "are ready."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

ObjResult get_check(ThreadState& ts, Obj self) { return Int::from(ts, as<Stream>(self)->check); }
ObjResult get_ended(ThreadState& ts, Obj self) { return ts.core.bool_ref(as<Stream>(self)->ended); }
ObjResult get_needs_input(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as<Stream>(self)->needs_input);
}
ObjResult get_unused(ThreadState&, Obj self) { return Obj(as<Stream>(self)->unused).new_ref(); }

constexpr GetSetDef kDecompressorGetSets[] = {
    {"check", get_check, refuse_member_set, "ID of the integrity check used by the input stream."},
    {"eof", get_ended, refuse_member_set, "True if the end-of-stream marker has been reached."},
    {"needs_input", get_needs_input, refuse_member_set,
     "True if more input is needed before more decompressed data can be produced."},
    {"unused_data", get_unused, refuse_member_set,
     "Data found after the end of the compressed stream."},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_compressor(Type& type) {
  type.info.basic_bytes = sizeof(Stream);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.make = make_compressor;
  type.methods = kCompressorMethods;
}

void fill_decompressor(Type& type) {
  type.info.basic_bytes = sizeof(Stream);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.make = make_decompressor;
  type.methods = kDecompressorMethods;
  type.getsets = kDecompressorGetSets;
}

ObjResult is_check_supported(ThreadState& ts, Obj, Args args) {
  const int check = OURO_TRY(c_int(ts, args[0]));
  return ts.core.bool_ref(lzma_check_is_supported(static_cast<lzma_check>(check)) != 0);
}

ObjResult encode_properties(ThreadState& ts, Obj module, Args args) {
  return encode_filter(ts, state_type(module, 0), args[0]);
}
ObjResult decode_properties(ThreadState& ts, Obj module, Args args) {
  const std::uint64_t id = OURO_TRY(c_unsigned_bits(ts, args[0]));
  BufferView data;
  OURO_TRY(data.acquire(ts, args[1]));
  return decode_filter(ts, state_type(module, 0), id, data.view());
}

constexpr MethodDef kFunctions[] = {
    {"is_check_supported", is_check_supported, 1, 1, MethodDef::kNone,
     "is_check_supported($module, check_id, /)\n--\n\nTest whether the given integrity check is "
     "supported."},
    {"_encode_filter_properties", encode_properties, 1, 1, MethodDef::kNone,
     "_encode_filter_properties($module, filter, /)\n--\n\nThe properties of a filter as bytes."},
    {"_decode_filter_properties", decode_properties, 2, 2, MethodDef::kNone,
     "_decode_filter_properties($module, filter_id, encoded_props, /)\n--\n\nA filter from the "
     "bytes of "
     "its properties."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, std::int64_t> kConstants[] = {
    {"FORMAT_AUTO", kAuto},
    {"FORMAT_XZ", kXz},
    {"FORMAT_ALONE", kAlone},
    {"FORMAT_RAW", kRaw},
    {"CHECK_NONE", LZMA_CHECK_NONE},
    {"CHECK_CRC32", LZMA_CHECK_CRC32},
    {"CHECK_CRC64", LZMA_CHECK_CRC64},
    {"CHECK_SHA256", LZMA_CHECK_SHA256},
    {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
    {"CHECK_UNKNOWN", kUnknownCheck},
    {"FILTER_LZMA1", LZMA_FILTER_LZMA1},
    {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
    {"FILTER_DELTA", LZMA_FILTER_DELTA},
    {"FILTER_X86", LZMA_FILTER_X86},
    {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
    {"FILTER_IA64", LZMA_FILTER_IA64},
    {"FILTER_ARM", LZMA_FILTER_ARM},
    {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
    {"FILTER_SPARC", LZMA_FILTER_SPARC},
    {"MF_HC3", LZMA_MF_HC3},
    {"MF_HC4", LZMA_MF_HC4},
    {"MF_BT2", LZMA_MF_BT2},
    {"MF_BT3", LZMA_MF_BT3},
    {"MF_BT4", LZMA_MF_BT4},
    {"MODE_FAST", LZMA_MODE_FAST},
    {"MODE_NORMAL", LZMA_MODE_NORMAL},
    {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
    {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
};

}  // namespace

}  // namespace lzma

Result<Ref<Module>> create_lzma_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_lzma"));
  OURO_TRY(module->add_functions(ts, lzma::kFunctions));
  Ref<Type> error =
      OURO_TRY(make_exception_class(ts, "_lzma", "LZMAError", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "LZMAError", Obj(error)));
  OURO_TRY(set_state(ts, module, {error}));
  const TypeSpec types[] = {
      {"LZMACompressor", "_lzma", sizeof(lzma::Stream), 0, 0, lzma::fill_compressor, nullptr},
      {"LZMADecompressor", "_lzma", sizeof(lzma::Stream), 0, 0, lzma::fill_decompressor, nullptr},
  };
  for (const TypeSpec& spec : types) {
    Ref<Type> type = OURO_TRY(add_native_type(ts, module, spec));
    OURO_TRY(set_companions(ts, type, {error}));
  }
  for (const auto& [name, value] : lzma::kConstants)
    OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
