// What the files of module _socket share.
#pragma once

#include <sys/socket.h>

#include "modules/module_support.h"
#include "objects/bytes.h"

namespace ouro {

/// A socket. Timeout in seconds; negative: waits for ever; 0: never waits.
struct Socket : Object {
  int descriptor;  // -1: closed
  int family, kind, protocol;
  double timeout;
  template <class V>
  void edges(V&) const {}
};

/// What the module and the type of sockets share; both own it.
struct SocketModule : Object {
  Object* gaierror;        // owned exception classes
  Object* herror;
  double default_timeout;  // of new sockets, as Socket::timeout
  template <class V>
  void edges(V& v) const {
    v.edge(gaierror, gc::slot_label("gaierror"));
    v.edge(herror, gc::slot_label("herror"));
  }
};

/// An address in the system's form.
struct SocketAddress {
  sockaddr_storage storage;
  socklen_t length;
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

/// A Python address of that family: ("host", port), ("host", port, flow, scope), a path.
Status parse_address(ThreadState& ts, const SocketModule& module, int family, Obj address,
                     const char* function, SocketAddress& out);
/// And back.
ObjResult show_address(ThreadState& ts, const SocketAddress& address);
/// Resolves a host name without looking at ports; "" is any address, "<broadcast>" that.
Status resolve_host(ThreadState& ts, const SocketModule& module, const char* host, int family,
                    SocketAddress& out);
Raised raise_gaierror(ThreadState& ts, const SocketModule& module, int error);
Result<int> socket_int(ThreadState& ts, Obj value);
/// Seconds from None or a number; ValueError when negative.
Result<double> socket_timeout(ThreadState& ts, Obj value);
ObjResult show_timeout(ThreadState& ts, double timeout);
ObjResult make_socket_object(ThreadState& ts, Borrowed<Type> type, int descriptor, int family,
                             int kind, int protocol, double timeout);

void fill_socket_type(Type& type);
extern const MethodDef kSocketHostMethods[];

}  // namespace ouro
