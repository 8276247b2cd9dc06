// The type _socket.socket: system calls on one socket, with timeouts.
//
// A socket with a timeout is non-blocking for the system; waiting happens in poll().
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "modules/socket.h"
#include "modules/warnings_module.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/threads.h"

namespace ouro {

namespace {

Socket* socket_of(Obj self) { return as<Socket>(self); }

/// What the class shares with the module.
const SocketModule& module_of(Obj self) {
  Type* at = self->type();
  while (at->slots_names == nullptr || !at->has(kImmutable)) at = at->base;
  return *as<SocketModule>(as<Tuple>(Obj(at->slots_names))->at(0));
}

double now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Waits until the socket is ready for `events`. TimeoutError "timed out" after `end`.
Status wait_ready(ThreadState& ts, const Socket* socket, short events, double end) {
  if (socket->timeout <= 0) return kDone;
  for (;;) {
    const double left = end - now();
    pollfd entry = {socket->descriptor, events, 0};
    int ready = 0;
    if (left >= 0) {
      Unlocked unlocked(ts);
      ready = poll(&entry, 1, static_cast<int>(std::min(std::ceil(left * 1000), 2e9)));
    }
    if (ready > 0) return kDone;
    if (ready == 0) return raise(ts, ts.core.exceptions.TimeoutError, "timed out");
    if (errno != EINTR) return raise_os_error(ts, errno, nullptr);
    OURO_TRY(check_signals(ts));
  }
}

/// Repeats a system call until it succeeds, fails for good, or the timeout is over.
template <class Call>
Result<std::int64_t> with_timeout(ThreadState& ts, Obj self, short events, Call call_system) {
  Socket* socket = socket_of(self);
  const double end = now() + socket->timeout;
  for (;;) {
    OURO_TRY(wait_ready(ts, socket, events, end));
    std::int64_t result = 0;
    {
      const int descriptor = socket->descriptor;
      Unlocked unlocked(ts);
      result = static_cast<std::int64_t>(call_system(descriptor));
    }
    if (result >= 0) return result;
    if (errno == EINTR) {
      OURO_TRY(check_signals(ts));
      continue;
    }
    if (socket->timeout > 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    return raise_os_error(ts, errno, nullptr);
  }
}

ObjResult none_or_error(ThreadState& ts, int result) {
  if (result < 0) return raise_os_error(ts, errno, nullptr);
  return ts.core.none_ref();
}

// -- making and closing ---------------------------------------------------------------------------

ObjResult socket_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Socket> made = OURO_TRY(new_object<Socket>(ts, type, type->info.basic_bytes));
  made->descriptor = -1;
  made->timeout = -1;
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

Status set_nonblocking(ThreadState& ts, int descriptor, bool nonblocking) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return raise_os_error(ts, errno, nullptr);
  const int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && fcntl(descriptor, F_SETFL, wanted) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  return kDone;
}

Status socket_init(ThreadState& ts, Obj self, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "socket", {"family", "type", "proto", "fileno"}, 0, values));
  Socket* socket = socket_of(self);
  int numbers[3] = {-1, -1, -1};
  for (std::size_t i = 0; i < 3; ++i) {
    if (values[i]) numbers[i] = OURO_TRY(socket_int(ts, values[i]));
  }
  int descriptor = -1;
  if (values[3] && !is_none(values[3])) {
    if (is_float(values[3])) return raise_type_error(ts, "integer argument expected, got float");
    descriptor = OURO_TRY(socket_int(ts, values[3]));
    if (descriptor < 0) return raise_value_error(ts, "negative file descriptor");
    const std::pair<int, int> facts[] = {{0, SO_DOMAIN}, {1, SO_TYPE}, {2, SO_PROTOCOL}};
    for (const auto& [index, option] : facts) {
      int value = 0;
      socklen_t length = sizeof value;
      if (getsockopt(descriptor, SOL_SOCKET, option, &value, &length) < 0) {
        return raise_os_error(ts, errno, nullptr);
      }
      if (numbers[index] == -1) numbers[index] = value;
    }
  } else {
    if (numbers[0] == -1) numbers[0] = AF_INET;
    if (numbers[1] == -1) numbers[1] = SOCK_STREAM;
    if (numbers[2] == -1) numbers[2] = 0;
    descriptor = ::socket(numbers[0], numbers[1] | SOCK_CLOEXEC, numbers[2]);
    if (descriptor < 0) return raise_os_error(ts, errno, nullptr);
  }
  socket->descriptor = descriptor;
  socket->family = numbers[0];
  socket->kind = numbers[1] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  socket->protocol = numbers[2];
  socket->timeout = (numbers[1] & SOCK_NONBLOCK) != 0 ? 0 : module_of(self).default_timeout;
  if (socket->timeout >= 0) OURO_TRY(set_nonblocking(ts, descriptor, true));
  return kDone;
}

/// A socket that dies open is closed with a ResourceWarning.
void socket_dealloc(gc::Header* header) {
  auto* self = static_cast<Socket*>(header);
  if (self->descriptor >= 0) {
    ThreadState& ts = *current_thread_state();
    const int descriptor = self->descriptor;
    self->descriptor = -1;
    if (!ts.core.finalizing) {
      SavedPending saved(ts);
      incref(self);
      const FormatArg shown[] = {FormatArg(descriptor), FormatArg(self->family),
                                 FormatArg(self->kind), FormatArg(self->protocol)};
      Result<Ref<Str>> message =
          format_message(ts, "unclosed <socket.socket fd={}, family={}, type={}, proto={}>", shown);
      const auto warn = [&]() -> Status {
        Ref<Str> shown_text = OURO_TRY(std::move(message));
        Utf8 text(shown_text);
        if (!text.ok()) return raise_no_memory(ts);
        return warn_resource(ts, self, text.view());
      };
      if (warn().raised()) report_unraisable(ts, nullptr);
      --self->refcount;
    }
    close(descriptor);
  }
  free_object(self);
}

ObjResult socket_close(ThreadState& ts, Obj self, Args) {
  const int descriptor = std::exchange(socket_of(self)->descriptor, -1);
  if (descriptor >= 0 && close(descriptor) < 0 && errno != ECONNRESET) {
    return raise_os_error(ts, errno, nullptr);
  }
  return ts.core.none_ref();
}

ObjResult socket_detach(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, std::exchange(socket_of(self)->descriptor, -1));
}

ObjResult socket_fileno(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, socket_of(self)->descriptor);
}

ObjResult socket_repr(ThreadState& ts, Obj self) {
  Socket* socket = socket_of(self);
  const FormatArg shown[] = {FormatArg(socket->descriptor), FormatArg(socket->family),
                             FormatArg(socket->kind), FormatArg(socket->protocol)};
  return format_message(ts, "<socket object, fd={}, family={}, type={}, proto={}>", shown);
}

// -- connecting -----------------------------------------------------------------------------------

ObjResult socket_bind(ThreadState& ts, Obj self, Args args) {
  SocketAddress address;
  OURO_TRY(parse_address(ts, module_of(self), socket_of(self)->family, args[0], "bind", address));
  return none_or_error(ts, bind(socket_of(self)->descriptor, address.get(), address.length));
}

/// 0 or the error number.
Result<int> connect_to(ThreadState& ts, Obj self, SocketAddress& address) {
  Socket* socket = socket_of(self);
  int error = 0;
  {
    const int descriptor = socket->descriptor;
    Unlocked unlocked(ts);
    if (connect(descriptor, address.get(), address.length) != 0) error = errno;
  }
  if (error == 0) return 0;
  if (error != EINTR && !(socket->timeout > 0 && error == EINPROGRESS)) return error;
  const double end = now() + socket->timeout;
  if (socket->timeout > 0) {
    OURO_TRY(wait_ready(ts, socket, POLLOUT, end));
  } else {
    pollfd entry = {socket->descriptor, POLLOUT, 0};
    OURO_TRY(check_signals(ts));
    (void)OURO_TRY(blocking_call(ts, [&] { return poll(&entry, 1, -1); }));
  }
  int outcome = 0;
  socklen_t length = sizeof outcome;
  if (getsockopt(socket->descriptor, SOL_SOCKET, SO_ERROR, &outcome, &length) < 0) return errno;
  return outcome;
}

ObjResult socket_connect(ThreadState& ts, Obj self, Args args) {
  SocketAddress address;
  OURO_TRY(
      parse_address(ts, module_of(self), socket_of(self)->family, args[0], "connect", address));
  const int error = OURO_TRY(connect_to(ts, self, address));
  if (error != 0) return raise_os_error(ts, error, nullptr);
  return ts.core.none_ref();
}

ObjResult socket_connect_ex(ThreadState& ts, Obj self, Args args) {
  SocketAddress address;
  OURO_TRY(
      parse_address(ts, module_of(self), socket_of(self)->family, args[0], "connect_ex", address));
  Result<int> error = connect_to(ts, self, address);
  if (error.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TimeoutError)) return Raised{};
    return Int::from(ts, EWOULDBLOCK);
  }
  return Int::from(ts, error.take());
}

ObjResult socket_listen(ThreadState& ts, Obj self, Args args) {
  const int backlog = args.size() > 0 ? OURO_TRY(socket_int(ts, args[0])) : 128;
  return none_or_error(ts, listen(socket_of(self)->descriptor, std::max(backlog, 0)));
}

ObjResult socket_accept(ThreadState& ts, Obj self, Args) {
  SocketAddress address = {};
  const std::int64_t descriptor = OURO_TRY(with_timeout(ts, self, POLLIN, [&](int fd) {
    address.length = sizeof address.storage;
    return accept4(fd, address.get(), &address.length, SOCK_CLOEXEC);
  }));
  Ref<Int> number = OURO_TRY(Int::from(ts, descriptor));
  ObjRef shown = OURO_TRY(show_address(ts, address));
  return Tuple::of(ts, number, shown);
}

template <int (*kAsk)(int, sockaddr*, socklen_t*)>
ObjResult name_of(ThreadState& ts, Obj self, Args) {
  SocketAddress address = {};
  address.length = sizeof address.storage;
  if (kAsk(socket_of(self)->descriptor, address.get(), &address.length) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  return show_address(ts, address);
}

int ask_own_name(int fd, sockaddr* address, socklen_t* length) {
  return getsockname(fd, address, length);
}
int ask_peer_name(int fd, sockaddr* address, socklen_t* length) {
  return getpeername(fd, address, length);
}

ObjResult socket_shutdown(ThreadState& ts, Obj self, Args args) {
  return none_or_error(ts,
                       shutdown(socket_of(self)->descriptor, OURO_TRY(socket_int(ts, args[0]))));
}

// -- data -----------------------------------------------------------------------------------------

Result<int> flags_at(ThreadState& ts, Args args, std::size_t index) {
  if (args.size() <= index) return 0;
  return socket_int(ts, args[index]);
}

ObjResult socket_recv(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const int flags = OURO_TRY(flags_at(ts, args, 1));
  if (size < 0) return raise_value_error(ts, "negative buffersize in recv");
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  const std::int64_t got = OURO_TRY(with_timeout(ts, self, POLLIN, [&](int fd) {
    return recv(fd, into->data, static_cast<std::size_t>(size), flags);
  }));
  return Bytes::from(ts, {into->data, static_cast<std::size_t>(got)});
}

/// The part of a buffer that recv_into and recvfrom_into fill: `size` 0 means all of it.
Result<std::size_t> wanted_part(ThreadState& ts, const BufferView& buffer, Obj size,
                                const char* function) {
  std::int64_t wanted = 0;
  if (size) wanted = OURO_TRY(index_as_int64(ts, size, ts.core.exceptions.OverflowError));
  if (wanted < 0) return raise_value_error(ts, "negative buffersize in {}", function);
  if (wanted == 0) return buffer.size();
  if (static_cast<std::size_t>(wanted) > buffer.size()) {
    return raise_value_error(ts, "buffer too small for requested bytes");
  }
  return static_cast<std::size_t>(wanted);
}

ObjResult socket_recv_into(ThreadState& ts, Obj self, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "recv_into", {"buffer", "nbytes", "flags"}, 1, values));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, values[0], true));
  const std::size_t size = OURO_TRY(wanted_part(ts, buffer, values[1], "recv_into"));
  const int flags = values[2] ? OURO_TRY(socket_int(ts, values[2])) : 0;
  const std::int64_t got = OURO_TRY(
      with_timeout(ts, self, POLLIN, [&](int fd) { return recv(fd, buffer.data(), size, flags); }));
  return Int::from(ts, got);
}

ObjResult socket_recvfrom(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const int flags = OURO_TRY(flags_at(ts, args, 1));
  if (size < 0) return raise_value_error(ts, "negative buffersize in recvfrom");
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  SocketAddress address = {};
  const std::int64_t got = OURO_TRY(with_timeout(ts, self, POLLIN, [&](int fd) {
    address.length = sizeof address.storage;
    return recvfrom(fd, into->data, static_cast<std::size_t>(size), flags, address.get(),
                    &address.length);
  }));
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, {into->data, static_cast<std::size_t>(got)}));
  ObjRef shown = OURO_TRY(show_address(ts, address));
  return Tuple::of(ts, bytes, shown);
}

ObjResult socket_recvfrom_into(ThreadState& ts, Obj self, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "recvfrom_into", {"buffer", "nbytes", "flags"}, 1, values));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, values[0], true));
  const std::size_t size = OURO_TRY(wanted_part(ts, buffer, values[1], "recvfrom_into"));
  const int flags = values[2] ? OURO_TRY(socket_int(ts, values[2])) : 0;
  SocketAddress address = {};
  const std::int64_t got = OURO_TRY(with_timeout(ts, self, POLLIN, [&](int fd) {
    address.length = sizeof address.storage;
    return recvfrom(fd, buffer.data(), size, flags, address.get(), &address.length);
  }));
  Ref<Int> count = OURO_TRY(Int::from(ts, got));
  ObjRef shown = OURO_TRY(show_address(ts, address));
  return Tuple::of(ts, count, shown);
}

ObjResult socket_send(ThreadState& ts, Obj self, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  const int flags = OURO_TRY(flags_at(ts, args, 1));
  const std::int64_t sent = OURO_TRY(with_timeout(ts, self, POLLOUT, [&](int fd) {
    return send(fd, buffer.data(), buffer.size(), flags | MSG_NOSIGNAL);
  }));
  return Int::from(ts, sent);
}

ObjResult socket_sendall(ThreadState& ts, Obj self, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  const int flags = OURO_TRY(flags_at(ts, args, 1));
  for (std::size_t done = 0; done < buffer.size();) {
    const std::int64_t sent = OURO_TRY(with_timeout(ts, self, POLLOUT, [&](int fd) {
      return send(fd, buffer.data() + done, buffer.size() - done, flags | MSG_NOSIGNAL);
    }));
    done += static_cast<std::size_t>(sent);
  }
  return ts.core.none_ref();
}

ObjResult socket_sendto(ThreadState& ts, Obj self, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  const int flags = args.size() > 2 ? OURO_TRY(socket_int(ts, args[1])) : 0;
  SocketAddress address;
  OURO_TRY(parse_address(ts, module_of(self), socket_of(self)->family, args[args.size() - 1],
                         "sendto", address));
  const std::int64_t sent = OURO_TRY(with_timeout(ts, self, POLLOUT, [&](int fd) {
    return sendto(fd, buffer.data(), buffer.size(), flags | MSG_NOSIGNAL, address.get(),
                  address.length);
  }));
  return Int::from(ts, sent);
}

// -- options --------------------------------------------------------------------------------------

ObjResult socket_setblocking(ThreadState& ts, Obj self, Args args) {
  const bool blocking = OURO_TRY(is_true(ts, args[0]));
  OURO_TRY(set_nonblocking(ts, socket_of(self)->descriptor, !blocking));
  socket_of(self)->timeout = blocking ? -1 : 0;
  return ts.core.none_ref();
}

ObjResult socket_getblocking(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(socket_of(self)->timeout != 0);
}

ObjResult socket_settimeout(ThreadState& ts, Obj self, Args args) {
  const double timeout = OURO_TRY(socket_timeout(ts, args[0]));
  OURO_TRY(set_nonblocking(ts, socket_of(self)->descriptor, timeout >= 0));
  socket_of(self)->timeout = timeout;
  return ts.core.none_ref();
}

ObjResult socket_gettimeout(ThreadState& ts, Obj self, Args) {
  return show_timeout(ts, socket_of(self)->timeout);
}

ObjResult socket_getsockopt(ThreadState& ts, Obj self, Args args) {
  const int level = OURO_TRY(socket_int(ts, args[0]));
  const int name = OURO_TRY(socket_int(ts, args[1]));
  const int size = OURO_TRY(flags_at(ts, args, 2));
  const int descriptor = socket_of(self)->descriptor;
  if (size == 0) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(descriptor, level, name, &value, &length) < 0) {
      return raise_os_error(ts, errno, nullptr);
    }
    return Int::from(ts, value);
  }
  char bytes[1024];
  if (size < 0 || size > static_cast<int>(sizeof bytes)) {
    return raise(ts, ts.core.exceptions.OSError, "getsockopt buflen out of range");
  }
  auto length = static_cast<socklen_t>(size);
  if (getsockopt(descriptor, level, name, bytes, &length) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  return Bytes::from(ts, {bytes, length});
}

ObjResult socket_setsockopt(ThreadState& ts, Obj self, Args args) {
  const int level = OURO_TRY(socket_int(ts, args[0]));
  const int name = OURO_TRY(socket_int(ts, args[1]));
  const int descriptor = socket_of(self)->descriptor;
  if (has_index(args[2])) {
    const int value = OURO_TRY(socket_int(ts, args[2]));
    return none_or_error(ts, setsockopt(descriptor, level, name, &value, sizeof value));
  }
  if (is_none(args[2])) {
    if (args.size() < 4) return raise_type_error(ts, "setsockopt() requires 4 arguments");
    const int length = OURO_TRY(socket_int(ts, args[3]));
    return none_or_error(
        ts, setsockopt(descriptor, level, name, nullptr, static_cast<socklen_t>(length)));
  }
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[2]));
  return none_or_error(ts, setsockopt(descriptor, level, name, buffer.data(),
                                      static_cast<socklen_t>(buffer.size())));
}

ObjResult get_family(ThreadState& ts, Obj self) { return Int::from(ts, socket_of(self)->family); }
ObjResult get_type(ThreadState& ts, Obj self) { return Int::from(ts, socket_of(self)->kind); }
ObjResult get_proto(ThreadState& ts, Obj self) { return Int::from(ts, socket_of(self)->protocol); }
ObjResult get_timeout(ThreadState& ts, Obj self) {
  return show_timeout(ts, socket_of(self)->timeout);
}

constexpr MethodDef kMethods[] = {
    {"_accept", socket_accept, 0, 0, MethodDef::kNone, "_accept() -> (integer, address info)"},
    {"bind", socket_bind, 1, 1, MethodDef::kNone, "bind(address)"},
    {"close", socket_close, 0, 0, MethodDef::kNone, "close()"},
    {"connect", socket_connect, 1, 1, MethodDef::kNone, "connect(address)"},
    {"connect_ex", socket_connect_ex, 1, 1, MethodDef::kNone, "connect_ex(address) -> errno"},
    {"detach", socket_detach, 0, 0, MethodDef::kNone, "detach()"},
    {"fileno", socket_fileno, 0, 0, MethodDef::kNone, "fileno() -> integer"},
    {"getpeername", name_of<ask_peer_name>, 0, 0, MethodDef::kNone,
     "getpeername() -> address info"},
    {"getsockname", name_of<ask_own_name>, 0, 0, MethodDef::kNone, "getsockname() -> address info"},
    {"getsockopt", socket_getsockopt, 2, 3, MethodDef::kNone,
     "getsockopt(level, option[, buffersize]) -> value"},
    {"setsockopt", socket_setsockopt, 3, 4, MethodDef::kNone, "setsockopt(level, option, value)"},
    {"listen", socket_listen, 0, 1, MethodDef::kNone, "listen([backlog])"},
    {"recv", socket_recv, 1, 2, MethodDef::kNone, "recv(buffersize[, flags]) -> data"},
    {"recv_into", socket_recv_into, 0, -1, MethodDef::kKeywords,
     "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read"},
    {"recvfrom", socket_recvfrom, 1, 2, MethodDef::kNone,
     "recvfrom(buffersize[, flags]) -> (data, address info)"},
    {"recvfrom_into", socket_recvfrom_into, 0, -1, MethodDef::kKeywords,
     "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)"},
    {"send", socket_send, 1, 2, MethodDef::kNone, "send(data[, flags]) -> count"},
    {"sendall", socket_sendall, 1, 2, MethodDef::kNone, "sendall(data[, flags])"},
    {"sendto", socket_sendto, 2, 3, MethodDef::kNone, "sendto(data[, flags], address) -> count"},
    {"setblocking", socket_setblocking, 1, 1, MethodDef::kNone, "setblocking(flag)"},
    {"getblocking", socket_getblocking, 0, 0, MethodDef::kNone, "getblocking()"},
    {"settimeout", socket_settimeout, 1, 1, MethodDef::kNone, "settimeout(timeout)"},
    {"gettimeout", socket_gettimeout, 0, 0, MethodDef::kNone, "gettimeout() -> timeout"},
    {"shutdown", socket_shutdown, 1, 1, MethodDef::kNone, "shutdown(flag)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"family", get_family, nullptr, "the socket family"},
    {"type", get_type, nullptr, "the socket type"},
    {"proto", get_proto, nullptr, "the socket protocol"},
    {"timeout", get_timeout, nullptr, "the socket timeout"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_socket_type(Type& type) {
  type.info.basic_bytes = sizeof(Socket);
  type.info.flags |= kBaseType;
  type.info.dealloc = socket_dealloc;
  type.make = socket_make;
  type.init = socket_init;
  type.repr = socket_repr;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro
