// A world just large enough to compile in, and short texts to compare results by.
#pragma once

#include <string>
#include <string_view>

#include "compile/compile.h"
#include "compile/opcodes.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

class CompileTest : public testing::Test {
 protected:
  void SetUp() override {
    gc::current_space() = &space_;
    current_thread_state() = &ts_;
    ASSERT_TRUE(init_core_objects(ts_).ok());
    core_.modules = Dict::create(ts_).take().release();
    core_.builtins = Dict::create(ts_).take().release();
    filename_ = Str::from_utf8(ts_, "<test>").take();
    options_.source_is_utf8 = true;
    options_.hooks = &hooks_;
    hooks_.context = this;
    hooks_.warn = [](void* self, ThreadState&, Borrowed<Type> category, Borrowed<Str> message,
                     Borrowed<Str>, int line) -> Status {
      static_cast<CompileTest*>(self)->warnings_ += std::string(category->name()) + " " +
                                                    std::to_string(line) + ": " + text_of(message) +
                                                    "\n";
      return kDone;
    };
  }

  void TearDown() override {
    clear_pending(ts_);
    filename_.reset();
    Ref<Dict>::steal(std::exchange(core_.builtins, nullptr)).reset();
    Ref<Dict>::steal(std::exchange(core_.modules, nullptr)).reset();
    space_.collector.collect({});
    clear_core_objects(ts_);
  }

  static std::string text_of(Borrowed<Str> text) { return std::string(Utf8(text).view()); }
  std::string repr(Obj object) {
    if (is_kind(object, TypeKind::Code)) return "code " + text_of(as<Code>(object)->qualname);
    Result<Ref<Str>> text = repr_of(ts_, object);
    return text.ok() ? text_of(text.take()) : "(raised)";
  }

  Result<Ref<Code>> compile(std::string_view source) {
    return compile_source(ts_, source, filename_, options_);
  }

  /// The error a text gives: "SyntaxError 1:5-1:7: message"; "" when it compiles.
  std::string error(std::string_view source) {
    Result<Ref<Code>> result = compile(source);
    if (result.ok()) return "";
    ObjRef exception = take_pending(ts_);
    auto field = [&](const char* name) {
      Result<ObjRef> value = get_attribute(ts_, exception, name);
      if (value.ok()) return repr(value.take());
      clear_pending(ts_);
      return std::string("?");
    };
    std::string type = exception->type()->name();
    if (!exception->type()->is_subtype_of(core_.exceptions.SyntaxError)) return type;
    Result<ObjRef> message = get_attribute(ts_, exception, "msg");
    ObjRef owned = message.take();
    return type + " " + field("lineno") + ":" + field("offset") + "-" + field("end_lineno") + ":" +
           field("end_offset") + ": " + text_of(as<Str>(owned));
  }

  /// Opcodes of a code object in order, constants and jump targets in parentheses, other arguments
  /// after a colon where they are not 0. Jumps name the position of their target in this list.
  std::string ops(Borrowed<Code> code) {
    std::string out;
    std::string separator;
    auto position = [&](std::uint32_t unit) {
      std::uint32_t count = 0;
      for (std::uint32_t i = 0; i < unit;
           i += 1u + opcode_info(instr_opcode(code->instructions[i])).caches)
        ++count;
      return std::to_string(count);
    };
    for (std::uint32_t i = 0; i < code->instruction_count;) {
      Opcode opcode = instr_opcode(code->instructions[i]);
      std::uint32_t argument = instr_argument(code->instructions[i]);
      std::string name = opcode_info(opcode).name;
      out += separator + name;
      separator = " ";
      if (opcode == Opcode::LoadConst || opcode == Opcode::KeywordNames) {
        out += "(" + repr(code->consts->at(argument)) + ")";
      } else if (name.find("Jump") != name.npos || opcode == Opcode::ForIter ||
                 opcode == Opcode::Send) {
        out += "(" + position(argument) + ")";
      } else if (argument != 0) {
        out += ":" + std::to_string(argument);
      }
      i += 1u + opcode_info(opcode).caches;
    }
    for (std::uint32_t i = 0; i < code->exception_count; ++i) {
      const ExceptionEntry& entry = code->exceptions[i];
      out += " | " + position(entry.start) + ".." + position(entry.end) + "->" +
             position(entry.target) + " depth " + std::to_string(entry.depth) +
             (entry.push_lasti ? " lasti" : "");
    }
    return out;
  }

  /// ops() of the module.
  std::string module_ops(std::string_view source) {
    Result<Ref<Code>> result = compile(source);
    return result.ok() ? ops(result.take()) : "(raised)";
  }
  /// The code object at `path` (positions among nested code constants), borrowed from `code`.
  static Code* inner(Borrowed<Code> code, std::initializer_list<int> path) {
    Code* current = code.get();
    for (int index : path) {
      for (std::int64_t i = 0; i < current->consts->size; ++i) {
        Obj constant = current->consts->at(i);
        if (!is_kind(constant, TypeKind::Code) || index-- > 0) continue;
        current = as<Code>(constant);
        break;
      }
    }
    return current;
  }
  /// ops() of the first function of the module.
  std::string function_ops(std::string_view source) {
    Result<Ref<Code>> result = compile(source);
    if (!result.ok()) return "(raised)";
    Ref<Code> module = result.take();
    return ops(inner(module, {0}));
  }
  std::string names(Borrowed<Tuple> tuple) {
    std::string out;
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      out += (i > 0 ? " " : "") + text_of(as<Str>(tuple->at(i)));
    }
    return out;
  }

  heap::Heap heap_{heap::HeapOptions{}};
  gc::Space space_{heap_};
  CoreObjects core_;
  ThreadState ts_{core_, space_};
  Ref<Str> filename_;
  CompileOptions options_;
  CompileHooks hooks_;
  std::string warnings_;
};

}  // namespace ouro
