// Draws its own heap: a picture for Graphviz, of every object and every labelled reference.
//
//   picture | dot -Tsvg > heap.svg
#include <map>
#include <string>

#include "example.h"

namespace {

struct Engine;

struct Wheel : ouro::Object {
  int position = 0;
};
struct Car : ouro::Object {
  ouro::Ref<Engine> engine;
  ouro::Ref<Wheel> wheels[4];
  void traverse(auto& visit) {
    visit.named("engine", engine);
    visit.named("wheels", wheels);
  }
};
struct Engine : ouro::Object {
  ouro::Ref<Car> built_into;
  void traverse(auto& visit) { visit.named("built_into", built_into); }
};

ouro::Ref<Car> make_car() {
  auto car = ouro::make<Car>();
  car->engine = ouro::make<Engine>();
  car->engine->built_into = car;
  for (ouro::Ref<Wheel>& wheel : car->wheels) wheel = ouro::make<Wheel>();
  return car;
}

/// The class's name without namespaces.
std::string short_name(const char* type) {
  const std::string name = type;
  return name.substr(name.rfind(':') + 1);
}

void draw(const ouro::Heap& heap, std::FILE* out) {
  std::map<ouro::Handle, std::size_t> numbers;
  heap.for_each_object(
      [&](const ouro::ObjectInfo& info) { numbers.emplace(info.object, numbers.size()); });
  std::fprintf(out, "digraph heap {\n  node [shape=box];\n");
  heap.for_each_object([&](const ouro::ObjectInfo& info) {
    std::fprintf(out, "  n%zu [label=\"%s\\ncount %u, %zu bytes%s\"];\n", numbers.at(info.object),
                 short_name(info.type).c_str(), info.references, info.bytes,
                 info.generation < 0 ? "" : ", tracked");
    heap.for_each_edge(info.object, [&](const ouro::EdgeInfo& edge) {
      std::fprintf(out, "  n%zu -> n%zu [label=\"%s\"];\n", numbers.at(edge.from),
                   numbers.at(edge.to), ouro::to_string(edge.label).c_str());
    });
  });
  std::fprintf(out, "}\n");
}

void program(ouro::Heap& heap, std::FILE* out) {
  const ouro::Ref<Car> car = make_car();
  draw(heap, out);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
