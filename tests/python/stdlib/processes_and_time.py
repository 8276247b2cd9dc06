# subprocess, time, timeit, socket, selectors, signal: other processes, and waiting.
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import timeit

done = subprocess.run(["sh", "-c", "cat; echo err >&2; exit 3"], input="in", capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(subprocess.check_output("echo $X", shell=True, env={"X": "from env"}))
try:
    subprocess.run(["false"], check=True)
except subprocess.CalledProcessError as error:
    print(error)
try:
    subprocess.run(["no such program"])
except FileNotFoundError as error:
    print(error)
try:
    subprocess.run(["sleep", "5"], timeout=0.1)
except subprocess.TimeoutExpired as error:
    print(type(error).__name__, error.cmd)
with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
    print(process.communicate(b"piped"), process.poll(), process.args)
process = subprocess.Popen(["sleep", "9"])
process.terminate()
print(process.wait(), signal.Signals(-process.returncode).name)
first = subprocess.Popen(["printf", "b\\na\\n"], stdout=subprocess.PIPE)
second = subprocess.run(["sort"], stdin=first.stdout, stdout=subprocess.PIPE, cwd="/")
first.stdout.close()
first.wait()
print(second.stdout, subprocess.getstatusoutput("echo hi; exit 2"))
print(subprocess.list2cmdline(["a b", 'c"d']), subprocess.run([sys.executable, "-c", "print(6*7)"], stdout=subprocess.PIPE).stdout)

start = time.monotonic()
time.sleep(0.01)
print(time.monotonic() - start >= 0.01, time.time() > 1e9, time.perf_counter_ns() > 0, time.process_time() >= 0)
os.environ["TZ"] = "UTC"
time.tzset()
moment = time.gmtime(86400 * 365.25 * 30)
print(moment, time.strftime("%Y-%m-%d %H:%M:%S %a %j", moment), time.asctime(moment), time.mktime(moment), time.tzname)
print(time.strptime("2001-02-03 04:05", "%Y-%m-%d %H:%M")[:6], time.localtime(0).tm_year, time.ctime(0))
print(timeit.timeit("x = 1", number=10) >= 0, len(timeit.repeat("pass", repeat=2, number=1)))

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen()
client = socket.create_connection(server.getsockname(), timeout=5)
peer, address = server.accept()
client.sendall(b"hello")
print(peer.recv(10), address == client.getsockname(), peer.family.name, client.gettimeout())
with peer.makefile("rw") as file:
    file.write("line\n")
    file.flush()
    print(client.recv(10))
selector = selectors.DefaultSelector()
selector.register(client, selectors.EVENT_READ, "data")
print(selector.select(0))
peer.send(b"x")
print([(key.data, events) for key, events in selector.select(5)])
selector.close()
peer.shutdown(socket.SHUT_WR)
print(client.recv(5), client.recv(5))
for s in (peer, client, server):
    s.close()
left, right = socket.socketpair()
left.settimeout(0.05)
try:
    left.recv(1)
except TimeoutError as error:
    print(type(error).__name__, error)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
right.close(), left.close()
udp.sendto(b"datagram", udp.getsockname())
print(udp.recvfrom(20)[0], socket.inet_aton("1.2.3.4"), socket.htons(1), socket.inet_ntop(socket.AF_INET6, bytes(15) + b"\1"))
udp.close()
try:
    socket.create_connection(("127.0.0.1", 1), timeout=1)
except ConnectionRefusedError as error:
    print(error)
got = []
signal.signal(signal.SIGUSR1, lambda number, frame: got.append(signal.Signals(number).name))
os.kill(os.getpid(), signal.SIGUSR1)
print(got, signal.getsignal(signal.SIGUSR2))
pid = os.fork()
if pid == 0:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.cpu_count() > 0)
