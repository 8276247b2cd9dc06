// A graph editor with an undo history.
//
// Nodes refer to their neighbours, in both directions. Commands refer to the nodes they add,
// connect and remove, and to the graph; the graph refers to its history, and so to the commands. A
// removed node lives as long as some command could bring it back, and no longer: nobody has to say
// when.
#include <algorithm>
#include <string>

#include "example.h"

namespace {

struct Node : ouro::Object {
  explicit Node(const char* the_name) : name(the_name) {}
  std::string name;
  ouro::vector<ouro::Ref<Node>> neighbours;
  void traverse(auto& visit) { visit.named("neighbours", neighbours); }
};

class Graph;

/// Something that can be done and undone.
class Command : public ouro::Object {
 public:
  explicit Command(ouro::Ref<Graph> graph) : graph_(std::move(graph)) {}
  virtual ~Command() = default;
  virtual void apply() = 0;
  virtual void revert() = 0;
  void traverse(auto& visit) { visit.named("graph", graph_); }

 protected:
  ouro::Ref<Graph> graph_;
};

class Graph : public ouro::Object {
 public:
  void perform(ouro::Ref<Command> command) {
    command->apply();
    undone_.clear();
    done_.push_back(std::move(command));
  }
  void undo() { step_back(done_, undone_, &Command::revert); }
  void redo() { step_back(undone_, done_, &Command::apply); }
  void forget_history() {
    done_.clear();
    undone_.clear();
  }
  ouro::vector<ouro::Ref<Node>>& nodes() { return nodes_; }

  void traverse(auto& visit) {
    visit.named("nodes", nodes_);
    visit.named("done", done_);
    visit.named("undone", undone_);
  }

 private:
  using Commands = ouro::vector<ouro::Ref<Command>>;
  static void step_back(Commands& from, Commands& to, void (Command::*act)()) {
    if (from.empty()) return;
    to.push_back(from.back());
    from.pop_back();
    (to.back().get()->*act)();
  }

  ouro::vector<ouro::Ref<Node>> nodes_;
  Commands done_;
  Commands undone_;
};

void connect(Node& a, Node& b) {
  a.neighbours.push_back(ouro::Ref<Node>(&b));
  b.neighbours.push_back(ouro::Ref<Node>(&a));
}
void disconnect(Node& a, Node& b) {
  std::erase(a.neighbours, ouro::Ref<Node>(&b));
  std::erase(b.neighbours, ouro::Ref<Node>(&a));
}

class AddNode final : public Command {
 public:
  AddNode(ouro::Ref<Graph> graph, const char* name)
      : Command(std::move(graph)), node_(ouro::make<Node>(name)) {}
  void apply() override { graph_->nodes().push_back(node_); }
  void revert() override { std::erase(graph_->nodes(), node_); }
  [[nodiscard]] const ouro::Ref<Node>& node() const { return node_; }
  void traverse(auto& visit) {
    Command::traverse(visit);
    visit.named("node", node_);
  }

 private:
  ouro::Ref<Node> node_;
};

class Connect final : public Command {
 public:
  Connect(ouro::Ref<Graph> graph, ouro::Ref<Node> a, ouro::Ref<Node> b)
      : Command(std::move(graph)), a_(std::move(a)), b_(std::move(b)) {}
  void apply() override { connect(*a_, *b_); }
  void revert() override { disconnect(*a_, *b_); }
  void traverse(auto& visit) {
    Command::traverse(visit);
    visit.named("a", a_);
    visit.named("b", b_);
  }

 private:
  ouro::Ref<Node> a_, b_;
};

class RemoveNode final : public Command {
 public:
  RemoveNode(ouro::Ref<Graph> graph, ouro::Ref<Node> node)
      : Command(std::move(graph)), node_(std::move(node)), neighbours_(node_->neighbours) {}
  void apply() override {
    for (const ouro::Ref<Node>& other : neighbours_) disconnect(*node_, *other);
    std::erase(graph_->nodes(), node_);
  }
  void revert() override {
    graph_->nodes().push_back(node_);
    for (const ouro::Ref<Node>& other : neighbours_) connect(*node_, *other);
  }
  void traverse(auto& visit) {
    Command::traverse(visit);
    visit.named("node", node_);
    visit.named("neighbours", neighbours_);
  }

 private:
  ouro::Ref<Node> node_;
  ouro::vector<ouro::Ref<Node>> neighbours_;
};

void print(const char* what, Graph& graph, ouro::Heap& heap, std::FILE* out) {
  std::fprintf(out, "%-16s", what);
  for (const ouro::Ref<Node>& node : graph.nodes()) {
    std::fprintf(out, " %s(", node->name.c_str());
    for (const ouro::Ref<Node>& other : node->neighbours) {
      std::fprintf(out, "%s", other->name.c_str());
    }
    std::fprintf(out, ")");
  }
  heap.collect();
  std::fprintf(out, "  objects: %zu\n", heap.stats().live_objects);
}

void program(ouro::Heap& heap, std::FILE* out) {
  ouro::Ref<Graph> graph = ouro::make<Graph>();
  const auto add = [&](const char* name) {
    ouro::Ref<AddNode> command = ouro::make<AddNode>(graph, name);
    graph->perform(command);
    return command->node();
  };
  ouro::Ref<Node> a = add("a"), b = add("b"), c = add("c");
  graph->perform(ouro::make<Connect>(graph, a, b));
  graph->perform(ouro::make<Connect>(graph, b, c));
  graph->perform(ouro::make<Connect>(graph, c, a));
  print("triangle", *graph, heap, out);

  graph->perform(ouro::make<RemoveNode>(graph, b));
  a = b = c = nullptr;
  print("b removed", *graph, heap, out);
  graph->undo();
  print("undone", *graph, heap, out);
  graph->redo();
  print("redone", *graph, heap, out);

  graph->forget_history();
  print("history dropped", *graph, heap, out);

  graph.reset();
  heap.collect();
  std::fprintf(out, "editor closed, objects: %zu\n", heap.stats().live_objects);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
