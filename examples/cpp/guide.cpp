// The programs of the guide, docs/library/README.md, which quotes this file.
#include <optional>
#include <string>
#include <vector>

#include "example.h"

namespace {

// First steps.
struct Person : ouro::Object {
  explicit Person(std::string the_name) : name(std::move(the_name)) {}

  std::string name;
  ouro::Ref<Person> partner;
  std::vector<ouro::Ref<Person>> friends;

  void traverse(auto& visit) { visit(partner, friends); }
};

void first_steps(ouro::Heap& heap, std::FILE* out) {
  ouro::Ref<Person> ann = ouro::make<Person>("Ann");
  ouro::Ref<Person> bob = ouro::make<Person>("Bob");
  bob->friends.push_back(ann);
  bob.reset();  // nobody else holds Bob: he is gone here, and so is his hold on Ann
  std::fprintf(out, "Ann's count: %zu\n", ann.use_count());

  ann->partner = ouro::make<Person>("Cy");
  ann->partner->partner = ann;
  ann.reset();  // Ann and Cy hold each other: counting can't end them
  std::fprintf(out, "alive: %zu\n", heap.stats().live_objects);
  heap.collect();  // happens by itself, too, as objects are made
  std::fprintf(out, "alive: %zu\n", heap.stats().live_objects);
}

// Weak references.
struct Cache : ouro::Object, ouro::WeakReferable {
  int hits = 0;
};

void weak_references(std::FILE* out) {
  ouro::Ref<Cache> cache = ouro::make<Cache>();
  ouro::Weak<Cache> weak = cache;
  ouro::Weak<Cache> watched(cache, [out] { std::fprintf(out, "the cache is gone\n"); });
  if (ouro::Ref<Cache> alive = weak.lock()) ++alive->hits;
  cache.reset();
  std::fprintf(out, "expired: %s\n", weak.expired() ? "yes" : "no");
}

// Finalizers.
struct Connection : ouro::Object {
  explicit Connection(std::FILE* the_log) : log(the_log) {}
  void finalize() {
    // Also in a dead cycle everything is still in its place; in the destructor it need not be.
    std::fprintf(log, "closing%s\n", peer ? ", with a peer" : "");
  }
  std::FILE* log;
  ouro::Ref<Connection> peer;
  void traverse(auto& visit) { visit(peer); }
};

void finalizers(ouro::Heap& heap, std::FILE* out) {
  (void)ouro::make<Connection>(out);  // dropped at once
  {
    const ouro::Ref<Connection> connection = ouro::make<Connection>(out);
    connection->peer = connection;
  }
  heap.collect();
}

// Running out of memory.
struct Bytes : ouro::Object {
  explicit Bytes(std::size_t size) : bytes(size) {}
  ouro::vector<char> bytes;  // counted by the heap, unlike a std::vector
};

void out_of_memory(std::FILE* out) {
  ouro::Heap small({.limit_bytes = std::size_t{4} << 20});
  const ouro::Heap::Scope scope(small);
  try {
    (void)ouro::make<Bytes>(std::size_t{100} << 20);
  } catch (const std::bad_alloc&) {
    std::fprintf(out, "too big\n");
  }
  if (!ouro::try_make<Bytes>(std::size_t{100} << 20)) std::fprintf(out, "still too big\n");
}

// Looking inside.
void look_inside(ouro::Heap& heap, std::FILE* out) {
  const ouro::Ref<Person> ann = ouro::make<Person>("Ann");
  ann->friends = {ouro::make<Person>("Bob"), ouro::make<Person>("Cy")};
  heap.for_each_edge(header_of(ann), [&](const ouro::EdgeInfo& edge) {
    std::fprintf(out, "Ann holds another through %s\n", ouro::to_string(edge.label).c_str());
  });
}

void program(ouro::Heap& heap, std::FILE* out) {
  first_steps(heap, out);
  weak_references(out);
  finalizers(heap, out);
  out_of_memory(out);
  look_inside(heap, out);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
