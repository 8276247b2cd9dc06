// The evaluator: one loop over the instructions of compile/opcodes.def and their specialised forms.
//
// Calls of Python functions, and generators that `for` and `yield from` drive, are run by the same
// C++ activation: it pushes a frame and goes on. `sp` points one past the top of the value stack;
// `ip` to the instruction in hand. Both are written to the frame (SAVE) before anything that can
// look at it. DROP writes the stack top again when an object dies, so that what is popped is never
// seen as part of the stack while Python code runs.
#include "vm/eval.h"

#include "compile/opcodes.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/function.h"
#include "objects/instance.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/number_memory.h"
#include "objects/operations.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/threads.h"
#include "objects/tuple.h"
#include "support/check.h"
#include "vm/generator.h"
#include "vm/specialize.h"
#include "vm/tracing.h"

#pragma GCC diagnostic ignored "-Wpedantic"  // labels as values: the dispatch of this file

namespace ouro {

namespace {

// Whether a signal came in or another thread wants the lock.
inline bool is_asked_for(const ThreadState& ts) {
  return ts.requests.load(std::memory_order_relaxed) != 0;
}

// Drops what is held behind a frame's room, first to last.
void drop_held(Object** held, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) decref(held[i]);
}

// What gc::dispose does, with a short way for numbers, which die most often.
[[gnu::noinline]] void dispose(ThreadState& ts, Object* dead) {
  if (is_exact_int(dead) || is_exact_float(dead)) {
    ts.space.heap.free(dead);
  } else {
    gc::dispose(dead);
  }
}

// Ends a frame and gives its room back.
[[gnu::always_inline]] inline void leave_frame(ThreadState& ts, Frame* frame) {
  if (frame->held == 0 && frame->frame_object == nullptr && frame->locals == nullptr) [[likely]] {
    // What end_frame does, for a frame that is nothing but slots.
    Object** const end = frame->stack_top;
    for (Object** slot = frame->slots; slot < end; ++slot) {
      Object* dropped = std::exchange(*slot, nullptr);
      if (dropped != nullptr && --dropped->refcount == 0) dispose(ts, dropped);
    }
    Code* code = frame->code;
    decref(frame->function);
    decref(code);
  } else if (frame->held == 0) {
    end_frame(ts, frame);
  } else {
    const std::uint32_t held_count = frame->held;
    Object** held = held_references(frame);  // before the code may go
    end_frame(ts, frame);
    drop_held(held, held_count);
  }
  release_frame(ts, frame);
}

// The same for a frame that an exception leaves, keeping the exception safe from what dies.
void end_callee_raised(ThreadState& ts, Frame* frame) {
  ObjRef exception = take_pending(ts);
  leave_frame(ts, frame);
  restore_pending(ts, std::move(exception));
}

// Python frames and native calls count together, as in CPython.
inline bool recursion_is_full(const ThreadState& ts) {
  return ts.python_depth + ts.native_depth >= ts.recursion_limit + ts.recursion_headroom;
}

// Objects whose call CPython passes a tuple (and dict) made for it: classes of programs and
// instances with __call__.
inline bool is_called_with_tuple(Obj callable) {
  return type_has(callable, kHeapType) || (is_type(callable) && as<Type>(callable)->has(kHeapType));
}

// One more reference to each positional argument and two to each keyword's value, while such a call
// runs: visible to getrefcount.
void hold_arguments(Object** args, std::uint32_t positional, std::uint32_t keywords) {
  for (std::uint32_t i = 0; i < positional; ++i) args[i]->refcount += 1;
  for (std::uint32_t i = 0; i < keywords; ++i) args[positional + i]->refcount += 2;
}
void release_arguments(Object** args, std::uint32_t positional, std::uint32_t keywords) {
  for (std::uint32_t i = 0; i < positional; ++i) args[i]->refcount -= 1;  // the stack has one still
  for (std::uint32_t i = 0; i < keywords; ++i) args[positional + i]->refcount -= 2;
}

// A native function to which CPython hands its arguments in a tuple.
[[gnu::noinline]] ObjResult call_with_tuple(ThreadState& ts, const MethodDef& def, Obj self,
                                            Args args) {
  const ArgumentTuple counted(ts, args.count);
  return def.function(ts, self, args);
}

// The next instruction is a conditional jump on the boolean just computed: both are done at once.
inline bool fuses_with_jump(Instr next) {
  return instr_opcode(next) == Opcode::PopJumpIfFalse ||
         instr_opcode(next) == Opcode::PopJumpIfTrue;
}

[[gnu::always_inline]] inline bool compare_values(CompareOp op, auto left, auto right) {
  switch (op) {
    case CompareOp::Less:
      return left < right;
    case CompareOp::LessEqual:
      return left <= right;
    case CompareOp::Equal:
      return left == right;
    case CompareOp::NotEqual:
      return left != right;
    case CompareOp::Greater:
      return left > right;
    case CompareOp::GreaterEqual:
      return left >= right;
  }
  return false;
}

inline bool is_small_int(Object* object) {
  return is_exact_int(object) && static_cast<Int*>(object)->is_small();
}

// Whether a result may be written into an operand: only the value stack holds it.
inline bool is_temporary(const Object* object) { return object->refcount == 1; }

[[gnu::always_inline]] inline bool takes_exactly(const Function* function, std::uint32_t args) {
  const Code* code = function->code;
  return static_cast<std::uint32_t>(code->arg_count) == args && code->kwonly_count == 0 &&
         (code->flags & (kVarArgs | kVarKeywords)) == 0;
}

[[gnu::always_inline]] inline bool arity_fits(const MethodDef* def, std::uint32_t args) {
  return static_cast<std::int32_t>(args) >= def->min_args &&
         (def->max_args < 0 || static_cast<std::int32_t>(args) <= def->max_args);
}

// An int result on top of two operands: reuses a dying one, small values are the shared objects.
// Null: raised.
[[gnu::always_inline]] inline Object* int_result(ThreadState& ts, std::int64_t value, Object* left,
                                                 Object* right) {
  if (value >= kSmallIntMin && value <= kSmallIntMax) {
    Object* shared = ts.core.small_ints[value - kSmallIntMin];
    incref(shared);
    return shared;
  }
  for (Object* operand : {left, right}) {
    if (!is_temporary(operand)) continue;
    static_cast<Int*>(operand)->small = value;
    incref(operand);  // the stack's reference is dropped by the caller
    return operand;
  }
  Object* made = allocate_number(ts, ts.core.types.int_);
  if (made == nullptr) [[unlikely]] {
    raise_no_memory(ts);
    return nullptr;
  }
  static_cast<Int*>(made)->small = value;
  return made;
}

[[gnu::always_inline]] inline Object* float_result(ThreadState& ts, double value, Object* left,
                                                   Object* right) {
  for (Object* operand : {left, right}) {
    if (!is_temporary(operand)) continue;
    static_cast<Float*>(operand)->value = value;
    incref(operand);
    return operand;
  }
  Object* made = allocate_number(ts, ts.core.types.float_);
  if (made == nullptr) [[unlikely]] {
    raise_no_memory(ts);
    return nullptr;
  }
  static_cast<Float*>(made)->value = value;
  return made;
}

// The operators without a form of their own, on small ints. False: the general way has to do it.
inline bool small_int_operation(BinaryOp op, std::int64_t left, std::int64_t right,
                                std::int64_t& result) {
  switch (op) {
    case BinaryOp::And:
      result = left & right;
      return true;
    case BinaryOp::Or:
      result = left | right;
      return true;
    case BinaryOp::Xor:
      result = left ^ right;
      return true;
    case BinaryOp::FloorDivide:
      if (right <= 0) return false;
      result = left / right - (left % right < 0 ? 1 : 0);
      return true;
    case BinaryOp::Remainder:
      if (right <= 0) return false;
      result = left % right;
      if (result < 0) result += right;
      return true;
    case BinaryOp::LeftShift:
      return static_cast<std::uint64_t>(right) < 63 &&
             !__builtin_mul_overflow(left, std::int64_t{1} << right, &result);
    case BinaryOp::RightShift:
      if (right < 0) return false;
      result = left >> (right < 63 ? right : 63);
      return true;
    default:
      return false;
  }
}

// One end or the step of a slice; false when it is neither a small int nor None.
inline bool plain_part(Object* part, std::int64_t& number) {
  if (is_small_int(part)) {
    number = static_cast<Int*>(part)->small;
    return true;
  }
  return is_none(part);
}

// What slice_unpack would make of a slice with these parts; false when that can raise or run code.
inline bool plain_slice(Object* const* parts, std::uint32_t count, SliceIndices& bounds) {
  bounds = {0, INT64_MAX, 1, 0};
  if (count == 3) {
    if (!plain_part(parts[2], bounds.step) || bounds.step == 0 || bounds.step == INT64_MIN)
      return false;
    if (bounds.step < 0) {
      bounds.start = INT64_MAX;
      bounds.stop = INT64_MIN;
    }
  }
  return plain_part(parts[0], bounds.start) && plain_part(parts[1], bounds.stop);
}

inline bool can_slice(Object* container, const SliceIndices& bounds) {
  return is_exact_list(container) ||
         (bounds.step == 1 && (is_exact_str(container) || is_exact_tuple(container)));
}

ObjResult slice_of(ThreadState& ts, Object* container, const SliceIndices& bounds) {
  if (is_exact_list(container)) return static_cast<List*>(container)->slice(ts, bounds);
  if (is_exact_str(container)) {
    auto* text = static_cast<Str*>(container);
    const SliceIndices range = slice_adjust(bounds, text->length);
    return text->slice(ts, range.start, range.start + range.count);
  }
  auto* tuple = static_cast<Tuple*>(container);
  const SliceIndices range = slice_adjust(bounds, tuple->size);
  if (range.count == tuple->size) return Obj(tuple).new_ref();
  return Tuple::from(ts, tuple->items + range.start, static_cast<std::size_t>(range.count));
}

// About where the native stack ends. Not asked for in place: that would cost evaluate() a register.
[[gnu::noinline]] const char* stack_position() {
  return static_cast<const char*>(__builtin_frame_address(0));
}

}  // namespace

// The shape of each case: TARGET(X) saves ip and sp, PURE(X) is for instructions during which
// nobody can look.
#define TARGET(name) op_##name : SAVE();
#define PURE(name) op_##name:
#define SAVE() (frame->ip = ip, frame->stack_top = sp)
#define DISPATCH()                                      \
  do {                                                  \
    if constexpr (kForm == Form::Traced) goto traced;   \
    goto* labels[*ip & 0xff];                           \
  } while (false)
// A computed goto does not run destructors, so only cases without owning locals end with QUICK_NEXT
// and QUICK_JUMP.
#define QUICK_NEXT(caches) \
  do {                     \
    ip += 1 + (caches);    \
    DISPATCH();            \
  } while (false)
#define QUICK_JUMP(index)        \
  do {                           \
    ip = instructions + (index); \
    DISPATCH();                  \
  } while (false)
#define NEXT(caches)    \
  do {                  \
    ip += 1 + (caches); \
    goto dispatch;      \
  } while (false)
#define JUMP(index)              \
  do {                           \
    ip = instructions + (index); \
    goto dispatch;               \
  } while (false)
// A conditional jump may lead back: that is a loop, where signals are looked at.
#define CONDITIONAL_JUMP(index)                      \
  do {                                               \
    target = (index);                                \
    if (instructions + target <= ip) goto jump_back; \
    JUMP(target);                                    \
  } while (false)
#define PUSH(object) (*sp++ = (object))
#define POP() (*--sp)
#define TOP() (sp[-1])
// Gives a reference up; `sp` must not reach over it any more.
#define DROP(object)                \
  do {                              \
    Object* dropped = (object);     \
    if (--dropped->refcount == 0) { \
      frame->stack_top = sp;        \
      dispose(ts, dropped);         \
    }                               \
  } while (false)
#define XDROP(object)                                                                    \
  do {                                                                                   \
    if (Object* maybe_dropped = (object); maybe_dropped != nullptr) DROP(maybe_dropped); \
  } while (false)
// Pushes what an ObjResult holds, or goes to the handler.
#define PUSH_RESULT(result)            \
  do {                                 \
    if ((result).raised()) goto error; \
    PUSH((result).take().release());   \
  } while (false)
#define CHECK(status)                  \
  do {                                 \
    if ((status).raised()) goto error; \
  } while (false)
#define CACHE_UNIT(n) (ip[n])
// g++ would keep it in memory, to have a register more within each case: every instruction would
// then wait for the store of the one before.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define INSTRUCTION_POINTER(name) register Instr* name __asm__("rbx")
#else
#define INSTRUCTION_POINTER(name) Instr* name
#endif
#define ARGUMENT (instr_argument(*ip))
#define NAME(index) (static_cast<Str*>(names[index]))
// The pushed boolean, or the jump that would pop it (`caches`: units of this instruction).
#define FINISH_COMPARE(truth, caches)                                                   \
  do {                                                                                  \
    const bool compare_result = (truth);                                                \
    const Instr following = ip[1 + (caches)];                                           \
    if (kForm == Form::Plain && fuses_with_jump(following)) {                           \
      if (compare_result == (instr_opcode(following) == Opcode::PopJumpIfTrue)) {       \
        CONDITIONAL_JUMP(instr_argument(following));                                    \
      }                                                                                 \
      NEXT(1 + (caches));                                                               \
    }                                                                                   \
    Object* truth_object = compare_result ? ts.core.true_object : ts.core.false_object; \
    incref(truth_object);                                                               \
    PUSH(truth_object);                                                                 \
    NEXT(caches);                                                                       \
  } while (false)

namespace {

/// Traced: tells the trace functions of each instruction (vm/tracing.h). A form that finds itself to
/// be the wrong one leaves `ts.moved_frame`, and the other goes on with it.
enum class Form : bool { Plain, Traced };
enum class Start : std::uint8_t { Frame, Throwing, Moved };

template <Form kForm>
ObjResult run(ThreadState& ts, Frame* frame, Start start) {
  static const void* const labels[256] = {
#define OURO_OPCODE(name, caches, effect, sentence) &&op_##name,
#include "compile/opcodes.def"
#include "compile/specialized.def"
#undef OURO_OPCODE
  };
  const bool throwing = start == Start::Throwing;
  if (start != Start::Moved) frame->is_entry = true;
  Instr* instructions = nullptr;
  INSTRUCTION_POINTER(ip) = nullptr;
  Object** sp = nullptr;
  Object* const* consts = nullptr;
  Object* const* names = nullptr;
  std::uint32_t target = 0;  // of a jump that goes on elsewhere
  Tuple* keyword_names = nullptr;
  Object* value = nullptr;  // carries a result between labels
  Frame* callee = frame;    // a frame to be entered
  bool leaving = false;     // no handler of the frame catches what is pending
  ReturnTo return_to = ReturnTo::Stack;

  if (const char* stack = stack_position();
      start != Start::Moved && (stack < ts.stack_floor || recursion_is_full(ts))) [[unlikely]] {
    if (throwing) clear_pending(ts);
    raise_recursion(ts);
    if (frame->owner == FrameOwner::Thread) {
      end_callee_raised(ts, frame);
    } else {
      ObjRef exception = take_pending(ts);
      generator_enter(ts, generator_of(frame));
      generator_finish(ts, frame);
      restore_pending(ts, std::move(exception));
    }
    return Raised{};
  }

#define LOAD_FRAME()                      \
  do {                                    \
    Code* running = frame->code;          \
    instructions = running->instructions; \
    ip = const_cast<Instr*>(frame->ip);   \
    sp = frame->stack_top;                \
    consts = running->consts->items;      \
    names = running->names->items;        \
  } while (false)

  if (start == Start::Moved) {
    LOAD_FRAME();
    DISPATCH();
  }
  if (callee->owner == FrameOwner::Generator) {
    generator_enter(ts, generator_of(callee));
    LOAD_FRAME();
    if (throwing) {
      // Its context is what the generator itself handles; what its caller handles does not count.
      if (Object* own = ts.handled->exception; own != nullptr && own != ts.core.none) {
        raise_object(ts, take_pending(ts));
      }
      if constexpr (kForm == Form::Traced) {
        if (!trace_throw(ts, frame)) goto error;
      }
      goto error;
    }
    DISPATCH();
  }

enter_frame:
  // `callee` is complete but not linked. It starts at its first instruction.
  if (recursion_is_full(ts)) [[unlikely]] {
    raise_recursion(ts);
    end_callee_raised(ts, callee);
    goto error;
  }
  ++ts.python_depth;
  callee->previous = ts.frame;
  ts.frame = frame = callee;
  LOAD_FRAME();
dispatch:
  DISPATCH();

traced:
  __attribute__((unused));
  if constexpr (kForm == Form::Traced) {
    if (!ts.traces) goto other_form;
    const Instr* previous = frame->ip;
    SAVE();
    const TraceVerdict verdict = trace_instruction(ts, frame, previous);
    ip = const_cast<Instr*>(frame->ip);
    sp = frame->stack_top;
    if (verdict == TraceVerdict::Raise) goto error;
    if (verdict == TraceVerdict::Leave) goto leave;
    goto* labels[static_cast<std::size_t>(general_opcode(instr_opcode(*ip)))];
  }
other_form:
  // At an instruction that has not begun.
  frame->ip = ip;
  frame->stack_top = sp;
  ts.moved_frame = frame;
  return Raised{};

  // -- stack and constants --------------------------------------------------------------------
  PURE(Nop) { NEXT(0); }
  TARGET(PopTop) {
    value = POP();
    DROP(value);
    QUICK_NEXT(0);
  }
  PURE(PushNull) {
    PUSH(nullptr);
    QUICK_NEXT(0);
  }
  PURE(Copy) {
    value = sp[-static_cast<std::ptrdiff_t>(ARGUMENT)];
    xincref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  PURE(Swap) {
    std::swap(sp[-1], sp[-static_cast<std::ptrdiff_t>(ARGUMENT)]);
    QUICK_NEXT(0);
  }
  PURE(LoadConst) {
    value = consts[ARGUMENT];
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }

  // -- variables ------------------------------------------------------------------------------
  PURE(LoadFast) {
    value = frame->slots[ARGUMENT];
    if (value == nullptr) [[unlikely]]
      goto unbound_local;
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  PURE(LoadFastLoadFast) {
    value = frame->slots[ARGUMENT];
    if (value == nullptr) [[unlikely]]
      goto unbound_local;
    incref(value);
    PUSH(value);
    ++ip;
    value = frame->slots[ARGUMENT];
    if (value == nullptr) [[unlikely]]
      goto unbound_local;
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  PURE(LoadFastLoadConst) {
    value = frame->slots[ARGUMENT];
    if (value == nullptr) [[unlikely]]
      goto unbound_local;
    incref(value);
    PUSH(value);
    ++ip;
    value = consts[instr_argument(*ip)];
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  TARGET(StoreFast) {
    value = frame->slots[ARGUMENT];
    frame->slots[ARGUMENT] = POP();
    XDROP(value);
    QUICK_NEXT(0);
  }
  TARGET(StoreFastLoadFast) {
    value = frame->slots[ARGUMENT];
    frame->slots[ARGUMENT] = POP();
    XDROP(value);
    ++ip;
    value = frame->slots[ARGUMENT];
    if (value == nullptr) [[unlikely]]
      goto unbound_local;
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  TARGET(DeleteFast) {
    value = frame->slots[ARGUMENT];
    if (value == nullptr) goto unbound_local;
    frame->slots[ARGUMENT] = nullptr;
    DROP(value);
    NEXT(0);
  }
unbound_local:
  SAVE();
  raise_unbound(ts, frame, ARGUMENT);
  goto error;

  TARGET(LoadName) {
    ObjResult found = load_name(ts, frame, NAME(ARGUMENT));
    PUSH_RESULT(found);
    NEXT(0);
  }
  TARGET(StoreName) {
    CHECK(store_name(ts, frame, NAME(ARGUMENT), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(DeleteName) {
    CHECK(delete_name(ts, frame, NAME(ARGUMENT)));
    NEXT(0);
  }
  TARGET(LoadGlobal) {
    Str* name = NAME(ARGUMENT >> 1);
    if (specialization_due(CACHE_UNIT(1))) specialize_load_global(ts, frame, ip, name);
    ObjResult found = load_global(ts, frame, name);
    CHECK(found);
    if ((ARGUMENT & 1) != 0) PUSH(nullptr);
    PUSH(found.take().release());
    NEXT(4);
  }
  PURE(LoadGlobalModule) {
    DictKeys* keys = frame->globals->keys;
    if (keys == nullptr || keys->version != CACHE_UNIT(2)) {
      generalize(ip, Opcode::LoadGlobal);
      goto op_LoadGlobal;
    }
    value = keys->strings()[CACHE_UNIT(4)].value;
    incref(value);
    if ((ARGUMENT & 1) != 0) PUSH(nullptr);
    PUSH(value);
    QUICK_NEXT(4);
  }
  PURE(LoadGlobalBuiltin) {
    DictKeys* keys = frame->globals->keys;
    DictKeys* builtin_keys =
        is_exact_dict(frame->builtins) ? static_cast<Dict*>(frame->builtins)->keys : nullptr;
    if (keys == nullptr || builtin_keys == nullptr || keys->version != CACHE_UNIT(2) ||
        builtin_keys->version != CACHE_UNIT(3)) {
      generalize(ip, Opcode::LoadGlobal);
      goto op_LoadGlobal;
    }
    value = builtin_keys->strings()[CACHE_UNIT(4)].value;
    incref(value);
    if ((ARGUMENT & 1) != 0) PUSH(nullptr);
    PUSH(value);
    QUICK_NEXT(4);
  }
  TARGET(StoreGlobal) {
    CHECK(dict_set(ts, frame->globals, NAME(ARGUMENT), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(DeleteGlobal) {
    CHECK(delete_global(ts, frame, NAME(ARGUMENT)));
    NEXT(0);
  }
  TARGET(LoadDeref) {
    value = static_cast<Cell*>(frame->slots[ARGUMENT])->content;
    if (value == nullptr) goto unbound_deref;
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  TARGET(StoreDeref) {
    Cell* cell = static_cast<Cell*>(frame->slots[ARGUMENT]);
    value = std::exchange(cell->content, POP());
    XDROP(value);
    QUICK_NEXT(0);
  }
  TARGET(DeleteDeref) {
    value = std::exchange(static_cast<Cell*>(frame->slots[ARGUMENT])->content, nullptr);
    if (value == nullptr) goto unbound_deref;
    DROP(value);
    NEXT(0);
  }
unbound_deref:
  raise_unbound_deref(ts, frame, ARGUMENT);
  goto error;

  TARGET(LoadClassDeref) {
    ObjResult found = load_class_deref(ts, frame, ARGUMENT);
    PUSH_RESULT(found);
    NEXT(0);
  }
  PURE(LoadClosure) {
    value = frame->slots[ARGUMENT];
    incref(value);
    PUSH(value);
    QUICK_NEXT(0);
  }
  TARGET(MakeCell) {
    Result<Ref<Cell>> cell = Cell::create(ts, frame->slots[ARGUMENT]);
    CHECK(cell);
    value = std::exchange(frame->slots[ARGUMENT], static_cast<Object*>(cell.take().release()));
    XDROP(value);
    NEXT(0);
  }
  PURE(CopyFreeVars) {
    const Tuple* closure = frame->function->closure;
    Object** first_free =
        frame->slots + frame->code->local_count - static_cast<std::ptrdiff_t>(ARGUMENT);
    for (std::uint32_t i = 0; i < ARGUMENT; ++i) {
      incref(closure->items[i]);
      first_free[i] = closure->items[i];
    }
    NEXT(0);
  }

  // -- attributes -----------------------------------------------------------------------------
  TARGET(LoadAttr) {
    Str* name = NAME(ARGUMENT);
    if (specialization_due(CACHE_UNIT(1))) specialize_load_attr(ts, ip, TOP(), name);
    ObjResult found = get_attribute(ts, TOP(), name);
    CHECK(found);
    value = POP();
    DROP(value);
    PUSH(found.take().release());
    NEXT(6);
  }
  TARGET(LoadAttrShape) {
    Object* owner = TOP();
    if (owner->type()->version != CACHE_UNIT(kCacheVersion) ||
        static_cast<Instance*>(owner)->attributes != cached_word(ip + kCacheWord)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    value = static_cast<Instance*>(owner)->values[CACHE_UNIT(kCachePlace)];
    goto replace_owner;
  }
  TARGET(LoadAttrSlot) {
    Object* owner = TOP();
    if (owner->type()->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    value = *reinterpret_cast<Object**>(reinterpret_cast<char*>(owner) + CACHE_UNIT(kCachePlace));
    if (value == nullptr) goto op_LoadAttr;  // raises; the next one may be set again
    goto replace_owner;
  }
  TARGET(LoadAttrModule) {
    Object* owner = TOP();
    DictKeys* keys =
        is_kind(owner, TypeKind::Module) ? static_cast<Module*>(owner)->dict->keys : nullptr;
    if (keys == nullptr || keys->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    value = keys->strings()[CACHE_UNIT(kCachePlace)].value;
    goto replace_owner;
  }
  TARGET(LoadAttrValue) {
    Object* owner = TOP();
    const std::uintptr_t word = cached_word(ip + kCacheShape);
    if (owner->type()->version != CACHE_UNIT(kCacheVersion) ||
        (word != 0 && static_cast<Instance*>(owner)->attributes != word)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    value = cached_object(ip + kCacheWord);
    goto replace_owner;
  }
  TARGET(LoadAttrType) {
    Object* owner = TOP();
    if (owner->type() != ts.core.types.type ||
        static_cast<Type*>(owner)->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    value = cached_object(ip + kCacheWord);
    goto replace_owner;
  }
replace_owner : {
  incref(value);
  Object* owner = POP();
  DROP(owner);
  PUSH(value);
  NEXT(6);
}
  TARGET(LoadAttrProperty) {
    Object* owner = TOP();
    if (owner->type()->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    Object* getter = static_cast<Property*>(cached_object(ip + kCacheWord))->getter;
    if (getter == nullptr || !is_kind(getter, TypeKind::Function) ||
        !takes_exactly(static_cast<Function*>(getter), 1)) {
      generalize(ip, Opcode::LoadAttr);
      goto op_LoadAttr;
    }
    callee = reserve_frame(ts, static_cast<Function*>(getter)->code);
    if (callee == nullptr) goto error;
    incref(getter);
    init_frame(callee, static_cast<Function*>(getter), 1);
    incref(owner);
    callee->slots[0] = owner;
    callee->return_to = ReturnTo::Owner;
    goto enter_frame;
  }

  TARGET(StoreAttr) {
    Str* name = NAME(ARGUMENT);
    if (specialization_due(CACHE_UNIT(1))) specialize_store_attr(ts, ip, sp[-1], name);
    CHECK(set_attribute(ts, sp[-1], name, sp[-2]));
    Object* owner = POP();
    value = POP();
    DROP(value);
    DROP(owner);
    NEXT(6);
  }
  TARGET(StoreAttrShape) {
    Object* owner = TOP();
    if (owner->type()->version != CACHE_UNIT(kCacheVersion) ||
        static_cast<Instance*>(owner)->attributes != cached_word(ip + kCacheWord)) {
      generalize(ip, Opcode::StoreAttr);
      goto op_StoreAttr;
    }
    value = std::exchange(static_cast<Instance*>(owner)->values[CACHE_UNIT(kCachePlace)], sp[-2]);
    sp -= 2;
    DROP(value);
    DROP(owner);
    QUICK_NEXT(6);
  }
  TARGET(StoreAttrAdd) {
    Object* owner = TOP();
    Instance* instance = static_cast<Instance*>(owner);
    if (owner->type()->version != CACHE_UNIT(kCacheVersion) ||
        instance->attributes != cached_word(ip + kCacheWord)) {
      generalize(ip, Opcode::StoreAttr);
      goto op_StoreAttr;
    }
    instance->values[instance->shape()->count] = sp[-2];
    instance->attributes = cached_word(ip + kCacheShape);
    sp -= 2;
    DROP(owner);
    QUICK_NEXT(6);
  }
  TARGET(StoreAttrSlot) {
    Object* owner = TOP();
    if (owner->type()->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::StoreAttr);
      goto op_StoreAttr;
    }
    Object** place =
        reinterpret_cast<Object**>(reinterpret_cast<char*>(owner) + CACHE_UNIT(kCachePlace));
    value = std::exchange(*place, sp[-2]);
    sp -= 2;
    XDROP(value);
    DROP(owner);
    QUICK_NEXT(6);
  }
  TARGET(DeleteAttr) {
    CHECK(set_attribute(ts, TOP(), NAME(ARGUMENT), nullptr));
    value = POP();
    DROP(value);
    NEXT(0);
  }

  TARGET(LoadMethod) {
    Str* name = NAME(ARGUMENT);
    if (specialization_due(CACHE_UNIT(1))) specialize_load_method(ts, ip, TOP(), name);
    MethodLookup found = lookup_method(ts, TOP(), name);
    if (!found.method) goto error;
    if (found.unbound) {
      Object* owner = TOP();
      TOP() = found.method.release();
      PUSH(owner);
    } else {
      Object* owner = POP();
      DROP(owner);
      PUSH(nullptr);
      PUSH(found.method.release());
    }
    NEXT(6);
  }
  PURE(LoadMethodValue) {
    Object* owner = TOP();
    const std::uintptr_t word = cached_word(ip + kCacheShape);
    if (owner->type()->version != CACHE_UNIT(kCacheVersion) ||
        (word != 0 && static_cast<Instance*>(owner)->attributes != word)) {
      generalize(ip, Opcode::LoadMethod);
      goto op_LoadMethod;
    }
    value = cached_object(ip + kCacheWord);
    incref(value);
    TOP() = value;
    PUSH(owner);
    QUICK_NEXT(6);
  }
  TARGET(LoadMethodModule) {
    Object* owner = TOP();
    DictKeys* keys =
        is_kind(owner, TypeKind::Module) ? static_cast<Module*>(owner)->dict->keys : nullptr;
    if (keys == nullptr || keys->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadMethod);
      goto op_LoadMethod;
    }
    value = keys->strings()[CACHE_UNIT(kCachePlace)].value;
    goto replace_owner_by_callable;
  }
  TARGET(LoadMethodType) {
    Object* owner = TOP();
    if (owner->type() != ts.core.types.type ||
        static_cast<Type*>(owner)->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::LoadMethod);
      goto op_LoadMethod;
    }
    value = cached_object(ip + kCacheWord);
    goto replace_owner_by_callable;
  }
replace_owner_by_callable : {
  incref(value);
  Object* owner = POP();
  DROP(owner);
  PUSH(nullptr);
  PUSH(value);
  NEXT(6);
}

  // -- subscripts -----------------------------------------------------------------------------
  TARGET(BinarySubscript) {
    if (specialization_due(CACHE_UNIT(1))) specialize_subscript(ip, sp[-2], sp[-1]);
    ObjResult found = get_item(ts, sp[-2], sp[-1]);
    CHECK(found);
    Object* key = POP();
    Object* container = POP();
    DROP(container);
    DROP(key);
    PUSH(found.take().release());
    NEXT(2);
  }
  TARGET(SubscriptListInt) {
    Object* container = sp[-2];
    Object* key = sp[-1];
    if (!is_exact_list(container) || !is_small_int(key)) {
      generalize(ip, Opcode::BinarySubscript);
      goto op_BinarySubscript;
    }
    std::int64_t index = static_cast<Int*>(key)->small;
    const List* list = static_cast<List*>(container);
    if (index < 0) index += list->size;
    if (static_cast<std::uint64_t>(index) >= static_cast<std::uint64_t>(list->size))
      goto op_BinarySubscript;
    value = list->items[index];
    goto subscripted;
  }
  TARGET(SubscriptTupleInt) {
    Object* container = sp[-2];
    Object* key = sp[-1];
    if (!is_exact_tuple(container) || !is_small_int(key)) {
      generalize(ip, Opcode::BinarySubscript);
      goto op_BinarySubscript;
    }
    std::int64_t index = static_cast<Int*>(key)->small;
    const Tuple* tuple = static_cast<Tuple*>(container);
    if (index < 0) index += tuple->size;
    if (static_cast<std::uint64_t>(index) >= static_cast<std::uint64_t>(tuple->size))
      goto op_BinarySubscript;
    value = tuple->items[index];
    goto subscripted;
  }
  TARGET(SubscriptDict) {
    if (!is_exact_dict(sp[-2])) {
      generalize(ip, Opcode::BinarySubscript);
      goto op_BinarySubscript;
    }
    const Lookup found = dict_lookup(ts, static_cast<Dict*>(sp[-2]), sp[-1]);
    if (found.value == nullptr) {
      if (!found.failed) raise_with(ts, ts.core.exceptions.KeyError, sp[-1]);
      goto error;
    }
    value = found.value;
    goto subscripted;
  }
subscripted : {
  incref(value);
  Object* key = POP();
  Object* container = POP();
  DROP(container);
  DROP(key);
  PUSH(value);
  NEXT(2);
}
  TARGET(StoreSubscript) {
    if (specialization_due(CACHE_UNIT(1))) specialize_store_subscript(ip, sp[-2], sp[-1]);
    CHECK(set_item(ts, sp[-2], sp[-1], sp[-3]));
    goto drop_three;
  }
  TARGET(StoreSubscriptListInt) {
    Object* container = sp[-2];
    Object* key = sp[-1];
    if (!is_exact_list(container) || !is_small_int(key)) {
      generalize(ip, Opcode::StoreSubscript);
      goto op_StoreSubscript;
    }
    std::int64_t index = static_cast<Int*>(key)->small;
    List* list = static_cast<List*>(container);
    if (index < 0) index += list->size;
    if (static_cast<std::uint64_t>(index) >= static_cast<std::uint64_t>(list->size))
      goto op_StoreSubscript;
    value = std::exchange(list->items[index], sp[-3]);
    sp -= 3;
    DROP(value);
    DROP(container);
    DROP(key);
    NEXT(2);
  }
  TARGET(StoreSubscriptDict) {
    if (!is_exact_dict(sp[-2])) {
      generalize(ip, Opcode::StoreSubscript);
      goto op_StoreSubscript;
    }
    CHECK(dict_set(ts, static_cast<Dict*>(sp[-2]), sp[-1], sp[-3]));
    goto drop_three;
  }
drop_three : {
  Object* key = POP();
  Object* container = POP();
  value = POP();
  DROP(value);
  DROP(container);
  DROP(key);
  NEXT(2);
}
  TARGET(DeleteSubscript) {
    CHECK(set_item(ts, sp[-2], sp[-1], nullptr));
    Object* key = POP();
    Object* container = POP();
    DROP(container);
    DROP(key);
    NEXT(0);
  }
  TARGET(BuildSlice) {
    Object** items = sp - ARGUMENT;
    // A slice made for the next instruction alone, which takes it apart again, is left out. Not
    // when CPython would count its birth: it does so unless it has kept a dead one.
    const Opcode user = instr_opcode(ip[1]);
    SliceIndices bounds;
    if ((user == Opcode::BinarySubscript || user == Opcode::StoreSubscript) && ts.core.free_slice &&
        plain_slice(items, ARGUMENT, bounds)) {
      Object* container = items[-1];
      if (user == Opcode::BinarySubscript && can_slice(container, bounds)) {
        ++ip;
        SAVE();
        ObjResult found = slice_of(ts, container, bounds);
        CHECK(found);
        while (sp >= items) {
          value = POP();
          DROP(value);
        }
        PUSH(found.take().release());
        NEXT(2);
      }
      if (user == Opcode::StoreSubscript && is_exact_list(container)) {
        ++ip;
        SAVE();
        CHECK(static_cast<List*>(container)->assign(ts, bounds, items[-2]));
        while (sp != items) {
          value = POP();
          DROP(value);
        }
        sp -= 2;
        value = *sp;
        DROP(value);
        DROP(container);
        NEXT(2);
      }
    }
    Result<Ref<Slice>> slice =
        Slice::create(ts, items[0], items[1], ARGUMENT == 3 ? items[2] : ts.core.none);
    CHECK(slice);
    while (sp != items) {
      value = POP();
      DROP(value);
    }
    PUSH(slice.take().release());
    NEXT(0);
  }

  // -- operators ------------------------------------------------------------------------------
  TARGET(UnaryPositive) {
    ObjResult result = positive(ts, TOP());
    CHECK(result);
    value = POP();
    DROP(value);
    PUSH(result.take().release());
    NEXT(0);
  }
  TARGET(UnaryNegative) {
    ObjResult result = negative(ts, TOP());
    CHECK(result);
    value = POP();
    DROP(value);
    PUSH(result.take().release());
    NEXT(0);
  }
  TARGET(UnaryInvert) {
    ObjResult result = invert(ts, TOP());
    CHECK(result);
    value = POP();
    DROP(value);
    PUSH(result.take().release());
    NEXT(0);
  }
  TARGET(UnaryNot) {
    Result<bool> truth = is_true(ts, TOP());
    CHECK(truth);
    value = POP();
    DROP(value);
    PUSH(ts.core.bool_ref(!truth.take()).release());
    NEXT(0);
  }
  TARGET(BinaryOp) {
    if (specialization_due(CACHE_UNIT(1))) specialize_binary_op(ip, sp[-2], sp[-1]);
    const auto op = static_cast<BinaryOp>(ARGUMENT & 15);
    ObjResult result = (ARGUMENT & 16) != 0 ? inplace_op(ts, op, sp[-2], sp[-1])
                                            : binary_op(ts, op, sp[-2], sp[-1]);
    CHECK(result);
    Object* right = POP();
    Object* left = POP();
    DROP(left);
    DROP(right);
    PUSH(result.take().release());
    NEXT(1);
  }
#define INT_OPERATION(name, builtin)                                                    \
  TARGET(name) {                                                                        \
    Object* left = sp[-2];                                                              \
    Object* right = sp[-1];                                                             \
    if (!is_small_int(left) || !is_small_int(right)) {                                  \
      generalize(ip, Opcode::BinaryOp);                                                 \
      goto op_BinaryOp;                                                                 \
    }                                                                                   \
    std::int64_t sum;                                                                   \
    if (builtin(static_cast<Int*>(left)->small, static_cast<Int*>(right)->small, &sum)) \
      goto op_BinaryOp;                                                                 \
    value = int_result(ts, sum, left, right);                                           \
    if (value == nullptr) goto error;                                                   \
    sp -= 2;                                                                            \
    drop_number(ts, left);                                                              \
    drop_number(ts, right);                                                             \
    PUSH(value);                                                                        \
    QUICK_NEXT(1);                                                                      \
  }
  INT_OPERATION(BinaryAddInt, __builtin_add_overflow)
  INT_OPERATION(BinarySubtractInt, __builtin_sub_overflow)
  INT_OPERATION(BinaryMultiplyInt, __builtin_mul_overflow)
#undef INT_OPERATION
  TARGET(BinaryOpInt) {
    Object* left = sp[-2];
    Object* right = sp[-1];
    if (!is_small_int(left) || !is_small_int(right)) {
      generalize(ip, Opcode::BinaryOp);
      goto op_BinaryOp;
    }
    std::int64_t number;
    if (!small_int_operation(static_cast<BinaryOp>(ARGUMENT & 15), static_cast<Int*>(left)->small,
                             static_cast<Int*>(right)->small, number)) {
      goto op_BinaryOp;
    }
    value = int_result(ts, number, left, right);
    if (value == nullptr) goto error;
    sp -= 2;
    drop_number(ts, left);
    drop_number(ts, right);
    PUSH(value);
    QUICK_NEXT(1);
  }
#define FLOAT_OPERATION(name, guard, expression)           \
  TARGET(name) {                                           \
    Object* left = sp[-2];                                 \
    Object* right = sp[-1];                                \
    if (!is_exact_float(left) || !is_exact_float(right)) { \
      generalize(ip, Opcode::BinaryOp);                    \
      goto op_BinaryOp;                                    \
    }                                                      \
    const double a = static_cast<Float*>(left)->value;     \
    const double b = static_cast<Float*>(right)->value;    \
    if (guard) goto op_BinaryOp;                           \
    value = float_result(ts, expression, left, right);     \
    if (value == nullptr) goto error;                      \
    sp -= 2;                                               \
    drop_number(ts, left);                                 \
    drop_number(ts, right);                                \
    PUSH(value);                                           \
    QUICK_NEXT(1);                                         \
  }
  FLOAT_OPERATION(BinaryAddFloat, false, a + b)
  FLOAT_OPERATION(BinarySubtractFloat, false, a - b)
  FLOAT_OPERATION(BinaryMultiplyFloat, false, a * b)
  FLOAT_OPERATION(BinaryDivideFloat, b == 0.0, a / b)
#undef FLOAT_OPERATION
  TARGET(BinaryAddStr) {
    Object* left = sp[-2];
    Object* right = sp[-1];
    if (!is_exact_str(left) || !is_exact_str(right)) {
      generalize(ip, Opcode::BinaryOp);
      goto op_BinaryOp;
    }
    // `s = s + t`: the local gives its reference up first, so that the text can grow where it is.
    const Instr following = ip[2];
    const Opcode store = instr_opcode(following);
    if ((store == Opcode::StoreFast || store == Opcode::StoreFastLoadFast) &&
        frame->slots[instr_argument(following)] == left) {
      frame->slots[instr_argument(following)] = nullptr;
      --left->refcount;  // the stack holds it still
    }
    sp -= 2;
    Result<Ref<Str>> text =
        str_append(ts, Ref<Str>::steal(static_cast<Str*>(left)), static_cast<Str*>(right));
    DROP(right);
    PUSH_RESULT(text);
    NEXT(1);
  }

  TARGET(CompareOp) {
    if (specialization_due(CACHE_UNIT(1))) specialize_compare(ip, sp[-2], sp[-1]);
    ObjResult result = compare(ts, sp[-2], sp[-1], static_cast<CompareOp>(ARGUMENT));
    CHECK(result);
    Object* right = POP();
    Object* left = POP();
    DROP(left);
    DROP(right);
    PUSH(result.take().release());
    NEXT(2);
  }
  TARGET(CompareOpInt) {
    Object* left = sp[-2];
    Object* right = sp[-1];
    if (!is_small_int(left) || !is_small_int(right)) {
      generalize(ip, Opcode::CompareOp);
      goto op_CompareOp;
    }
    const bool truth =
        compare_values(static_cast<CompareOp>(ARGUMENT), static_cast<Int*>(left)->small,
                       static_cast<Int*>(right)->small);
    sp -= 2;
    drop_number(ts, left);
    drop_number(ts, right);
    FINISH_COMPARE(truth, 2);
  }
  TARGET(CompareOpFloat) {
    Object* left = sp[-2];
    Object* right = sp[-1];
    if (!is_exact_float(left) || !is_exact_float(right)) {
      generalize(ip, Opcode::CompareOp);
      goto op_CompareOp;
    }
    const bool truth =
        compare_values(static_cast<CompareOp>(ARGUMENT), static_cast<Float*>(left)->value,
                       static_cast<Float*>(right)->value);
    sp -= 2;
    drop_number(ts, left);
    drop_number(ts, right);
    FINISH_COMPARE(truth, 2);
  }
  TARGET(CompareOpStr) {
    Object* left = sp[-2];
    Object* right = sp[-1];
    if (!is_exact_str(left) || !is_exact_str(right)) {
      generalize(ip, Opcode::CompareOp);
      goto op_CompareOp;
    }
    const bool equal =
        left == right || str_equal(static_cast<Str*>(left), static_cast<Str*>(right));
    sp -= 2;
    DROP(left);
    DROP(right);
    FINISH_COMPARE(equal == (static_cast<CompareOp>(ARGUMENT) == CompareOp::Equal), 2);
  }
  TARGET(IsOp) {
    Object* right = POP();
    Object* left = POP();
    const bool truth = (left == right) != (ARGUMENT == 1);
    DROP(left);
    DROP(right);
    FINISH_COMPARE(truth, 0);
  }
  TARGET(ContainsOp) {
    Result<bool> found = contains(ts, sp[-1], sp[-2]);
    CHECK(found);
    Object* container = POP();
    Object* item = POP();
    DROP(item);
    DROP(container);
    FINISH_COMPARE(found.take() != (ARGUMENT == 1), 0);
  }

  // -- jumps ----------------------------------------------------------------------------------
  PURE(Jump) { QUICK_JUMP(ARGUMENT); }
  PURE(JumpBackward) {
    target = ARGUMENT;
    goto jump_back;
  }
jump_back : {
  if (++frame->code->warmup == kQuickenAfter) quicken(frame->code);
  if (is_asked_for(ts)) [[unlikely]] {
    SAVE();
    CHECK(answer_requests(ts));
    if (kForm == Form::Plain && ts.traces) {
      ip = instructions + target;
      goto other_form;
    }
  }
  QUICK_JUMP(target);
}
  TARGET(PopJumpIfTrue) {
    value = TOP();
    if (value == ts.core.true_object || value == ts.core.false_object) {
      --sp;
      --value->refcount;  // the interpreter holds both
      if (value == ts.core.true_object) CONDITIONAL_JUMP(ARGUMENT);
      NEXT(0);
    }
    Result<bool> truth = is_true(ts, value);
    CHECK(truth);
    --sp;
    DROP(value);
    if (truth.take()) CONDITIONAL_JUMP(ARGUMENT);
    NEXT(0);
  }
  TARGET(PopJumpIfFalse) {
    value = TOP();
    if (value == ts.core.true_object || value == ts.core.false_object) {
      --sp;
      --value->refcount;
      if (value == ts.core.false_object) CONDITIONAL_JUMP(ARGUMENT);
      NEXT(0);
    }
    Result<bool> truth = is_true(ts, value);
    CHECK(truth);
    --sp;
    DROP(value);
    if (!truth.take()) CONDITIONAL_JUMP(ARGUMENT);
    NEXT(0);
  }
  TARGET(PopJumpIfNone) {
    value = POP();
    const bool none = value == ts.core.none;
    DROP(value);
    if (none) CONDITIONAL_JUMP(ARGUMENT);
    QUICK_NEXT(0);
  }
  TARGET(PopJumpIfNotNone) {
    value = POP();
    const bool none = value == ts.core.none;
    DROP(value);
    if (!none) CONDITIONAL_JUMP(ARGUMENT);
    QUICK_NEXT(0);
  }
  TARGET(JumpIfTrueOrPop) {
    Result<bool> truth = is_true(ts, TOP());
    CHECK(truth);
    if (truth.take()) JUMP(ARGUMENT);
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(JumpIfFalseOrPop) {
    Result<bool> truth = is_true(ts, TOP());
    CHECK(truth);
    if (!truth.take()) JUMP(ARGUMENT);
    value = POP();
    DROP(value);
    NEXT(0);
  }

  // -- iteration ------------------------------------------------------------------------------
  TARGET(GetIter) {
    ObjResult iterator = iterate(ts, TOP());
    CHECK(iterator);
    value = POP();
    DROP(value);
    PUSH(iterator.take().release());
    NEXT(0);
  }
  TARGET(ForIter) {
    if (specialization_due(CACHE_UNIT(1))) specialize_for_iter(ip, TOP());
    ObjRef item;
    switch (kForm == Form::Traced ? next_item_traced(ts, frame, TOP(), item)
                                  : next_item(ts, TOP(), item)) {
      case Next::Item:
        PUSH(item.release());
        NEXT(1);
      case Next::Raised:
        goto error;
      case Next::Done:
        break;
    }
  }
end_of_iteration:
  value = POP();
  DROP(value);
  JUMP(ARGUMENT);

  TARGET(ForIterList) {
    if (!is_kind(TOP(), TypeKind::ListIterator)) {
      generalize(ip, Opcode::ForIter);
      goto op_ForIter;
    }
    auto* iterator = static_cast<SequenceIterator*>(TOP());
    if (iterator->sequence == nullptr) goto end_of_iteration;
    const List* list = static_cast<List*>(iterator->sequence);
    if (iterator->index >= list->size) {
      value = std::exchange(iterator->sequence, nullptr);
      DROP(value);
      goto end_of_iteration;
    }
    value = list->items[iterator->index++];
    incref(value);
    PUSH(value);
    QUICK_NEXT(1);
  }
  TARGET(ForIterTuple) {
    if (!is_kind(TOP(), TypeKind::TupleIterator)) {
      generalize(ip, Opcode::ForIter);
      goto op_ForIter;
    }
    auto* iterator = static_cast<SequenceIterator*>(TOP());
    if (iterator->sequence == nullptr) goto end_of_iteration;
    const Tuple* tuple = static_cast<Tuple*>(iterator->sequence);
    if (iterator->index >= tuple->size) {
      value = std::exchange(iterator->sequence, nullptr);
      DROP(value);
      goto end_of_iteration;
    }
    value = tuple->items[iterator->index++];
    incref(value);
    PUSH(value);
    QUICK_NEXT(1);
  }
  TARGET(ForIterRange) {
    if (!is_kind(TOP(), TypeKind::RangeIterator)) {
      generalize(ip, Opcode::ForIter);
      goto op_ForIter;
    }
    auto* iterator = static_cast<RangeIterator*>(TOP());
    if (iterator->remaining <= 0) goto end_of_iteration;
    const std::int64_t number = iterator->next;
    if (number >= kSmallIntMin && number <= kSmallIntMax) {
      value = ts.core.small_ints[number - kSmallIntMin];
      incref(value);
    } else {
      value = allocate_number(ts, ts.core.types.int_);
      if (value == nullptr) [[unlikely]] {
        raise_no_memory(ts);
        goto error;
      }
      static_cast<Int*>(value)->small = number;
    }
    if (--iterator->remaining > 0) iterator->next += iterator->step;
    PUSH(value);
    QUICK_NEXT(1);
  }
  TARGET(ForIterGenerator) {
    if (!is_kind(TOP(), TypeKind::Generator)) {
      generalize(ip, Opcode::ForIter);
      goto op_ForIter;
    }
    auto* generator = static_cast<Generator*>(TOP());
    if ((generator->state != GeneratorState::Suspended &&
         generator->state != GeneratorState::Created) ||
        recursion_is_full(ts)) {
      goto op_ForIter;
    }
    value = ts.core.none_ref().release();
    callee = &generator->frame;
    goto resume_generator;
  }

  TARGET(GetYieldFromIter) {
    value = TOP();
    if (is_kind(value, TypeKind::Coroutine)) {
      if ((frame->code->flags & (kCoroutine | kIterableCoroutine)) == 0) {
        raise_type_error(ts, "cannot 'yield from' a coroutine object in a non-coroutine generator");
        goto error;
      }
      NEXT(0);
    }
    if (is_kind(value, TypeKind::Generator)) NEXT(0);
    ObjResult iterator = iterate(ts, value);
    CHECK(iterator);
    value = POP();
    DROP(value);
    PUSH(iterator.take().release());
    NEXT(0);
  }

  // -- building -------------------------------------------------------------------------------
  TARGET(BuildTuple) {
    Result<Ref<Tuple>> made = Tuple::make(ts, ARGUMENT);
    CHECK(made);
    Ref<Tuple> tuple = made.take();
    sp -= ARGUMENT;
    frame->stack_top = sp;
    for (std::uint32_t i = 0; i < ARGUMENT; ++i) tuple->items[i] = sp[i];
    if (ARGUMENT > 0) CHECK(track(ts, tuple));
    PUSH(tuple.release());
    NEXT(0);
  }
  TARGET(BuildList) {
    Result<Ref<List>> list =
        ARGUMENT == 0 ? List::create(ts) : List::adopt(ts, sp - ARGUMENT, ARGUMENT);
    CHECK(list);
    sp -= ARGUMENT;
    PUSH(list.take().release());
    NEXT(0);
  }
  TARGET(BuildSet) {
    Result<Ref<Set>> made = Set::create(ts, ts.core.types.set);
    CHECK(made);
    Ref<Set> set = made.take();
    Object** items = sp - ARGUMENT;
    for (std::uint32_t i = 0; i < ARGUMENT; ++i) CHECK(set_add(ts, set, items[i]));
    while (sp != items) {
      value = POP();
      DROP(value);
    }
    PUSH(set.release());
    NEXT(0);
  }
  TARGET(BuildMap) {
    Object** items = sp - 2 * static_cast<std::size_t>(ARGUMENT);
    Result<Ref<Dict>> made = dict_from_display(ts, {items, items + 1, ARGUMENT, 2, 2});
    CHECK(made);
    Ref<Dict> dict = made.take();
    while (sp != items) {
      value = POP();
      DROP(value);
    }
    PUSH(dict.release());
    NEXT(0);
  }
  TARGET(BuildConstKeyMap) {
    const Tuple* keys = static_cast<Tuple*>(TOP());
    Object** items = sp - 1 - ARGUMENT;
    Result<Ref<Dict>> made = dict_from_display(ts, {keys->items, items, ARGUMENT, 1, 1});
    CHECK(made);
    Ref<Dict> dict = made.take();
    while (sp != items) {
      value = POP();
      DROP(value);
    }
    PUSH(dict.release());
    NEXT(0);
  }
  TARGET(BuildString) {
    Result<Ref<Str>> text = str_join(ts, nullptr, sp - ARGUMENT, ARGUMENT);
    CHECK(text);
    for (std::uint32_t i = 0; i < ARGUMENT; ++i) {
      value = POP();
      DROP(value);
    }
    PUSH(text.take().release());
    NEXT(0);
  }
  TARGET(ListToTuple) {
    Result<Ref<Tuple>> tuple = list_as_tuple(ts, static_cast<List*>(TOP()));
    CHECK(tuple);
    value = POP();
    DROP(value);
    PUSH(tuple.take().release());
    NEXT(0);
  }
  TARGET(ListAppend) {
    value = POP();
    frame->stack_top = sp;
    CHECK(static_cast<List*>(sp[-static_cast<std::ptrdiff_t>(ARGUMENT)])
              ->append(ts, ObjRef::steal(value)));
    NEXT(0);
  }
  TARGET(SetAdd) {
    CHECK(set_add(ts, static_cast<Set*>(sp[-1 - static_cast<std::ptrdiff_t>(ARGUMENT)]), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(MapAdd) {
    CHECK(dict_set(ts, static_cast<Dict*>(sp[-2 - static_cast<std::ptrdiff_t>(ARGUMENT)]), sp[-2],
                   sp[-1]));
    value = POP();
    Object* key = POP();
    DROP(key);
    DROP(value);
    NEXT(0);
  }
  TARGET(ListExtend) {
    CHECK(
        extend_list(ts, static_cast<List*>(sp[-1 - static_cast<std::ptrdiff_t>(ARGUMENT)]), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(SetUpdate) {
    CHECK(set_update(ts, static_cast<Set*>(sp[-1 - static_cast<std::ptrdiff_t>(ARGUMENT)]), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(DictUpdate) {
    CHECK(
        update_dict(ts, static_cast<Dict*>(sp[-1 - static_cast<std::ptrdiff_t>(ARGUMENT)]), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(DictMerge) {
    // Below the dict lie the arguments tuple and the callable.
    Object** dict = sp - 1 - ARGUMENT;
    CHECK(merge_keywords(ts, dict[-2], static_cast<Dict*>(dict[0]), TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(UnpackSequence) {
    value = TOP();
    if (specialization_due(CACHE_UNIT(1))) specialize_unpack(ip, value);
    if (is_exact_tuple(value) && static_cast<Tuple*>(value)->size == ARGUMENT) goto unpack_tuple;
    if (is_exact_list(value) && static_cast<List*>(value)->size == ARGUMENT) goto unpack_list;
    // The items may take the place of the sequence: it is held beside the stack.
    ObjRef sequence = ObjRef::steal(POP());
    frame->stack_top = sp;
    CHECK(unpack_iterable(ts, sequence, ARGUMENT, -1, sp));
    sp += ARGUMENT;
    frame->stack_top = sp;
    sequence.reset();
    NEXT(1);
  }
  TARGET(UnpackTuple) {
    value = TOP();
    if (!is_exact_tuple(value) || static_cast<Tuple*>(value)->size != ARGUMENT) {
      generalize(ip, Opcode::UnpackSequence);
      goto op_UnpackSequence;
    }
  }
unpack_tuple : {
  --sp;
  Object* const* items = static_cast<Tuple*>(value)->items;
  for (std::uint32_t i = ARGUMENT; i-- > 0;) {
    incref(items[i]);
    PUSH(items[i]);
  }
  DROP(value);
  NEXT(1);
}
  TARGET(UnpackList) {
    value = TOP();
    if (!is_exact_list(value) || static_cast<List*>(value)->size != ARGUMENT) {
      generalize(ip, Opcode::UnpackSequence);
      goto op_UnpackSequence;
    }
  }
unpack_list : {
  --sp;
  Object* const* items = static_cast<List*>(value)->items;
  for (std::uint32_t i = ARGUMENT; i-- > 0;) {
    incref(items[i]);
    PUSH(items[i]);
  }
  DROP(value);
  NEXT(1);
}
  TARGET(UnpackEx) {
    const std::uint32_t before = ARGUMENT & 0xff;
    const std::uint32_t after = ARGUMENT >> 8;
    ObjRef sequence = ObjRef::steal(POP());
    frame->stack_top = sp;
    CHECK(unpack_iterable(ts, sequence, before, static_cast<std::int32_t>(after), sp));
    sp += before + 1 + after;
    frame->stack_top = sp;
    sequence.reset();
    NEXT(0);
  }
  TARGET(FormatValue) {
    const bool has_spec = (ARGUMENT & 4) != 0;
    Object* shown = has_spec ? sp[-2] : sp[-1];
    ObjResult text = format_value(ts, shown, ARGUMENT & 3, has_spec ? Obj(sp[-1]) : Obj());
    CHECK(text);
    if (has_spec) {
      value = POP();
      DROP(value);
    }
    value = POP();
    DROP(value);
    PUSH(text.take().release());
    NEXT(0);
  }

  // -- calls ----------------------------------------------------------------------------------
  PURE(KeywordNames) {
    keyword_names = static_cast<Tuple*>(consts[ARGUMENT]);
    NEXT(0);
  }
  TARGET(Call) {
    Object** base = sp - ARGUMENT - 2;
    bool has_self = base[0] != nullptr;
    if (!has_self && is_kind(base[1], TypeKind::Method)) {
      // A bound method gives its parts up onto the stack.
      Method* method = static_cast<Method*>(base[1]);
      incref(method->function);
      incref(method->self);
      base[0] = method->function;
      base[1] = method->self;
      has_self = true;
      DROP(method);
    }
    Object* callable = has_self ? base[0] : base[1];
    Object** args = has_self ? base + 1 : base + 2;
    const auto total = static_cast<std::uint32_t>(sp - args);
    const std::uint32_t keyword_count =
        keyword_names == nullptr ? 0 : static_cast<std::uint32_t>(keyword_names->size);
    if (keyword_count == 0 && specialization_due(CACHE_UNIT(1))) {
      specialize_call(ts, ip, callable, has_self, total);
    }
    Tuple* keywords = std::exchange(keyword_names, nullptr);
    if (is_kind(callable, TypeKind::Function)) {
      sp = base;
      frame->stack_top = sp;
      callee = make_call_frame(ts, static_cast<Function*>(callable), args, total - keyword_count,
                               keywords);
      if (callee == nullptr) goto error;
      goto enter_frame;
    }
    const bool with_tuple = is_called_with_tuple(callable);
    if (with_tuple) hold_arguments(args, total - keyword_count, keyword_count);
    const Args passed{args, total - keyword_count, keywords};
    ObjResult result = kForm == Form::Traced ? call_profiled(ts, frame, callable, passed)
                                             : call(ts, callable, passed);
    if (with_tuple) release_arguments(args, total - keyword_count, keyword_count);
    CHECK(result);
    value = result.take().release();
    goto called;
  }
called : {
  // Drops arguments and callable, last first; `value` is the result.
  Object** base = sp - ARGUMENT - 2;
  while (sp != base) {
    Object* used = POP();
    XDROP(used);
  }
  PUSH(value);
  if (is_asked_for(ts)) [[unlikely]] {
    SAVE();
    CHECK(answer_requests(ts));
  }
  if (kForm == Form::Plain && ts.traces) [[unlikely]] {
    ip += 5;
    goto other_form;
  }
  NEXT(4);
}
  TARGET(CallPython) {
    Object** base = sp - ARGUMENT - 2;
    const bool has_self = base[0] != nullptr;
    Object* callable = has_self ? base[0] : base[1];
    Object** args = has_self ? base + 1 : base + 2;
    const auto total = static_cast<std::uint32_t>(sp - args);
    if (!is_kind(callable, TypeKind::Function) || keyword_names != nullptr ||
        !takes_exactly(static_cast<Function*>(callable), total)) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    Function* function = static_cast<Function*>(callable);
    Frame* room = reserve_frame(ts, function->code);
    if (room == nullptr) goto error;
    init_frame(room, function, static_cast<std::int32_t>(total));
    for (std::uint32_t i = 0; i < total; ++i) room->slots[i] = args[i];
    sp = base;
    frame->stack_top = sp;
    callee = room;
    goto enter_frame;
  }
  TARGET(CallBuiltin) {
    Object** base = sp - ARGUMENT - 2;
    Object* callable = base[1];
    if (base[0] != nullptr || keyword_names != nullptr ||
        !is_kind(callable, TypeKind::BuiltinFunction)) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    BuiltinFunction* function = static_cast<BuiltinFunction*>(callable);
    const MethodDef* def = function->def;
    if ((def->flags & MethodDef::kIndirect) != 0 || !arity_fits(def, ARGUMENT)) goto op_Call;
    const Args args{base + 2, ARGUMENT, nullptr};
    ObjResult result = (def->flags & MethodDef::kArgumentTuple) != 0
                           ? call_with_tuple(ts, *def, function->self, args)
                           : def->function(ts, function->self, args);
    CHECK(result);
    value = result.take().release();
    goto called;
  }
  TARGET(CallMethodDescriptor) {
    Object** base = sp - ARGUMENT - 2;
    Object* callable = base[0];
    if (callable == nullptr || keyword_names != nullptr ||
        !is_kind(callable, TypeKind::MethodDescriptor)) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    const Descriptor* method = static_cast<Descriptor*>(callable);
    const MethodDef* def = method->method;
    if (base[1]->type() != method->owner ||
        (def->flags & MethodDef::kIndirect) != 0 || !arity_fits(def, ARGUMENT)) {
      goto op_Call;
    }
    const Args args{base + 2, ARGUMENT, nullptr};
    ObjResult result = (def->flags & MethodDef::kArgumentTuple) != 0
                           ? call_with_tuple(ts, *def, base[1], args)
                           : def->function(ts, base[1], args);
    CHECK(result);
    value = result.take().release();
    goto called;
  }
  TARGET(CallListAppend) {
    Object** base = sp - ARGUMENT - 2;
    Object* callable = base[0];
    if (callable == nullptr || ARGUMENT != 1 || keyword_names != nullptr ||
        !is_kind(callable, TypeKind::MethodDescriptor) ||
        static_cast<Descriptor*>(callable)->method !=
            reinterpret_cast<const MethodDef*>(cached_word(ip + kCacheWord)) ||
        !is_exact_list(base[1])) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    List* list = static_cast<List*>(base[1]);
    value = POP();
    frame->stack_top = sp;
    CHECK(list->append(ts, ObjRef::steal(value)));
    sp -= 2;
    DROP(list);
    DROP(callable);
    PUSH(ts.core.none_ref().release());
    NEXT(4);
  }
  TARGET(CallLen) {
    Object** base = sp - ARGUMENT - 2;
    Object* callable = base[1];
    if (base[0] != nullptr || ARGUMENT != 1 || keyword_names != nullptr ||
        !is_kind(callable, TypeKind::BuiltinFunction) ||
        static_cast<BuiltinFunction*>(callable)->def !=
            reinterpret_cast<const MethodDef*>(cached_word(ip + kCacheWord))) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    Result<std::int64_t> length = length_of(ts, TOP());
    CHECK(length);
    Result<Ref<Int>> number = Int::from(ts, length.take());
    CHECK(number);
    value = number.take().release();
    goto called;
  }
  TARGET(CallTypeOf) {
    Object** base = sp - ARGUMENT - 2;
    if (base[0] != nullptr || ARGUMENT != 1 || keyword_names != nullptr ||
        base[1] != ts.core.types.type) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    value = TOP()->type();
    incref(value);
    goto called;
  }
  TARGET(CallClass) {
    Object** base = sp - ARGUMENT - 2;
    if (base[0] != nullptr || keyword_names != nullptr || base[1]->type() != ts.core.types.type ||
        static_cast<Type*>(base[1])->version != CACHE_UNIT(kCacheVersion)) {
      generalize(ip, Opcode::Call);
      goto op_Call;
    }
    Ref<Function> init =
        Ref<Function>::share(static_cast<Function*>(cached_object(ip + kCacheWord)));
    if (!takes_exactly(init.get(), ARGUMENT + 1)) goto op_Call;
    { const ArgumentTuple counted(ts, ARGUMENT); }
    ObjResult made = instance_create(ts, static_cast<Type*>(base[1]));
    CHECK(made);
    ObjRef instance = made.take();
    callee = reserve_frame(ts, init->code, ARGUMENT);
    if (callee == nullptr) goto error;
    init_frame(callee, init.release(), static_cast<std::int32_t>(ARGUMENT) + 1);
    Object** held = held_references(callee);
    for (std::uint32_t i = 0; i < ARGUMENT; ++i) {
      base[2 + i]->refcount += 2;
      callee->slots[1 + i] = held[i] = base[2 + i];
    }
    callee->held = ARGUMENT;
    callee->slots[0] = instance.new_ref().release();
    callee->return_to = ReturnTo::Instance;
    PUSH(instance.release());
    frame->stack_top = sp;
    goto enter_frame;
  }
  TARGET(CallFunctionEx) {
    const bool has_kwargs = (ARGUMENT & 1) != 0;
    Object** base = sp - 3 - (has_kwargs ? 1 : 0);
    if (!is_exact_tuple(base[2])) {
      Result<Ref<Tuple>> tuple = unpacked_arguments(ts, base[1], base[2]);
      CHECK(tuple);
      value = std::exchange(base[2], static_cast<Object*>(tuple.take().release()));
      DROP(value);
    }
    Object* callable = base[1];
    Tuple* tuple = static_cast<Tuple*>(base[2]);
    Dict* kwargs = has_kwargs ? static_cast<Dict*>(base[3]) : nullptr;
    if (is_kind(callable, TypeKind::Function)) {
      callee = make_unpacked_frame(ts, static_cast<Function*>(callable), tuple, kwargs);
      if (callee == nullptr) goto error;
      callee->return_to = ReturnTo::Arguments;
      goto enter_frame;
    }
    ObjResult result = kForm == Form::Traced ? call_profiled(ts, frame, callable, tuple, kwargs)
                                             : call_with(ts, callable, tuple, kwargs);
    CHECK(result);
    while (sp != base) {
      value = POP();
      XDROP(value);
    }
    PUSH(result.take().release());
    if (is_asked_for(ts)) [[unlikely]] {
      SAVE();
      CHECK(answer_requests(ts));
    }
    NEXT(0);
  }
  TARGET(MakeFunction) {
    const std::uint32_t extra = static_cast<std::uint32_t>(__builtin_popcount(ARGUMENT & 15));
    Object** items = sp - 1 - extra;
    ObjResult function = make_function(ts, frame, ARGUMENT, items);
    CHECK(function);
    while (sp != items) {
      value = POP();
      DROP(value);
    }
    PUSH(function.take().release());
    NEXT(0);
  }
  TARGET(LoadBuildClass) {
    ObjResult found = load_build_class(ts, frame);
    PUSH_RESULT(found);
    NEXT(0);
  }
  TARGET(ReturnValue) {
    value = POP();
    frame->stack_top = sp;
    const bool is_entry = frame->is_entry;
    if (frame->owner == FrameOwner::Generator) {
      Frame* caller = frame->previous;
      generator_finish(ts, frame);
      if (is_entry) return ObjRef::steal(value);
      frame = caller;
      LOAD_FRAME();
      if (instr_opcode(*ip) != Opcode::Send) {  // a form of ForIter
        DROP(value);
        goto end_of_iteration;
      }
      // The receiver below makes way for its result.
      Object* receiver = POP();
      DROP(receiver);
      PUSH(value);
      JUMP(ARGUMENT);
    }
    Frame* done = frame;
    frame = done->previous;
    ts.frame = frame;
    --ts.python_depth;
    return_to = done->return_to;
    leave_frame(ts, done);
    if (is_entry) return ObjRef::steal(value);
    LOAD_FRAME();
    if (return_to != ReturnTo::Stack) [[unlikely]]
      goto returned;
    PUSH(value);
    QUICK_NEXT(kCacheUnits[*ip & 0xff]);
  }
returned:
  // `value` came from a frame that does not simply push it.
  switch (return_to) {
    case ReturnTo::Arguments:
      for (std::uint32_t i = 0; i < 3 + (ARGUMENT & 1); ++i) {
        Object* used = POP();
        XDROP(used);
      }
      PUSH(value);
      NEXT(0);
    case ReturnTo::Owner: {
      Object* owner = POP();
      DROP(owner);
      PUSH(value);
      NEXT(6);
    }
    case ReturnTo::Stack:
    case ReturnTo::Instance:
      if (value != ts.core.none) {
        raise_type_error(ts, "__init__() should return None, not '{t}'", value);
        ObjRef exception = take_pending(ts);
        DROP(value);
        restore_pending(ts, std::move(exception));
        goto error;
      }
      DROP(value);
      value = POP();
      goto called;
  }

  PURE(Resume) {
    if (kForm == Form::Plain && is_asked_for(ts) && ts.traces) [[unlikely]]
      goto other_form;
    if (ARGUMENT == 0) {
      frame->is_complete = true;
      if (++frame->code->warmup == kQuickenAfter) quicken(frame->code);
    }
    if (is_asked_for(ts)) [[unlikely]] {
      SAVE();
      CHECK(answer_requests(ts));
    }
    QUICK_NEXT(0);
  }

  // -- generators -----------------------------------------------------------------------------
  TARGET(ReturnGenerator) {
    frame->is_complete = true;
    // The call is over, and with it what was held for it beside the frame.
    if (const std::uint32_t held_count = std::exchange(frame->held, 0); held_count != 0) {
      drop_held(held_references(frame), held_count);
    }
    Result<Ref<Generator>> made = Generator::create(ts, frame);
    CHECK(made);
    value = made.take().release();
    Frame* done = frame;
    const bool is_entry = done->is_entry;
    frame = done->previous;
    ts.frame = frame;
    --ts.python_depth;
    return_to = done->return_to;
    release_frame(ts, done);  // its content lives on in the generator
    if (is_entry) return ObjRef::steal(value);
    LOAD_FRAME();
    if (return_to != ReturnTo::Stack) goto returned;
    PUSH(value);
    NEXT(kCacheUnits[*ip & 0xff]);
  }
  TARGET(YieldValue) {
    value = POP();
    frame->stack_top = sp;
    const bool is_entry = frame->is_entry;
    Frame* caller = frame->previous;
    generator_suspend(ts, frame);
    if (is_entry) return ObjRef::steal(value);
    frame = caller;
    LOAD_FRAME();
    PUSH(value);
    QUICK_NEXT(kCacheUnits[*ip & 0xff]);
  }
  TARGET(Send) {
    Object* receiver = sp[-2];
    if (kForm == Form::Plain && has_generator_frame(receiver) && !recursion_is_full(ts)) {
      auto* generator = static_cast<Generator*>(receiver);
      if (generator->state == GeneratorState::Suspended ||
          (generator->state == GeneratorState::Created && TOP() == ts.core.none)) {
        value = POP();
        callee = &generator->frame;
        goto resume_generator;
      }
    }
    ObjRef result;
    switch (kForm == Form::Traced ? send_traced(ts, frame, receiver, TOP(), result)
                                  : send_to(ts, receiver, TOP(), result)) {
      case SendOutcome::Raised:
        goto error;
      case SendOutcome::Yielded:
        value = POP();
        DROP(value);
        PUSH(result.release());
        NEXT(0);
      case SendOutcome::Returned:
        value = POP();
        DROP(value);
        receiver = POP();
        DROP(receiver);
        PUSH(result.release());
        JUMP(ARGUMENT);
    }
  }
resume_generator:
  // `callee` is a generator's frame, `value` what its yield gives.
  frame->stack_top = sp;
  callee->is_entry = false;
  *callee->stack_top++ = value;
  ++callee->ip;
  generator_enter(ts, generator_of(callee));
  frame = callee;
  LOAD_FRAME();
  DISPATCH();

  TARGET(AsyncGenWrap) {
    ObjResult wrapped = async_generator_wrap(ts, TOP());
    CHECK(wrapped);
    value = POP();
    DROP(value);
    PUSH(wrapped.take().release());
    NEXT(0);
  }
  TARGET(GetAwaitable) {
    ObjResult iterator = awaitable_iterator(ts, TOP(), ARGUMENT);
    CHECK(iterator);
    value = POP();
    DROP(value);
    PUSH(iterator.take().release());
    NEXT(0);
  }
  TARGET(GetAiter) {
    ObjResult iterator = aiter_of(ts, TOP());
    CHECK(iterator);
    value = POP();
    DROP(value);
    PUSH(iterator.take().release());
    NEXT(0);
  }
  TARGET(GetAnext) {
    ObjResult awaitable = anext_of(ts, TOP());
    PUSH_RESULT(awaitable);
    NEXT(0);
  }
  TARGET(EndAsyncFor) {
    Object* exception = POP();
    if (is_instance_of(exception, ts.core.exceptions.StopAsyncIteration)) {
      DROP(exception);
      value = POP();
      DROP(value);
      NEXT(0);
    }
    restore_pending(ts, ObjRef::steal(exception));
    goto unwind;
  }

  // -- exceptions -----------------------------------------------------------------------------
  TARGET(RaiseVarargs) {
    ObjRef cause = ARGUMENT == 2 ? ObjRef::steal(POP()) : ObjRef();
    ObjRef exception = ARGUMENT >= 1 ? ObjRef::steal(POP()) : ObjRef();
    frame->stack_top = sp;
    if (raise_statement(ts, exception, cause)) goto unwind;
    goto error;
  }
  TARGET(Reraise) {
    if (ARGUMENT > 0) {
      Object* index = sp[-1 - static_cast<std::ptrdiff_t>(ARGUMENT)];
      OURO_DCHECK(is_small_int(index) || is_none(index), "no instruction index under a Reraise");
      frame->ip = is_none(index) ? ip : instructions + static_cast<Int*>(index)->small;
    }
    value = POP();
    frame->stack_top = sp;
    restore_pending(ts, ObjRef::steal(value));
    goto unwind_here;
  }
  PURE(PushExcInfo) {
    Object* exception = POP();
    HandledException* handled = ts.handled;
    Object* before = handled->exception;
    PUSH(before == nullptr ? ts.core.none_ref().release() : before);
    incref(exception);
    handled->exception = exception;
    PUSH(exception);
    QUICK_NEXT(0);
  }
  TARGET(PopExcept) {
    value = std::exchange(ts.handled->exception, POP());
    XDROP(value);
    QUICK_NEXT(0);
  }
  TARGET(CheckExcMatch) {
    Result<bool> match = exception_matches(ts, sp[-2], sp[-1]);
    CHECK(match);
    value = POP();
    DROP(value);
    PUSH(ts.core.bool_ref(match.take()).release());
    NEXT(0);
  }
  TARGET(CheckEgMatch) {
    GroupMatch found = match_group(ts, sp[-2], sp[-1]);
    if (!found.match) goto error;
    Object* match_type = POP();
    Object* exception = POP();
    DROP(match_type);
    DROP(exception);
    const bool matched = !is_none(found.match);
    if (matched) {
      // What the handler body handles is the part that matched.
      incref(found.match.get());
      value = std::exchange(ts.handled->exception, found.match.get());
      XDROP(value);
    }
    PUSH(found.rest.release());
    PUSH(found.match.release());
    NEXT(0);
  }
  TARGET(PrepReraiseStar) {
    ObjResult again = prepare_reraise_star(ts, sp[-2], sp[-1]);
    CHECK(again);
    Object* list = POP();
    Object* original = POP();
    DROP(list);
    DROP(original);
    PUSH(again.take().release());
    NEXT(0);
  }
  PURE(LoadAssertionError) {
    value = ts.core.exceptions.AssertionError;
    incref(value);
    PUSH(value);
    NEXT(0);
  }
  TARGET(BeforeWith) {
    ContextMethods methods = context_methods(ts, TOP(), false);
    if (methods.failed) goto error;
    value = POP();
    PUSH(methods.exit.release());
    DROP(value);
    frame->stack_top = sp;
    ObjResult entered = call(ts, methods.enter);
    PUSH_RESULT(entered);
    NEXT(0);
  }
  TARGET(BeforeAsyncWith) {
    ContextMethods methods = context_methods(ts, TOP(), true);
    if (methods.failed) goto error;
    value = POP();
    PUSH(methods.exit.release());
    DROP(value);
    frame->stack_top = sp;
    ObjResult entered = call(ts, methods.enter);
    PUSH_RESULT(entered);
    NEXT(0);
  }
  TARGET(WithExceptStart) {
    Object* exception = sp[-1];
    Object* traceback = static_cast<BaseException*>(exception)->traceback;
    ObjRef held = traceback == nullptr ? ts.core.none_ref() : ObjRef::share(traceback);
    ObjResult result = call(ts, sp[-4], Obj(exception->type()), exception, held);
    PUSH_RESULT(result);
    NEXT(0);
  }

  // -- match ----------------------------------------------------------------------------------
  TARGET(GetLen) {
    Result<std::int64_t> length = length_of(ts, TOP());
    CHECK(length);
    Result<Ref<Int>> number = Int::from(ts, length.take());
    PUSH_RESULT(number);
    NEXT(0);
  }
  PURE(MatchMapping) {
    value = ts.core.bool_ref(type_has(TOP(), kMappingPattern)).release();
    PUSH(value);
    NEXT(0);
  }
  PURE(MatchSequence) {
    value = ts.core.bool_ref(type_has(TOP(), kSequencePattern)).release();
    PUSH(value);
    NEXT(0);
  }
  TARGET(MatchKeys) {
    ObjResult values = match_keys(ts, sp[-2], static_cast<Tuple*>(sp[-1]));
    PUSH_RESULT(values);
    NEXT(0);
  }
  TARGET(MatchClass) {
    ObjResult attributes = match_class(ts, sp[-3], sp[-2], ARGUMENT, static_cast<Tuple*>(sp[-1]));
    CHECK(attributes);
    for (int i = 0; i < 3; ++i) {
      value = POP();
      DROP(value);
    }
    PUSH(attributes.take().release());
    NEXT(0);
  }

  // -- modules, classes, the prompt -----------------------------------------------------------
  TARGET(ImportName) {
    ObjResult module = import_name(ts, frame, NAME(ARGUMENT), sp[-2], sp[-1]);
    CHECK(module);
    Object* fromlist = POP();
    Object* level = POP();
    DROP(fromlist);
    DROP(level);
    PUSH(module.take().release());
    NEXT(0);
  }
  TARGET(ImportFrom) {
    ObjResult found = import_from(ts, TOP(), NAME(ARGUMENT));
    PUSH_RESULT(found);
    NEXT(0);
  }
  TARGET(ImportStar) {
    CHECK(import_star(ts, frame, TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }
  TARGET(SetupAnnotations) {
    CHECK(setup_annotations(ts, frame));
    NEXT(0);
  }
  TARGET(PrintExpr) {
    CHECK(print_expression(ts, TOP()));
    value = POP();
    DROP(value);
    NEXT(0);
  }

  // -- exceptions on their way up -------------------------------------------------------------
error:
  // ts.pending is set, ip and sp are those of the frame that failed.
  OURO_DCHECK(has_pending(ts), "instruction failed without an exception");
  frame->ip = ip;
  frame->stack_top = sp;
  keyword_names = nullptr;
  add_traceback(ts, frame);
  if constexpr (kForm == Form::Traced) trace_exception(ts, frame);
unwind:
  frame->ip = ip;
unwind_here:
  for (;;) {
    const std::uint32_t failed_at = frame->instruction_index();
    const ExceptionEntry* entry =
        leaving ? nullptr
                : find_handler(frame->code, static_cast<std::uint32_t>(ip - instructions));
    Object** floor = frame->stack_base() + (entry == nullptr ? 0 : entry->depth);
    ObjRef exception = take_pending(ts);
    while (sp > floor) {
      value = POP();
      XDROP(value);
    }
    frame->stack_top = sp;
    if (entry != nullptr) {
      if (entry->push_lasti) {
        // A handler is never skipped: it has the exception before it to put back. Without memory
        // for the index it gets None, and its Reraise names its own line.
        Result<Ref<Int>> index = Int::from(ts, failed_at);
        if (index.raised()) {
          clear_pending(ts);
          PUSH(ts.core.none_ref().release());
        } else {
          PUSH(index.take().release());
        }
      }
      PUSH(exception.release());
      JUMP(entry->target);
    }
    // Nobody here handles it: the frame ends.
    restore_pending(ts, std::move(exception));
    leaving = false;
    if constexpr (kForm == Form::Traced) trace_unwinding(ts, frame);
    const bool is_entry = frame->is_entry;
    if (frame->owner == FrameOwner::Generator) {
      Frame* caller = frame->previous;
      generator_translate_stop(ts, frame);
      ObjRef exception_out = take_pending(ts);
      generator_finish(ts, frame);
      restore_pending(ts, std::move(exception_out));
      if (is_entry) return Raised{};
      frame = caller;
    } else {
      Frame* done = frame;
      frame = done->previous;
      ts.frame = frame;
      --ts.python_depth;
      end_callee_raised(ts, done);
      if (is_entry) return Raised{};
    }
    LOAD_FRAME();
    add_traceback(ts, frame);
    if constexpr (kForm == Form::Traced) trace_exception(ts, frame);
  }
leave:
  __attribute__((unused));
  leaving = true;
  goto unwind_here;
}

}  // namespace

ObjResult evaluate(ThreadState& ts, Frame* frame, bool throwing) {
  const Start start = throwing ? Start::Throwing : Start::Frame;
  ObjResult result = ts.traces ? run<Form::Traced>(ts, frame, start)
                               : run<Form::Plain>(ts, frame, start);
  while (ts.moved_frame != nullptr) [[unlikely]] {
    Frame* moved = std::exchange(ts.moved_frame, nullptr);
    result = ts.traces ? run<Form::Traced>(ts, moved, Start::Moved)
                       : run<Form::Plain>(ts, moved, Start::Moved);
  }
  return result;
}

}  // namespace ouro
