// Module _random: the Mersenne Twister MT19937 (M. Matsumoto and T. Nishimura, 1998) that module random builds on.
// Seeds, numbers and states are those of CPython, so programs that fix a seed give the same results.

#include <sys/random.h>

#include <algorithm>
#include <ctime>

#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

constexpr int kWords = 624;
constexpr int kMiddle = 397;

struct Random : Object {
  std::int32_t index;  // of the next word; kWords: make new ones first
  std::uint32_t state[kWords];
};

void seed_by_number(Random* self, std::uint32_t seed) {
  self->state[0] = seed;
  for (std::uint32_t i = 1; i < kWords; ++i) {
    const std::uint32_t last = self->state[i - 1];
    self->state[i] = 1812433253u * (last ^ (last >> 30)) + i;
  }
  self->index = kWords;
}

void seed_by_words(Random* self, const std::uint32_t* key, std::size_t key_length) {
  seed_by_number(self, 19650218u);
  std::uint32_t* state = self->state;
  std::size_t i = 1;
  std::size_t j = 0;
  const auto step = [&] {
    if (++i >= kWords) {
      state[0] = state[kWords - 1];
      i = 1;
    }
  };
  for (std::size_t k = std::max<std::size_t>(kWords, key_length); k > 0; --k) {
    const std::uint32_t last = state[i - 1];
    state[i] = (state[i] ^ ((last ^ (last >> 30)) * 1664525u)) + key[j] + static_cast<std::uint32_t>(j);
    step();
    if (++j >= key_length) j = 0;
  }
  for (std::size_t k = kWords - 1; k > 0; --k) {
    const std::uint32_t last = state[i - 1];
    state[i] = (state[i] ^ ((last ^ (last >> 30)) * 1566083941u)) - static_cast<std::uint32_t>(i);
    step();
  }
  state[0] = 0x80000000u;  // at least one bit is set
}

std::uint32_t next_word(Random* self) {
  std::uint32_t* state = self->state;
  if (self->index >= kWords) {
    for (int k = 0; k < kWords; ++k) {
      const std::uint32_t mixed = (state[k] & 0x80000000u) | (state[(k + 1) % kWords] & 0x7fffffffu);
      state[k] = state[(k + kMiddle) % kWords] ^ (mixed >> 1) ^ ((mixed & 1) != 0 ? 0x9908b0dfu : 0);
    }
    self->index = 0;
  }
  std::uint32_t word = state[self->index++];
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  return word ^ (word >> 18);
}

void seed_from_system(Random* self) {
  std::uint32_t key[kWords];
  if (getrandom(key, sizeof key, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof key)) {
    seed_by_words(self, key, kWords);
    return;
  }
  timespec wall{};
  timespec steady{};
  clock_gettime(CLOCK_REALTIME, &wall);
  clock_gettime(CLOCK_MONOTONIC, &steady);
  const std::uint32_t words[] = {static_cast<std::uint32_t>(wall.tv_sec), static_cast<std::uint32_t>(wall.tv_nsec),
                                 static_cast<std::uint32_t>(steady.tv_sec), static_cast<std::uint32_t>(steady.tv_nsec)};
  seed_by_words(self, words, 4);
}

Status seed_by_int(ThreadState& ts, Random* self, Obj value) {
  const Magnitude number(value);
  const auto bits = static_cast<std::size_t>(number.bits());
  const std::size_t length = bits == 0 ? 1 : (bits + 31) / 32;
  auto* key = static_cast<std::uint32_t*>(allocate_raw(length * sizeof(std::uint32_t)));
  if (key == nullptr) return raise_no_memory(ts);
  key[0] = 0;
  if (bits != 0) {
    for (std::size_t i = 0; i < length; ++i) {
      key[i] = static_cast<std::uint32_t>(number.limbs()[i / 2] >> (32 * (i % 2)));
    }
  }
  seed_by_words(self, key, length);
  free_raw(key);
  return kDone;
}

/// None: from the system; an int: its absolute value; anything else: its hash.
Status seed_from(ThreadState& ts, Random* self, Obj value) {
  if (!value || is_none(value)) {
    seed_from_system(self);
    return kDone;
  }
  if (is_int(value)) return seed_by_int(ts, self, value);
  const std::int64_t hash = OURO_TRY(hash_of(ts, value));
  ObjRef number = OURO_TRY(Int::from_unsigned(ts, static_cast<std::uint64_t>(hash)));
  return seed_by_int(ts, self, number);
}

ObjResult random_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  const bool own_init = type->init == ts.core.types.object->init;
  if (own_init) OURO_TRY(refuse_keywords(ts, args, "Random"));
  if (args.count > 1) return raise_type_error(ts, "Random() requires 0 or 1 argument");
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  OURO_TRY(seed_from(ts, as<Random>(made), args.count == 1 ? args[0] : Obj()));
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

void random_dealloc(gc::Header* self) { free_object(static_cast<Object*>(self)); }

ObjResult random_method(ThreadState& ts, Obj self, Args) {
  auto* random = as<Random>(self);
  const std::uint32_t a = next_word(random) >> 5;
  const std::uint32_t b = next_word(random) >> 6;
  return Float::from(ts, (a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

ObjResult seed_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(seed_from(ts, as<Random>(self), args.count == 1 ? args[0] : Obj()));
  return ts.core.none_ref();
}

ObjResult getrandbits_method(ThreadState& ts, Obj self, Args args) {
  std::int64_t bits = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  auto* random = as<Random>(self);
  if (bits < 0) return raise_value_error(ts, "number of bits must be non-negative");
  if (bits == 0) return Int::from(ts, 0);
  if (bits <= 32) return Int::from(ts, next_word(random) >> (32 - bits));
  if (bits / 64 >= kMaxLimbs) return raise_no_memory(ts);
  const auto count = static_cast<mp_size_t>((bits + 63) / 64);
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  mpn_zero(made->limbs, count);
  for (std::int64_t i = 0; bits > 0; ++i, bits -= 32) {
    std::uint32_t word = next_word(random);
    if (bits < 32) word >>= 32 - bits;
    made->limbs[i / 2] |= static_cast<mp_limb_t>(word) << (32 * (i % 2));
  }
  return finish_int(ts, std::move(made), count, false);
}

ObjResult getstate_method(ThreadState& ts, Obj self, Args) {
  auto* random = as<Random>(self);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, kWords + 1));
  for (int i = 0; i <= kWords; ++i) {  // the index comes last
    Ref<Int> number = OURO_TRY(Int::from(ts, i < kWords ? std::int64_t{random->state[i]} : random->index));
    made->items[i] = number.release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult setstate_method(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0])) return raise_type_error(ts, "state vector must be a tuple");
  const Tuple* given = as<Tuple>(args[0]);
  if (given->size != kWords + 1) return raise_value_error(ts, "state vector is the wrong size");
  std::uint32_t state[kWords];
  for (int i = 0; i <= kWords; ++i) {
    if (!is_int(given->at(i))) return raise_type_error(ts, "an integer is required");
    if (i == kWords) break;
    if (int_sign(given->at(i)) < 0) {
      return raise(ts, ts.core.exceptions.OverflowError, "can't convert negative value to unsigned int");
    }
    state[i] = static_cast<std::uint32_t>(int_clamped(given->at(i)));
  }
  const std::int64_t index = OURO_TRY(int_as_int64(ts, given->at(kWords)));
  if (index < 0 || index > kWords) return raise_value_error(ts, "invalid state");
  auto* random = as<Random>(self);
  std::copy(state, state + kWords, random->state);
  random->index = static_cast<std::int32_t>(index);
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"random", random_method, 0, 0, MethodDef::kNone, "random($self, /)\n--\n\nrandom() -> x in the interval [0, 1)."},
    {"seed", seed_method, 0, 1, MethodDef::kNone,
     "seed($self, n=None, /)\n--\n\nseed([n]) -> None.\n\nDefaults to a seed from the operating system."},
    {"getstate", getstate_method, 0, 0, MethodDef::kNone, "getstate($self, /)\n--\n\ngetstate() -> tuple containing the current state."},
    {"setstate", setstate_method, 1, 1, MethodDef::kNone, "setstate($self, state, /)\n--\n\nsetstate(state) -> None.  Restores generator state."},
    {"getrandbits", getrandbits_method, 1, 1, MethodDef::kNone,
     "getrandbits($self, k, /)\n--\n\ngetrandbits(k) -> x.  Generates an int with k random bits."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_random_type(Type& type) {
  type.info.dealloc = random_dealloc;
  type.make = random_make;
  type.methods = kMethods;
}

}  // namespace

Result<Ref<Module>> create_random_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_random"));
  const TypeSpec spec{"Random", "_random", sizeof(Random), 0, kBaseType, fill_random_type,
                      "Random() -> create a random number generator with its own internal state."};
  Ref<Type> type = OURO_TRY(make_native_type(ts, spec));
  OURO_TRY(dict_set(ts, module->dict, "Random", Obj(type)));
  return module;
}

}  // namespace ouro
