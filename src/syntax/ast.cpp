// Ownership of the arena behind a tree.
#include "syntax/ast.h"

#include <new>
#include <type_traits>
#include <utility>

namespace ouro::syntax {

static_assert(std::is_trivially_destructible_v<Arguments> &&
                  std::is_trivially_destructible_v<Try> &&
                  std::is_trivially_destructible_v<Constant> &&
                  std::is_trivially_destructible_v<Mod> &&
                  std::is_trivially_destructible_v<MatchClass>,
              "A2: the arena is dropped without visiting the nodes");

namespace {
// Small sources are many (eval, exec, REPL lines); large ones grow geometrically from here.
constexpr std::size_t kFirstBlockBytes = 2048;
}  // namespace

Ast::Ast(std::pmr::memory_resource& memory) : upstream_(&memory) {
  void* place = memory.allocate(sizeof(std::pmr::monotonic_buffer_resource),
                                alignof(std::pmr::monotonic_buffer_resource));
  arena_ = ::new (place) std::pmr::monotonic_buffer_resource(kFirstBlockBytes, &memory);
}

Ast::Ast(Ast&& other) noexcept
    : upstream_(std::exchange(other.upstream_, nullptr)),
      arena_(std::exchange(other.arena_, nullptr)),
      root_(std::exchange(other.root_, nullptr)),
      warnings_(std::exchange(other.warnings_, {})) {}

Ast& Ast::operator=(Ast&& other) noexcept {
  if (this != &other) {
    release();
    upstream_ = std::exchange(other.upstream_, nullptr);
    arena_ = std::exchange(other.arena_, nullptr);
    root_ = std::exchange(other.root_, nullptr);
    warnings_ = std::exchange(other.warnings_, {});
  }
  return *this;
}

Ast::~Ast() { release(); }

void Ast::release() noexcept {
  if (arena_ == nullptr) return;
  arena_->~monotonic_buffer_resource();
  upstream_->deallocate(arena_, sizeof(std::pmr::monotonic_buffer_resource),
                        alignof(std::pmr::monotonic_buffer_resource));
  arena_ = nullptr;
}

}  // namespace ouro::syntax
