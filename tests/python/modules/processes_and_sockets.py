# Modules subprocess (over _posixsubprocess), select, socket: pipes, exit codes, loopback, timeouts.
import os
import select
import socket
import subprocess
import sys

print(subprocess.run(["echo", "hi"], capture_output=True).stdout, subprocess.call(["sh", "-c", "exit 7"]))
print(subprocess.check_output("echo $X; pwd", shell=True, env={"X": "y", "PATH": os.defpath}, cwd="/", text=True).split())
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(child.communicate(b"through"), child.returncode)
for command in (["/no/such/program"], ["cat", "\0"]):
    try:
        subprocess.run(command)
    except (OSError, ValueError) as error:
        print(type(error).__name__, error)
try:
    subprocess.run(["true"], cwd="/no/such/folder")
except OSError as error:
    print(error)
try:
    subprocess.run(["sleep", "5"], timeout=0.05)
except subprocess.TimeoutExpired as error:
    print("timed out")
print(subprocess.Popen(["sh", "-c", "kill -9 $$"]).wait(), subprocess.run(["sh", "-c", "echo e >&2"], stderr=subprocess.STDOUT, stdout=-1).stdout)
reading, writing = os.pipe()
print(select.select([reading], [writing], [], 0)[1] == [writing])
pid = os.fork()
if pid == 0:
    os.write(writing, b"from the child")
    os._exit(3)
print(os.read(reading, 100), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
poll = select.poll()
poll.register(reading, select.POLLIN)
print(poll.poll(0))
os.write(writing, b"x")
print(poll.poll(1000) == [(reading, select.POLLIN)])
os.close(reading), os.close(writing)

a, b = socket.socketpair()
with a, b:
    a.sendall(b"hello")
    into = bytearray(3)
    print(b.recv_into(into), into, b.recv(10))
    b.settimeout(0.01)
    try:
        b.recv(1)
    except TimeoutError as error:
        print(repr(error), b.gettimeout(), b.getblocking())
with socket.create_server(("127.0.0.1", 0)) as server:
    with socket.create_connection(server.getsockname()) as client:
        with server.accept()[0] as peer:
            client.send(b"ping")
            print(peer.recv(10), client.getpeername() == server.getsockname())
            client.shutdown(socket.SHUT_WR)
            print(peer.recv(1))
print(socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntoa(b"\x7f\0\0\1"), socket.htons(1), socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
for bad in (lambda: socket.inet_aton("x"), lambda: socket.socket().connect("x"), lambda: socket.socket().connect(("127.0.0.1", 70000)),
            lambda: select.select([-1], [], []), lambda: select.select([object()], [], [])):
    try:
        bad()
    except (OSError, TypeError, OverflowError, ValueError) as error:
        print(type(error).__name__, error)
