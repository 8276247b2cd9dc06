// The allocators compared: those that come from shared libraries.
#include "allocators.h"

#include <dlfcn.h>
#include <malloc.h>

#include <cstdio>
#include <limits>

#include "cpython_world.h"

namespace ouro::bench {

namespace {

template <class Function>
Function* function(void* library, const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(library, name));
  if (found != nullptr) return found;
  std::fprintf(stderr, "heap_bench: %s\n", dlerror());
  std::exit(1);
}

}  // namespace

void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
}

Library::Library(const char* file, const char* allocate, const char* free) {
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "heap_bench: %s\n", dlerror());
    std::exit(1);
  }
  allocate_ = function<void*(std::size_t)>(library, allocate);
  free_ = function<void(void*)>(library, free);
}

Jemalloc::Jemalloc() : Library("libjemalloc.so.2", "malloc", "free") {}
Mimalloc::Mimalloc() : Library("libmimalloc.so.2", "mi_malloc", "mi_free") {}

Pymalloc::Pymalloc() { const CPythonWorld world; }
void* Pymalloc::allocate(std::size_t bytes) { return PyObject_Malloc(bytes); }
void Pymalloc::free(void* block) { PyObject_Free(block); }

}  // namespace ouro::bench
