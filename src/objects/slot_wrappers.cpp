// The bodies of slot_wrappers.h.
//
// Where CPython unpacks the arguments as a tuple for a function without a name, its message begins with a space; so do these.
#include "objects/slot_wrappers.h"

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace ouro::wrap {

namespace {

template <class Slot>
Slot slot_of(const void* function) {
  return reinterpret_cast<Slot>(const_cast<void*>(function));
}

Status expect(ThreadState& ts, Args args, std::uint32_t count) {
  if (args.count == count) return kDone;
  return raise_type_error(ts, "expected {} argument{}, got {}", count, count == 1 ? "" : "s", args.count);
}

Status expect_nameless(ThreadState& ts, Args args, std::uint32_t count) {
  if (args.count == count) return kDone;
  return raise_type_error(ts, " expected {} argument{}, got {}", count, count == 1 ? "" : "s", args.count);
}

Status expect_nameless(ThreadState& ts, Args args, std::uint32_t least, std::uint32_t most) {
  if (args.count >= least && args.count <= most) return kDone;
  const bool too_few = args.count < least;
  const std::uint32_t wanted = too_few ? least : most;
  return raise_type_error(ts, " expected at {} {} argument{}, got {}", too_few ? "least" : "most", wanted, wanted == 1 ? "" : "s",
                          args.count);
}

ObjResult none(ThreadState& ts, Status status) {
  if (status.raised()) return Raised{};
  return ts.core.none_ref();
}

ObjResult boolean(ThreadState& ts, Result<bool> result) { return ts.core.bool_ref(OURO_TRY(result)); }
ObjResult number(ThreadState& ts, Result<std::int64_t> result) { return Int::from(ts, OURO_TRY(result)); }

// An index as a sequence slot wants it: negative ones count from the end.
Result<std::int64_t> index_for(ThreadState& ts, Obj self, Obj given) {
  std::int64_t index = OURO_TRY(index_as_int64(ts, given, ts.core.exceptions.IndexError));
  if (index >= 0) return index;
  const LengthSlot length = self->type()->sequence.length;
  if (length == nullptr) return index;
  return index + OURO_TRY(length(ts, self));
}

template <CompareOp op>
ObjResult compare(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return slot_of<CompareSlot>(function)(ts, self, args[0], op);
}

// object.__setattr__(int, …) must not get round what the object's own native class forbids.
Status check_native_rule(ThreadState& ts, Obj self, const void* function, const char* name) {
  const Type* native = native_base(self->type());
  if (native->set_attribute == nullptr || native->set_attribute == slot_of<SetAttributeSlot>(function)) return kDone;
  return raise_type_error(ts, "can't apply this {} to {t} object", name, self);
}

Status check_name(ThreadState& ts, Obj name) {
  if (is_str(name)) return kDone;
  return raise_type_error(ts, "attribute name must be string, not '{t}'", name);
}

}  // namespace

ObjResult unary(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  return slot_of<UnarySlot>(function)(ts, self);
}

ObjResult binary(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return slot_of<BinarySlot>(function)(ts, self, args[0]);
}

ObjResult binary_reflected(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return slot_of<BinarySlot>(function)(ts, args[0], self);
}

ObjResult ternary(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 1, 2));
  const Obj third = args.count > 1 ? args[1] : Obj(ts.core.none);
  return slot_of<TernarySlot>(function)(ts, self, args[0], third);
}

ObjResult ternary_reflected(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 1, 2));
  const Obj third = args.count > 1 ? args[1] : Obj(ts.core.none);
  return slot_of<TernarySlot>(function)(ts, args[0], self, third);
}

ObjResult predicate(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  return boolean(ts, slot_of<PredicateSlot>(function)(ts, self));
}

ObjResult hash(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  return number(ts, slot_of<HashSlot>(function)(ts, self));
}

ObjResult length(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  return number(ts, slot_of<LengthSlot>(function)(ts, self));
}

ObjResult call(ThreadState& ts, Obj self, Args args, const void* function) {
  return slot_of<CallSlot>(function)(ts, self, args);
}

ObjResult init(ThreadState& ts, Obj self, Args args, const void* function) {
  return none(ts, slot_of<InitSlot>(function)(ts, self, args));
}

ObjResult next(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  ObjRef item;
  switch (slot_of<NextSlot>(function)(ts, self, item)) {
    case Next::Item: return item;
    case Next::Raised: return Raised{};
    case Next::Done: break;
  }
  // Exhaustion as Python code sees it; a generator may have left its return value pending.
  if (has_pending(ts)) return Raised{};
  return raise_object(ts, OURO_TRY(ouro::call(ts, ts.core.exceptions.StopIteration)));
}

ObjResult get_attribute(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  OURO_TRY(check_name(ts, args[0]));
  return slot_of<GetAttributeSlot>(function)(ts, self, as<Str>(args[0]));
}

ObjResult set_attribute(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 2));
  OURO_TRY(check_native_rule(ts, self, function, "__setattr__"));
  OURO_TRY(check_name(ts, args[0]));
  return none(ts, slot_of<SetAttributeSlot>(function)(ts, self, as<Str>(args[0]), args[1]));
}

ObjResult delete_attribute(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  OURO_TRY(check_native_rule(ts, self, function, "__delattr__"));
  OURO_TRY(check_name(ts, args[0]));
  return none(ts, slot_of<SetAttributeSlot>(function)(ts, self, as<Str>(args[0]), nullptr));
}

ObjResult descriptor_get(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 1, 2));
  const Obj instance = is_none(args[0]) ? Obj() : args[0];
  const Obj owner = args.count < 2 || is_none(args[1]) ? Obj() : args[1];
  if (!instance && !owner) return raise_type_error(ts, "__get__(None, None) is invalid");
  return slot_of<DescriptorGetSlot>(function)(ts, self, instance, owner);
}

ObjResult descriptor_set(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 2));
  return none(ts, slot_of<DescriptorSetSlot>(function)(ts, self, args[0], args[1]));
}

ObjResult descriptor_delete(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return none(ts, slot_of<DescriptorSetSlot>(function)(ts, self, args[0], nullptr));
}

ObjResult repeat(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 1));
  const std::int64_t count = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return slot_of<ItemSlot>(function)(ts, self, count);
}

ObjResult item(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  const std::int64_t index = OURO_TRY(index_for(ts, self, args[0]));
  return slot_of<ItemSlot>(function)(ts, self, index);
}

ObjResult set_item(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 2));
  const std::int64_t index = OURO_TRY(index_for(ts, self, args[0]));
  return none(ts, slot_of<SetItemSlot>(function)(ts, self, index, args[1]));
}

ObjResult delete_item(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  const std::int64_t index = OURO_TRY(index_for(ts, self, args[0]));
  return none(ts, slot_of<SetItemSlot>(function)(ts, self, index, nullptr));
}

ObjResult set_subscript(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect_nameless(ts, args, 2));
  return none(ts, slot_of<SetSubscriptSlot>(function)(ts, self, args[0], args[1]));
}

ObjResult delete_subscript(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return none(ts, slot_of<SetSubscriptSlot>(function)(ts, self, args[0], nullptr));
}

ObjResult contains(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 1));
  return boolean(ts, slot_of<ContainsSlot>(function)(ts, self, args[0]));
}

ObjResult less(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::Less>(ts, self, args, function);
}
ObjResult less_equal(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::LessEqual>(ts, self, args, function);
}
ObjResult equal(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::Equal>(ts, self, args, function);
}
ObjResult not_equal(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::NotEqual>(ts, self, args, function);
}
ObjResult greater(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::Greater>(ts, self, args, function);
}
ObjResult greater_equal(ThreadState& ts, Obj self, Args args, const void* function) {
  return compare<CompareOp::GreaterEqual>(ts, self, args, function);
}

ObjResult finalize(ThreadState& ts, Obj self, Args args, const void* function) {
  OURO_TRY(expect(ts, args, 0));
  slot_of<void (*)(gc::Header*)>(function)(self.get());
  return ts.core.none_ref();
}

}  // namespace ouro::wrap
