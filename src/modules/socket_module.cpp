// Module _socket: addresses, names and numbers, constants.
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "modules/native_modules.h"
#include "modules/posix_support.h"
#include "modules/socket.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/threads.h"

namespace ouro {

Result<int> socket_int(ThreadState& ts, Obj value) {
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<int>(wide);
}

Result<double> socket_timeout(ThreadState& ts, Obj value) {
  if (is_none(value)) return -1.0;
  ObjRef number = OURO_TRY(to_float(ts, value));
  const double seconds = as<Float>(number)->value;
  if (seconds != seconds) return raise_value_error(ts, "Invalid value NaN (not a number)");
  if (seconds < 0) return raise_value_error(ts, "Timeout value out of range");
  return seconds;
}

ObjResult show_timeout(ThreadState& ts, double timeout) {
  return timeout < 0 ? ts.core.none_ref() : ObjResult(Float::from(ts, timeout));
}

Raised raise_gaierror(ThreadState& ts, const SocketModule& module, int error) {
  if (error == EAI_SYSTEM) return raise_os_error(ts, errno, nullptr);
  Ref<Int> number = OURO_TRY(Int::from(ts, error));
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, gai_strerror(error)));
  ObjRef exception = OURO_TRY(call(ts, module.gaierror, number, text));
  return raise_object(ts, std::move(exception));
}

// -- addresses ------------------------------------------------------------------------------------

Status resolve_host(ThreadState& ts, const SocketModule& module, const char* host, int family,
                    SocketAddress& out) {
  addrinfo hints = {};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_DGRAM;
  const bool any = *host == '\0';
  if (any) hints.ai_flags = AI_PASSIVE;
  if (std::strcmp(host, "<broadcast>") == 0) host = "255.255.255.255";
  addrinfo* found = nullptr;
  int error = 0;
  {
    Unlocked unlocked(ts);
    error = getaddrinfo(any ? nullptr : host, any ? "0" : nullptr, &hints, &found);
  }
  if (error != 0) return raise_gaierror(ts, module, error);
  std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
  out.length = found->ai_addrlen;
  freeaddrinfo(found);
  return kDone;
}

namespace {

/// A host as str or bytes, as a C string that the guard keeps.
class HostName {
 public:
  Status take(ThreadState& ts, Obj value) {
    if (is_str(value)) {
      bytes_ = OURO_TRY(
          encode_str(ts, as<Str>(value), as<Str>(value)->is_ascii() ? "ascii" : "idna", "strict"));
    } else if (is_bytes(value)) {
      bytes_ = value.new_ref();
    } else {
      return raise_type_error(ts, "str, bytes or bytearray expected, not {t}", value);
    }
    if (as<Bytes>(bytes_)->view().find('\0') != std::string_view::npos) {
      return raise_type_error(ts, "host name must not contain null character");
    }
    return kDone;
  }
  [[nodiscard]] const char* get() const { return as<Bytes>(bytes_)->data(); }

 private:
  ObjRef bytes_;
};

Result<std::uint16_t> port_number(ThreadState& ts, Obj value, const char* function) {
  const std::int64_t port = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (port < 0 || port > 65535) {
    return raise(ts, ts.core.exceptions.OverflowError, "{}(): port must be 0-65535.", function);
  }
  return static_cast<std::uint16_t>(port);
}

}  // namespace

Status parse_address(ThreadState& ts, const SocketModule& module, int family, Obj address,
                     const char* function, SocketAddress& out) {
  out = {};
  if (family == AF_UNIX) {
    PathArgument path;
    std::string_view text;
    if (is_bytes(address)) {
      text = as<Bytes>(address)->view();  // may begin with a null: an abstract name
    } else {
      OURO_TRY(path.take(ts, address, function));
      text = path.text();
    }
    auto* unix_address = reinterpret_cast<sockaddr_un*>(&out.storage);
    if (text.size() >= sizeof unix_address->sun_path) {
      return raise(ts, ts.core.exceptions.OSError, "AF_UNIX path too long");
    }
    unix_address->sun_family = AF_UNIX;
    text.copy(unix_address->sun_path, text.size());
    out.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() +
                                        (text.empty() || text[0] != '\0' ? 1 : 0));
    return kDone;
  }
  if (family != AF_INET && family != AF_INET6) {
    return raise(ts, ts.core.exceptions.OSError, "{}(): bad family", function);
  }
  if (!is_tuple(address)) {
    return raise_type_error(ts, "{}(): {} address must be tuple, not {t}", function,
                            family == AF_INET ? "AF_INET" : "AF_INET6", address);
  }
  auto* parts = as<Tuple>(address);
  if (family == AF_INET ? parts->size != 2 : parts->size < 2 || parts->size > 4) {
    return raise_type_error(ts, family == AF_INET
                                    ? "AF_INET address must be a pair (host, port)"
                                    : "AF_INET6 address must be a tuple (host, port[, flowinfo[, "
                                      "scopeid]])");
  }
  HostName host;
  OURO_TRY(host.take(ts, parts->at(0)));
  const std::uint16_t port = OURO_TRY(port_number(ts, parts->at(1), function));
  OURO_TRY(resolve_host(ts, module, host.get(), family, out));
  if (family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(&out.storage)->sin_port = htons(port);
    return kDone;
  }
  auto* wide = reinterpret_cast<sockaddr_in6*>(&out.storage);
  wide->sin6_port = htons(port);
  if (parts->size > 2) {
    const int flow = OURO_TRY(socket_int(ts, parts->at(2)));
    if (flow < 0 || flow > 0xfffff) {
      return raise(ts, ts.core.exceptions.OverflowError, "{}(): flowinfo must be 0-1048575.",
                   function);
    }
    wide->sin6_flowinfo = htonl(static_cast<std::uint32_t>(flow));
  }
  if (parts->size > 3) {
    wide->sin6_scope_id = static_cast<std::uint32_t>(OURO_TRY(socket_int(ts, parts->at(3))));
  }
  return kDone;
}

ObjResult show_address(ThreadState& ts, const SocketAddress& address) {
  if (address.length == 0) return ts.core.none_ref();
  char text[INET6_ADDRSTRLEN] = "";
  switch (address.storage.ss_family) {
    case AF_INET: {
      const auto* inet = reinterpret_cast<const sockaddr_in*>(&address.storage);
      inet_ntop(AF_INET, &inet->sin_addr, text, sizeof text);
      Ref<Str> host = OURO_TRY(Str::from_utf8(ts, text));
      Ref<Int> port = OURO_TRY(Int::from(ts, ntohs(inet->sin_port)));
      return Tuple::of(ts, host, port);
    }
    case AF_INET6: {
      const auto* inet = reinterpret_cast<const sockaddr_in6*>(&address.storage);
      inet_ntop(AF_INET6, &inet->sin6_addr, text, sizeof text);
      Ref<Str> host = OURO_TRY(Str::from_utf8(ts, text));
      Ref<Int> port = OURO_TRY(Int::from(ts, ntohs(inet->sin6_port)));
      Ref<Int> flow = OURO_TRY(Int::from(ts, ntohl(inet->sin6_flowinfo)));
      Ref<Int> scope = OURO_TRY(Int::from(ts, inet->sin6_scope_id));
      return Tuple::of(ts, host, port, flow, scope);
    }
    case AF_UNIX: {
      const auto* local = reinterpret_cast<const sockaddr_un*>(&address.storage);
      const std::size_t size = address.length - offsetof(sockaddr_un, sun_path);
      if (size > 0 && local->sun_path[0] == '\0') return Bytes::from(ts, {local->sun_path, size});
      return system_text(ts, {local->sun_path, strnlen(local->sun_path, size)}, false);
    }
    default: {
      Ref<Int> family = OURO_TRY(Int::from(ts, address.storage.ss_family));
      Ref<Bytes> data = OURO_TRY(
          Bytes::from(ts, {reinterpret_cast<const char*>(&address.storage) + sizeof(sa_family_t),
                           address.length - sizeof(sa_family_t)}));
      return Tuple::of(ts, family, data);
    }
  }
}

ObjResult make_socket_object(ThreadState& ts, Borrowed<Type> type, int descriptor, int family,
                             int kind, int protocol, double timeout) {
  ObjRef made = OURO_TRY(type->make(ts, type, {}));
  auto* socket = as<Socket>(made);
  socket->descriptor = descriptor;
  socket->family = family;
  socket->kind = kind;
  socket->protocol = protocol;
  socket->timeout = timeout;
  return made;
}

namespace {

SocketModule& state_of(Obj module) {
  return *static_cast<SocketModule*>(as<Module>(module)->state);
}

// -- names ----------------------------------------------------------------------------------------

ObjResult get_addr_info(ThreadState& ts, Obj module, Args args) {
  Obj values[6];
  OURO_TRY(parse_args(ts, args, "getaddrinfo", {"host", "port", "family", "type", "proto", "flags"},
                      2, values));
  HostName host;
  const bool has_host = !is_none(values[0]);
  if (has_host) OURO_TRY(host.take(ts, values[0]));
  HostName service;
  char digits[24];
  const char* port = nullptr;
  if (is_int(values[1])) {
    std::snprintf(digits, sizeof digits, "%lld",
                  static_cast<long long>(OURO_TRY(int_as_int64(ts, values[1]))));
    port = digits;
  } else if (is_str(values[1]) || is_bytes(values[1])) {
    OURO_TRY(service.take(ts, values[1]));
    port = service.get();
  } else if (!is_none(values[1])) {
    return raise(ts, ts.core.exceptions.OSError, "Int or String expected");
  }
  addrinfo hints = {};
  if (values[2]) hints.ai_family = OURO_TRY(socket_int(ts, values[2]));
  if (values[3]) hints.ai_socktype = OURO_TRY(socket_int(ts, values[3]));
  if (values[4]) hints.ai_protocol = OURO_TRY(socket_int(ts, values[4]));
  if (values[5]) hints.ai_flags = OURO_TRY(socket_int(ts, values[5]));
  addrinfo* found = nullptr;
  int error = 0;
  {
    Unlocked unlocked(ts);
    error = getaddrinfo(has_host ? host.get() : nullptr, port, &hints, &found);
  }
  if (error != 0) return raise_gaierror(ts, state_of(module), error);
  const auto show_all = [&]() -> ObjResult {
    Ref<List> list = OURO_TRY(List::create(ts));
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
      SocketAddress address = {};
      std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
      address.length = at->ai_addrlen;
      Ref<Int> family = OURO_TRY(Int::from(ts, at->ai_family));
      Ref<Int> kind = OURO_TRY(Int::from(ts, at->ai_socktype));
      Ref<Int> protocol = OURO_TRY(Int::from(ts, at->ai_protocol));
      Ref<Str> name =
          OURO_TRY(Str::from_utf8(ts, at->ai_canonname == nullptr ? "" : at->ai_canonname));
      ObjRef shown = OURO_TRY(show_address(ts, address));
      Ref<Tuple> entry = OURO_TRY(Tuple::of(ts, family, kind, protocol, name, shown));
      OURO_TRY(list->append(ts, entry));
    }
    return list;
  };
  ObjResult result = show_all();
  freeaddrinfo(found);
  return result;
}

ObjResult get_name_info(ThreadState& ts, Obj module, Args args) {
  if (!is_tuple(args[0])) return raise_type_error(ts, "getnameinfo() argument 1 must be a tuple");
  const int flags = OURO_TRY(socket_int(ts, args[1]));
  SocketAddress address;
  const int family = as<Tuple>(args[0])->size > 2 ? AF_INET6 : AF_INET;
  OURO_TRY(parse_address(ts, state_of(module), family, args[0], "getnameinfo", address));
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  int error = 0;
  {
    Unlocked unlocked(ts);
    error = getnameinfo(address.get(), address.length, host, sizeof host, service, sizeof service,
                        flags);
  }
  if (error != 0) return raise_gaierror(ts, state_of(module), error);
  Ref<Str> host_text = OURO_TRY(Str::from_utf8(ts, host));
  Ref<Str> service_text = OURO_TRY(Str::from_utf8(ts, service));
  return Tuple::of(ts, host_text, service_text);
}

ObjResult get_host_name(ThreadState& ts, Obj, Args) {
  char name[256];
  if (gethostname(name, sizeof name) < 0) return raise_os_error(ts, errno, nullptr);
  return system_text(ts, name, false);
}

ObjResult get_host_by_name(ThreadState& ts, Obj module, Args args) {
  HostName host;
  OURO_TRY(host.take(ts, args[0]));
  SocketAddress address;
  OURO_TRY(resolve_host(ts, state_of(module), host.get(), AF_INET, address));
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&address.storage)->sin_addr, text,
            sizeof text);
  return Str::from_utf8(ts, text);
}

ObjResult get_service_by_name(ThreadState& ts, Obj, Args args) {
  HostName name;
  HostName protocol;
  OURO_TRY(name.take(ts, args[0]));
  if (args.size() > 1) OURO_TRY(protocol.take(ts, args[1]));
  const servent* found = getservbyname(name.get(), args.size() > 1 ? protocol.get() : nullptr);
  if (found == nullptr) return raise(ts, ts.core.exceptions.OSError, "service/proto not found");
  return Int::from(ts, ntohs(static_cast<std::uint16_t>(found->s_port)));
}

ObjResult get_protocol_by_name(ThreadState& ts, Obj, Args args) {
  HostName name;
  OURO_TRY(name.take(ts, args[0]));
  const protoent* found = getprotobyname(name.get());
  if (found == nullptr) return raise(ts, ts.core.exceptions.OSError, "protocol not found");
  return Int::from(ts, found->p_proto);
}

ObjResult inet_text_to_bytes(ThreadState& ts, Obj, Args args) {
  const int family = OURO_TRY(socket_int(ts, args[0]));
  HostName text;
  OURO_TRY(text.take(ts, args[1]));
  char bytes[16];
  const int converted = inet_pton(family, text.get(), bytes);
  if (converted < 0) return raise_os_error(ts, EAFNOSUPPORT, nullptr);
  if (converted == 0) {
    return raise(ts, ts.core.exceptions.OSError, "illegal IP address string passed to inet_pton");
  }
  return Bytes::from(ts, {bytes, family == AF_INET6 ? std::size_t{16} : std::size_t{4}});
}

ObjResult inet_bytes_to_text(ThreadState& ts, Obj, Args args) {
  const int family = OURO_TRY(socket_int(ts, args[0]));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[1]));
  if (family != AF_INET && family != AF_INET6) {
    return raise_value_error(ts, "unknown address family {}", family);
  }
  if (buffer.size() != (family == AF_INET ? 4u : 16u)) {
    return raise_value_error(ts, "invalid length of packed IP address string");
  }
  char text[INET6_ADDRSTRLEN];
  inet_ntop(family, buffer.data(), text, sizeof text);
  return Str::from_utf8(ts, text);
}

ObjResult inet_aton_function(ThreadState& ts, Obj, Args args) {
  HostName text;
  OURO_TRY(text.take(ts, args[0]));
  in_addr address = {};
  if (inet_aton(text.get(), &address) == 0) {
    return raise(ts, ts.core.exceptions.OSError, "illegal IP address string passed to inet_aton");
  }
  return Bytes::from(ts, {reinterpret_cast<const char*>(&address), sizeof address});
}

ObjResult inet_ntoa_function(ThreadState& ts, Obj, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  if (buffer.size() != 4) return raise(ts, ts.core.exceptions.OSError, "packed IP wrong length");
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, buffer.data(), text, sizeof text);
  return Str::from_utf8(ts, text);
}

template <class T, T (*kConvert)(T)>
ObjResult convert(ThreadState& ts, Args args, const char* function) {
  const std::int64_t value =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (value < 0 || value > std::int64_t{static_cast<T>(-1)}) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 value < 0 ? "{}: can't convert negative Python int to C {}-bit unsigned integer"
                           : "{}: Python int too large to convert to C {}-bit unsigned integer",
                 function, static_cast<int>(sizeof(T) * 8));
  }
  return Int::from(ts, kConvert(static_cast<T>(value)));
}
std::uint16_t swap16(std::uint16_t value) { return htons(value); }
std::uint32_t swap32(std::uint32_t value) { return htonl(value); }
ObjResult htons_function(ThreadState& ts, Obj, Args args) {
  return convert<std::uint16_t, swap16>(ts, args, "htons");
}
ObjResult ntohs_function(ThreadState& ts, Obj, Args args) {
  return convert<std::uint16_t, swap16>(ts, args, "ntohs");
}
ObjResult htonl_function(ThreadState& ts, Obj, Args args) {
  return convert<std::uint32_t, swap32>(ts, args, "htonl");
}
ObjResult ntohl_function(ThreadState& ts, Obj, Args args) {
  return convert<std::uint32_t, swap32>(ts, args, "ntohl");
}

// -- sockets --------------------------------------------------------------------------------------

ObjResult socket_pair(ThreadState& ts, Obj module, Args args) {
  int numbers[3] = {AF_UNIX, SOCK_STREAM, 0};
  for (std::size_t i = 0; i < args.size(); ++i) numbers[i] = OURO_TRY(socket_int(ts, args[i]));
  int ends[2];
  if (socketpair(numbers[0], numbers[1] | SOCK_CLOEXEC, numbers[2], ends) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  const ObjRef held =
      dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, "SocketType"))).new_ref();
  if (!held || !is_type(held)) return raise_system_error(ts, "module _socket has lost its type");
  Borrowed<Type> type = as<Type>(held);
  ObjRef first =
      OURO_TRY(make_socket_object(ts, type, ends[0], numbers[0], numbers[1], numbers[2], -1));
  ObjRef second =
      OURO_TRY(make_socket_object(ts, type, ends[1], numbers[0], numbers[1], numbers[2], -1));
  return Tuple::of(ts, first, second);
}

ObjResult close_function(ThreadState& ts, Obj, Args args) {
  if (close(OURO_TRY(socket_int(ts, args[0]))) < 0 && errno != ECONNRESET) {
    return raise_os_error(ts, errno, nullptr);
  }
  return ts.core.none_ref();
}

ObjResult dup_function(ThreadState& ts, Obj, Args args) {
  const int copy = fcntl(OURO_TRY(socket_int(ts, args[0])), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, copy);
}

ObjResult get_default_timeout(ThreadState& ts, Obj module, Args) {
  return show_timeout(ts, state_of(module).default_timeout);
}

ObjResult set_default_timeout(ThreadState& ts, Obj module, Args args) {
  state_of(module).default_timeout = OURO_TRY(socket_timeout(ts, args[0]));
  return ts.core.none_ref();
}

ObjResult interfaces(ThreadState& ts, Obj, Args) {
  struct if_nameindex* entries = if_nameindex();
  if (entries == nullptr) return raise_os_error(ts, errno, nullptr);
  const auto show_all = [&]() -> ObjResult {
    Ref<List> list = OURO_TRY(List::create(ts));
    for (const struct if_nameindex* at = entries; at->if_index != 0; ++at) {
      Ref<Int> index = OURO_TRY(Int::from(ts, at->if_index));
      ObjRef name = OURO_TRY(system_text(ts, at->if_name, false));
      Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, index, name));
      OURO_TRY(list->append(ts, pair));
    }
    return list;
  };
  ObjResult result = show_all();
  if_freenameindex(entries);
  return result;
}

void free_state(Module* module) {
  auto* state = static_cast<SocketModule*>(std::exchange(module->state, nullptr));
  if (state != nullptr) decref(state);
}

void fill_state(Type& type) {
  fill_holder<SocketModule, &SocketModule::gaierror, &SocketModule::herror>(type);
}

Result<ObjRef> make_error(ThreadState& ts, Borrowed<Module> module, const char* name) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(OURO_TRY(intern(ts, "socket")))));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(ts.core.exceptions.OSError)));
  Ref<Str> text = OURO_TRY(intern(ts, name));
  ObjRef made = OURO_TRY(type_new(ts, ts.core.types.type, text, bases, dict, {}));
  OURO_TRY(dict_set(ts, module->dict, name, made));
  return made;
}

constexpr std::pair<const char*, int> kConstants[] = {
#define OURO_SOCKET_CONSTANT(name) {#name, name},
#include "modules/socket_names.def"
#undef OURO_SOCKET_CONSTANT
};

}  // namespace

constexpr MethodDef kSocketFunctions[] = {
    {"getaddrinfo", get_addr_info, 0, -1, MethodDef::kKeywords,
     "getaddrinfo(host, port [, family, type, proto, flags])\n    -> list of (family, type, "
     "proto, canonname, sockaddr)"},
    {"getnameinfo", get_name_info, 2, 2, MethodDef::kNone,
     "getnameinfo(sockaddr, flags) --> (host, port)"},
    {"gethostname", get_host_name, 0, 0, MethodDef::kNone, "gethostname() -> string"},
    {"gethostbyname", get_host_by_name, 1, 1, MethodDef::kNone, "gethostbyname(host) -> address"},
    {"getservbyname", get_service_by_name, 1, 2, MethodDef::kNone,
     "getservbyname(servicename[, protocolname]) -> integer"},
    {"getprotobyname", get_protocol_by_name, 1, 1, MethodDef::kNone,
     "getprotobyname(name) -> integer"},
    {"inet_pton", inet_text_to_bytes, 2, 2, MethodDef::kNone,
     "inet_pton(af, ip) -> packed IP address string"},
    {"inet_ntop", inet_bytes_to_text, 2, 2, MethodDef::kNone,
     "inet_ntop(af, packed_ip) -> string formatted IP address"},
    {"inet_aton", inet_aton_function, 1, 1, MethodDef::kNone,
     "inet_aton(string) -> bytes giving packed 32-bit IP representation"},
    {"inet_ntoa", inet_ntoa_function, 1, 1, MethodDef::kNone,
     "inet_ntoa(packed_ip) -> ip_address_string"},
    {"htons", htons_function, 1, 1, MethodDef::kNone, "htons(integer) -> integer"},
    {"ntohs", ntohs_function, 1, 1, MethodDef::kNone, "ntohs(integer) -> integer"},
    {"htonl", htonl_function, 1, 1, MethodDef::kNone, "htonl(integer) -> integer"},
    {"ntohl", ntohl_function, 1, 1, MethodDef::kNone, "ntohl(integer) -> integer"},
    {"socketpair", socket_pair, 0, 3, MethodDef::kNone,
     "socketpair([family[, type [, proto]]]) -> (socket object, socket object)"},
    {"close", close_function, 1, 1, MethodDef::kNone, "close(integer) -> None"},
    {"dup", dup_function, 1, 1, MethodDef::kNone, "dup(integer) -> integer"},
    {"getdefaulttimeout", get_default_timeout, 0, 0, MethodDef::kNone,
     "getdefaulttimeout() -> timeout"},
    {"setdefaulttimeout", set_default_timeout, 1, 1, MethodDef::kNone,
     "setdefaulttimeout(timeout)"},
    {"if_nameindex", interfaces, 0, 0, MethodDef::kNone, "if_nameindex()"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Result<Ref<Module>> create_socket_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_socket"));
  Ref<Type> state_type =
      OURO_TRY(make_native_type(ts, {"_state", "_socket", sizeof(SocketModule), 0,
                                     kDisallowInstantiation, fill_state, nullptr}));
  Ref<SocketModule> state = OURO_TRY(new_object<SocketModule>(ts, state_type));
  state->default_timeout = -1;
  OURO_TRY(track(ts, state));
  module->state = state.new_ref().release();
  module->free_state = free_state;
  OURO_TRY(module->add_functions(ts, kSocketFunctions));
  Ref<Type> type = OURO_TRY(add_native_type(
      ts, module,
      {"socket", "_socket", sizeof(Socket), 0, 0, fill_socket_type,
       "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\nsocket(family=-1, "
       "type=-1, proto=-1, fileno=None) -> socket object"}));
  OURO_TRY(set_companions(ts, type, {Obj(state)}));
  OURO_TRY(dict_set(ts, module->dict, "SocketType", Obj(type)));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.OSError)));
  OURO_TRY(dict_set(ts, module->dict, "timeout", Obj(ts.core.exceptions.TimeoutError)));
  state->gaierror = OURO_TRY(make_error(ts, module, "gaierror")).release();
  state->herror = OURO_TRY(make_error(ts, module, "herror")).release();
  OURO_TRY(dict_set(ts, module->dict, "has_ipv6", Obj(ts.core.true_object)));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
