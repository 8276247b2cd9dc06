// What tests of the C++ library share: a heap that must end empty.
#pragma once

#include <gtest/gtest.h>
#include <ouro/ouro.h>

#include <string>
#include <vector>

namespace ouro {

class LibraryTest : public testing::Test {
 protected:
  explicit LibraryTest(const Options& options = {.leaks = Leaks::Abort}) : heap(options) {}

  void expect_sound() {
    const auto broken = heap.verify();
    EXPECT_FALSE(broken.has_value()) << broken->rule << ": " << broken->found;
  }
  [[nodiscard]] std::size_t live() const { return heap.stats().live_objects; }
  /// The labels of the edges of an object.
  template <class T>
  [[nodiscard]] std::vector<std::string> labels(const Ref<T>& object) const {
    std::vector<std::string> result;
    heap.for_each_edge(header_of(object),
                       [&](const EdgeInfo& edge) { result.push_back(to_string(edge.label)); });
    return result;
  }

  Heap heap;
};

}  // namespace ouro
