// Observer lists, with weak references and without.
//
// A sensor tells its observers of each new value. It refers to them weakly, so that being observed
// keeps nobody alive; a callback takes an observer's entry off the list when the observer goes. The
// observers hold the sensor, and one holds itself through a closure-like cycle: the collector ends
// it when nobody else needs it.
#include <cstdio>
#include <string>

#include "example.h"

namespace {

class Sensor;

/// Observers are told through a virtual function.
class Observer : public ouro::Object, public ouro::WeakReferable {
 public:
  explicit Observer(const char* name) : name_(name) {}
  virtual ~Observer() = default;
  virtual void changed(const Sensor& sensor, std::FILE* out) = 0;
  [[nodiscard]] const std::string& name() const { return name_; }
  void traverse(auto& visit) { visit.named("sensor", sensor); }

  ouro::Ref<Sensor> sensor;

 private:
  std::string name_;
};

class Sensor : public ouro::Object {
 public:
  void observe(const ouro::Ref<Observer>& observer) {
    // What a callback captures nobody traces: with a Ref, the entries would hold themselves for
    // ever, through the list, the weak reference in it and its callback.
    ouro::Weak<Observer> weak(observer, [entries = ouro::Weak<Entries>(entries_)] {
      if (const ouro::Ref<Entries> alive = entries.lock()) ++alive->dead;
    });
    entries_->list.push_back(std::move(weak));
    observer->sensor = ouro::Ref<Sensor>(this);
  }
  void set(double value, std::FILE* out) {
    value_ = value;
    for (const ouro::Weak<Observer>& weak : entries_->list) {
      if (const ouro::Ref<Observer> observer = weak.lock()) observer->changed(*this, out);
    }
    tidy();
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] std::size_t observers() const { return entries_->list.size() - entries_->dead; }
  void traverse(auto& visit) { visit.named("entries", entries_); }

 private:
  /// A leaf: weak references are no edges.
  struct Entries : ouro::Object, ouro::WeakReferable {
    ouro::vector<ouro::Weak<Observer>> list;
    std::size_t dead = 0;
  };
  void tidy() {
    if (entries_->dead == 0) return;
    std::erase_if(entries_->list, [](const auto& weak) { return weak.expired(); });
    entries_->dead = 0;
  }

  double value_ = 0;
  ouro::Ref<Entries> entries_ = ouro::make<Entries>();
};

class Display final : public Observer {
 public:
  using Observer::Observer;
  void changed(const Sensor& source, std::FILE* out) override {
    std::fprintf(out, "  %s shows %.1f\n", name().c_str(), source.value());
  }
};

/// Counts, and remembers an observer to blame; an alarm may blame itself.
class Alarm final : public Observer {
 public:
  using Observer::Observer;
  void changed(const Sensor& source, std::FILE* out) override {
    if (source.value() > 30) std::fprintf(out, "  %s! (%d)\n", name().c_str(), ++count_);
  }
  void traverse(auto& visit) {
    Observer::traverse(visit);
    visit.named("culprit", culprit);
  }
  ouro::Ref<Observer> culprit;

 private:
  int count_ = 0;
};

void program(ouro::Heap& heap, std::FILE* out) {
  ouro::Ref<Sensor> sensor = ouro::make<Sensor>();
  ouro::Ref<Observer> display = ouro::make<Display>("display");
  ouro::Ref<Alarm> alarm = ouro::make<Alarm>("alarm");
  alarm->culprit = alarm;
  sensor->observe(display);
  sensor->observe(alarm);

  std::fprintf(out, "%zu observers\n", sensor->observers());
  sensor->set(21.5, out);
  sensor->set(31.0, out);

  display.reset();  // nobody else holds it: it goes at once
  std::fprintf(out, "%zu observers\n", sensor->observers());
  sensor->set(32.0, out);

  alarm.reset();  // it holds itself: it goes with the next collection
  heap.collect();
  std::fprintf(out, "%zu observers\n", sensor->observers());
  sensor->set(33.0, out);
  std::fprintf(out, "objects: %zu\n", heap.stats().live_objects);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
