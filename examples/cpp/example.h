// What the examples share: the same program run in different heaps, as the arguments say.
//
//   PROGRAM                plain
//   PROGRAM --stress       a collection at every allocation
//   PROGRAM --verify       the heap checks itself in every phase of every collection
//   PROGRAM --tiny         pools of four blocks
//   PROGRAM --fail-each    first with the n-th allocation failing, for each n, then plain
//
// A heap that ends with a live object ends the program.
#pragma once

#include <ouro/ouro.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace example {

/// A program writes its output to `out`. It may throw std::bad_alloc.
using Program = void (*)(ouro::Heap& heap, std::FILE* out);

inline void check(const ouro::Heap& heap) {
  if (const auto broken = heap.verify()) {
    std::fprintf(stderr, "%s: %s\n", broken->rule, broken->found);
    std::abort();
  }
}

/// Runs the program with one failing allocation; true when there was none left to fail.
inline bool survives_failure(Program program, std::uint64_t n, bool once, std::FILE* nowhere) {
  ouro::Heap heap({.fail_allocation_at = n, .fail_once = once, .leaks = ouro::Leaks::Abort});
  try {
    program(heap, nowhere);
  } catch (const std::bad_alloc&) {
    // What the program had made is gone by now; ~Heap looks if that is so.
  }
  check(heap);
  return !heap.has_failed_on_purpose();
}

inline int run(int argc, char** argv, Program program) {
  ouro::Options options{.leaks = ouro::Leaks::Abort};
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--stress") == 0) {
      options.stress = 1;
    } else if (std::strcmp(argv[i], "--verify") == 0) {
      options.verify = ouro::Verify::EachPhase;
      options.thresholds[0] = 5;
    } else if (std::strcmp(argv[i], "--tiny") == 0) {
      options.geometry = {.arena_bytes = 16384, .pool_bytes = 1024, .mapping_bytes = 65536};
    } else if (std::strcmp(argv[i], "--fail-each") == 0) {
      std::FILE* nowhere = std::fopen("/dev/null", "w");
      std::uint64_t injections = 0;
      for (const bool once : {true, false}) {
        for (std::uint64_t n = 1; !survives_failure(program, n, once, nowhere); ++n) ++injections;
      }
      std::fclose(nowhere);
      std::fprintf(stderr, "%llu failing allocations survived\n",
                   static_cast<unsigned long long>(injections));
    } else {
      std::fprintf(stderr, "usage: %s [--stress] [--verify] [--tiny] [--fail-each]\n", argv[0]);
      return 2;
    }
  }
  ouro::Heap heap(options);
  program(heap, stdout);
  check(heap);
  return 0;
}

}  // namespace example
