// collections.deque: blocks, the type and its iterators. The methods are in
// collections_deque_methods.cpp.
#include <algorithm>

#include "modules/collections.h"
#include "objects/list.h"

namespace ouro {

// -- blocks ---------------------------------------------------------------------------------------

namespace {

DequeBlock* new_block() {
  auto* block = static_cast<DequeBlock*>(allocate_raw(sizeof(DequeBlock)));
  if (block != nullptr) block->before = block->after = nullptr;
  return block;
}

void centre(Deque* deque) {
  deque->left_index = kDequeCentre + 1;
  deque->right_index = kDequeCentre;
}

void take_over_limit(Deque* deque, bool from_left) {
  if (deque->maxlen >= 0 && deque->size > deque->maxlen) {
    const ObjRef over = from_left ? deque_take_left(deque) : deque_take_right(deque);
  }
}

/// Makes room and stores; the size may exceed maxlen by one afterwards.
Status push_right(ThreadState& ts, Deque* deque, ObjRef item) {
  if (deque->right_index == kDequeBlock - 1) {
    DequeBlock* block = new_block();
    if (block == nullptr) return raise_no_memory(ts);
    block->before = deque->right;
    deque->right->after = block;
    deque->right = block;
    deque->right_index = -1;
  }
  ++deque->size;
  ++deque->right_index;
  ++deque->state;
  deque->right->items[deque->right_index] = item.release();
  return kDone;
}

Status push_left(ThreadState& ts, Deque* deque, ObjRef item) {
  if (deque->left_index == 0) {
    DequeBlock* block = new_block();
    if (block == nullptr) return raise_no_memory(ts);
    block->after = deque->left;
    deque->left->before = block;
    deque->left = block;
    deque->left_index = kDequeBlock;
  }
  ++deque->size;
  --deque->left_index;
  ++deque->state;
  deque->left->items[deque->left_index] = item.release();
  return kDone;
}

}  // namespace

Status deque_append(ThreadState& ts, Deque* deque, ObjRef item) {
  OURO_TRY(push_right(ts, deque, std::move(item)));
  take_over_limit(deque, true);
  return kDone;
}

Status deque_append_left(ThreadState& ts, Deque* deque, ObjRef item) {
  OURO_TRY(push_left(ts, deque, std::move(item)));
  take_over_limit(deque, false);
  return kDone;
}

ObjRef deque_take_right(Deque* deque) {
  ObjRef item = ObjRef::steal(deque->right->items[deque->right_index]);
  --deque->right_index;
  --deque->size;
  ++deque->state;
  if (deque->right_index < 0) {
    if (deque->size > 0) {
      DequeBlock* before = deque->right->before;
      free_raw(deque->right);
      before->after = nullptr;
      deque->right = before;
      deque->right_index = kDequeBlock - 1;
    } else {
      centre(deque);
    }
  }
  return item;
}

ObjRef deque_take_left(Deque* deque) {
  ObjRef item = ObjRef::steal(deque->left->items[deque->left_index]);
  ++deque->left_index;
  --deque->size;
  ++deque->state;
  if (deque->left_index == kDequeBlock) {
    if (deque->size > 0) {
      DequeBlock* after = deque->left->after;
      free_raw(deque->left);
      after->before = nullptr;
      deque->left = after;
      deque->left_index = 0;
    } else {
      centre(deque);
    }
  }
  return item;
}

Status deque_extend(ThreadState& ts, Deque* deque, Obj iterable, bool at_left) {
  if (iterable.get() == deque) {
    Ref<List> items = OURO_TRY(list_from_iterable(ts, iterable));
    return deque_extend(ts, deque, items, at_left);
  }
  return for_each_item(ts, iterable, [&](ObjRef item) -> Status {
    // A deque of no room reads all and keeps nothing.
    if (deque->maxlen == 0) return kDone;
    return at_left ? deque_append_left(ts, deque, std::move(item))
                   : deque_append(ts, deque, std::move(item));
  });
}

void deque_clear(Deque* deque) {
  if (deque->size == 0) return;
  // The chain is detached first, so that code run by dying items finds an empty deque. With no
  // memory for a fresh block the items go one by one.
  DequeBlock* fresh = new_block();
  if (fresh == nullptr) {
    while (deque->size > 0) const ObjRef item = deque_take_right(deque);
    return;
  }
  DequeBlock* block = deque->left;
  std::int64_t at = deque->left_index;
  std::int64_t left = deque->size;
  deque->left = deque->right = fresh;
  deque->size = 0;
  ++deque->state;
  centre(deque);
  while (left > 0) {
    const std::int64_t end = std::min(kDequeBlock, at + left);
    left -= end - at;
    for (; at < end; ++at) decref(block->items[at]);
    DequeBlock* after = left > 0 ? block->after : nullptr;
    free_raw(block);
    block = after;
    at = 0;
  }
}

Status deque_rotate(ThreadState& ts, Deque* deque, std::int64_t count) {
  const std::int64_t size = deque->size;
  if (size <= 1) return kDone;
  const std::int64_t half = size / 2;
  if (count > half || count < -half) {
    count %= size;
    if (count > half) count -= size;
    if (count < -half) count += size;
  }
  // No item dies here: each moved one is held until it is stored again, and only the block for it
  // may be missing.
  for (; count > 0; --count) {
    ObjRef item = deque_take_right(deque);
    ObjRef kept = item.new_ref();
    if (push_left(ts, deque, std::move(item)).raised()) {
      OURO_TRY(push_right(ts, deque, std::move(kept)));
      return Raised{};
    }
  }
  for (; count < 0; ++count) {
    ObjRef item = deque_take_left(deque);
    ObjRef kept = item.new_ref();
    if (push_right(ts, deque, std::move(item)).raised()) {
      OURO_TRY(push_left(ts, deque, std::move(kept)));
      return Raised{};
    }
  }
  return kDone;
}

Object** deque_place(Deque* deque, std::int64_t index) {
  if (index < deque->size / 2) {
    std::int64_t at = deque->left_index + index;
    DequeBlock* block = deque->left;
    for (; at >= kDequeBlock; at -= kDequeBlock) block = block->after;
    return &block->items[at];
  }
  std::int64_t at = deque->right_index - (deque->size - 1 - index);
  DequeBlock* block = deque->right;
  for (; at < 0; at += kDequeBlock) block = block->before;
  return &block->items[at];
}

// -- the type -------------------------------------------------------------------------------------

namespace {

ObjResult deque_make(ThreadState& ts, Borrowed<Type> type, Args) {
  DequeBlock* block = new_block();
  if (block == nullptr) return raise_no_memory(ts);
  Result<Ref<Deque>> made = new_object<Deque>(ts, type, type->info.basic_bytes);
  if (made.raised()) {
    free_raw(block);
    return Raised{};
  }
  Ref<Deque> deque = made.take();
  deque->left = deque->right = block;
  deque->maxlen = -1;
  centre(deque.get());
  OURO_TRY(track(ts, deque));
  return deque;
}

Status deque_init(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "deque", {"iterable", "maxlen"}, 0, values));
  auto* deque = as<Deque>(self);
  std::int64_t maxlen = -1;
  if (values[1] && !is_none(values[1])) {
    if (!is_int(values[1])) return raise_type_error(ts, "an integer is required");
    maxlen = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
    if (maxlen < 0) return raise_value_error(ts, "maxlen must be non-negative");
  }
  deque->maxlen = maxlen;
  deque_clear(deque);
  if (values[0]) return deque_extend(ts, deque, values[0], false);
  return kDone;
}

void deque_clear_slot(gc::Header* header) { deque_clear(static_cast<Deque*>(header)); }

void deque_dealloc(gc::Header* header) {
  auto* deque = static_cast<Deque*>(header);
  untrack(deque);
  if (deque->weaklist != nullptr) clear_weak_references(deque);
  if (deque->left != nullptr) {
    deque_clear(deque);
    free_raw(std::exchange(deque->left, nullptr));
    deque->right = nullptr;
  }
  free_object(deque);
}

ObjResult deque_repr(ThreadState& ts, Obj self) {
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "[...]");
  const auto make = [&]() -> ObjResult {
    Ref<List> items = OURO_TRY(list_from_iterable(ts, self));
    const std::int64_t maxlen = as<Deque>(self)->maxlen;
    const FormatArg args[] = {FormatArg(self->type()->short_name()), FormatArg(items),
                              FormatArg(maxlen)};
    if (maxlen < 0) return format_message(ts, "{}({r})", {args, 2});
    return format_message(ts, "{}({r}, maxlen={})", args);
  };
  ObjResult text = make();
  repr_leave(ts, self);
  return text;
}

ObjResult deque_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_deque(left) || !is_deque(right)) return ts.core.not_implemented_ref();
  if (left == right && (op == CompareOp::Equal || op == CompareOp::NotEqual))
    return ts.core.bool_ref(op == CompareOp::Equal);
  if (as<Deque>(left)->size != as<Deque>(right)->size &&
      (op == CompareOp::Equal || op == CompareOp::NotEqual)) {
    return ts.core.bool_ref(op == CompareOp::NotEqual);
  }
  ObjRef lefts = OURO_TRY(iterate(ts, left));
  ObjRef rights = OURO_TRY(iterate(ts, right));
  for (;;) {
    ObjRef a;
    ObjRef b;
    const Next next_a = next_item(ts, lefts, a);
    if (next_a == Next::Raised) return Raised{};
    const Next next_b = next_item(ts, rights, b);
    if (next_b == Next::Raised) return Raised{};
    if (next_a == Next::Done || next_b == Next::Done) {
      return compare_lengths(ts, next_a == Next::Item ? 1 : 0, next_b == Next::Item ? 1 : 0, op);
    }
    if (OURO_TRY(equals(ts, a, b))) continue;
    if (op == CompareOp::Equal || op == CompareOp::NotEqual)
      return ts.core.bool_ref(op == CompareOp::NotEqual);
    return compare(ts, a, b, op);
  }
}

Result<std::int64_t> deque_length(ThreadState&, Obj self) { return as<Deque>(self)->size; }
ObjResult deque_iter(ThreadState& ts, Obj self) { return deque_iterator(ts, self, false); }

void fill_deque(Type& type) {
  init_collected<Deque>(type);
  type.info.flags |= kBaseType | kSequencePattern;
  type.info.dealloc = deque_dealloc;
  type.info.clear = deque_clear_slot;
  type.info.weaklist_offset = offsetof(Deque, weaklist);
  type.make = deque_make;
  type.init = deque_init;
  type.repr = deque_repr;
  type.compare = deque_compare;
  type.iter = deque_iter;
  type.sequence.length = deque_length;
  type.sequence.concat = deque_concat;
  type.sequence.repeat = deque_repeat;
  type.sequence.item = deque_item;
  type.sequence.set_item = deque_set_item;
  type.sequence.contains = deque_contains;
  type.sequence.inplace_concat = deque_inplace_concat;
  type.sequence.inplace_repeat = deque_inplace_repeat;
  type.methods = kDequeMethods;
  type.getsets = kDequeGetSets;
}

// -- iterators ------------------------------------------------------------------------------------

struct DequeIterator : Object {
  Deque* deque;  // ? owned: null once exhausted or cleared
  DequeBlock* block;
  std::int64_t index;
  std::uint64_t state;  // of the deque when the iterator was made
  std::int64_t left;    // items still to give
  template <class V>
  void edges(V& v) const {
    v.edge(deque, gc::slot_label("deque"));
  }
};

template <bool kReversed>
Next deque_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<DequeIterator>(self);
  if (iterator->deque == nullptr) return Next::Done;
  // As in CPython the forward iterator notices a change even behind its last item.
  if (kReversed && iterator->left == 0) return Next::Done;
  if (iterator->deque->state != iterator->state) {
    iterator->left = 0;
    raise(ts, ts.core.exceptions.RuntimeError, "deque mutated during iteration");
    return Next::Raised;
  }
  if (iterator->left == 0) return Next::Done;
  item = ObjRef::share(iterator->block->items[iterator->index]);
  --iterator->left;
  if (kReversed) {
    if (--iterator->index < 0 && iterator->left > 0) {
      iterator->block = iterator->block->before;
      iterator->index = kDequeBlock - 1;
    }
  } else if (++iterator->index == kDequeBlock && iterator->left > 0) {
    iterator->block = iterator->block->after;
    iterator->index = 0;
  }
  return Next::Item;
}

ObjResult iterator_over(ThreadState& ts, Borrowed<Type> type, Obj object, bool reversed) {
  Ref<DequeIterator> made = OURO_TRY(new_object<DequeIterator>(ts, type, type->info.basic_bytes));
  auto* deque = as<Deque>(object);
  made->deque = Ref<Deque>::share(deque).release();
  made->block = reversed ? deque->right : deque->left;
  made->index = reversed ? deque->right_index : deque->left_index;
  made->state = deque->state;
  made->left = deque->size;
  OURO_TRY(track(ts, made));
  return made;
}

template <bool kReversed>
ObjResult deque_iterator_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  const char* name = kReversed ? "_deque_reverse_iterator" : "_deque_iterator";
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, name, 1, 2));
  if (!is_deque(args[0]))
    return raise_type_error(ts, "{}() argument 1 must be collections.deque, not {n}", name,
                            args[0]);
  std::int64_t skip = 0;
  if (args.count > 1)
    skip = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  ObjRef made = OURO_TRY(iterator_over(ts, type, args[0], kReversed));
  for (; skip > 0; --skip) {
    ObjRef item;
    const Next next = deque_iterator_next<kReversed>(ts, made, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) break;
  }
  return made;
}

ObjResult deque_iterator_hint(ThreadState& ts, Obj self, Args) {
  return int_result(ts, as<DequeIterator>(self)->left);
}

ObjResult deque_iterator_reduce(ThreadState& ts, Obj self, Args) {
  auto* iterator = as<DequeIterator>(self);
  const std::int64_t given =
      iterator->deque == nullptr ? 0 : iterator->deque->size - iterator->left;
  Ref<Int> skip = OURO_TRY(Int::from(ts, given));
  Obj deque = iterator->deque == nullptr ? Obj(ts.core.none) : Obj(iterator->deque);
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, deque, skip));
  return Tuple::of(ts, Obj(self->type()), args);
}

constexpr MethodDef kIteratorMethods[] = {
    {"__length_hint__", deque_iterator_hint, 0, 0, MethodDef::kNone,
     "Private method returning an estimate of len(list(it))."},
    {"__reduce__", deque_iterator_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

template <bool kReversed>
void fill_deque_iterator(Type& type) {
  fill_iterator<DequeIterator, &DequeIterator::deque>(type, deque_iterator_next<kReversed>);
  type.make = deque_iterator_make<kReversed>;
  type.methods = kIteratorMethods;
}

}  // namespace

bool is_deque(Obj object) {
  for (const Type* type = object->type(); type != nullptr; type = type->base) {
    if (type->info.dealloc == deque_dealloc) return true;
  }
  return false;
}

ObjResult deque_iterator(ThreadState& ts, Obj deque, bool reversed) {
  return iterator_over(ts, companion(deque->type(), reversed ? 1 : 0), deque, reversed);
}

ObjResult deque_copy(ThreadState& ts, Obj self) {
  auto* deque = as<Deque>(self);
  if (deque->type()->info.dealloc == deque_dealloc) {
    ObjRef made = OURO_TRY(deque_make(ts, self->type(), Args{}));
    as<Deque>(Obj(made))->maxlen = deque->maxlen;
    OURO_TRY(deque_extend(ts, as<Deque>(Obj(made)), self, false));
    return made;
  }
  ObjRef type = ObjRef::share(self->type());
  ObjRef made;
  if (deque->maxlen < 0) {
    made = OURO_TRY(call(ts, type, self));
  } else {
    Ref<Int> maxlen = OURO_TRY(Int::from(ts, deque->maxlen));
    made = OURO_TRY(call(ts, type, self, maxlen));
  }
  if (!is_deque(made)) {
    return raise_type_error(ts, "{}() must return a deque, not {t}", as<Type>(type)->name(), made);
  }
  return made;
}

Status add_deque_types(ThreadState& ts, Borrowed<Module> module) {
  Ref<Type> deque = OURO_TRY(add_native_type(
      ts, module,
      {"deque", "collections", sizeof(Deque), 0, 0, fill_deque,
       "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence that is fast "
       "at both ends."}));
  Ref<Type> forward =
      OURO_TRY(add_native_type(ts, module,
                               {"_deque_iterator", "_collections", sizeof(DequeIterator), 0, 0,
                                fill_deque_iterator<false>, nullptr}));
  Ref<Type> backward =
      OURO_TRY(add_native_type(ts, module,
                               {"_deque_reverse_iterator", "_collections", sizeof(DequeIterator), 0,
                                0, fill_deque_iterator<true>, nullptr}));
  return set_companions(ts, deque, {forward, backward});
}

}  // namespace ouro
