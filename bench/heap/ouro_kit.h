// How ours owns, for structures.h: tracked objects, references that count, cycles left to the
// collector. A parent is an ordinary reference, and arrays come from the same heap.
#pragma once

#include <cstdlib>

#include "ouro/allocator.h"
#include "ouro/heap.h"
#include "ouro/make.h"
#include "ouro/ref.h"
#include "ouro/trace.h"

namespace ouro::bench {

enum class Automatic : std::uint8_t { Off, On };

/// `kAutomatic`: whether collections start by themselves while a structure grows.
template <Automatic kAutomatic>
struct OuroKit {
  template <class T>
  using Base = ouro::Object;
  template <class T>
  using Ptr = ouro::Ref<T>;
  template <class T>
  using Parent = ouro::Ref<T>;
  template <class T>
  using Children = ouro::vector<ouro::Ref<T>>;
  static constexpr std::size_t kHeader = sizeof(ouro::Object);
  static constexpr bool kDropsDeep = true;

  class Scope {
   public:
    void drop_cycles(std::size_t n) {
      if (heap_.collect() != n) std::abort();
    }

   private:
    ouro::Heap heap_{{.collects_automatically = kAutomatic == Automatic::On}};
  };

  template <class T>
  static ouro::Ref<T> make() {
    return ouro::make<T>();
  }
  template <class T>
  static const ouro::Ref<T>& parent_of(const ouro::Ref<T>& parent) {
    return parent;
  }
};

}  // namespace ouro::bench
