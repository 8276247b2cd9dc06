# fcntl, resource, termios, pwd, grp, syslog, mmap, bz2, lzma, tarfile: what the system offers.
import bz2
import fcntl
import grp
import io
import lzma
import mmap
import os
import pwd
import resource
import struct
import syslog
import tarfile
import tempfile
import termios
import tty


def attempt(action, *arguments):
    try:
        print(action(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


with tempfile.TemporaryFile() as file:
    flags = fcntl.fcntl(file, fcntl.F_GETFD)
    print(flags & fcntl.FD_CLOEXEC, fcntl.fcntl(file, fcntl.F_SETFD, flags), fcntl.fcntl(file.fileno(), fcntl.F_GETFD, b"abc"))
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.lockf(file, fcntl.LOCK_EX, 1)
    fcntl.lockf(file, fcntl.LOCK_UN)
    attempt(fcntl.ioctl, file, termios.TIOCGWINSZ, b"12345678")
    file.write(b"mapped text\nsecond line\n" * 200)
    file.flush()
    with mmap.mmap(file.fileno(), 0) as mapped:
        print(len(mapped), mapped.readline(), mapped.find(b"second"), mapped.rfind(b"mapped"), mapped[0], mapped[7:11])
        mapped[0:6] = b"MAPPED"
        mapped.seek(-5, os.SEEK_END)
        print(mapped.read(), mapped.tell(), mapped.size(), mapped)
        mapped.move(0, 7, 4)
        mapped.flush()
        with memoryview(mapped) as view:
            print(bytes(view[:8]), view.readonly)
            attempt(mapped.close)
        attempt(mapped.write, b"too much")
        attempt(lambda: mapped[10**6])
    attempt(mapped.read)
    file.seek(0)
    print(file.read(8))
    read_only = mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_READ)
    attempt(read_only.write_byte, 5)
    attempt(mmap.mmap, file.fileno(), 10**9)
anonymous = mmap.mmap(-1, 4096)
anonymous.write(b"hello")
anonymous.resize(8192)
print(anonymous[:5], len(anonymous), anonymous.closed)

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 200), hard))
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= 200, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
attempt(resource.getrlimit, 999)
attempt(resource.setrlimit, resource.RLIMIT_NOFILE, (1,))

master, slave = os.openpty()
attributes = termios.tcgetattr(slave)
attributes[3] &= ~termios.ECHO
termios.tcsetattr(slave, termios.TCSANOW, attributes)
print(termios.tcgetattr(slave)[3] & termios.ECHO, attributes[6][termios.VEOF], os.isatty(slave))
termios.tcsetwinsize(slave, (11, 22))
print(termios.tcgetwinsize(master), struct.unpack("HHHH", fcntl.ioctl(master, termios.TIOCGWINSZ, bytes(8)))[:2])
tty.setraw(slave)
os.write(master, b"raw\x03")
print(os.read(slave, 10), os.ttyname(slave).startswith("/dev/"))
buffer = bytearray(8)
print(fcntl.ioctl(master, termios.TIOCGWINSZ, buffer), buffer[:4])
os.close(master), os.close(slave)
attempt(termios.tcgetattr, 99)

root = pwd.getpwuid(0)
print(root.pw_name, root.pw_dir, pwd.getpwnam("root") == root, root in pwd.getpwall(), root[2:4])
print(grp.getgrgid(0).gr_name, grp.getgrnam("root").gr_gid, len(grp.getgrall()) > 0)
for action, argument in ((pwd.getpwnam, "no such user"), (pwd.getpwuid, 77777), (grp.getgrnam, "none"), (grp.getgrgid, "x")):
    attempt(action, argument)
print(syslog.LOG_MASK(syslog.LOG_ERR), syslog.LOG_UPTO(syslog.LOG_ERR), syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_INFO)))
attempt(syslog.syslog, 1, 2)

data = b"compress me " * 1000
packed = bz2.compress(data)
print(len(packed) < 200, bz2.decompress(packed * 2) == data * 2, bz2.open(io.BytesIO(packed)).read(8))
small = bz2.BZ2Decompressor()
print(small.decompress(packed, 10), small.needs_input, small.eof, len(small.decompress(b"")), small.eof)
attempt(bz2.decompress, b"nonsense")
attempt(bz2.BZ2Compressor, 10)
for format in (lzma.FORMAT_XZ, lzma.FORMAT_ALONE):
    packed = lzma.compress(data, format)
    print(len(packed) < 200, lzma.decompress(packed) == data)
filters = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 1}]
raw = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
print(lzma.decompress(raw, lzma.FORMAT_RAW, filters=filters) == data, lzma.is_check_supported(lzma.CHECK_SHA256))
reader = lzma.LZMADecompressor()
print(reader.decompress(lzma.compress(data, check=lzma.CHECK_CRC32), 5), reader.check, reader.needs_input)
attempt(lzma.decompress, b"nonsense")
attempt(lzma.LZMACompressor, 9)
attempt(lzma.compress, data, lzma.FORMAT_RAW)
attempt(lzma.compress, data, lzma.FORMAT_XZ, -1, None, [{"id": 99}])
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w:xz") as tar:
    info = tarfile.TarInfo("folder/name.txt")
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
archive.seek(0)
with tarfile.open(fileobj=archive) as tar:
    print(tar.getnames(), tar.extractfile("folder/name.txt").read(8), tar.getmember("folder/name.txt").size)
