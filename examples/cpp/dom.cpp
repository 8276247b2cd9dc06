// A document tree with parent links.
//
// Children point up and parents point down: with std::shared_ptr the way up has to be a weak_ptr,
// and whoever holds an inner element may find its parents gone. Here both are plain references. A
// subtree that is cut off lives as long as somebody holds any part of it, and then goes as a whole.
#include <algorithm>
#include <string>

#include "example.h"

namespace {

struct Element : ouro::Object {
  explicit Element(const char* the_name) : name(the_name) {}

  void append(ouro::Ref<Element> child) {
    child->parent = ouro::Ref<Element>(this);
    children.push_back(std::move(child));
  }
  void remove() {
    const ouro::Ref<Element> self(this);  // the parent's reference may be the last one
    if (!parent) return;
    std::erase(parent->children, self);
    parent.reset();
  }
  /// The path from the top, such as html/body/p.
  [[nodiscard]] std::string path() const { return parent ? parent->path() + "/" + name : name; }

  // The only thing the collector needs to be told.
  void traverse(auto& visit) {
    visit.named("parent", parent);
    visit.named("children", children);
  }

  std::string name;
  ouro::Ref<Element> parent;
  ouro::vector<ouro::Ref<Element>> children;
};

void print(const Element& element, int depth, std::FILE* out) {
  std::fprintf(out, "%*s%s\n", depth * 2, "", element.name.c_str());
  for (const ouro::Ref<Element>& child : element.children) print(*child, depth + 1, out);
}

ouro::Ref<Element> make_page() {
  ouro::Ref<Element> html = ouro::make<Element>("html");
  ouro::Ref<Element> body = ouro::make<Element>("body");
  html->append(ouro::make<Element>("head"));
  html->append(body);
  for (int i = 0; i < 3; ++i) {
    ouro::Ref<Element> section = ouro::make<Element>("section");
    section->append(ouro::make<Element>("h2"));
    section->append(ouro::make<Element>("p"));
    body->append(std::move(section));
  }
  return html;
}

void program(ouro::Heap& heap, std::FILE* out) {
  ouro::Ref<Element> html = make_page();
  print(*html, 0, out);
  std::fprintf(out, "objects: %zu\n", heap.stats().live_objects);

  // A paragraph is held; its section is cut off. The section lives on: the paragraph's parent.
  ouro::Ref<Element> body = html->children[1];
  ouro::Ref<Element> paragraph = body->children[1]->children[1];
  std::fprintf(out, "held: %s\n", paragraph->path().c_str());
  body->children[1]->remove();
  heap.collect();
  std::fprintf(out, "cut off: %s, objects: %zu\n", paragraph->path().c_str(),
               heap.stats().live_objects);

  // With the paragraph the whole subtree goes. Its links form cycles, so the collector does it.
  paragraph.reset();
  heap.collect();
  std::fprintf(out, "let go, objects: %zu\n", heap.stats().live_objects);

  body.reset();
  html.reset();
  heap.collect();
  std::fprintf(out, "the page is gone, objects: %zu\n", heap.stats().live_objects);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
