// The same small program with std::shared_ptr and with Ouro, piece by piece. The page
// docs/library/from-shared_ptr.md quotes it.
#include <memory>
#include <string>
#include <vector>

#include "example.h"

namespace before {

struct Folder : std::enable_shared_from_this<Folder> {
  explicit Folder(std::string the_name) : name(std::move(the_name)) {}

  std::shared_ptr<Folder> add(std::string the_name) {
    auto folder = std::make_shared<Folder>(std::move(the_name));
    folder->parent = weak_from_this();
    folders.push_back(folder);
    return folder;
  }
  std::string path() const {
    const std::shared_ptr<Folder> above = parent.lock();
    return above ? above->path() + "/" + name : name;  // wrong when the folder above is gone
  }

  std::string name;
  std::weak_ptr<Folder> parent;  // a shared_ptr would leak the whole tree
  std::vector<std::shared_ptr<Folder>> folders;
};

std::string deepest_path() {
  auto root = std::make_shared<Folder>("root");
  auto inner = root->add("a")->add("b");
  root.reset();
  return inner->path();
}

}  // namespace before

namespace after {

struct Folder : ouro::Object {
  explicit Folder(std::string the_name) : name(std::move(the_name)) {}

  ouro::Ref<Folder> add(std::string the_name) {
    auto folder = ouro::make<Folder>(std::move(the_name));
    folder->parent = ouro::Ref<Folder>(this);
    folders.push_back(folder);
    return folder;
  }
  std::string path() const { return parent ? parent->path() + "/" + name : name; }

  std::string name;
  ouro::Ref<Folder> parent;
  std::vector<ouro::Ref<Folder>> folders;

  void traverse(auto& visit) { visit(parent, folders); }
};

std::string deepest_path() {
  auto root = ouro::make<Folder>("root");
  auto inner = root->add("a")->add("b");
  root.reset();
  return inner->path();
}

}  // namespace after

namespace {

void program(ouro::Heap& heap, std::FILE* out) {
  std::fprintf(out, "std::shared_ptr: %s\n", before::deepest_path().c_str());
  std::fprintf(out, "ouro:            %s\n", after::deepest_path().c_str());
  heap.collect();
  std::fprintf(out, "alive: %zu\n", heap.stats().live_objects);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
