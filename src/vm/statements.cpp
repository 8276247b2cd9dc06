// What statements ask of objects: unpacking, formatting, `with`, building containers and functions,
// async iteration.
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/tuple.h"
#include "vm/eval.h"
#include "vm/generator.h"

namespace ouro {

namespace {

// Items that unpacking has collected so far; dropped unless they are all there.
class Collected {
 public:
  Collected(Object** out, std::uint32_t total) : next_(out + total), end_(out + total) {}
  ~Collected() {
    while (next_ != end_) {
      Object* item = *next_++;
      decref(item);
    }
  }
  Collected(const Collected&) = delete;
  Collected& operator=(const Collected&) = delete;
  void add(ObjRef item) { *--next_ = item.release(); }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(end_ - next_); }
  void keep() { end_ = next_; }

 private:
  Object** next_;
  Object** end_;
};

}  // namespace

Status unpack_iterable(ThreadState& ts, Obj iterable, std::uint32_t count, std::int32_t after,
                       Object** out) {
  if (iterable->type()->iter == nullptr && iterable->type()->sequence.item == nullptr) {
    return raise_type_error(ts, "cannot unpack non-iterable {t} object", iterable);
  }
  ObjRef iterator = OURO_TRY(iterate(ts, iterable));
  Collected items(out, count + (after < 0 ? 0 : 1 + static_cast<std::uint32_t>(after)));
  while (items.count() < count) {
    ObjRef item;
    switch (next_item(ts, iterator, item)) {
      case Next::Raised:
        return Raised{};
      case Next::Item:
        items.add(std::move(item));
        continue;
      case Next::Done:
        break;
    }
    if (after < 0) {
      return raise_value_error(ts, "not enough values to unpack (expected {}, got {})", count,
                               items.count());
    }
    return raise_value_error(ts, "not enough values to unpack (expected at least {}, got {})",
                             count + static_cast<std::uint32_t>(after), items.count());
  }
  if (after < 0) {
    ObjRef extra;
    switch (next_item(ts, iterator, extra)) {
      case Next::Raised:
        return Raised{};
      case Next::Item:
        return raise_value_error(ts, "too many values to unpack (expected {})", count);
      case Next::Done:
        break;
    }
    items.keep();
    return kDone;
  }
  Ref<List> rest = OURO_TRY(list_from_iterable(ts, iterator));
  const std::int64_t left = rest->size - after;
  if (left < 0) {
    return raise_value_error(ts, "not enough values to unpack (expected at least {}, got {})",
                             count + static_cast<std::uint32_t>(after),
                             static_cast<std::int64_t>(count) + rest->size);
  }
  Object** tail = rest->items + left;
  rest->size = left;  // the last items' references move out
  items.add(rest.new_ref());
  for (std::int32_t i = 0; i < after; ++i) items.add(ObjRef::steal(tail[i]));
  items.keep();
  return kDone;
}

ObjResult format_value(ThreadState& ts, Obj value, std::uint32_t conversion, Obj spec) {
  ObjRef shown;
  switch (conversion) {
    case 1:
      shown = OURO_TRY(str_of(ts, value));
      break;
    case 2:
      shown = OURO_TRY(repr_of(ts, value));
      break;
    case 3:
      shown = OURO_TRY(ascii_of(ts, value));
      break;
    default:
      shown = value.new_ref();
      break;
  }
  if (!spec && is_exact_str(shown)) return shown;
  return format_of(ts, shown, spec ? Borrowed<Str>(as<Str>(spec)) : Borrowed<Str>());
}

ContextMethods context_methods(ThreadState& ts, Obj manager, bool is_async) {
  const CoreNames& names = ts.core.names;
  ContextMethods found{nullptr, nullptr, true};
  MaybeAttribute enter =
      find_special(ts, manager, is_async ? names.dunder_aenter : names.dunder_enter);
  if (enter.failed) return found;
  if (!enter.value) {
    raise_type_error(ts,
                     is_async
                         ? "'{t}' object does not support the asynchronous context manager protocol"
                         : "'{t}' object does not support the context manager protocol",
                     manager);
    return found;
  }
  MaybeAttribute exit =
      find_special(ts, manager, is_async ? names.dunder_aexit : names.dunder_exit);
  if (exit.failed) return found;
  if (!exit.value) {
    raise_type_error(
        ts,
        is_async
            ? "'{t}' object does not support the asynchronous context manager protocol "
              "(missed __aexit__ method)"
            : "'{t}' object does not support the context manager protocol (missed __exit__ method)",
        manager);
    return found;
  }
  found.enter = std::move(enter.value);
  found.exit = std::move(exit.value);
  found.failed = false;
  return found;
}

Status extend_list(ThreadState& ts, Borrowed<List> list, Obj iterable) {
  if (list->extend(ts, iterable).ok()) return kDone;
  if (pending_matches(ts, ts.core.exceptions.TypeError) && iterable->type()->iter == nullptr &&
      iterable->type()->sequence.item == nullptr) {
    clear_pending(ts);
    return raise_type_error(ts, "Value after * must be an iterable, not {t}", iterable);
  }
  return Raised{};
}

Status update_dict(ThreadState& ts, Borrowed<Dict> dict, Obj mapping) {
  if (!is_dict(mapping)) {
    MaybeAttribute keys = find_attribute(ts, mapping, ts.core.names.n_keys);
    if (keys.failed) return Raised{};
    if (!keys.value) return raise_type_error(ts, "'{t}' object is not a mapping", mapping);
  }
  return dict_merge(ts, dict, mapping);
}

ObjResult make_function(ThreadState& ts, Frame* frame, std::uint32_t flags, Object** items) {
  std::uint32_t index = 0;
  Object* defaults = (flags & 1) != 0 ? items[index++] : nullptr;
  Object* kwdefaults = (flags & 2) != 0 ? items[index++] : nullptr;
  Object* annotations = (flags & 4) != 0 ? items[index++] : nullptr;
  Object* closure = (flags & 8) != 0 ? items[index++] : nullptr;
  Code* code = static_cast<Code*>(items[index]);
  Ref<Function> function =
      OURO_TRY(Function::create(ts, code, frame->globals, Obj(code->qualname)));
  const auto give = [](Object* value) {
    xincref(value);
    return value;
  };
  function->defaults = static_cast<Tuple*>(give(defaults));
  function->kwdefaults = static_cast<Dict*>(give(kwdefaults));
  if (annotations != nullptr) xdecref(std::exchange(function->annotations, give(annotations)));
  function->closure = static_cast<Tuple*>(give(closure));
  return function;
}

ObjResult aiter_of(ThreadState& ts, Obj object) {
  if (object->type()->aiter == nullptr) {
    return raise_type_error(ts, "'async for' requires an object with __aiter__ method, got {t}",
                            object);
  }
  ObjRef iterator = OURO_TRY(object->type()->aiter(ts, object));
  if (iterator->type()->anext == nullptr) {
    return raise_type_error(
        ts, "'async for' received an object from __aiter__ that does not implement __anext__: {t}",
        iterator);
  }
  return iterator;
}

ObjResult anext_of(ThreadState& ts, Obj iterator) {
  if (iterator->type()->anext == nullptr) {
    return raise_type_error(ts, "'async for' requires an iterator with __anext__ method, got {t}",
                            iterator);
  }
  ObjRef awaitable = OURO_TRY(iterator->type()->anext(ts, iterator));
  ObjResult result = awaitable_iterator(ts, awaitable, 0);
  if (result.ok()) return result;
  ObjRef cause = take_pending(ts);
  raise_type_error(ts, "'async for' received an invalid object from __anext__: {t}", awaitable);
  ObjRef error = take_pending(ts);
  if (is_instance_of(error, ts.core.exceptions.TypeError)) {
    BaseException* fields = as_exception(error);
    xdecref(std::exchange(fields->context, cause.new_ref().release()));
    xdecref(std::exchange(fields->cause, cause.release()));
    fields->suppress_context = true;
  }
  restore_pending(ts, std::move(error));
  return Raised{};
}

}  // namespace ouro
