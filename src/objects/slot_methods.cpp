// The bodies of slot_methods.h.
#include "objects/slot_methods.h"

#include "objects/function.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/slot_table.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace ouro::dispatch {

namespace {

constexpr std::size_t kMaxArgs = 4;

// Calls what the class holds under a special name, with `self` in front where it is a plain method.
ObjResult call_found(ThreadState& ts, ObjRef found, Obj self, std::span<Object* const> args) {
  if (type_has(found, kMethodLike)) {
    OURO_DCHECK(args.size() < kMaxArgs, "too many arguments for a special method");
    Object* values[kMaxArgs] = {self.get()};
    for (std::size_t i = 0; i < args.size(); ++i) values[i + 1] = args[i];
    return ouro::call(ts, found, Args{values, static_cast<std::uint32_t>(args.size() + 1), nullptr});
  }
  ObjRef bound = OURO_TRY(bind(ts, std::move(found), self, self->type()));
  return ouro::call(ts, bound, Args{args.data(), static_cast<std::uint32_t>(args.size()), nullptr});
}

// All arguments of a call with `first` in front. They live on the native stack while they are few.
class Prepended {
 public:
  Prepended(Obj first, Args args) {
    const std::size_t total = std::size_t{args.count} + args.keyword_count();
    values_ = total < kInline ? inline_ : static_cast<Object**>(allocate_raw((total + 1) * sizeof(Object*)));
    if (values_ == nullptr) return;
    values_[0] = first.get();
    for (std::size_t i = 0; i < total; ++i) values_[i + 1] = args.values[i];
    args_ = Args{values_, args.count + 1, args.keywords};
  }
  ~Prepended() {
    if (values_ != inline_) free_raw(values_);
  }
  Prepended(const Prepended&) = delete;
  Prepended& operator=(const Prepended&) = delete;
  [[nodiscard]] bool ok() const { return values_ != nullptr; }
  [[nodiscard]] Args args() const { return args_; }

 private:
  static constexpr std::size_t kInline = 8;
  Object* inline_[kInline];
  Object** values_;
  Args args_;
};

ObjResult call_with_self(ThreadState& ts, ObjRef found, Obj self, Args args) {
  if (!type_has(found, kMethodLike)) {
    ObjRef bound = OURO_TRY(bind(ts, std::move(found), self, self->type()));
    return ouro::call(ts, bound, args);
  }
  const Prepended all(self, args);
  if (!all.ok()) return raise_no_memory(ts);
  return ouro::call(ts, found, all.args());
}

Raised raise_undefined(ThreadState& ts, Borrowed<Str> name) {
  return raise_with(ts, ts.core.exceptions.AttributeError, name);
}

}  // namespace

Outcome call_if_defined(ThreadState& ts, Obj self, Borrowed<Str> name, std::span<Object* const> args) {
  ObjRef found = type_lookup(ts, self->type(), name).new_ref();
  if (!found) return {ObjRef(), true};
  return {call_found(ts, std::move(found), self, args).take(), false};
}

ObjResult call_defined(ThreadState& ts, Obj self, Borrowed<Str> name, std::span<Object* const> args) {
  Outcome outcome = call_if_defined(ts, self, name, args);
  if (outcome.value) return std::move(outcome.value);
  if (outcome.absent) return raise_undefined(ts, name);
  return Raised{};
}

// -- operators -----------------------------------------------------------------------------------------------------------------------

namespace {

ObjResult call_or_not_implemented(ThreadState& ts, Obj self, Borrowed<Str> name, Obj argument) {
  Object* const args[] = {argument.get()};
  Outcome outcome = call_if_defined(ts, self, name, args);
  if (outcome.value) return std::move(outcome.value);
  if (outcome.absent) return ts.core.not_implemented_ref();
  return Raised{};
}

// right's class defines the reflected method anew, compared with left's class.
Result<bool> is_overridden(ThreadState& ts, Obj left, Obj right, Borrowed<Str> name) {
  MaybeAttribute of_right = find_attribute(ts, right->type(), name);
  if (of_right.failed) return Raised{};
  if (!of_right.value) return false;
  MaybeAttribute of_left = find_attribute(ts, left->type(), name);
  if (of_left.failed) return Raised{};
  if (!of_left.value) return true;
  return compare_is_true(ts, of_left.value, of_right.value, CompareOp::NotEqual);
}

}  // namespace

ObjResult binary_operator(ThreadState& ts, Obj left, Obj right, bool left_dispatches, bool right_dispatches, Borrowed<Str> name,
                          Borrowed<Str> reflected) {
  const Type* left_type = left->type();
  const Type* right_type = right->type();
  bool try_right = left_type != right_type && right_dispatches;
  if (left_dispatches) {
    if (try_right && right_type->is_subtype_of(left_type)) {
      if (OURO_TRY(is_overridden(ts, left, right, reflected))) {
        ObjRef result = OURO_TRY(call_or_not_implemented(ts, right, reflected, left));
        if (result.get() != ts.core.not_implemented) return result;
        try_right = false;
      }
    }
    ObjRef result = OURO_TRY(call_or_not_implemented(ts, left, name, right));
    if (result.get() != ts.core.not_implemented || left->type() == right->type()) return result;
  }
  if (try_right) return call_or_not_implemented(ts, right, reflected, left);
  return ts.core.not_implemented_ref();
}

ObjResult power(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  if (is_none(modulus)) {
    return binary_operator(ts, base, exponent, base->type()->number.power == power, exponent->type()->number.power == power,
                           ts.core.names.dunder_pow, ts.core.names.dunder_rpow);
  }
  // With a modulus there is no reflected form.
  if (base->type()->number.power != power) return ts.core.not_implemented_ref();
  Object* const args[] = {exponent.get(), modulus.get()};
  return call_defined(ts, base, ts.core.names.dunder_pow, args);
}

ObjResult inplace_power(ThreadState& ts, Obj base, Obj exponent, Obj) {
  Object* const args[] = {exponent.get()};
  return call_defined(ts, base, ts.core.names.dunder_ipow, args);
}

// -- truth, hash, length, comparison -----------------------------------------------------------------------------------------------------

Result<bool> truth(ThreadState& ts, Obj self) {
  ObjRef value = OURO_TRY(call_defined(ts, self, ts.core.names.dunder_bool, {}));
  if (!is_bool(value)) return raise_type_error(ts, "__bool__ should return bool, returned {t}", value);
  return value.get() == ts.core.true_object;
}

Result<std::int64_t> hash(ThreadState& ts, Obj self) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_hash).new_ref();
  if (!method || is_none(method)) return hash_not_implemented(ts, self);
  ObjRef value = OURO_TRY(call_found(ts, std::move(method), self, {}));
  if (!is_int(value)) return raise_type_error(ts, "__hash__ method should return an integer");
  const auto* number = as<Int>(value);
  // What fits is the hash itself; larger values are hashed once more.
  const std::int64_t result = number->is_small() ? number->small : int_hash(value);
  return result == -1 ? -2 : result;
}

Result<std::int64_t> length(ThreadState& ts, Obj self) {
  ObjRef value = OURO_TRY(call_defined(ts, self, ts.core.names.dunder_len, {}));
  ObjRef index = OURO_TRY(to_index(ts, value));
  if (int_sign(index) < 0) return raise_value_error(ts, "__len__() should return >= 0");
  return index_as_int64(ts, index, ts.core.exceptions.OverflowError);
}

ObjResult compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const CoreNames& names = ts.core.names;
  Str* const by_op[] = {names.dunder_lt, names.dunder_le, names.dunder_eq, names.dunder_ne, names.dunder_gt, names.dunder_ge};
  // A method that cannot be had (its descriptor raises) counts as none.
  Borrowed<Str> name = by_op[static_cast<std::size_t>(op)];
  ObjRef method = type_lookup(ts, left->type(), name).new_ref();
  if (!method) return ts.core.not_implemented_ref();
  const bool binds_without_object = is_kind(method, TypeKind::Function) ||
                                    is_kind(method, TypeKind::MethodDescriptor) ||
                                    is_kind(method, TypeKind::WrapperDescriptor);
  if (binds_without_object || method->type()->descriptor_get == nullptr) {
    return call_or_not_implemented(ts, left, name, right);
  }
  ObjResult bound = method->type()->descriptor_get(ts, method, left, Obj(left->type()));
  if (bound.raised()) {
    clear_pending(ts);
    return ts.core.not_implemented_ref();
  }
  return ouro::call(ts, bound.take(), right);
}

// -- calling and making ----------------------------------------------------------------------------------------------------------------

ObjResult call(ThreadState& ts, Obj self, Args args) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_call).new_ref();
  if (!method) return raise_undefined(ts, ts.core.names.dunder_call);
  const PackedArguments counted(ts, args);
  const ArgumentTuple names(ts, args.keyword_count());
  return call_with_self(ts, std::move(method), self, args);
}

Status init(ThreadState& ts, Obj self, Args args) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_init).new_ref();
  if (!method) return raise_undefined(ts, ts.core.names.dunder_init);
  const ArgumentTuple names(ts, args.keyword_count());
  ObjRef result = OURO_TRY(call_with_self(ts, std::move(method), self, args));
  if (!is_none(result)) return raise_type_error(ts, "__init__() should return None, not '{t}'", result);
  return kDone;
}

ObjResult make(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef function = OURO_TRY(ouro::get_attribute(ts, type, ts.core.names.dunder_new));
  const Prepended all(type, args);
  if (!all.ok()) return raise_no_memory(ts);
  const ArgumentTuple names(ts, args.keyword_count());
  return ouro::call(ts, function, all.args());
}

// -- iteration ---------------------------------------------------------------------------------------------------------------------------

ObjResult iter(ThreadState& ts, Obj self) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_iter).new_ref();
  if (!method || is_none(method)) return raise_type_error(ts, "'{t}' object is not iterable", self);
  return call_found(ts, std::move(method), self, {});
}

// StopIteration stays pending: who drives the iterator may want its value.
Next next(ThreadState& ts, Obj self, ObjRef& item) {
  ObjResult result = call_defined(ts, self, ts.core.names.dunder_next, {});
  if (result.raised()) return Next::Raised;
  item = result.take();
  return Next::Item;
}

// -- attributes --------------------------------------------------------------------------------------------------------------------------

namespace {

ObjResult call_getattribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_getattribute).new_ref();
  if (!method) return generic_get_attribute(ts, self, name);
  // The native rule of a base, without the detour over its wrapper.
  if (is_kind(method, TypeKind::WrapperDescriptor)) {
    const auto* wrapper = as<Descriptor>(method);
    const void* function = wrapper->slot_function;
    const PassingObject bound(ts);
    const ArgumentTuple counted(ts, 1);
    return reinterpret_cast<GetAttributeSlot>(const_cast<void*>(function))(ts, self, name);
  }
  Object* const args[] = {name.get()};
  return call_found(ts, std::move(method), self, args);
}

bool uses_generic_rule(ThreadState& ts, Obj self) {
  Borrowed<Object> method = type_lookup(ts, self->type(), ts.core.names.dunder_getattribute);
  return method && is_kind(method, TypeKind::WrapperDescriptor) &&
         as<Descriptor>(method)->slot_function == reinterpret_cast<const void*>(generic_get_attribute);
}

}  // namespace

// __getattribute__, and __getattr__ for what it does not find.
ObjResult get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  ObjRef fallback = type_lookup(ts, self->type(), ts.core.names.dunder_getattr).new_ref();
  if (!fallback) return call_getattribute(ts, self, name);
  if (uses_generic_rule(ts, self)) {
    MaybeAttribute found = generic_find_attribute(ts, self, name);
    if (found.value) return std::move(found.value);
    if (found.failed) {
      if (!catch_pending(ts, ts.core.exceptions.AttributeError)) return Raised{};
    } else {  // the AttributeError that CPython makes here, with its arguments
      const PassingObject error(ts);
      const ArgumentTuple counted(ts, 1);
    }
  } else {
    ObjResult found = call_getattribute(ts, self, name);
    if (found.ok()) return found;
    if (!catch_pending(ts, ts.core.exceptions.AttributeError)) return Raised{};
  }
  const PassingObject bound(ts);
  Object* const args[] = {name.get()};
  return call_found(ts, std::move(fallback), self, args);
}

Status set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value) {
  Object* const args[] = {name.get(), value.get()};
  const std::span<Object* const> all(args);
  (void)OURO_TRY(value ? call_defined(ts, self, ts.core.names.dunder_setattr, all)
                       : call_defined(ts, self, ts.core.names.dunder_delattr, all.first(1)));
  return kDone;
}

ObjResult descriptor_get(ThreadState& ts, Obj self, Obj instance, Obj owner) {
  // A class that lost its __get__ meanwhile is no descriptor any more.
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_get).new_ref();
  if (!method) return self.new_ref();
  Object* const args[] = {instance ? instance.get() : ts.core.none, owner ? owner.get() : ts.core.none};
  return call_found(ts, std::move(method), self, args);
}

Status descriptor_set(ThreadState& ts, Obj self, Obj instance, Obj value) {
  Object* const args[] = {instance.get(), value.get()};
  const std::span<Object* const> all(args);
  (void)OURO_TRY(value ? call_defined(ts, self, ts.core.names.dunder_set, all)
                       : call_defined(ts, self, ts.core.names.dunder_delete, all.first(1)));
  return kDone;
}

// -- items -------------------------------------------------------------------------------------------------------------------------------

ObjResult item(ThreadState& ts, Obj self, std::int64_t index) {
  Ref<Int> key = OURO_TRY(Int::from(ts, index));
  return subscript(ts, self, key);
}

Status set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value) {
  Ref<Int> key = OURO_TRY(Int::from(ts, index));
  return set_subscript(ts, self, key, value);
}

ObjResult subscript(ThreadState& ts, Obj self, Obj key) {
  Object* const args[] = {key.get()};
  return call_defined(ts, self, ts.core.names.dunder_getitem, args);
}

Status set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  Object* const args[] = {key.get(), value.get()};
  const std::span<Object* const> all(args);
  (void)OURO_TRY(value ? call_defined(ts, self, ts.core.names.dunder_setitem, all)
                       : call_defined(ts, self, ts.core.names.dunder_delitem, all.first(1)));
  return kDone;
}

Result<bool> contains(ThreadState& ts, Obj self, Obj wanted) {
  ObjRef method = type_lookup(ts, self->type(), ts.core.names.dunder_contains).new_ref();
  if (method && is_none(method)) return raise_type_error(ts, "'{t}' object is not a container", self);
  if (method) {
    Object* const args[] = {wanted.get()};
    ObjRef answer = OURO_TRY(call_found(ts, std::move(method), self, args));
    return is_true(ts, answer);
  }
  bool found = false;
  ObjRef iterator = OURO_TRY(iterate(ts, self));
  while (!found) {
    ObjRef candidate;
    switch (next_item(ts, iterator, candidate)) {
      case Next::Done: return false;
      case Next::Raised: return Raised{};
      case Next::Item: break;
    }
    found = OURO_TRY(equals(ts, candidate, wanted));
  }
  return true;
}

}  // namespace ouro::dispatch
