// select.epoll: the system's event poll objects.
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "modules/module_support.h"
#include "modules/select.h"
#include "modules/time_support.h"
#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/threads.h"

namespace ouro {

namespace {

struct Epoll : Object {
  int descriptor;  // -1: closed
};

Epoll* epoll_of(Obj self) { return as<Epoll>(self); }

Status check_open(ThreadState& ts, Obj self) {
  if (epoll_of(self)->descriptor >= 0) return kDone;
  return raise_value_error(ts, "I/O operation on closed epoll object");
}

int close_descriptor(Epoll* epoll) {
  const int descriptor = std::exchange(epoll->descriptor, -1);
  return descriptor < 0 ? 0 : close(descriptor);
}

void epoll_dealloc(gc::Header* header) {
  auto* epoll = static_cast<Epoll*>(header);
  (void)close_descriptor(epoll);
  free_object(epoll);
}

ObjResult make_epoll(ThreadState& ts, Borrowed<Type> type, int descriptor) {
  Ref<Epoll> made = OURO_TRY(new_object<Epoll>(ts, type, type->info.basic_bytes));
  made->descriptor = descriptor >= 0 ? descriptor : epoll_create1(EPOLL_CLOEXEC);
  if (made->descriptor < 0) return raise_os_error(ts, errno);
  return made;
}

ObjResult epoll_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "epoll", {"sizehint", "flags"}, 0, values));
  std::int64_t numbers[2] = {-1, 0};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!values[i]) continue;
    numbers[i] = OURO_TRY(index_as_int64(ts, values[i], ts.core.exceptions.OverflowError));
  }
  if (numbers[0] != -1 && numbers[0] <= 0) return raise_value_error(ts, "negative sizehint");
  if (numbers[1] != 0 && numbers[1] != EPOLL_CLOEXEC) {
    return raise(ts, ts.core.exceptions.OSError, "invalid flags");
  }
  return make_epoll(ts, type, -1);
}

ObjResult epoll_from_descriptor(ThreadState& ts, Obj type, Args args) {
  const std::int64_t descriptor =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return make_epoll(ts, as<Type>(type), static_cast<int>(std::max<std::int64_t>(descriptor, 0)));
}

ObjResult epoll_close(ThreadState& ts, Obj self, Args) {
  if (close_descriptor(epoll_of(self)) < 0) return raise_os_error(ts, errno);
  return ts.core.none_ref();
}

ObjResult epoll_fileno(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return Int::from(ts, epoll_of(self)->descriptor);
}

ObjResult epoll_get_closed(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(epoll_of(self)->descriptor < 0);
}

Status control(ThreadState& ts, Obj self, int operation, Obj target, Obj mask,
               std::uint32_t default_mask) {
  const int descriptor = OURO_TRY(select_descriptor(ts, target));
  epoll_event event = {};
  event.events = default_mask;
  if (mask) {
    const std::int64_t wide = OURO_TRY(index_as_int64(ts, mask, ts.core.exceptions.OverflowError));
    event.events = static_cast<std::uint32_t>(wide);
  }
  event.data.fd = descriptor;
  OURO_TRY(check_open(ts, self));
  if (epoll_ctl(epoll_of(self)->descriptor, operation, descriptor, &event) < 0) {
    return raise_os_error(ts, errno);
  }
  return kDone;
}

ObjResult epoll_register(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "register", {"fd", "eventmask"}, 1, values));
  OURO_TRY(control(ts, self, EPOLL_CTL_ADD, values[0], values[1], EPOLLIN | EPOLLPRI | EPOLLOUT));
  return ts.core.none_ref();
}

ObjResult epoll_modify(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "modify", {"fd", "eventmask"}, 2, values));
  OURO_TRY(control(ts, self, EPOLL_CTL_MOD, values[0], values[1], 0));
  return ts.core.none_ref();
}

ObjResult epoll_unregister(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "unregister", {"fd"}, 1, values));
  OURO_TRY(control(ts, self, EPOLL_CTL_DEL, values[0], Obj(), 0));
  return ts.core.none_ref();
}

/// Milliseconds, rounded up; -1 for ever.
Result<int> wait_argument(ThreadState& ts, Obj value) {
  if (!value || is_none(value)) return -1;
  if (!is_float(value) && !has_index(value)) {
    return raise_type_error(ts, "timeout must be an integer or None");
  }
  const std::int64_t nanos = OURO_TRY(duration_argument(ts, value));
  if (nanos < 0) return -1;
  constexpr std::int64_t kNanosPerMilli = 1'000'000;
  const std::int64_t milliseconds = (nanos + kNanosPerMilli - 1) / kNanosPerMilli;
  if (milliseconds <= INT32_MAX) return static_cast<int>(milliseconds);
  return raise(ts, ts.core.exceptions.OverflowError, "timeout is too large");
}

ObjResult epoll_poll(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "poll", {"timeout", "maxevents"}, 0, values));
  OURO_TRY(check_open(ts, self));
  const int limit = OURO_TRY(wait_argument(ts, values[0]));
  std::int64_t most = -1;
  if (values[1]) most = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  if (most == -1) most = FD_SETSIZE - 1;
  if (most < 1) return raise_value_error(ts, "maxevents must be greater than 0, got {}", most);
  if (most > INT32_MAX / static_cast<std::int64_t>(sizeof(epoll_event))) return raise_no_memory(ts);
  Ref<Bytes> room =
      OURO_TRY(Bytes::make(ts, most * static_cast<std::int64_t>(sizeof(epoll_event))));
  auto* events = reinterpret_cast<epoll_event*>(room->data());
  const int descriptor = epoll_of(self)->descriptor;
  const double end = select_now() + limit / 1000.0;
  const std::int64_t count = OURO_TRY(blocking_call(ts, [&] {
    const double left = std::max(0.0, std::ceil((end - select_now()) * 1000));
    return epoll_wait(descriptor, events, static_cast<int>(most),
                      limit < 0 ? -1 : static_cast<int>(left));
  }));
  if (count < 0) return raise_os_error(ts, errno);
  Ref<List> found = OURO_TRY(List::create(ts));
  for (std::int64_t i = 0; i < count; ++i) {
    Ref<Int> number = OURO_TRY(Int::from(ts, events[i].data.fd));
    Ref<Int> mask = OURO_TRY(Int::from(ts, std::int64_t{events[i].events}));
    Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, number, mask));
    OURO_TRY(found->append(ts, pair));
  }
  return found;
}

ObjResult epoll_enter(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return self.new_ref();
}

ObjResult epoll_exit(ThreadState& ts, Obj self, Args) {
  return call_method(ts, self, ts.core.names.n_close);
}

constexpr MethodDef kMethods[] = {
    {"fromfd", epoll_from_descriptor, 1, 1, MethodDef::kClass,
     "fromfd($type, fd, /)\n--\n\nCreate an epoll object from a given control fd."},
    {"close", epoll_close, 0, 0, MethodDef::kNone,
     "close($self, /)\n--\n\nClose the epoll control file descriptor."},
    {"fileno", epoll_fileno, 0, 0, MethodDef::kNone,
     "fileno($self, /)\n--\n\nReturn the epoll control file descriptor."},
    {"register", epoll_register, 0, -1, MethodDef::kKeywords,
     "register($self, /, fd, eventmask=select.EPOLLIN | select.EPOLLPRI | "
     "select.EPOLLOUT)\n--\n\nRegisters a new fd or raises an OSError if the fd is already "
     "registered."},
    {"modify", epoll_modify, 0, -1, MethodDef::kKeywords,
     "modify($self, /, fd, eventmask)\n--\n\nModify event mask for a registered file descriptor."},
    {"unregister", epoll_unregister, 0, -1, MethodDef::kKeywords,
     "unregister($self, /, fd)\n--\n\nRemove a registered file descriptor from the epoll object."},
    {"poll", epoll_poll, 0, -1, MethodDef::kKeywords,
     "poll($self, /, timeout=None, maxevents=-1)\n--\n\nWait for events on the epoll file "
     "descriptor."},
    {"__enter__", epoll_enter, 0, 0, MethodDef::kNone, "__enter__($self, /)\n--\n\n"},
    {"__exit__", epoll_exit, 0, 3, MethodDef::kNone,
     "__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"closed", epoll_get_closed, nullptr, "True if the epoll handler is closed"},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_epoll(Type& type) {
  type.info.basic_bytes = sizeof(Epoll);
  type.info.dealloc = epoll_dealloc;
  type.make = epoll_make;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status add_epoll(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(add_native_type(ts, module,
                           {"epoll", "select", sizeof(Epoll), 0, 0, fill_epoll,
                            "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object"}));
  const std::pair<const char*, std::int64_t> constants[] = {
      {"EPOLLIN", EPOLLIN},
      {"EPOLLOUT", EPOLLOUT},
      {"EPOLLPRI", EPOLLPRI},
      {"EPOLLERR", EPOLLERR},
      {"EPOLLHUP", EPOLLHUP},
      {"EPOLLRDHUP", EPOLLRDHUP},
      {"EPOLLET", std::int64_t{static_cast<std::uint32_t>(EPOLLET)}},
      {"EPOLLONESHOT", std::int64_t{EPOLLONESHOT}},
      {"EPOLLEXCLUSIVE", std::int64_t{EPOLLEXCLUSIVE}},
      {"EPOLLRDNORM", EPOLLRDNORM},
      {"EPOLLRDBAND", EPOLLRDBAND},
      {"EPOLLWRNORM", EPOLLWRNORM},
      {"EPOLLWRBAND", EPOLLWRBAND},
      {"EPOLLMSG", EPOLLMSG},
      {"EPOLL_CLOEXEC", EPOLL_CLOEXEC},
  };
  for (const auto& [name, value] : constants) OURO_TRY(add_constant(ts, module, name, value));
  return kDone;
}

}  // namespace ouro
