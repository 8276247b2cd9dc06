// Random programs against a model that is a plain graph: after each collection exactly what the
// model can reach from the handles is alive.
#include <random>
#include <set>

#include "library/library_fixture.h"

namespace ouro {
namespace {

struct Model;

struct Node : Object, WeakReferable {
  explicit Node(Model& the_model);
  ~Node();
  Model* model;
  std::size_t id;
  Ref<Node> first;
  ouro::vector<Ref<Node>> rest;
  void traverse(auto& visit) { visit(first, rest); }
};

struct Model {
  std::vector<std::vector<std::size_t>> edges;  // by id; the first is Node::first
  std::set<std::size_t> alive;
};

constexpr std::size_t kNone = ~std::size_t{0};

Node::Node(Model& the_model) : model(&the_model), id(the_model.edges.size()) {
  model->edges.push_back({kNone});
  model->alive.insert(id);
}
Node::~Node() { model->alive.erase(id); }

class RandomRun {
 public:
  RandomRun(unsigned seed, const Options& options) : random_(seed), heap_(options) {}

  void operator()(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      if (testing::Test::HasFatalFailure()) return;
    }
    handles_.clear();
    weak_.clear();
    collect_and_compare();
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  Ref<Node>& any() { return handles_[below(handles_.size())]; }

  void step() {
    const std::size_t kind = handles_.empty() ? 0 : below(100);
    if (kind < 30) {
      handles_.push_back(make<Node>(model_));
    } else if (kind < 45) {
      const std::size_t at = below(handles_.size());
      std::swap(handles_[at], handles_.back());
      handles_.pop_back();
    } else if (kind < 60) {
      Node& from = *any();
      from.first = any();
      model_.edges[from.id][0] = from.first->id;
    } else if (kind < 80) {
      Node& from = *any();
      from.rest.push_back(any());
      model_.edges[from.id].push_back(from.rest.back()->id);
    } else if (kind < 88) {
      Node& from = *any();
      from.rest.clear();
      model_.edges[from.id].resize(1);
    } else if (kind < 94) {
      if (any()->first) handles_.push_back(any()->first);
      std::erase(handles_, nullptr);
    } else if (kind < 97) {
      weak_.emplace_back(any());
    } else if (kind < 99) {
      heap_.collect(static_cast<int>(below(2)));
    } else {
      collect_and_compare();
    }
  }

  void collect_and_compare() {
    heap_.collect();
    std::set<std::size_t> reachable;
    std::vector<std::size_t> next;
    for (const Ref<Node>& handle : handles_) next.push_back(handle->id);
    while (!next.empty()) {
      const std::size_t id = next.back();
      next.pop_back();
      if (id == kNone || !reachable.insert(id).second) continue;
      for (const std::size_t target : model_.edges[id]) next.push_back(target);
    }
    ASSERT_EQ(model_.alive, reachable);
    for (const Weak<Node>& weak : weak_) {
      const Ref<Node> node = weak.lock();
      ASSERT_TRUE(!node || reachable.contains(node->id));
    }
    const auto broken = heap_.verify();
    ASSERT_FALSE(broken.has_value()) << broken->rule << ": " << broken->found;
  }

  std::mt19937 random_;
  Model model_;
  Heap heap_;
  std::vector<Ref<Node>> handles_;
  std::vector<Weak<Node>> weak_;
};

TEST(LibraryModelTest, OnlyTheReachableLive) {
  const int steps = detail::kChecked ? 1500 : 10000;
  const heap::Geometry tiny{.arena_bytes = 16384, .pool_bytes = 1024, .mapping_bytes = 65536};
  for (unsigned seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    Options options{.thresholds = {20, 4, 4}, .leaks = Leaks::Abort};
    if (seed % 3 == 1) options.geometry = tiny;
    if (seed % 3 == 2) options.stress = 7;
    RandomRun(seed, options)(steps);
  }
}

}  // namespace
}  // namespace ouro
