// Module objgraph: pictures of references, with the names and options of M. Gedminas' objgraph.
//
// Every edge carries its label (index, key, attribute, slot): the collector's own description of an object tells them, where the
// original has to guess from outside.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "gc/collector.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/code.h"
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "observe/graphviz.h"

namespace ouro {

namespace {

enum class Direction : std::uint8_t { References, Backreferences };

struct Options {
  std::int64_t max_depth = 3;
  std::int64_t too_many = 10;
  Obj extra_ignore, filter, highlight, filename, extra_info, output, extra_node_attrs;
  bool refcounts = false;
  bool short_names = true;
};

// -- texts -------------------------------------------------------------------------------------------------------------

Status append_quoted(StrBuilder& out, Borrowed<Str> text) {
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (c == '\\' || c == '"') OURO_TRY(out.append(U'\\'));
    if (c == '\n') {
      OURO_TRY(out.append(std::string_view("\\n")));
    } else if (c == 0) {
      OURO_TRY(out.append(std::string_view("\\\\0")));
    } else {
      OURO_TRY(out.append(c));
    }
  }
  return kDone;
}

Result<Ref<Str>> first_characters(ThreadState& ts, Ref<Str> text, std::int64_t count) {
  if (text->length <= count) return text;
  return text->slice(ts, 0, count);
}

/// `__name__` where there is one, else the start of repr.
Result<Ref<Str>> name_or_repr(ThreadState& ts, Obj object) {
  MaybeAttribute name = find_attribute(ts, object, ts.core.names.dunder_name);
  if (name.failed) return Raised{};
  if (name.value && is_str(name.value)) return Ref<Str>::share(as<Str>(name.value));
  return first_characters(ts, OURO_TRY(repr_of(ts, object)), 40);
}

Result<Ref<Str>> describe(ThreadState& ts, Obj object) {
  if (is_type(object) || is_kind(object, TypeKind::Module) || is_kind(object, TypeKind::BuiltinFunction)) {
    return name_or_repr(ts, object);
  }
  if (is_kind(object, TypeKind::Method)) {
    Ref<Str> name = OURO_TRY(name_or_repr(ts, as<Method>(object)->function));
    return str_concat(ts, name, OURO_TRY(intern(ts, " (bound)")));
  }
  if (is_kind(object, TypeKind::Function) && str_equals_ascii(as<Function>(object)->name, "<lambda>")) {
    Borrowed<Code> code = as<Function>(object)->code;
    Utf8 path(code->filename);
    if (!path.ok()) return raise_no_memory(ts);
    const std::size_t slash = path.view().rfind('/');
    const FormatArg args[] = {FormatArg(path.view().substr(slash == std::string_view::npos ? 0 : slash + 1)), FormatArg(code->first_line)};
    return format_message(ts, "lambda: {}:{}", args);
  }
  if (is_kind(object, TypeKind::Frame)) {
    ObjRef code = OURO_TRY(get_attribute(ts, object, "f_code"));
    ObjRef file = OURO_TRY(get_attribute(ts, code, "co_filename"));
    ObjRef line = OURO_TRY(get_attribute(ts, object, "f_lineno"));
    const FormatArg args[] = {FormatArg(file), FormatArg(line)};
    return format_message(ts, "{}:{}", args);
  }
  if (is_tuple(object) || is_list(object) || is_dict(object) || is_kind(object, TypeKind::Set)) {
    const FormatArg args[] = {FormatArg(static_cast<long>(OURO_TRY(length_of(ts, object))))};
    return format_message(ts, "{} items", args);
  }
  return first_characters(ts, OURO_TRY(repr_of(ts, object)), 40);
}

Result<Ref<Str>> safe_description(ThreadState& ts, Obj object) {
  Result<Ref<Str>> text = describe(ts, object);
  if (text.ok()) return text;
  if (!catch_pending(ts, ts.core.exceptions.Exception)) return Raised{};
  return intern(ts, "(unrepresentable)");
}

Result<Ref<Str>> type_text(ThreadState& ts, Obj object, bool short_name) {
  ObjRef type = Obj(object->type()).new_ref();
  Ref<Str> name = OURO_TRY(name_or_repr(ts, type));
  if (short_name) return name;
  MaybeAttribute module = find_attribute(ts, type, ts.core.names.dunder_module);
  if (module.failed) return Raised{};
  if (!module.value) return name;
  const FormatArg args[] = {FormatArg(module.value), FormatArg(name)};
  return format_message(ts, "{}.{}", args);
}

bool is_identifier(Borrowed<Str> text) {
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text->length > 0;
}

Result<Ref<Str>> label_text(ThreadState& ts, const gc::EdgeLabel& label, Obj name, bool short_names) {
  using Kind = gc::EdgeLabel::Kind;
  switch (label.kind) {
    case Kind::Slot:
    case Kind::Cell: return Str::from_utf8(ts, label.text);
    case Kind::Attribute:
    case Kind::Local: return Ref<Str>::share(as<Str>(name));
    case Kind::Index:
    case Kind::Stack: {
      const FormatArg args[] = {FormatArg(static_cast<long>(label.index))};
      return format_message(ts, "[{}]", args);
    }
    case Kind::Value:
      if (is_str(name) && is_identifier(as<Str>(name))) return Ref<Str>::share(as<Str>(name));
      {
        Ref<Str> type = OURO_TRY(type_text(ts, name, short_names));
        const FormatArg args[] = {FormatArg(type), FormatArg(OURO_TRY(safe_description(ts, name)))};
        return format_message(ts, "{}\n{}", args);
      }
    case Kind::Key: return intern(ts, "(key)");
    case Kind::Member: return Ref<Str>::share(ts.core.empty_str);
  }
  return Ref<Str>::share(ts.core.empty_str);
}

// -- edges -------------------------------------------------------------------------------------------------------------

/// Copies an object's edges out (targets and label objects held), so that Python code may run afterwards.
class CopiesEdges final : public gc::LabelledVisitor {
 public:
  struct Edge {
    gc::EdgeLabel label;
    ObjRef target;
    ObjRef name;
  };
  explicit CopiesEdges(ThreadState& ts) : ts_(ts) {}
  ~CopiesEdges() override {
    for (std::size_t i = 0; i < count_; ++i) edges_[i].~Edge();
    free_raw(edges_);
  }
  CopiesEdges(const CopiesEdges&) = delete;
  CopiesEdges& operator=(const CopiesEdges&) = delete;

  /// Only edges to `only` when it is given.
  Status of(Obj holder, Obj only = nullptr) {
    only_ = only;
    const gc::TypeInfo* type = holder->type_info;
    if ((type->flags & gc::kCollected) != 0 && type->describe != nullptr) type->describe(holder.get(), *this);
    if (failed_) return raise_no_memory(ts_);
    return kDone;
  }
  void visit(const gc::Header* target, const gc::EdgeLabel& label, bool hidden) override {
    if (hidden || failed_ || (only_ && target != only_.get())) return;
    if (count_ == capacity_) {
      const std::size_t wanted = capacity_ == 0 ? 16 : capacity_ * 2;
      void* grown = reallocate_raw(edges_, wanted * sizeof(Edge));
      if (grown == nullptr) {
        failed_ = true;
        return;
      }
      edges_ = static_cast<Edge*>(grown);
      capacity_ = wanted;
    }
    const auto object = [](const gc::Header* header) { return ObjRef::share(static_cast<Object*>(const_cast<gc::Header*>(header))); };
    new (&edges_[count_++]) Edge{label, object(target), object(label.object)};
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] Edge& operator[](std::size_t index) { return edges_[index]; }

 private:
  ThreadState& ts_;
  Obj only_;
  Edge* edges_ = nullptr;
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;
  bool failed_ = false;
};

/// The tracked objects that refer to `target`, in the collector's order.
Result<Ref<List>> holders_of(ThreadState& ts, Obj target) {
  struct Finds final : gc::LabelledVisitor {
    void visit(const gc::Header* at, const gc::EdgeLabel&, bool hidden) override { found |= !hidden && at == wanted; }
    const gc::Header* wanted = nullptr;
    bool found = false;
  } finder;
  finder.wanted = target.get();
  Ref<List> holders = OURO_TRY(List::create(ts));
  Status status = kDone;
  for (int generation = 0; generation < 3; ++generation) {
    const bool walked = ts.space.collector.for_each(generation, [&](gc::Header* header) {
      if (status.raised() || header == holders.get()) return;
      finder.found = false;
      header->type_info->describe(header, finder);
      if (finder.found) status = holders->append(ts, Obj(static_cast<Object*>(header)));
    });
    if (!walked) return raise_no_memory(ts);
  }
  OURO_TRY(status);
  return holders;
}

// -- the drawing -------------------------------------------------------------------------------------------------------

class Drawing {
 public:
  Drawing(ThreadState& ts, const Options& options, Direction direction)
      : ts_(ts), options_(options), direction_(direction), out_(ts) {}

  Result<Ref<Str>> draw(Obj given) {
    queue_ = OURO_TRY(List::create(ts_));
    depths_ = OURO_TRY(Dict::create(ts_));
    ignored_ = OURO_TRY(Dict::create(ts_));
    if (options_.extra_ignore) {
      OURO_TRY(for_each_item(ts_, options_.extra_ignore, [&](ObjRef id) -> Status { return dict_set(ts_, ignored_, id, ts_.core.none); }));
    }
    for (Object* own : {static_cast<Object*>(queue_.get()), static_cast<Object*>(depths_.get()), static_cast<Object*>(ignored_.get()),
                        given.get()}) {
      OURO_TRY(ignore(own));
    }
    OURO_TRY(text("digraph ObjectGraph {\n  node[shape=box, style=filled, fillcolor=white];\n"));
    Ref<List> objects = is_list(given) || is_tuple(given) ? OURO_TRY(list_from_iterable(ts_, given)) : OURO_TRY(List::create(ts_));
    if (!is_list(given) && !is_tuple(given)) OURO_TRY(objects->append(ts_, given));
    OURO_TRY(ignore(objects));
    for (std::int64_t i = 0; i < objects->size; ++i) {
      ObjRef object = objects->at(i).new_ref();
      OURO_TRY(text("  "));
      OURO_TRY(node_name(object));
      OURO_TRY(text("[fontcolor=red];\n"));
      OURO_TRY(enqueue(object, 0));
    }
    objects.reset();
    ts_.space.collector.collect({.generation = 2, .cause = gc::Cause::Explicit});
    for (; nodes_ < queue_->size; ++nodes_) {
      ObjRef object = queue_->at(nodes_).new_ref();
      OURO_TRY(draw_node(object));
    }
    OURO_TRY(text("}\n"));
    return out_.finish();
  }
  [[nodiscard]] std::int64_t nodes() const { return nodes_; }

 private:
  Status text(std::string_view piece) { return out_.append(piece); }
  Status printed(const char* format, double a, double b, double c) {
    char buffer[120];
    std::snprintf(buffer, sizeof buffer, format, a, b, c);
    return text(buffer);
  }
  Status node_name(Obj object) {
    char name[40];
    std::snprintf(name, sizeof name, "o%llu", static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(object.get())));
    return text(name);
  }
  Result<Ref<Int>> id_of(Obj object) { return Int::from(ts_, static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(object.get()))); }
  Status ignore(Obj object) {
    Ref<Int> id = OURO_TRY(id_of(object));
    return dict_set(ts_, ignored_, id, ts_.core.none);
  }
  Status enqueue(Obj object, std::int64_t depth) {
    Ref<Int> id = OURO_TRY(id_of(object));
    Ref<Int> value = OURO_TRY(Int::from(ts_, depth));
    if (!OURO_TRY(dict_contains(ts_, depths_, id))) OURO_TRY(dict_set(ts_, depths_, id, value));
    return queue_->append(ts_, object);
  }
  Result<std::int64_t> depth_of(Obj object) {
    Ref<Int> id = OURO_TRY(id_of(object));
    const Lookup found = dict_lookup(ts_, depths_, id);
    if (found.failed) return Raised{};
    return found.value == nullptr ? std::int64_t{-1} : int_clamped(found.value);
  }

  Status draw_label(Obj object) {
    OURO_TRY(text("  "));
    OURO_TRY(node_name(object));
    OURO_TRY(text("[label=\""));
    OURO_TRY(append_quoted(out_, OURO_TRY(type_text(ts_, object, options_.short_names))));
    if (options_.refcounts) {
      // Less the reference of the queue and the one held while drawing.
      char count[32];
      std::snprintf(count, sizeof count, " [%u]", object->refcount - 2);
      OURO_TRY(text(count));
    }
    OURO_TRY(text("\\n"));
    OURO_TRY(append_quoted(out_, OURO_TRY(safe_description(ts_, object))));
    if (options_.extra_info) {
      ObjRef info = OURO_TRY(call(ts_, options_.extra_info, object));
      OURO_TRY(text("\\n"));
      OURO_TRY(append_quoted(out_, OURO_TRY(str_of(ts_, info))));
    }
    OURO_TRY(text("\""));
    if (options_.extra_node_attrs) OURO_TRY(draw_extra_attributes(object));
    return text("];\n");
  }

  Status draw_extra_attributes(Obj object) {
    ObjRef attributes = OURO_TRY(call(ts_, options_.extra_node_attrs, object));
    ObjRef items = OURO_TRY(call_method(ts_, attributes, ts_.core.names.n_items));
    Ref<List> sorted = OURO_TRY(list_from_iterable(ts_, items));
    OURO_TRY(sorted->sort(ts_, nullptr, false));
    for (std::int64_t i = 0; i < sorted->size; ++i) {
      ObjRef pair = sorted->at(i).new_ref();
      if (!is_tuple(pair) || as<Tuple>(pair)->size != 2 || is_none(as<Tuple>(pair)->at(1))) continue;
      OURO_TRY(text(", "));
      OURO_TRY(out_.append(OURO_TRY(str_of(ts_, as<Tuple>(pair)->at(0)))));
      OURO_TRY(text("=\""));
      OURO_TRY(append_quoted(out_, OURO_TRY(str_of(ts_, as<Tuple>(pair)->at(1)))));
      OURO_TRY(text("\""));
    }
    return kDone;
  }

  Status draw_node(Obj object) {
    const std::int64_t depth = OURO_TRY(depth_of(object));
    const double part = options_.max_depth == 0 ? 0 : static_cast<double>(depth) / static_cast<double>(options_.max_depth);
    OURO_TRY(draw_label(object));
    observe::Colour colour = observe::between({0, 0, 1}, {0, 0, .3}, part);
    const bool is_module = is_kind(object, TypeKind::Module);
    if (is_module) {
      colour.hue = .3;
      colour.saturation = 1;
    }
    if (options_.highlight) {
      ObjRef marked = OURO_TRY(call(ts_, options_.highlight, object));
      if (OURO_TRY(is_true(ts_, marked))) colour = {.6, .6, .5 + colour.value * .5};
    }
    OURO_TRY(text("  "));
    OURO_TRY(node_name(object));
    OURO_TRY(printed("[fillcolor=\"%g,%g,%g\"];\n", colour.hue, colour.saturation, colour.value));
    if (colour.value < .5) {
      OURO_TRY(text("  "));
      OURO_TRY(node_name(object));
      OURO_TRY(text("[fontcolor=white];\n"));
    }
    if (type_lookup(ts_, object->type(), ts_.core.names.dunder_del)) OURO_TRY(draw_finalizer_ring(object));
    if (depth >= options_.max_depth) return kDone;
    // What a module holds is everything: backreferences stop there.
    if (direction_ == Direction::Backreferences && is_module) return kDone;
    return draw_neighbours(object, depth);
  }

  Status draw_finalizer_ring(Obj object) {
    OURO_TRY(text("  "));
    OURO_TRY(node_name(object));
    OURO_TRY(text("->"));
    OURO_TRY(node_name(object));
    OURO_TRY(text("_has_a_del[color=red,style=dotted,len=0.25,weight=10];\n  "));
    OURO_TRY(node_name(object));
    return text("_has_a_del[label=\"__del__\",shape=doublecircle,height=0.25,color=red,fillcolor=\"0,.5,1\",fontsize=6];\n");
  }

  Status draw_neighbours(Obj object, std::int64_t depth) {
    std::int64_t drawn = 0;
    std::int64_t skipped = 0;
    if (direction_ == Direction::References) {
      CopiesEdges edges(ts_);
      OURO_TRY(edges.of(object));
      for (std::size_t i = 0; i < edges.size(); ++i) {
        OURO_TRY(draw_edge(object, edges[i].target, edges[i].target, edges[i], depth, drawn, skipped));
      }
    } else {
      Ref<List> holders = OURO_TRY(holders_of(ts_, object));
      OURO_TRY(ignore(holders));
      for (std::int64_t i = 0; i < holders->size; ++i) {
        ObjRef holder = holders->at(i).new_ref();
        CopiesEdges edges(ts_);
        OURO_TRY(edges.of(holder, object));
        for (std::size_t k = 0; k < edges.size(); ++k) {
          OURO_TRY(draw_edge(holder, object, holder, edges[k], depth, drawn, skipped));
        }
      }
    }
    if (skipped > 0) OURO_TRY(draw_stub(object, skipped, depth));
    return kDone;
  }

  Status draw_edge(Obj from, Obj to, Obj next, CopiesEdges::Edge& edge, std::int64_t depth, std::int64_t& drawn, std::int64_t& skipped) {
    Ref<Int> id = OURO_TRY(id_of(next));
    if (OURO_TRY(dict_contains(ts_, ignored_, id))) return kDone;
    if (options_.filter) {
      ObjRef wanted = OURO_TRY(call(ts_, options_.filter, next));
      if (!OURO_TRY(is_true(ts_, wanted))) return kDone;
    }
    if (drawn >= options_.too_many) {
      ++skipped;
      return kDone;
    }
    OURO_TRY(text("  "));
    OURO_TRY(node_name(from));
    OURO_TRY(text(" -> "));
    OURO_TRY(node_name(to));
    Ref<Str> label = OURO_TRY(label_text(ts_, edge.label, edge.name, options_.short_names));
    if (label->length > 0) {
      OURO_TRY(text(" [label=\""));
      OURO_TRY(append_quoted(out_, label));
      OURO_TRY(text("\"]"));
    }
    OURO_TRY(text(";\n"));
    if (OURO_TRY(depth_of(next)) < 0) OURO_TRY(enqueue(next, depth + 1));
    ++drawn;
    return kDone;
  }

  Status draw_stub(Obj object, std::int64_t skipped, std::int64_t depth) {
    const double part = options_.max_depth == 0 ? 0 : static_cast<double>(depth + 1) / static_cast<double>(options_.max_depth);
    const observe::Colour colour = observe::between({0, 1, 1}, {0, 1, .3}, part);
    const bool forward = direction_ == Direction::References;
    char name[48];
    std::snprintf(name, sizeof name, "o%llu", static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(object.get())));
    char line[512];
    std::snprintf(line, sizeof line,
                  "  %s%s->%s%s[color=red,style=dotted,len=0.25,weight=10];\n"
                  "  too_many_%s[label=\"%lld more %s\",shape=box,height=0.25,color=red,fillcolor=\"%g,%g,%g\",fontsize=6];\n"
                  "  too_many_%s[fontcolor=white];\n",
                  forward ? "" : "too_many_", name, forward ? "too_many_" : "", name, name, static_cast<long long>(skipped),
                  forward ? "references" : "backreferences", colour.hue, colour.saturation, colour.value, name);
    return text(line);
  }

  ThreadState& ts_;
  const Options& options_;
  const Direction direction_;
  StrBuilder out_;
  Ref<List> queue_;    // every object met, in order; drawn up to nodes_
  Ref<Dict> depths_;   // id -> depth
  Ref<Dict> ignored_;  // ids
  std::int64_t nodes_ = 0;
};

// -- output ------------------------------------------------------------------------------------------------------------

Status write_whole_file(ThreadState& ts, const char* path, std::string_view text, Obj shown) {
  std::FILE* file = std::fopen(path, "wb");
  if (file == nullptr) return raise_os_error(ts, errno, shown);
  const bool complete = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int error_number = errno;
  if (std::fclose(file) != 0 || !complete) return raise_os_error(ts, complete ? errno : error_number, shown);
  return kDone;
}

Status say(ThreadState& ts, const char* pattern, std::span<const FormatArg> args) {
  Ref<Str> message = OURO_TRY(format_message(ts, pattern, args));
  Utf8 text(message);
  if (!text.ok()) return raise_no_memory(ts);
  OURO_TRY(write_stdout(ts, text.view()));
  return write_stdout(ts, "\n");
}

Status make_image(ThreadState& ts, const std::string& dot_file, std::string image) {
  if (!observe::is_program_on_path("dot")) {
    return say(ts, image.empty() ? "Graph viewer (xdot) and image renderer (dot) not found, not doing anything else"
                                 : "Image renderer (dot) not found, not doing anything else", {});
  }
  if (image.empty()) {
    OURO_TRY(say(ts, "Graph viewer (xdot) not found, generating a png instead", {}));
    image = dot_file.substr(0, dot_file.size() - 4) + ".png";
  }
  const std::size_t dot = image.rfind('.');
  const std::size_t slash = image.rfind('/');
  const bool has_extension = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  const std::string format = has_extension ? image.substr(dot + 1) : "";
  const int status = observe::run_dot(format.c_str(), image.c_str(), dot_file.c_str());
  if (status != 0) {
    const std::string command = "dot -T" + format + " -o" + image + " " + dot_file;
    const FormatArg args[] = {FormatArg(status), FormatArg(command.c_str())};
    return say(ts, "dot failed (exit code {}) while executing \"{}\"", args);
  }
  const FormatArg args[] = {FormatArg(image.c_str())};
  return say(ts, "Image generated as {}", args);
}

ObjResult show(ThreadState& ts, Args args, const char* function, Direction direction) {
  Obj values[12];
  OURO_TRY(parse_args(ts, args, function,
                      {"objs", "max_depth", "extra_ignore", "filter", "too_many", "highlight", "filename", "extra_info", "refcounts",
                       "shortnames", "output", "extra_node_attrs"}, 1, values));
  const auto given = [&](int i) { return values[i] && !is_none(values[i]) ? values[i] : Obj(); };
  Options options;
  if (given(1)) options.max_depth = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  options.extra_ignore = given(2);
  options.filter = given(3);
  if (given(4)) options.too_many = OURO_TRY(index_as_int64(ts, values[4], ts.core.exceptions.OverflowError));
  options.highlight = given(5);
  options.filename = given(6);
  options.extra_info = given(7);
  options.refcounts = given(8) && OURO_TRY(is_true(ts, values[8]));
  options.short_names = !values[9] || OURO_TRY(is_true(ts, values[9]));
  options.output = given(10);
  options.extra_node_attrs = given(11);
  if (options.filename && options.output) return raise_value_error(ts, "Cannot specify both output and filename.");
  if (options.filename && !is_str(options.filename)) return raise_type_error(ts, "filename must be str, not {t}", options.filename);
  Drawing drawing(ts, options, direction);
  Ref<Str> dot_text = OURO_TRY(drawing.draw(values[0]));
  if (options.output) {
    Object* write_args[] = {dot_text.get()};
    OURO_TRY(call_method(ts, options.output, ts.core.names.n_write, write_args));
    return ts.core.none_ref();
  }
  Utf8 text(dot_text);
  if (!text.ok()) return raise_no_memory(ts);
  std::string image;
  if (options.filename) {
    Utf8 name(as<Str>(options.filename));
    if (!name.ok()) return raise_no_memory(ts);
    image = name.view();
  }
  const bool dot_only = image.size() >= 4 && image.compare(image.size() - 4, 4, ".dot") == 0;
  std::string dot_file = image;
  if (!dot_only) {
    const char* folder = std::getenv("TMPDIR");
    dot_file = std::string(folder == nullptr || *folder == '\0' ? "/tmp" : folder) + "/objgraph-XXXXXX.dot";
    const int descriptor = mkstemps(dot_file.data(), 4);
    if (descriptor < 0) return raise_os_error(ts, errno, nullptr);
    close(descriptor);
  }
  OURO_TRY(write_whole_file(ts, dot_file.c_str(), text.view(), options.filename));
  const FormatArg written[] = {FormatArg(dot_file.c_str()), FormatArg(static_cast<long>(drawing.nodes()))};
  OURO_TRY(say(ts, "Graph written to {} ({} nodes)", written));
  if (!dot_only) OURO_TRY(make_image(ts, dot_file, image));
  return ts.core.none_ref();
}

ObjResult show_refs(ThreadState& ts, Obj, Args args) { return show(ts, args, "show_refs", Direction::References); }
ObjResult show_backrefs(ThreadState& ts, Obj, Args args) { return show(ts, args, "show_backrefs", Direction::Backreferences); }

constexpr MethodDef kMethods[] = {
    {"show_refs", show_refs, 0, -1, MethodDef::kKeywords, "Draws what the objects refer to, directly and indirectly."},
    {"show_backrefs", show_backrefs, 0, -1, MethodDef::kKeywords, "Draws what refers to the objects, up to modules."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// The names that are not built yet say so when they are asked for.
ObjResult module_getattr(ThreadState& ts, Obj, Args args) {
  constexpr const char* kMissing[] = {"count", "typestats", "most_common_types", "show_most_common_types", "growth", "show_growth",
                                      "get_new_ids", "get_leaking_objects", "by_type", "at", "at_addrs", "find_ref_chain",
                                      "find_backref_chain", "show_chain", "is_proper_module"};
  for (const char* name : kMissing) {
    if (is_str(args[0]) && str_equals_ascii(as<Str>(args[0]), name)) {
      return raise(ts, ts.core.exceptions.NotImplementedError, "objgraph.{} is not built yet", name);
    }
  }
  return raise(ts, ts.core.exceptions.AttributeError, "module 'objgraph' has no attribute {r}", args[0]);
}
constexpr MethodDef kGetAttribute[] = {
    {"__getattr__", module_getattr, 1, 1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_objgraph_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "objgraph"));
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(module->add_functions(ts, kGetAttribute));
  return module;
}

}  // namespace ouro
