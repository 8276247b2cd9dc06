// Module select: select() and poll objects; epoll objects are in select_epoll.cpp.
#include <poll.h>
#include <sys/select.h>
#include <time.h>

#include <cerrno>
#include <cmath>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/select.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/threads.h"

namespace ouro {

namespace {

/// Seconds to wait; negative: for ever.
Result<double> seconds_of(ThreadState& ts, Obj value, const char* message) {
  if (!value || is_none(value)) return -1.0;
  if (!is_float(value) && !has_index(value)) return raise_type_error(ts, "{}", message);
  ObjRef number = OURO_TRY(to_float(ts, value));
  return as<Float>(number)->value;
}

// -- select ---------------------------------------------------------------------------------------

/// One of select's three rows: the objects with their descriptors.
struct Waiting {
  Ref<List> objects;
  ItemBuffer numbers;
  fd_set set;
  explicit Waiting(ThreadState& ts) : numbers(ts) { FD_ZERO(&set); }

  Status take(ThreadState& ts, Obj iterable, int& highest) {
    if (iterable->type()->iter == nullptr && iterable->type()->sequence.item == nullptr) {
      return raise_type_error(ts, "arguments 1-3 must be sequences");
    }
    objects = OURO_TRY(List::create(ts));
    // fileno() may change a list that is being gone through.
    const Ref<List> source = is_list(iterable) ? Ref<List>::share(as<List>(iterable))
                                               : OURO_TRY(list_from_iterable(ts, iterable));
    for (std::int64_t i = 0; i < source->size; ++i) {
      ObjRef object = source->at(i).new_ref();
      const int descriptor = OURO_TRY(select_descriptor(ts, object));
      if (descriptor >= FD_SETSIZE) {
        return raise_value_error(ts, "filedescriptor out of range in select()");
      }
      FD_SET(descriptor, &set);
      highest = std::max(highest, descriptor);
      Ref<Int> number = OURO_TRY(Int::from(ts, descriptor));
      OURO_TRY(numbers.append(std::move(number)));
      OURO_TRY(objects->append(ts, Obj(object)));
    }
    return kDone;
  }
  Result<Ref<List>> ready(ThreadState& ts, const fd_set& answer) {
    Ref<List> found = OURO_TRY(List::create(ts));
    for (std::int64_t i = 0; i < numbers.size(); ++i) {
      const auto descriptor = static_cast<int>(int_clamped(numbers.data()[i]));
      if (FD_ISSET(descriptor, &answer)) OURO_TRY(found->append(ts, objects->at(i)));
    }
    return found;
  }
};

ObjResult select_select(ThreadState& ts, Obj, Args args) {
  const double seconds = OURO_TRY(
      seconds_of(ts, args.size() > 3 ? args[3] : Obj(), "timeout must be a float or None"));
  const bool limited = args.size() > 3 && !is_none(args[3]);
  if (limited && !(seconds >= 0)) return raise_value_error(ts, "timeout must be non-negative");
  Waiting reading(ts);
  Waiting writing(ts);
  Waiting exceptional(ts);
  int highest = -1;
  OURO_TRY(reading.take(ts, args[0], highest));
  OURO_TRY(writing.take(ts, args[1], highest));
  OURO_TRY(exceptional.take(ts, args[2], highest));
  const double end = select_now() + seconds;
  fd_set answers[3];
  for (double left = seconds;;) {
    answers[0] = reading.set;
    answers[1] = writing.set;
    answers[2] = exceptional.set;
    timeval wait = {};
    if (limited) {
      wait.tv_sec = static_cast<time_t>(left);
      wait.tv_usec = static_cast<suseconds_t>((left - std::floor(left)) * 1e6);
    }
    int count = 0;
    {
      Unlocked unlocked(ts);
      count = select(highest + 1, &answers[0], &answers[1], &answers[2], limited ? &wait : nullptr);
    }
    if (count >= 0) break;
    if (errno != EINTR) return raise_os_error(ts, errno, nullptr);
    OURO_TRY(check_signals(ts));
    left = std::max(0.0, end - select_now());
  }
  Ref<List> readable = OURO_TRY(reading.ready(ts, answers[0]));
  Ref<List> writable = OURO_TRY(writing.ready(ts, answers[1]));
  Ref<List> odd = OURO_TRY(exceptional.ready(ts, answers[2]));
  return Tuple::of(ts, readable, writable, odd);
}

// -- poll objects ---------------------------------------------------------------------------------

struct Poll : Object {
  Dict* events;  // owned: descriptor -> event mask
  bool polling;
  template <class V>
  void edges(V& v) const {
    v.edge(events, gc::slot_label("events"));
  }
};

constexpr std::int64_t kDefaultEvents = POLLIN | POLLPRI | POLLOUT;

Result<std::int64_t> event_mask(ThreadState& ts, Obj value) {
  const std::int64_t mask = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (mask < 0) return raise_value_error(ts, "value must be positive");
  if (mask > UINT16_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "Python int too large to convert to C unsigned short");
  }
  return mask;
}

ObjResult poll_register(ThreadState& ts, Obj self, Args args) {
  Ref<Int> number = OURO_TRY(Int::from(ts, OURO_TRY(select_descriptor(ts, args[0]))));
  const std::int64_t mask = args.size() > 1 ? OURO_TRY(event_mask(ts, args[1])) : kDefaultEvents;
  Ref<Int> events = OURO_TRY(Int::from(ts, mask));
  OURO_TRY(dict_set(ts, as<Poll>(self)->events, number, events));
  return ts.core.none_ref();
}

ObjResult poll_modify(ThreadState& ts, Obj self, Args args) {
  Ref<Int> number = OURO_TRY(Int::from(ts, OURO_TRY(select_descriptor(ts, args[0]))));
  Ref<Int> events = OURO_TRY(Int::from(ts, OURO_TRY(event_mask(ts, args[1]))));
  if (!OURO_TRY(dict_contains(ts, as<Poll>(self)->events, number))) {
    return raise_os_error(ts, ENOENT, nullptr);
  }
  OURO_TRY(dict_set(ts, as<Poll>(self)->events, number, events));
  return ts.core.none_ref();
}

ObjResult poll_unregister(ThreadState& ts, Obj self, Args args) {
  Ref<Int> number = OURO_TRY(Int::from(ts, OURO_TRY(select_descriptor(ts, args[0]))));
  if (!OURO_TRY(dict_remove(ts, as<Poll>(self)->events, number))) {
    return raise_with(ts, ts.core.exceptions.KeyError, number);
  }
  return ts.core.none_ref();
}

ObjResult wait_for_events(ThreadState& ts, Poll* self, pollfd* entries, nfds_t count,
                          double milliseconds) {
  const double end = select_now() + milliseconds / 1000;
  int left =
      milliseconds < 0 ? -1 : static_cast<int>(std::min(std::ceil(milliseconds), 2147483647.0));
  int ready = 0;
  for (;;) {
    {
      Unlocked unlocked(ts);
      ready = poll(entries, count, left);
    }
    if (ready >= 0) break;
    if (errno != EINTR) return raise_os_error(ts, errno, nullptr);
    OURO_TRY(check_signals(ts));
    if (left >= 0) left = std::max(0, static_cast<int>((end - select_now()) * 1000));
  }
  self->polling = false;
  Ref<List> found = OURO_TRY(List::create(ts));
  for (nfds_t i = 0; i < count && ready > 0; ++i) {
    if (entries[i].revents == 0) continue;
    Ref<Int> number = OURO_TRY(Int::from(ts, entries[i].fd));
    Ref<Int> events = OURO_TRY(Int::from(ts, entries[i].revents & 0xffff));
    Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, number, events));
    OURO_TRY(found->append(ts, pair));
  }
  return found;
}

ObjResult poll_poll(ThreadState& ts, Obj self, Args args) {
  const double milliseconds = OURO_TRY(
      seconds_of(ts, args.size() > 0 ? args[0] : Obj(), "timeout must be an integer or None"));
  if (milliseconds > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "timeout is too large");
  }
  auto* object = as<Poll>(self);
  if (object->polling) {
    return raise(ts, ts.core.exceptions.RuntimeError, "concurrent poll() invocation");
  }
  const auto count = static_cast<nfds_t>(dict_size(object->events));
  auto* entries = static_cast<pollfd*>(allocate_raw((count + 1) * sizeof(pollfd)));
  if (entries == nullptr) return raise_no_memory(ts);
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  for (nfds_t i = 0; dict_next(object->events, position, key, value); ++i) {
    entries[i] = {static_cast<int>(int_clamped(key)), static_cast<short>(int_clamped(value)), 0};
  }
  object->polling = true;
  ObjResult result = wait_for_events(ts, object, entries, count, milliseconds);
  object->polling = false;
  free_raw(entries);
  return result;
}

constexpr MethodDef kPollMethods[] = {
    {"register", poll_register, 1, 2, MethodDef::kNone,
     "register($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, "
     "/)\n--\n\nRegister a file descriptor with the polling object."},
    {"modify", poll_modify, 2, 2, MethodDef::kNone,
     "modify($self, fd, eventmask, /)\n--\n\nModify an already registered file descriptor."},
    {"unregister", poll_unregister, 1, 1, MethodDef::kNone,
     "unregister($self, fd, /)\n--\n\nRemove a file descriptor being tracked by the polling "
     "object."},
    {"poll", poll_poll, 0, 1, MethodDef::kNone,
     "poll($self, timeout=None, /)\n--\n\nPolls the set of registered file descriptors."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_poll(Type& type) {
  fill_holder<Poll, &Poll::events>(type);
  type.methods = kPollMethods;
}

void free_state(Module* module) {
  xdecref(static_cast<Type*>(std::exchange(module->state, nullptr)));
}

ObjResult select_poll(ThreadState& ts, Obj module, Args) {
  Ref<Dict> events = OURO_TRY(Dict::create(ts));
  Ref<Poll> made = OURO_TRY(new_object<Poll>(ts, static_cast<Type*>(as<Module>(module)->state)));
  made->events = events.release();
  OURO_TRY(track(ts, made));
  return made;
}

constexpr MethodDef kFunctions[] = {
    {"select", select_select, 3, 4, MethodDef::kNone,
     "select($module, rlist, wlist, xlist, timeout=None, /)\n--\n\nWait until one or more file "
     "descriptors are ready for some kind of I/O."},
    {"poll", select_poll, 0, 0, MethodDef::kNone,
     "poll($module, /)\n--\n\nReturns a polling object."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<int> select_descriptor(ThreadState& ts, Obj value) {
  ObjRef number = value.new_ref();
  if (!is_int(number)) {
    MaybeAttribute method = find_attribute(ts, value, OURO_TRY(intern(ts, "fileno")));
    if (method.failed) return Raised{};
    if (!method.value)
      return raise_type_error(ts, "argument must be an int, or have a fileno() method.");
    number = OURO_TRY(call(ts, method.value));
    if (!is_int(number)) return raise_type_error(ts, "fileno() returned a non-integer");
  }
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, number, ts.core.exceptions.OverflowError));
  if (wide < 0) {
    return raise_value_error(ts, "file descriptor cannot be a negative integer ({})", wide);
  }
  if (wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<int>(wide);
}

double select_now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Result<Ref<Module>> create_select_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "select"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> poll_type = OURO_TRY(make_native_type(
      ts, {"poll", "select", sizeof(Poll), 0, kDisallowInstantiation, fill_poll, nullptr}));
  module->state = poll_type.release();
  module->free_state = free_state;
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.OSError)));
  const std::pair<const char*, std::int64_t> constants[] = {
      {"POLLIN", POLLIN},         {"POLLPRI", POLLPRI},       {"POLLOUT", POLLOUT},
      {"POLLERR", POLLERR},       {"POLLHUP", POLLHUP},       {"POLLNVAL", POLLNVAL},
      {"POLLRDNORM", POLLRDNORM}, {"POLLRDBAND", POLLRDBAND}, {"POLLWRNORM", POLLWRNORM},
      {"POLLWRBAND", POLLWRBAND}, {"POLLMSG", 0x400},         {"POLLRDHUP", 0x2000},
      {"PIPE_BUF", 4096},
  };
  for (const auto& [name, value] : constants) OURO_TRY(add_constant(ts, module, name, value));
  OURO_TRY(add_epoll(ts, module));
  return module;
}

}  // namespace ouro
