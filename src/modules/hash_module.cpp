// Modules _md5, _sha1, _sha256, _sha512, _sha3 and _blake2: message digests, computed by libcrypto (EVP).
//
// One object layout serves all; a module's state is the row of its types, in the order of its algorithms.

#include <openssl/evp.h>

#include "modules/native_modules.h"
#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

struct Algorithm {
  const char* name;      // of the constructor and of the object
  const char* evp_name;  // as libcrypto knows it
  bool variable;         // the digest may have any length
  bool is_type;          // the constructor is the type itself (_sha3, _blake2)
};

constexpr Algorithm kMd5[] = {{"md5", "MD5", false, false}};
constexpr Algorithm kSha1[] = {{"sha1", "SHA1", false, false}};
constexpr Algorithm kSha256[] = {{"sha256", "SHA256", false, false}, {"sha224", "SHA224", false, false}};
constexpr Algorithm kSha512[] = {{"sha512", "SHA512", false, false}, {"sha384", "SHA384", false, false}};
constexpr Algorithm kSha3[] = {{"sha3_224", "SHA3-224", false, true}, {"sha3_256", "SHA3-256", false, true},
                               {"sha3_384", "SHA3-384", false, true}, {"sha3_512", "SHA3-512", false, true},
                               {"shake_128", "SHAKE128", true, true}, {"shake_256", "SHAKE256", true, true}};
constexpr Algorithm kBlake2[] = {{"blake2b", "BLAKE2b512", false, true}, {"blake2s", "BLAKE2s256", false, true}};
constexpr std::size_t kMostAlgorithms = 6;

struct HashObject : Object {
  EVP_MD_CTX* context;  // owned
  const Algorithm* algorithm;
};

void hash_dealloc(gc::Header* header) {
  auto* self = static_cast<HashObject*>(header);
  EVP_MD_CTX_free(self->context);
  free_object(self);
}

Raised raise_library_error(ThreadState& ts, const Algorithm& algorithm) {
  return raise_value_error(ts, "libcrypto cannot compute {}", algorithm.name);
}

Status update_with(ThreadState& ts, HashObject* self, Obj data) {
  if (is_str(data)) return raise_type_error(ts, "Strings must be encoded before hashing");
  if (!BufferView::is_bytes_like(data)) {
    return raise_type_error(ts, "object supporting the buffer API required");
  }
  BufferView view;
  OURO_TRY(view.acquire(ts, data));
  if (EVP_DigestUpdate(self->context, view.data(), view.size()) != 1) {
    return raise_library_error(ts, *self->algorithm);
  }
  return kDone;
}

Result<Ref<HashObject>> new_hash(ThreadState& ts, Borrowed<Type> type, const Algorithm& algorithm) {
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  as<HashObject>(made)->algorithm = &algorithm;
  as<HashObject>(made)->context = EVP_MD_CTX_new();
  if (as<HashObject>(made)->context == nullptr) return raise_no_memory(ts);
  return Ref<HashObject>::steal(as<HashObject>(made.release()));
}

/// constructor(string=b'', *, usedforsecurity=True)
ObjResult construct(ThreadState& ts, Borrowed<Type> type, const Algorithm& algorithm, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, algorithm.name, {algorithm.is_type ? "data" : "string", "*usedforsecurity"}, 0, given));
  ObjRef data = given[0].new_ref();
  if (given[1]) static_cast<void>(OURO_TRY(is_true(ts, given[1])));
  const EVP_MD* method = EVP_get_digestbyname(algorithm.evp_name);
  if (method == nullptr) return raise_library_error(ts, algorithm);
  Ref<HashObject> made = OURO_TRY(new_hash(ts, type, algorithm));
  if (EVP_DigestInit_ex(made->context, method, nullptr) != 1) return raise_library_error(ts, algorithm);
  if (data) OURO_TRY(update_with(ts, made.get(), data));
  return made;
}

Type* type_of(Obj module, std::size_t index) { return static_cast<Type**>(as<Module>(module)->state)[index]; }

template <const Algorithm* Row, std::size_t Index>
ObjResult construct_function(ThreadState& ts, Obj module, Args args) {
  return construct(ts, type_of(module, Index), Row[Index], args);
}

template <const Algorithm* Row, std::size_t Index>
ObjResult construct_type(ThreadState& ts, Borrowed<Type> type, Args args) {
  return construct(ts, type, Row[Index], args);
}

ObjResult update_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(update_with(ts, as<HashObject>(self), args[0]));
  return ts.core.none_ref();
}

ObjResult copy_method(ThreadState& ts, Obj self, Args) {
  auto* from = as<HashObject>(self);
  Ref<HashObject> made = OURO_TRY(new_hash(ts, self->type(), *from->algorithm));
  if (EVP_MD_CTX_copy_ex(made->context, from->context) != 1) return raise_library_error(ts, *from->algorithm);
  return made;
}

/// The digest so far: computed on a copy, so that more data may follow.
Result<Ref<Bytes>> digest_of(ThreadState& ts, HashObject* self, Args args) {
  const Algorithm& algorithm = *self->algorithm;
  std::int64_t length = EVP_MD_CTX_size(self->context);
  if (algorithm.variable) {
    length = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
    if (length < 0) return raise_value_error(ts, "value must be positive");
    if (length >= std::int64_t{1} << 29) return raise_value_error(ts, "length is too large");
  }
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, length));
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  if (context == nullptr) return raise_no_memory(ts);
  auto* out = reinterpret_cast<unsigned char*>(made->data());
  bool good = EVP_MD_CTX_copy_ex(context, self->context) == 1;
  if (good && length > 0) {
    good = algorithm.variable ? EVP_DigestFinalXOF(context, out, static_cast<std::size_t>(length)) == 1
                              : EVP_DigestFinal_ex(context, out, nullptr) == 1;
  }
  EVP_MD_CTX_free(context);
  if (!good) return raise_library_error(ts, algorithm);
  return made;
}

ObjResult digest_method(ThreadState& ts, Obj self, Args args) { return digest_of(ts, as<HashObject>(self), args); }

ObjResult hexdigest_method(ThreadState& ts, Obj self, Args args) {
  Ref<Bytes> digest = OURO_TRY(digest_of(ts, as<HashObject>(self), args));
  Ref<Str> text = OURO_TRY(Str::make(ts, 2 * digest->length, 127));
  auto* out = static_cast<char*>(text->data());
  for (char c : digest->view()) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = "0123456789abcdef"[byte >> 4];
    *out++ = "0123456789abcdef"[byte & 15];
  }
  return text;
}

ObjResult get_name(ThreadState& ts, Obj self) { return Str::from_latin1(ts, as<HashObject>(self)->algorithm->name); }

ObjResult get_digest_size(ThreadState& ts, Obj self) {
  const auto* hash = as<HashObject>(self);
  return Int::from(ts, hash->algorithm->variable ? 0 : EVP_MD_CTX_size(hash->context));
}

ObjResult get_block_size(ThreadState& ts, Obj self) {
  return Int::from(ts, EVP_MD_CTX_block_size(as<HashObject>(self)->context));
}

constexpr GetSetDef kGetSets[] = {
    {"name", get_name, nullptr, "The name of the algorithm."},
    {"digest_size", get_digest_size, nullptr, "Bytes of the digest."},
    {"block_size", get_block_size, nullptr, "Bytes the algorithm takes at a time."},
    {nullptr, nullptr, nullptr, nullptr},
};

#define OURO_HASH_METHODS(digest_arguments)                                                                              \
  {"update", update_method, 1, 1, MethodDef::kNone, "update($self, obj, /)\n--\n\nFeed more data into this hash."},      \
      {"digest", digest_method, digest_arguments, digest_arguments, MethodDef::kNone, "Return the digest as bytes."},    \
      {"hexdigest", hexdigest_method, digest_arguments, digest_arguments, MethodDef::kNone,                              \
       "Return the digest as hexadecimal digits."},                                                                      \
      {"copy", copy_method, 0, 0, MethodDef::kNone, "copy($self, /)\n--\n\nReturn a copy of the hash object."},          \
      {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr}

constexpr MethodDef kFixedMethods[] = {OURO_HASH_METHODS(0)};
constexpr MethodDef kVariableMethods[] = {OURO_HASH_METHODS(1)};
#undef OURO_HASH_METHODS

template <const Algorithm* Row, std::size_t Index>
void fill_hash_type(Type& type) {
  type.info.dealloc = hash_dealloc;
  type.methods = Row[Index].variable ? kVariableMethods : kFixedMethods;
  type.getsets = kGetSets;
  if (Row[Index].is_type) {
    type.make = construct_type<Row, Index>;
  } else {
    type.info.flags |= kDisallowInstantiation;
  }
}

void free_types(Module* module) {
  auto** types = static_cast<Type**>(std::exchange(module->state, nullptr));
  if (types == nullptr) return;
  for (std::size_t i = 0; i < kMostAlgorithms; ++i) xdecref(types[i]);
  free_raw(types);
}

template <const Algorithm* Row, std::size_t Index>
constexpr MethodDef kConstructors[] = {
    {Row[Index].name, construct_function<Row, Index>, 0, -1, MethodDef::kKeywords, "Return a new hash object; optionally initialized with a string."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

template <const Algorithm* Row, std::size_t Index>
Status add_algorithm(ThreadState& ts, Borrowed<Module> module, const char* module_name) {
  const TypeSpec spec{Row[Index].name, module_name, sizeof(HashObject), 0, 0, fill_hash_type<Row, Index>, nullptr};
  Ref<Type> type = OURO_TRY(make_native_type(ts, spec));
  if (Row[Index].is_type) {
    OURO_TRY(dict_set(ts, module->dict, Row[Index].name, Obj(type)));
  } else {
    OURO_TRY(module->add_functions(ts, kConstructors<Row, Index>));
  }
  static_cast<Type**>(module->state)[Index] = type.release();
  return kDone;
}

template <const Algorithm* Row, std::size_t... Index>
Result<Ref<Module>> make_module(ThreadState& ts, const char* name, std::index_sequence<Index...>) {
  static_assert(sizeof...(Index) <= kMostAlgorithms);
  Ref<Module> module = OURO_TRY(Module::create(ts, name));
  auto** types = static_cast<Type**>(allocate_raw(kMostAlgorithms * sizeof(Type*)));
  if (types == nullptr) return raise_no_memory(ts);
  for (std::size_t i = 0; i < kMostAlgorithms; ++i) types[i] = nullptr;
  module->state = types;
  module->free_state = free_types;
  bool good = true;
  static_cast<void>(((good = add_algorithm<Row, Index>(ts, module, name).ok()) && ...));
  if (!good) return Raised{};
  return module;
}

}  // namespace

Result<Ref<Module>> create_md5_module(ThreadState& ts) { return make_module<kMd5>(ts, "_md5", std::make_index_sequence<1>()); }
Result<Ref<Module>> create_sha1_module(ThreadState& ts) { return make_module<kSha1>(ts, "_sha1", std::make_index_sequence<1>()); }
Result<Ref<Module>> create_sha256_module(ThreadState& ts) { return make_module<kSha256>(ts, "_sha256", std::make_index_sequence<2>()); }
Result<Ref<Module>> create_sha512_module(ThreadState& ts) { return make_module<kSha512>(ts, "_sha512", std::make_index_sequence<2>()); }
Result<Ref<Module>> create_sha3_module(ThreadState& ts) { return make_module<kSha3>(ts, "_sha3", std::make_index_sequence<6>()); }
Result<Ref<Module>> create_blake2_module(ThreadState& ts) { return make_module<kBlake2>(ts, "_blake2", std::make_index_sequence<2>()); }

}  // namespace ouro
