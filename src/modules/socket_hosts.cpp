// Module _socket: gethostbyaddr and gethostbyname_ex, which tell all a database knows of a host.
#include <arpa/inet.h>
#include <netdb.h>

#include "modules/module_support.h"
#include "modules/socket.h"
#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/threads.h"

namespace ouro {

namespace {

Raised raise_herror(ThreadState& ts, const SocketModule& module, int error) {
  Ref<Int> number = OURO_TRY(Int::from(ts, error));
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, hstrerror(error)));
  return raise_object(ts, OURO_TRY(call(ts, module.herror, number, text)));
}

/// (name, aliases, addresses) of an entry.
ObjResult describe(ThreadState& ts, const hostent& entry) {
  Ref<Str> name = OURO_TRY(decode_utf8(ts, entry.h_name, "surrogateescape"));
  Ref<List> aliases = OURO_TRY(List::create(ts));
  for (char** alias = entry.h_aliases; alias != nullptr && *alias != nullptr; ++alias) {
    OURO_TRY(aliases->append(ts, OURO_TRY(decode_utf8(ts, *alias, "surrogateescape"))));
  }
  Ref<List> addresses = OURO_TRY(List::create(ts));
  for (char** address = entry.h_addr_list; address != nullptr && *address != nullptr; ++address) {
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(entry.h_addrtype, *address, text, sizeof text) == nullptr) continue;
    OURO_TRY(addresses->append(ts, OURO_TRY(Str::from_latin1(ts, text))));
  }
  return Tuple::of(ts, name, aliases, addresses);
}

/// Calls `find(entry, buffer, bytes, result, error)` with a buffer that grows until it suffices.
template <class Find>
ObjResult look_up(ThreadState& ts, const SocketModule& module, Find find) {
  for (std::size_t bytes = 8192;; bytes *= 2) {
    auto* buffer = static_cast<char*>(allocate_raw(bytes));
    if (buffer == nullptr) return raise_no_memory(ts);
    hostent entry = {};
    hostent* found = nullptr;
    int error = 0;
    int code = 0;
    {
      Unlocked unlocked(ts);
      code = find(&entry, buffer, bytes, &found, &error);
    }
    if (code == ERANGE) {
      free_raw(buffer);
      continue;
    }
    ObjResult result = found != nullptr ? describe(ts, entry) : ObjResult(Raised{});
    free_raw(buffer);
    return found != nullptr ? std::move(result) : ObjResult(raise_herror(ts, module, error));
  }
}

/// A host's name as the system takes it.
Result<Ref<Bytes>> host_argument(ThreadState& ts, Obj value) {
  ObjRef bytes;
  if (is_str(value)) {
    const char* encoding = as<Str>(value)->is_ascii() ? "ascii" : "idna";
    bytes = OURO_TRY(encode_str(ts, as<Str>(value), encoding, "strict"));
  } else if (is_bytes(value)) {
    bytes = value.new_ref();
  } else {
    return raise_type_error(ts, "str, bytes or bytearray expected, not {t}", value);
  }
  if (as<Bytes>(bytes)->view().find('\0') != std::string_view::npos) {
    return raise_type_error(ts, "host name must not contain null character");
  }
  return Ref<Bytes>::steal(as<Bytes>(bytes.release()));
}

ObjResult host_by_address(ThreadState& ts, Obj module, Args args) {
  const auto& state = *static_cast<SocketModule*>(as<Module>(module)->state);
  Ref<Bytes> host = OURO_TRY(host_argument(ts, args[0]));
  SocketAddress address;
  OURO_TRY(resolve_host(ts, state, host->data(), AF_UNSPEC, address));
  const void* bytes = nullptr;
  socklen_t length = 0;
  if (address.storage.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_addr;
    length = sizeof(in_addr);
  } else if (address.storage.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_addr;
    length = sizeof(in6_addr);
  } else {
    return raise(ts, ts.core.exceptions.OSError, "unsupported address family");
  }
  return look_up(ts, state, [&](auto... rest) {
    return gethostbyaddr_r(bytes, length, address.storage.ss_family, rest...);
  });
}

ObjResult host_by_name(ThreadState& ts, Obj module, Args args) {
  const auto& state = *static_cast<SocketModule*>(as<Module>(module)->state);
  Ref<Bytes> host = OURO_TRY(host_argument(ts, args[0]));
  SocketAddress address;  // what is no name at all is refused as getaddrinfo does
  OURO_TRY(resolve_host(ts, state, host->data(), AF_INET, address));
  return look_up(ts, state, [&](auto... rest) { return gethostbyname_r(host->data(), rest...); });
}

}  // namespace

const MethodDef kSocketHostMethods[] = {
    {"gethostbyaddr", host_by_address, 1, 1, MethodDef::kNone,
     "gethostbyaddr(host) -> (name, aliaslist, addresslist)\n\nThe true name of a host, its other "
     "names "
     "and addresses."},
    {"gethostbyname_ex", host_by_name, 1, 1, MethodDef::kNone,
     "gethostbyname_ex(host) -> (name, aliaslist, addresslist)\n\nThe same, for a name."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
