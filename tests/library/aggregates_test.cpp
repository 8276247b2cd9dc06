// Aggregates whose members only look as if they could be references: they are made as leaves.
#include <any>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

#include "library/library_fixture.h"

namespace ouro {
namespace {

struct Pair {
  int x, y;
};
struct Mixed : Object {
  std::function<void()> function;
  std::any anything;
  std::variant<int, std::string> variant;
  std::vector<int> numbers;
  std::map<int, std::string> map;
  std::optional<std::string> text;
  std::shared_ptr<int> shared;
  int* pointer = nullptr;
  int bits : 3;
  int array[3];
  Pair pair;
  std::unique_ptr<Pair> unique;
  std::filesystem::path path;
  std::deque<Pair> deque;
};
struct Guarded : Object, WeakReferable {
  std::string_view view;
  Weak<Guarded> weak;
  std::mutex mutex;
};
struct Fixed : Object {
  const int number = 3;
  int& other;
};

using AggregatesTest = LibraryTest;

TEST_F(AggregatesTest, AreLeavesWhenNoMemberIsAReference) {
  int other = 4;
  const Ref<Mixed> mixed = make<Mixed>();
  const Ref<Guarded> guarded = make<Guarded>();
  const Ref<Fixed> fixed = make<Fixed>(5, other);
  EXPECT_EQ(fixed->number + fixed->other, 9);
  EXPECT_EQ(heap.stats().live_objects, 3u);
  EXPECT_EQ(heap.stats().tracked_objects, 0u);
}

}  // namespace
}  // namespace ouro
