// A world just large enough to run code in: core objects, the evaluator, and builtins that hold the
// types and exceptions.
#pragma once

#include <string>
#include <string_view>

#include "compile/compile.h"
#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "vm/vm.h"

namespace ouro {

class VmTest : public testing::Test {
 protected:
  void SetUp() override {
    gc::current_space() = &space_;
    current_thread_state() = &ts_;
    ASSERT_TRUE(init_frame_stack(ts_).ok());
    ASSERT_TRUE(init_core_objects(ts_).ok());
    install_vm(ts_);
    core_.modules = Dict::create(ts_).take().release();
    core_.builtins = Dict::create(ts_).take().release();
    globals_ = Dict::create(ts_).take();
#define OURO_EXCEPTION(name, base) \
  ASSERT_TRUE(dict_set(ts_, core_.builtins, #name, core_.exceptions.name).ok());
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
    for (Type* type : {core_.types.list, core_.types.range, core_.types.tuple, core_.types.type,
                       core_.types.map}) {
      ASSERT_TRUE(dict_set(ts_, core_.builtins, type->name(), type).ok());
    }
  }

  void TearDown() override {
    clear_pending(ts_);
    globals_.reset();
    Ref<Dict>::steal(std::exchange(core_.builtins, nullptr)).reset();
    Ref<Dict>::steal(std::exchange(core_.modules, nullptr)).reset();
    space_.collector.collect({});
    clear_core_objects(ts_);
    free_frame_stack(ts_);
  }

  /// Runs a program as a module; "" or the text of the exception it ends with.
  std::string run(std::string_view source) {
    Result<Ref<Str>> filename = Str::from_utf8(ts_, "<test>");
    CompileOptions options;
    options.source_is_utf8 = true;
    Result<Ref<Code>> code = compile_source(ts_, source, filename.take(), options);
    if (code.ok() && run_code(ts_, code.take(), globals_, globals_).ok()) return "";
    ObjRef exception = take_pending(ts_);
    return text(exception_summary(ts_, exception));
  }

  /// repr of a global variable.
  std::string shown(std::string_view name) {
    const Lookup found = dict_lookup(ts_, globals_, Str::from_utf8(ts_, name).take());
    return found.value == nullptr ? "(absent)" : text(repr_of(ts_, found.value));
  }

  /// What a one-expression program gives.
  std::string value_of(const std::string& expression) {
    std::string error = run("result = " + expression + "\n");
    return error.empty() ? shown("result") : error;
  }

  static std::string text(Result<Ref<Str>> result) {
    if (result.raised()) return "(raised)";
    Ref<Str> kept = result.take();  // the view may look into it
    Utf8 utf8(kept);
    return std::string(utf8.view());
  }

  heap::Heap heap_{heap::HeapOptions{}};
  gc::Space space_{heap_};
  CoreObjects core_;
  ThreadState ts_{core_, space_};
  Ref<Dict> globals_;
};

}  // namespace ouro
