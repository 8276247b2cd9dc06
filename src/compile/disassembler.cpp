// Code objects as text: one line an instruction, with line number, index, argument and what the
// argument stands for.
#include <array>
#include <cstdarg>
#include <cstdio>

#include "compile/compile.h"
#include "compile/opcodes.h"
#include "objects/errors.h"
#include "objects/operations.h"

namespace ouro {

namespace {

constexpr const char* kBinaryNames[] = {"+", "&",  "//", "<<", "@", "*", "%",
                                        "|", "**", ">>", "-",  "/", "^"};
constexpr const char* kCompareNames[] = {"<", "<=", "==", "!=", ">", ">="};

class Lister {
 public:
  explicit Lister(ThreadState& ts) : ts_(ts), out_(ts) {}

  Status list(Borrowed<Code> code) {
    NativeDepth depth(ts_, " in disassembly");
    if (!depth.ok()) return Raised{};
    OURO_TRY(out_.append("code "));
    OURO_TRY(out_.append(code->qualname));
    OURO_TRY(put(": stack %d, locals %d, flags %#x\n", code->stack_size, code->local_count,
                 code->flags));
    std::int32_t line = 0;
    for (std::uint32_t i = 0; i < code->instruction_count;) {
      std::int32_t here = code->location_of(i)->line;
      if (here != line && here >= 0) {
        OURO_TRY(put("%5d", here));
      } else {
        OURO_TRY(out_.append("     "));
      }
      line = here >= 0 ? here : line;
      Opcode opcode = instr_opcode(code->instructions[i]);
      const OpcodeInfo& info = opcode_info(opcode);
      OURO_TRY(put(" %5u  %-20s", i, info.name));
      OURO_TRY(argument(code, opcode, instr_argument(code->instructions[i])));
      OURO_TRY(out_.append("\n"));
      i += 1u + info.caches;
    }
    for (std::uint32_t i = 0; i < code->exception_count; ++i) {
      const ExceptionEntry& entry = code->exceptions[i];
      OURO_TRY(put("  handler %u..%u -> %u, depth %u%s\n", entry.start, entry.end, entry.target,
                   entry.depth, entry.push_lasti ? ", lasti" : ""));
    }
    for (std::int64_t i = 0; i < code->consts->size; ++i) {
      Obj constant = code->consts->at(i);
      if (!is_kind(constant, TypeKind::Code)) continue;
      OURO_TRY(out_.append("\n"));
      OURO_TRY(list(as<Code>(constant)));
    }
    return kDone;
  }
  Result<Ref<Str>> finish() { return out_.finish(); }

 private:
  [[gnu::format(printf, 2, 3)]] Status put(const char* format, ...) {
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return out_.append(std::string_view(text));
  }

  Status shown(Borrowed<Tuple> table, std::uint32_t index, bool as_repr) {
    if (static_cast<std::int64_t>(index) >= table->size) return kDone;
    Obj item = table->at(index);
    Ref<Str> text;
    if (is_kind(item, TypeKind::Code)) {
      text =
          OURO_TRY(format_message(ts_, "code {}", std::array{FormatArg(as<Code>(item)->qualname)}));
    } else {
      text = OURO_TRY(as_repr ? repr_of(ts_, item) : str_of(ts_, item));
    }
    OURO_TRY(out_.append(" ("));
    OURO_TRY(out_.append(text));
    return out_.append(")");
  }

  /// The argument, for instructions that have one, and its meaning.
  Status argument(Borrowed<Code> code, Opcode opcode, std::uint32_t argument) {
    OURO_TRY(put(" %u", argument));
    switch (opcode) {
      case Opcode::LoadConst:
      case Opcode::KeywordNames:
        return shown(code->consts, argument, true);
      case Opcode::LoadFast:
      case Opcode::StoreFast:
      case Opcode::DeleteFast:
      case Opcode::LoadDeref:
      case Opcode::StoreDeref:
      case Opcode::DeleteDeref:
      case Opcode::LoadClassDeref:
      case Opcode::LoadClosure:
      case Opcode::MakeCell:
        return shown(code->local_names, argument, false);
      case Opcode::LoadGlobal:
        if ((argument & 1) != 0) OURO_TRY(out_.append(" null +"));
        return shown(code->names, argument >> 1, false);
      case Opcode::LoadName:
      case Opcode::StoreName:
      case Opcode::DeleteName:
      case Opcode::StoreGlobal:
      case Opcode::DeleteGlobal:
      case Opcode::LoadAttr:
      case Opcode::StoreAttr:
      case Opcode::DeleteAttr:
      case Opcode::LoadMethod:
      case Opcode::ImportName:
      case Opcode::ImportFrom:
        return shown(code->names, argument, false);
      case Opcode::BinaryOp:
        if ((argument & 15) < std::size(kBinaryNames)) {
          return put(" (%s%s)", kBinaryNames[argument & 15], argument >= 16 ? "=" : "");
        }
        return kDone;
      case Opcode::CompareOp:
        return argument < std::size(kCompareNames) ? put(" (%s)", kCompareNames[argument]) : kDone;
      default:
        return kDone;
    }
  }

  ThreadState& ts_;
  StrBuilder out_;
};

}  // namespace

Result<Ref<Str>> disassemble(ThreadState& ts, Borrowed<Code> code) {
  Lister lister(ts);
  OURO_TRY(lister.list(code));
  return lister.finish();
}

}  // namespace ouro
