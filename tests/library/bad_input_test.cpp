// Mistakes of the library's users, and what they are told. Most is detected in checked builds only.
#include <stdexcept>
#include <thread>

#include "library/library_fixture.h"

namespace ouro {
namespace {

struct Node : Object {
  Ref<Node> next;
  std::vector<Ref<Node>> list;
  ouro::vector<Ref<Node>> own_list;
  void traverse(auto& visit) { visit(next, list, own_list); }
};

TEST(BadInputDeathTest, NoCurrentHeap) {
  EXPECT_DEATH((void)make<Node>(), "this thread has no current heap");
}

TEST(BadInputDeathTest, AnObjectThatIsDestroyedWhileReferredTo) {
  struct Leaks : Object {
    explicit Leaks(Ref<Leaks>* to) {
      *to = Ref<Leaks>(this);
      throw std::runtime_error("after giving itself away");
    }
  };
  EXPECT_DEATH(
      {
        Heap heap;
        Ref<Leaks> kept;
        try {
          (void)make<Leaks>(&kept);
        } catch (const std::runtime_error&) {
        }
      },
      "is destroyed while 1 references to it exist");
}

TEST(BadInputDeathTest, AReferenceGivenAwayByADestructor) {
  struct Stays : Object {
    explicit Stays(Ref<Stays>* the_place) : place(the_place) {}
    ~Stays() { *place = Ref<Stays>(this); }
    Ref<Stays>* place;
  };
  EXPECT_DEATH(
      {
        Heap heap;
        Ref<Stays> kept;
        make<Stays>(&kept).reset();
      },
      "is destroyed while 1 references");
}

#ifdef OURO_CHECKED

TEST(BadInputDeathTest, DoubleRelease) {
  EXPECT_DEATH(
      {
        Heap heap;
        Node* raw = make<Node>().detach();
        (void)Ref<Node>::adopt(raw);
        (void)Ref<Node>::adopt(raw);
      },
      "use after free of block .*allocation [0-9]+ at bad_input_test.cpp:[0-9]+ .*, free [0-9]+");
}

TEST(BadInputDeathTest, TouchingAFreedObject) {
  EXPECT_DEATH(
      {
        Heap heap;
        Ref<Node> node = make<Node>();
        Ref<Node>::adopt(node.get()).reset();
        node->next.reset();
      },
      "use after free of block .*bad_input_test.cpp");
}

TEST(BadInputDeathTest, NullReference) {
  EXPECT_DEATH(
      {
        Heap heap;
        (void)Ref<Node>()->next;
      },
      "a null reference is used");
}

TEST(BadInputDeathTest, ReleaseOnAnotherHeap) {
  EXPECT_DEATH(
      {
        Heap a;
        Heap b;
        Ref<Node> node = make<Node>();
        b.make_current();
        node.reset();
      },
      "a reference to a .*Node \\(allocation [0-9]+, bad_input_test.cpp:[0-9]+\\) of another heap "
      "is dropped");
}

TEST(BadInputDeathTest, AnotherThread) {
  EXPECT_DEATH(
      {
        Heap heap;
        Ref<Node> node = make<Node>();
        std::thread([&] { node.reset(); }).join();
      },
      "this thread has no current heap");
}

TEST(BadInputDeathTest, AWriteOutsideAnObject) {
  struct Text : Object {
    char bytes[8];
  };
  EXPECT_DEATH(
      {
        Heap heap;
        Ref<Text> text = make<Text>();
        auto* volatile beyond = text->bytes;
        reinterpret_cast<char*>(text.get())[sizeof(Text)] = 1;
        (void)beyond;
        text.reset();
      },
      "write outside block|heap-buffer-overflow|use-after-poison");
}

/// What verify() says after `build` has run.
template <class Build>
std::string complaint(Build build) {
  Heap heap({.leaks = Leaks::Ignore});
  const auto kept = build();
  const auto broken = heap.verify();
  return broken ? std::string(broken->rule) + ": " + broken->found : "";
}

/// Declares nothing of what it holds.
struct Forgetful : Object {
  int number = 0;
  Ref<Node> direct;
  std::vector<Ref<Node>> list;
  ouro::vector<Ref<Node>> own_list;
  Ref<Node> told;
  Node* looked_at = nullptr;
  void traverse(auto& visit) { visit(told); }
};

struct Stutters : Object {
  Ref<Node> next;
  void traverse(auto& visit) { visit(next, next); }
};

struct Nosy : Object {
  Ref<Node> node;
  void traverse(auto& visit) {
    visit(node);
    if (node) visit(node->next);
  }
};

struct Copies : Object {
  Ref<Node> node;
  void traverse(auto& visit) {
    Ref<Node> copy = node;
    visit(copy);
  }
};

#define EXPECT_SAYS(text, pattern) \
  EXPECT_TRUE(testing::internal::RE::PartialMatch(text, pattern)) << (text)

TEST(BadInputTest, AllIsWellWhenAllIsTold) {
  EXPECT_EQ(complaint([] {
              Ref<Forgetful> holder = make<Forgetful>();
              holder->told = make<Node>();
              holder->looked_at = holder->told.get();
              holder->told->list.push_back(holder->told);
              holder->told->own_list.push_back(holder->told);
              return holder;
            }),
            "");
}

TEST(BadInputTest, AForgottenReference) {
  const std::string text = complaint([] {
    Ref<Forgetful> holder = make<Forgetful>();
    holder->direct = make<Node>();
    return holder;
  });
  EXPECT_SAYS(text,
              "E1: traverse of a .*Forgetful \\(allocation [0-9]+, bad_input_test.cpp:[0-9]+\\) "
              "forgets the reference at offset 24, to a .*Node");
}

TEST(BadInputTest, AForgottenVector) {
  const std::string text = complaint([] {
    Ref<Forgetful> holder = make<Forgetful>();
    holder->list = {make<Node>(), make<Node>()};
    return holder;
  });
  EXPECT_SAYS(text, "E1: .*Forgetful .*forgets the reference in the vector at offset 32");
}

TEST(BadInputTest, AForgottenVectorInTheHeap) {
  const std::string text = complaint([] {
    Ref<Forgetful> holder = make<Forgetful>();
    holder->own_list = {make<Node>()};
    return holder;
  });
  EXPECT_SAYS(text, "E1: .*in the buffer that it holds at offset 56");
}

TEST(BadInputTest, AReferenceToldTwice) {
  const std::string text = complaint([] {
    Ref<Stutters> holder = make<Stutters>();
    holder->next = make<Node>();
    return std::pair(holder, holder->next);
  });
  EXPECT_SAYS(text, "E2: traverse of a .*Stutters .*twice: #1");
}

TEST(BadInputTest, AReferenceOfAnotherObject) {
  const std::string text = complaint([] {
    Ref<Nosy> holder = make<Nosy>();
    holder->node = make<Node>();
    holder->node->next = make<Node>();
    return std::pair(holder, holder->node->next);
  });
  EXPECT_SAYS(text, "E2: traverse of a .*(Nosy|Node) .*(twice|that another object holds)");
}

TEST(BadInputTest, ACopyIsNoReferenceOfTheObject) {
  const std::string text = complaint([] {
    Ref<Copies> holder = make<Copies>();
    holder->node = make<Node>();
    return holder;
  });
  EXPECT_SAYS(text, "E2: traverse of a .*Copies .*tells a reference that .*: #0");
}

TEST(BadInputTest, ALeafThatHoldsATrackedObject) {
  class Private : public Object {  // no aggregate, so the compiler can't look
   public:
    explicit Private(Ref<Node> node) : node_(std::move(node)) {}

   private:
    Ref<Node> node_;
  };
  EXPECT_SAYS(complaint([] { return make<Private>(make<Node>()); }),
              "E1: traverse of a .*Private .*forgets the reference at offset 16");
}

TEST(BadInputDeathTest, VerifyModesReportItThemselves) {
  EXPECT_DEATH(
      {
        Heap heap({.verify = Verify::EachCollection});
        Ref<Forgetful> holder = make<Forgetful>();
        holder->direct = make<Node>();
        heap.collect();
      },
      "E1: traverse of a .*Forgetful");
}

#endif

}  // namespace
}  // namespace ouro
