// SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, 2012): the hash of text and bytes, keyed by the
// interpreter.
#include <bit>
#include <cstring>

#include "objects/bytes.h"

namespace ouro {

namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  explicit SipState(const std::uint64_t (&key)[2])
      : v0(key[0] ^ 0x736f6d6570736575u),
        v1(key[1] ^ 0x646f72616e646f6du),
        v2(key[0] ^ 0x6c7967656e657261u),
        v3(key[1] ^ 0x7465646279746573u) {}
  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void word(std::uint64_t bits) {
    v3 ^= bits;
    round();
    v0 ^= bits;
  }
};

}  // namespace

std::uint64_t siphash13(const std::uint64_t (&key)[2], const void* data, std::size_t length) {
  SipState state(key);
  const auto* p = static_cast<const unsigned char*>(data);
  std::size_t left = length;
  for (; left >= 8; left -= 8, p += 8) {
    std::uint64_t bits;
    std::memcpy(&bits, p, 8);
    state.word(bits);
  }
  std::uint64_t tail = static_cast<std::uint64_t>(length) << 56;
  for (std::size_t i = 0; i < left; ++i) tail |= static_cast<std::uint64_t>(p[i]) << (8 * i);
  state.word(tail);
  state.v2 ^= 0xff;
  state.round();
  state.round();
  state.round();
  return (state.v0 ^ state.v1) ^ (state.v2 ^ state.v3);
}

std::int64_t hash_bytes(const CoreObjects& core, const void* data, std::size_t length) {
  if (length == 0) return 0;
  const auto hash = static_cast<std::int64_t>(siphash13(core.hash_key, data, length));
  return hash == -1 ? -2 : hash;
}

}  // namespace ouro
