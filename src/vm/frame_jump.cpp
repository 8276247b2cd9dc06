// Assigning to frame.f_lineno: where a debugger may jump.
//
// What lies on the value stack decides. Each instruction gets a *picture* of its stack: three bits
// an item, the top lowest. A jump may drop items, and must then find below it what the code at the
// target expects: no loop without its iterator, no handler without its exception.
#include "compile/stack_effect.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "vm/generator.h"
#include "vm/specialize.h"
#include "vm/tracing.h"

namespace ouro {

namespace {

enum class Item : std::uint8_t { None, Iterator, Except, Object, Null, LastIndex };

using Picture = std::int64_t;
constexpr Picture kUnknown = -1;  // no way leads here
constexpr Picture kTooDeep = -2;
constexpr int kItemBits = 3;

Picture push(Picture stack, Item item) {
  if (stack < 0 || stack >= (Picture{1} << (63 - kItemBits))) return kTooDeep;
  return (stack << kItemBits) | static_cast<Picture>(item);
}
Picture pop(Picture stack) { return stack < 0 ? stack : stack >> kItemBits; }
Picture pop_many(Picture stack, int count) {
  for (; count > 0; --count) stack = pop(stack);
  return stack;
}
Item top(Picture stack) { return static_cast<Item>(stack & ((1 << kItemBits) - 1)); }
std::uint32_t height(Picture stack) {
  std::uint32_t count = 0;
  for (; stack > 0; stack = pop(stack)) ++count;
  return count;
}
Item at_depth(Picture stack, std::uint32_t depth) {
  return top(pop_many(stack, static_cast<int>(depth) - 1));
}

bool item_fits(Item from, Item to) {
  if (to == Item::None) return false;
  if (to == Item::Object) return from != Item::Null;
  if (to == Item::Null) return true;
  return from == to;
}
bool stack_fits(Picture from, Picture to) {
  if (from < 0 || to < 0) return false;
  while (from > to) from = pop(from);
  for (; from != 0; from = pop(from), to = pop(to)) {
    if (!item_fits(top(from), top(to))) return false;
  }
  return to == 0;
}

const char* why_not(Picture target) {
  if (target == kTooDeep) return "stack is too deep to analyze";
  if (target == kUnknown) return "can't jump into an unreachable code";
  switch (top(target)) {
    case Item::Except:
      return "can't jump into an 'except' block as there's no exception";
    case Item::LastIndex:
      return "can't jump into a re-raising block as there's no location";
    case Item::Iterator:
      return "can't jump into the body of a for loop";
    case Item::None:
    case Item::Object:
    case Item::Null:
      break;
  }
  return "incompatible stacks";
}

Picture exchanged(Picture stack, std::uint32_t depth) {
  const int shift = kItemBits * static_cast<int>(depth - 1);
  const Picture mask = (1 << kItemBits) - 1;
  const Picture upper = stack & mask;
  const Picture lower = (stack >> shift) & mask;
  stack &= ~(mask | (mask << shift));
  return stack | lower | (upper << shift);
}

// The pictures of all instructions of a code object, found by following every way through it.
class StackPictures {
 public:
  explicit StackPictures(const Code* code) : code_(code) {
    pictures_ = static_cast<Picture*>(allocate_raw(code->instruction_count * sizeof(Picture)));
    if (pictures_ == nullptr) return;
    for (std::uint32_t i = 0; i < code->instruction_count; ++i) pictures_[i] = kUnknown;
    const std::uint32_t suspends = kGenerator | kCoroutine | kAsyncGenerator;
    // A generator is sent a None when it starts, which ReturnGenerator's successor pops.
    reach(0, (code->flags & suspends) != 0 ? push(0, Item::Object) : 0);
    while (changed_) {
      changed_ = false;
      for (std::uint32_t i = 0; i < code->instruction_count;) {
        if (pictures_[i] != kUnknown) step(i);
        i += 1u + kCacheUnits[code->instructions[i] & 0xff];
      }
      for (std::uint32_t i = 0; i < code->exception_count; ++i) enter_handler(code->exceptions[i]);
    }
  }
  ~StackPictures() {
    if (pictures_ != nullptr) free_raw(pictures_);
  }
  StackPictures(const StackPictures&) = delete;
  StackPictures& operator=(const StackPictures&) = delete;
  [[nodiscard]] bool ok() const { return pictures_ != nullptr; }
  [[nodiscard]] Picture operator[](std::uint32_t index) const { return pictures_[index]; }

 private:
  void reach(std::uint32_t index, Picture stack) {
    if (index >= code_->instruction_count || pictures_[index] != kUnknown) return;
    pictures_[index] = stack;
    changed_ = true;
  }

  void enter_handler(const ExceptionEntry& entry) {
    Picture stack = pictures_[entry.start];
    if (stack == kUnknown) return;
    while (height(stack) > entry.depth) stack = pop(stack);
    if (entry.push_lasti) stack = push(stack, Item::LastIndex);
    reach(entry.target, push(stack, Item::Except));
  }

  void step(std::uint32_t i) {
    const Instr instr = code_->instructions[i];
    const Opcode opcode = general_opcode(instr_opcode(instr));
    const std::uint32_t argument = instr_argument(instr);
    const std::uint32_t next = i + 1u + kCacheUnits[instr & 0xff];
    Picture stack = pictures_[i];
    switch (opcode) {
      case Opcode::Jump:
      case Opcode::JumpBackward:
        reach(argument, stack);
        return;
      case Opcode::PopJumpIfTrue:
      case Opcode::PopJumpIfFalse:
      case Opcode::PopJumpIfNone:
      case Opcode::PopJumpIfNotNone:
        reach(argument, pop(stack));
        break;
      case Opcode::JumpIfTrueOrPop:
      case Opcode::JumpIfFalseOrPop:
        reach(argument, stack);
        break;
      case Opcode::Send:
      case Opcode::ForIter:
        reach(argument, pop(stack));
        break;
      case Opcode::ReturnValue:
      case Opcode::RaiseVarargs:
      case Opcode::Reraise:
        return;
      default:
        break;
    }
    reach(next, after(opcode, argument, stack));
  }

  static Picture after(Opcode opcode, std::uint32_t argument, Picture stack) {
    switch (opcode) {
      case Opcode::GetIter:
      case Opcode::GetAiter:
        return push(pop(stack), Item::Iterator);
      case Opcode::PushExcInfo:
        return push(stack, Item::Except);
      case Opcode::PushNull:
        return push(stack, Item::Null);
      case Opcode::LoadGlobal:
        return push((argument & 1) != 0 ? push(stack, Item::Null) : stack, Item::Object);
      case Opcode::LoadMethod:
        return push(push(pop(stack), Item::Null), Item::Object);
      case Opcode::Call:
        return push(pop_many(stack, static_cast<int>(argument) + 2), Item::Object);
      case Opcode::Copy:
        return push(stack, at_depth(stack, argument));
      case Opcode::Swap:
        return exchanged(stack, argument);
      default:
        break;
    }
    int effect = stack_effect(static_cast<std::uint8_t>(opcode), argument, false);
    if (effect < 0) return pop_many(stack, -effect);
    for (; effect > 0; --effect) stack = push(stack, Item::Object);
    return stack;
  }

  const Code* code_;
  Picture* pictures_ = nullptr;
  bool changed_ = false;
};

// Outside a trace function this sees TraceEvent::Call.
Status check_moment(ThreadState& ts, FrameObject* object) {
  switch (ts.traced_event) {
    case TraceEvent::Line:
      return kDone;
    case TraceEvent::Call:
      return raise_value_error(ts, "can't jump from the 'call' trace event of a new frame");
    case TraceEvent::Return:
      if (instr_opcode(*object->frame->ip) == Opcode::YieldValue) return kDone;
      break;
    default:
      break;
  }
  return raise_value_error(ts, "can only jump from a 'line' trace event");
}

void drop_to(ThreadState& ts, Frame* frame, Picture from, Picture to) {
  for (; from > to; from = pop(from)) {
    Object* item = *--frame->stack_top;
    if (top(from) == Item::Except) {
      // The exception before it is the handled one again.
      xdecref(std::exchange(ts.handled->exception, item));
    } else {
      xdecref(item);
    }
  }
}

}  // namespace

Status jump_to_line(ThreadState& ts, FrameObject* object, Obj value) {
  if (!value) return raise(ts, ts.core.exceptions.AttributeError, "cannot delete attribute");
  if (!is_exact_int(value)) return raise_value_error(ts, "lineno must be an integer");
  OURO_TRY(check_moment(ts, object));
  if (object->trace == nullptr) {
    return raise_value_error(ts, "f_lineno can only be set by a trace function");
  }
  const std::int64_t wanted = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wanted > INT32_MAX || wanted < INT32_MIN) return raise_value_error(ts, "lineno out of range");
  Frame* frame = object->frame;
  const Code* code = frame->code;
  if (wanted < code->first_line) {
    return raise_value_error(ts, "line {} comes before the current code block", wanted);
  }
  // Lines without code of their own stand for the next one.
  std::int64_t line = INT64_MAX;
  for (std::uint32_t i = 0; i < code->location_count; ++i) {
    const std::int32_t candidate = code->locations[i].line;
    if (candidate >= wanted && candidate < line) line = candidate;
  }
  if (line == INT64_MAX) {
    return raise_value_error(ts, "line {} comes after the current code block", wanted);
  }
  const StackPictures pictures(code);
  if (!pictures.ok()) return raise_no_memory(ts);
  Picture start = pictures[frame->instruction_index()];
  // The highest stack that fits keeps most of what is there.
  Picture best = kTooDeep;
  std::uint32_t target = 0;
  const char* problem = "cannot find bytecode for specified line";
  bool found = false, explained = false;
  std::int32_t line_before = -1;
  for (std::uint32_t i = 0; i < code->location_count; ++i) {
    const CodeLocation& place = code->locations[i];
    if (place.line == -1 || place.line == line_before) continue;
    line_before = place.line;
    if (place.line != line) continue;
    const Picture there = pictures[place.start];
    if (stack_fits(start, there)) {
      found = true;
      if (there > best) {
        best = there;
        target = place.start;
      }
    } else if (!found && !explained) {
      if (start == kTooDeep) {
        problem = "stack to deep to analyze";
      } else if (start == kUnknown) {
        problem = "can't jump from unreachable code";
      } else {
        problem = why_not(there);
        explained = true;
      }
    }
  }
  if (!found) return raise_value_error(ts, "{}", problem);
  drop_to(ts, frame, start, best);
  frame->ip = code->instructions + target;
  object->line = 0;
  return kDone;
}

}  // namespace ouro
