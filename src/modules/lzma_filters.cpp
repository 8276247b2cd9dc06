// Filter chains of module _lzma: between dicts and the library's structures.
#include "modules/lzma_filters.h"

namespace ouro::lzma {

namespace {

/// specification[name], or null when it has none.
MaybeAttribute entry(ThreadState& ts, Obj specification, const char* name) {
  Result<Ref<Str>> key = intern(ts, name);
  if (key.raised()) return {{}, true};
  ObjResult found = get_item(ts, specification, key.take());
  if (found.ok()) return {found.take(), false};
  return {{}, !catch_pending(ts, ts.core.exceptions.KeyError)};
}

Status number_entry(ThreadState& ts, Obj specification, const char* name, std::uint32_t& number) {
  MaybeAttribute found = entry(ts, specification, name);
  if (found.failed) return Raised{};
  if (found.value) number = static_cast<std::uint32_t>(OURO_TRY(c_unsigned_bits(ts, found.value)));
  return kDone;
}

/// Every key of the dict must be one of `names`.
Status refuse_others(ThreadState& ts, Obj specification, std::initializer_list<const char*> names,
                     const char* kind) {
  return for_each_item(ts, specification, [&](ObjRef key) -> Status {
    for (const char* name : names) {
      if (is_str(key) && str_equals_ascii(as<Str>(key), name)) return kDone;
    }
    return raise_value_error(ts, "Invalid filter specifier for {} filter", kind);
  });
}

template <class Options>
Options* new_options() {
  auto* made = static_cast<Options*>(allocate_raw(sizeof(Options)));
  if (made != nullptr) *made = {};
  return made;
}

Status lzma_options(ThreadState& ts, Borrowed<Type> error, Obj specification, lzma_filter& filter) {
  OURO_TRY(refuse_others(
      ts, specification,
      {"id", "preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"}, "LZMA"));
  std::uint32_t preset = LZMA_PRESET_DEFAULT;
  OURO_TRY(number_entry(ts, specification, "preset", preset));
  auto* options = new_options<lzma_options_lzma>();
  if (options == nullptr) return raise_no_memory(ts);
  filter.options = options;
  if (lzma_lzma_preset(options, preset)) {
    return raise(ts, error, "Invalid compression preset: {}", preset);
  }
  std::uint32_t mode = options->mode;
  std::uint32_t finder = options->mf;
  OURO_TRY(number_entry(ts, specification, "dict_size", options->dict_size));
  OURO_TRY(number_entry(ts, specification, "lc", options->lc));
  OURO_TRY(number_entry(ts, specification, "lp", options->lp));
  OURO_TRY(number_entry(ts, specification, "pb", options->pb));
  OURO_TRY(number_entry(ts, specification, "mode", mode));
  OURO_TRY(number_entry(ts, specification, "nice_len", options->nice_len));
  OURO_TRY(number_entry(ts, specification, "mf", finder));
  OURO_TRY(number_entry(ts, specification, "depth", options->depth));
  options->mode = static_cast<lzma_mode>(mode);
  options->mf = static_cast<lzma_match_finder>(finder);
  return kDone;
}

Status read_filter(ThreadState& ts, Borrowed<Type> error, Obj specification, lzma_filter& filter) {
  if (specification->type()->mapping.subscript == nullptr || is_list(specification) ||
      is_tuple(specification) || is_str(specification)) {
    return raise_type_error(ts, "Filter specifier must be a dict or dict-like object");
  }
  MaybeAttribute id = entry(ts, specification, "id");
  if (id.failed) return Raised{};
  if (!id.value) return raise_value_error(ts, "Filter specifier must have an \"id\" entry");
  filter.options = nullptr;
  filter.id = OURO_TRY(c_unsigned_bits(ts, id.value));
  switch (filter.id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2:
      return lzma_options(ts, error, specification, filter);
    case LZMA_FILTER_DELTA: {
      OURO_TRY(refuse_others(ts, specification, {"id", "dist"}, "delta"));
      auto* options = new_options<lzma_options_delta>();
      if (options == nullptr) return raise_no_memory(ts);
      filter.options = options;
      options->type = LZMA_DELTA_TYPE_BYTE;
      options->dist = 1;
      return number_entry(ts, specification, "dist", options->dist);
    }
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: {
      OURO_TRY(refuse_others(ts, specification, {"id", "start_offset"}, "BCJ"));
      auto* options = new_options<lzma_options_bcj>();
      if (options == nullptr) return raise_no_memory(ts);
      filter.options = options;
      return number_entry(ts, specification, "start_offset", options->start_offset);
    }
    default:
      return raise_value_error(ts, "Invalid filter ID: {}", filter.id);
  }
}

Status add_number(ThreadState& ts, Borrowed<Dict> dict, const char* name, std::uint64_t number) {
  Ref<Int> value = OURO_TRY(Int::from_unsigned(ts, number));
  return dict_set(ts, dict, name, Obj(value));
}

}  // namespace

Status check_code(ThreadState& ts, Borrowed<Type> error, lzma_ret code) {
  switch (code) {
    case LZMA_OK:
    case LZMA_GET_CHECK:
    case LZMA_NO_CHECK:
    case LZMA_STREAM_END:
      return kDone;
    case LZMA_UNSUPPORTED_CHECK:
      return raise(ts, error, "Unsupported integrity check");
    case LZMA_MEM_ERROR:
      return raise_no_memory(ts);
    case LZMA_MEMLIMIT_ERROR:
      return raise(ts, error, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR:
      return raise(ts, error, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR:
      return raise(ts, error, "Invalid or unsupported options");
    case LZMA_DATA_ERROR:
      return raise(ts, error, "Corrupt input data");
    case LZMA_BUF_ERROR:
      return raise(ts, error, "Insufficient buffer space");
    case LZMA_PROG_ERROR:
      return raise(ts, error, "Internal error");
    default:
      return raise(ts, error, "Unrecognized error from liblzma: {}", static_cast<int>(code));
  }
}

FilterChain::FilterChain() {
  for (lzma_filter& filter : filters_) filter = {LZMA_VLI_UNKNOWN, nullptr};
}

FilterChain::~FilterChain() {
  for (lzma_filter& filter : filters_) free_raw(filter.options);
}

Status FilterChain::take(ThreadState& ts, Borrowed<Type> error, Obj specification) {
  const std::int64_t count = OURO_TRY(length_of(ts, specification));
  if (count > LZMA_FILTERS_MAX) {
    return raise_value_error(ts, "Too many filters - liblzma supports a maximum of {}",
                             LZMA_FILTERS_MAX);
  }
  for (std::int64_t i = 0; i < count; ++i) {
    Ref<Int> index = OURO_TRY(Int::from(ts, i));
    ObjRef one = OURO_TRY(get_item(ts, specification, index));
    OURO_TRY(read_filter(ts, error, one, filters_[i]));
  }
  return kDone;
}

ObjResult encode_filter(ThreadState& ts, Borrowed<Type> error, Obj specification) {
  Ref<Tuple> one = OURO_TRY(Tuple::of(ts, specification));
  FilterChain chain;
  OURO_TRY(chain.take(ts, error, one));
  std::uint32_t bytes = 0;
  OURO_TRY(check_code(ts, error, lzma_properties_size(&bytes, chain.get())));
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, bytes));
  OURO_TRY(check_code(
      ts, error,
      lzma_properties_encode(chain.get(), reinterpret_cast<std::uint8_t*>(made->data()))));
  return made;
}

ObjResult decode_filter(ThreadState& ts, Borrowed<Type> error, lzma_vli id, std::string_view data) {
  lzma_filter filter = {id, nullptr};
  OURO_TRY(check_code(
      ts, error,
      lzma_properties_decode(&filter, &kAllocator,
                             reinterpret_cast<const std::uint8_t*>(data.data()), data.size())));
  const auto build = [&]() -> ObjResult {
    Ref<Dict> made = OURO_TRY(Dict::create(ts));
    OURO_TRY(add_number(ts, made, "id", id));
    if (id == LZMA_FILTER_LZMA1 || id == LZMA_FILTER_LZMA2) {
      const auto* options = static_cast<const lzma_options_lzma*>(filter.options);
      OURO_TRY(add_number(ts, made, "dict_size", options->dict_size));
      if (id == LZMA_FILTER_LZMA1) {
        OURO_TRY(add_number(ts, made, "lc", options->lc));
        OURO_TRY(add_number(ts, made, "lp", options->lp));
        OURO_TRY(add_number(ts, made, "pb", options->pb));
      }
    } else if (id == LZMA_FILTER_DELTA) {
      OURO_TRY(
          add_number(ts, made, "dist", static_cast<lzma_options_delta*>(filter.options)->dist));
    } else if (filter.options != nullptr) {
      OURO_TRY(add_number(ts, made, "start_offset",
                          static_cast<lzma_options_bcj*>(filter.options)->start_offset));
    }
    return made;
  };
  ObjResult made = build();
  free_raw(filter.options);
  return made;
}

}  // namespace ouro::lzma
