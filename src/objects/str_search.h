// Searching for a row of characters in another, for characters of 1, 2 and 4 bytes.
//
// Candidates are found by their first character (memchr where there is one) and compared. When
// comparing turns out expensive, the rest of the search uses the Two-Way algorithm (M. Crochemore,
// D. Perrin, 1991): linear in the worst case, no memory. Searching from the end is the same over
// reversed views.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <cwchar>

namespace ouro::search {

/// The first place of `wanted` in p[0..n), or -1.
template <class C>
std::ptrdiff_t find_char(const C* p, std::ptrdiff_t n, C wanted) {
  if (n <= 0) return -1;
  if constexpr (sizeof(C) == 1) {
    const void* at = std::memchr(p, static_cast<int>(wanted), static_cast<std::size_t>(n));
    return at == nullptr ? -1 : static_cast<const C*>(at) - p;
  } else if constexpr (sizeof(C) == sizeof(wchar_t)) {
    const auto* wide = reinterpret_cast<const wchar_t*>(p);
    const wchar_t* at =
        std::wmemchr(wide, static_cast<wchar_t>(wanted), static_cast<std::size_t>(n));
    return at == nullptr ? -1 : at - wide;
  } else {
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      if (p[i] == wanted) return i;
    }
    return -1;
  }
}

/// The last place of `wanted` in p[0..n), or -1.
template <class C>
std::ptrdiff_t find_last_char(const C* p, std::ptrdiff_t n, C wanted) {
  for (std::ptrdiff_t i = n; i-- > 0;) {
    if (p[i] == wanted) return i;
  }
  return -1;
}

template <class C>
struct Forward {
  const C* begin;
  char32_t operator[](std::ptrdiff_t i) const { return begin[i]; }
};
template <class C>
struct Backward {
  const C* end;
  char32_t operator[](std::ptrdiff_t i) const { return end[-1 - i]; }
};

/// Start - 1 of the maximal suffix of x under < (or > when `reversed`), and its period.
template <class Needle>
std::ptrdiff_t maximal_suffix(Needle x, std::ptrdiff_t m, bool reversed, std::ptrdiff_t& period) {
  std::ptrdiff_t suffix = -1, j = 0, k = 1;
  period = 1;
  while (j + k < m) {
    const char32_t a = x[j + k];
    const char32_t b = x[suffix + k];
    if (a == b) {
      if (k != period) {
        ++k;
      } else {
        j += period;
        k = 1;
      }
    } else if ((a < b) != reversed) {
      j += k;
      k = 1;
      period = j - suffix;
    } else {
      suffix = j++;
      k = period = 1;
    }
  }
  return suffix;
}

/// The first j with y[j..j+m) == x[0..m), or -1. Two-Way.
template <class Hay, class Needle>
std::ptrdiff_t two_way(Hay y, std::ptrdiff_t n, Needle x, std::ptrdiff_t m) {
  std::ptrdiff_t period_up = 1, period_down = 1;
  const std::ptrdiff_t up = maximal_suffix(x, m, false, period_up);
  const std::ptrdiff_t down = maximal_suffix(x, m, true, period_down);
  const std::ptrdiff_t cut = std::max(up, down);
  std::ptrdiff_t period = up > down ? period_up : period_down;
  bool periodic = true;
  for (std::ptrdiff_t i = 0; i <= cut && periodic; ++i) periodic = x[i] == x[i + period];
  if (!periodic) period = std::max(cut + 1, m - cut - 1) + 1;
  std::ptrdiff_t known = -1;  // x[0..known] matches already, when x is periodic
  for (std::ptrdiff_t j = 0; j <= n - m;) {
    std::ptrdiff_t i = std::max(cut, known) + 1;
    while (i < m && x[i] == y[i + j]) ++i;
    if (i < m) {
      j += i - cut;
      known = -1;
      continue;
    }
    i = cut;
    while (i > known && x[i] == y[i + j]) --i;
    if (i <= known) return j;
    j += period;
    known = periodic ? m - period - 1 : -1;
  }
  return -1;
}

/// Comparisons allowed beyond two a character before the search changes to Two-Way.
inline constexpr std::ptrdiff_t kSearchAllowance = 256;

/// The first place of needle in hay, or -1. Needle characters that don't fit H match nothing.
template <class H, class N>
std::ptrdiff_t find(const H* hay, std::ptrdiff_t n, const N* needle, std::ptrdiff_t m) {
  if (m == 0) return n < 0 ? -1 : 0;
  if (m > n) return -1;
  const H first = static_cast<H>(needle[0]);
  if (static_cast<char32_t>(first) != static_cast<char32_t>(needle[0])) return -1;
  if (m == 1) return find_char(hay, n, first);
  std::ptrdiff_t work = 0;
  const std::ptrdiff_t last = n - m;
  for (std::ptrdiff_t i = 0; i <= last; ++i) {
    const std::ptrdiff_t found = find_char(hay + i, last + 1 - i, first);
    if (found < 0) return -1;
    i += found;
    if (hay[i + m - 1] == needle[m - 1]) {
      std::ptrdiff_t k = 1;
      while (k < m && hay[i + k] == needle[k]) ++k;
      if (k == m) return i;
      work += k;
    }
    if (++work > 2 * i + kSearchAllowance) {
      const std::ptrdiff_t rest =
          two_way(Forward<H>{hay + i + 1}, n - i - 1, Forward<N>{needle}, m);
      return rest < 0 ? -1 : rest + i + 1;
    }
  }
  return -1;
}

/// The last place of needle in hay, or -1.
template <class H, class N>
std::ptrdiff_t find_last(const H* hay, std::ptrdiff_t n, const N* needle, std::ptrdiff_t m) {
  if (m == 0) return n;
  if (m > n) return -1;
  std::ptrdiff_t work = 0;
  for (std::ptrdiff_t i = n - m; i >= 0; --i) {
    if (hay[i] != needle[0]) continue;
    std::ptrdiff_t k = 1;
    while (k < m && hay[i + k] == needle[k]) ++k;
    if (k == m) return i;
    work += k;
    if (work > 2 * (n - m - i) + kSearchAllowance) {
      const std::ptrdiff_t left = i + m - 1;  // a match further left ends before here
      const std::ptrdiff_t rest =
          two_way(Backward<H>{hay + left}, left, Backward<N>{needle + m}, m);
      return rest < 0 ? -1 : left - m - rest;
    }
  }
  return -1;
}

/// Matches that don't overlap, at most `limit`. The needle is not empty.
template <class H, class N>
std::ptrdiff_t count(const H* hay, std::ptrdiff_t n, const N* needle, std::ptrdiff_t m,
                     std::ptrdiff_t limit) {
  std::ptrdiff_t matches = 0;
  for (std::ptrdiff_t at = 0; matches < limit; ++matches) {
    const std::ptrdiff_t found = find(hay + at, n - at, needle, m);
    if (found < 0) break;
    at += found + m;
  }
  return matches;
}

}  // namespace ouro::search
