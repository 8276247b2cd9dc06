// A small Lisp whose garbage is collected by the heap it runs in.
//
// A closure refers to the environment it was made in, and a function that is defined there, or
// calls itself, is in that environment: a cycle at every `define`. Numbers and symbols are leaves,
// which cost no collector's time.
#include <cctype>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "example.h"

namespace {

class Environment;

/// Everything is a value; null is the empty list.
struct Value : ouro::Object {
  virtual ~Value() = default;
  virtual void write(std::string& to) const = 0;
};
using Any = ouro::Ref<Value>;
using Arguments = ouro::vector<Any>;

struct Number final : Value {
  explicit Number(long the_value) : value(the_value) {}
  void write(std::string& to) const override { to += std::to_string(value); }
  long value;
};

struct Symbol final : Value {
  explicit Symbol(std::string_view the_name) : name(the_name) {}
  void write(std::string& to) const override { to += name; }
  std::string name;
};

struct Pair final : Value {
  Pair(Any the_head, Any the_tail) : head(std::move(the_head)), tail(std::move(the_tail)) {}
  void write(std::string& to) const override;
  void traverse(auto& visit) {
    visit.named("head", head);
    visit.named("tail", tail);
  }
  Any head, tail;
};

struct Closure final : Value {
  Closure(Any the_parameters, Any the_body, ouro::Ref<Environment> the_environment)
      : parameters(std::move(the_parameters)),
        body(std::move(the_body)),
        environment(std::move(the_environment)) {}
  void write(std::string& to) const override { to += "<function>"; }
  void traverse(auto& visit) {
    visit.named("parameters", parameters);
    visit.named("body", body);
    visit.named("environment", environment);
  }
  Any parameters, body;
  ouro::Ref<Environment> environment;
};

struct Primitive final : Value {
  using Function = Any (*)(const Arguments&);
  explicit Primitive(Function the_function) : function(the_function) {}
  void write(std::string& to) const override { to += "<primitive>"; }
  Function function;
};

class Environment final : public ouro::Object {
 public:
  explicit Environment(ouro::Ref<Environment> outer = nullptr) : outer_(std::move(outer)) {}
  void define(std::string_view name, Any value) {
    values_.insert_or_assign(ouro::string(name), std::move(value));
  }
  Any& find(const std::string& name) {
    for (Environment* at = this; at != nullptr; at = at->outer_.get()) {
      const auto found = at->values_.find(std::string_view(name));
      if (found != at->values_.end()) return found->second;
    }
    throw std::runtime_error("unknown name " + name);
  }
  void traverse(auto& visit) {
    visit.named("values", values_);
    visit.named("outer", outer_);
  }

 private:
  using Entry = std::pair<const ouro::string, Any>;
  std::map<ouro::string, Any, std::less<>, ouro::Allocator<Entry>> values_;
  ouro::Ref<Environment> outer_;
};

template <class T>
ouro::Ref<T> as(const Any& value, const char* what) {
  ouro::Ref<T> result = ouro::dynamic_pointer_cast<T>(value);
  if (!result) throw std::runtime_error(std::string("expected ") + what);
  return result;
}
ouro::Ref<Pair> pair(const Any& value) { return as<Pair>(value, "a list"); }
long number(const Any& value) { return as<Number>(value, "a number")->value; }

std::string text(const Any& value) {
  std::string result;
  if (value) {
    value->write(result);
  } else {
    result = "()";
  }
  return result;
}

void Pair::write(std::string& to) const {
  to += "(" + text(head);
  Any rest = tail;
  while (const ouro::Ref<Pair> next = ouro::dynamic_pointer_cast<Pair>(rest)) {
    to += " " + text(next->head);
    rest = next->tail;
  }
  to += rest ? " . " + text(rest) + ")" : ")";
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}
  /// The next expression.
  Any read() {
    skip();
    if (at_ == source_.size()) throw std::runtime_error("unexpected end");
    if (source_[at_] == '(') {
      ++at_;
      return read_list();
    }
    const std::size_t start = at_;
    while (at_ < source_.size() && std::strchr(" \n()", source_[at_]) == nullptr) ++at_;
    const std::string_view word = source_.substr(start, at_ - start);
    if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
      return ouro::make<Number>(std::stol(std::string(word)));
    }
    return ouro::make<Symbol>(word);
  }
  bool at_end() {
    skip();
    return at_ == source_.size();
  }

 private:
  void skip() {
    while (at_ < source_.size() && std::isspace(static_cast<unsigned char>(source_[at_])) != 0) {
      ++at_;
    }
  }
  Any read_list() {
    skip();
    if (at_ == source_.size()) throw std::runtime_error("unexpected end");
    if (source_[at_] == ')') {
      ++at_;
      return nullptr;
    }
    Any head = read();
    Any tail = read_list();
    return ouro::make<Pair>(std::move(head), std::move(tail));
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

Any evaluate(const Any& expression, const ouro::Ref<Environment>& environment);

Any evaluate_all(Any body, const ouro::Ref<Environment>& environment) {
  Any result;
  for (; body; body = pair(body)->tail) result = evaluate(pair(body)->head, environment);
  return result;
}

Any call(const Any& function, const Arguments& arguments) {
  if (const auto primitive = ouro::dynamic_pointer_cast<Primitive>(function)) {
    return primitive->function(arguments);
  }
  const ouro::Ref<Closure> closure = as<Closure>(function, "a function");
  const ouro::Ref<Environment> inner = ouro::make<Environment>(closure->environment);
  Any parameter = closure->parameters;
  for (const Any& argument : arguments) {
    inner->define(as<Symbol>(pair(parameter)->head, "a name")->name, argument);
    parameter = pair(parameter)->tail;
  }
  return evaluate_all(closure->body, inner);
}

/// define, set!, if and lambda; false when `name` is none of them.
bool evaluate_special(const std::string& name, const Any& rest,
                      const ouro::Ref<Environment>& environment, Any& result) {
  if (name == "define") {
    Any value = evaluate(pair(pair(rest)->tail)->head, environment);
    environment->define(as<Symbol>(pair(rest)->head, "a name")->name, std::move(value));
  } else if (name == "set!") {
    result = evaluate(pair(pair(rest)->tail)->head, environment);
    environment->find(as<Symbol>(pair(rest)->head, "a name")->name) = result;
  } else if (name == "if") {
    const bool holds = number(evaluate(pair(rest)->head, environment)) != 0;
    const ouro::Ref<Pair> branches = pair(pair(rest)->tail);
    result = evaluate(holds ? branches->head : pair(branches->tail)->head, environment);
  } else if (name == "lambda") {
    result = ouro::make<Closure>(pair(rest)->head, pair(rest)->tail, environment);
  } else {
    return false;
  }
  return true;
}

Any evaluate(const Any& expression, const ouro::Ref<Environment>& environment) {
  if (const auto symbol = ouro::dynamic_pointer_cast<Symbol>(expression)) {
    return environment->find(symbol->name);
  }
  const auto list = ouro::dynamic_pointer_cast<Pair>(expression);
  if (!list) return expression;
  if (const auto symbol = ouro::dynamic_pointer_cast<Symbol>(list->head)) {
    Any result;
    if (evaluate_special(symbol->name, list->tail, environment, result)) return result;
  }
  const Any function = evaluate(list->head, environment);
  Arguments arguments;
  for (Any rest = list->tail; rest; rest = pair(rest)->tail) {
    arguments.push_back(evaluate(pair(rest)->head, environment));
  }
  return call(function, arguments);
}

template <class Operation>
Any arithmetic(const Arguments& arguments, Operation operation) {
  return ouro::make<Number>(operation(number(arguments.at(0)), number(arguments.at(1))));
}

ouro::Ref<Environment> make_globals() {
  const auto globals = ouro::make<Environment>();
  const auto define = [&](const char* name, Primitive::Function function) {
    globals->define(name, ouro::make<Primitive>(function));
  };
  define("+", [](const Arguments& a) { return arithmetic(a, std::plus<long>()); });
  define("-", [](const Arguments& a) { return arithmetic(a, std::minus<long>()); });
  define("*", [](const Arguments& a) { return arithmetic(a, std::multiplies<long>()); });
  define("<", [](const Arguments& a) { return arithmetic(a, std::less<long>()); });
  define("cons", [](const Arguments& a) -> Any { return ouro::make<Pair>(a.at(0), a.at(1)); });
  return globals;
}

constexpr std::string_view kProgram = R"(
  (define factorial (lambda (n) (if (< n 2) 1 (* n (factorial (- n 1))))))
  (factorial 12)
  (define make-counter (lambda (n) (lambda () (set! n (+ n 1)))))
  (define counter (make-counter 10))
  (counter)
  (counter)
  (define even (lambda (n) (if (< n 1) 1 (odd (- n 1)))))
  (define odd (lambda (n) (if (< n 1) 0 (even (- n 1)))))
  (cons (even 10) (cons (odd 10) (cons (factorial 3) 7)))
  (define twice (lambda (f) (lambda (x) (f (f x)))))
  ((twice (twice (lambda (x) (* x x)))) 2)
  counter
)";

void program(ouro::Heap& heap, std::FILE* out) {
  const std::size_t before = heap.stats().live_objects;
  {
    const ouro::Ref<Environment> globals = make_globals();
    for (Reader reader(kProgram); !reader.at_end();) {
      const Any expression = reader.read();
      const Any result = evaluate(expression, globals);
      if (result) std::fprintf(out, "%s\n  %s\n", text(expression).c_str(), text(result).c_str());
    }
    heap.collect();
    std::fprintf(out, "objects that the program needs: %zu\n", heap.stats().live_objects);
  }
  // Every global function refers to the globals, and they to it.
  std::fprintf(out, "left when the globals are let go: %s\n",
               heap.stats().live_objects > before ? "some" : "none");
  heap.collect();
  std::fprintf(out, "left after a collection: %zu\n", heap.stats().live_objects - before);
}

}  // namespace

int main(int argc, char** argv) { return example::run(argc, argv, program); }
