# Files: text and bytes, modes, seeking, lines, errors; os and io.
import io
import os

with open("note.txt", "w") as f:
    print(f.write("first line\nsecond\n"), f.writelines(["third\n", "é€\n"]), f.writable(), f.readable(), f.mode, f.name, f.closed, f.tell())
print(f.closed, os.path.exists("note.txt"), os.stat("note.txt").st_size, sorted(os.listdir(".")))
with open("note.txt", encoding="utf-8") as f:
    print(f.readline(), f.read(3), f.readlines(), f.read(), f.seek(0), next(f), [line.strip() for line in f])
with open("note.txt", "rb") as f:
    print(f.read(5), f.tell(), f.seek(-3, 2), f.read(), f.seek(0), f.readline(), f.readinto(b := bytearray(4)), b, f.peek(1)[:1])
with open("note.txt", "a") as f:
    f.write("appended")
with open("note.txt", "r+") as f:
    f.write("FIRST"); f.seek(0); print(f.read().splitlines())
with open("data.bin", "wb") as f:
    print(f.write(bytes(range(10))), f.write(bytearray(b"xy")))
with open("data.bin", "r+b") as f:
    f.seek(3); f.write(b"ZZZ"); f.truncate(8); f.seek(0); print(f.read())
with open("crlf.txt", "wb") as f:
    f.write(b"a\r\nb\rc\n")
for newline in (None, "", "\n", "\r\n"):
    with open("crlf.txt", newline=newline) as f:
        print(repr(newline), f.readlines(), f.newlines)
try:
    open("note.txt", "x")
except FileExistsError as error:
    print(error, error.errno, error.filename)
for bad in ("open('missing.txt')", "open('.')", "open('note.txt', 'rw')", "open('note.txt', 'rb', encoding='utf-8')", "f.read()", "open('note.txt', 'w').read()", "open('note.txt').write('x')", "open('data.bin', 'rb').write(b'')", "open('a\\0b')", "os.remove('missing')", "os.mkdir('note.txt')", "os.listdir('missing')", "open('data.bin').read() and 0", "open('crlf.txt', 'wb').write('text')", "open('crlf.txt', 'w').write(b'bytes')", "os.rmdir('missing')", "open(-1)", "open('x', buffering=0)"):
    try:
        print(bad, eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
s = io.StringIO("one\ntwo\n")
print(s.readline(), s.tell(), s.read(), s.seek(0), s.write("ONE"), s.getvalue(), list(s), s.truncate(2), s.getvalue())
b = io.BytesIO(b"abc")
print(b.read(1), b.seek(0, 2), b.write(b"de"), b.getvalue(), b.seek(1), b.read(), b.closed, b.close(), b.closed)
os.mkdir("folder"); os.rename("data.bin", "folder/moved.bin")
print(os.listdir("folder"), os.path.isdir("folder"), os.path.isfile("folder/moved.bin"), os.path.join("a", "b"), os.path.split("/x/y.z"), os.path.splitext("y.tar.gz"), os.path.basename("/p/q"), os.path.normpath("a/../b//c"), os.sep, os.getcwd() == os.path.abspath("."))
os.remove("folder/moved.bin"); os.rmdir("folder")
print(os.environ.get("NOT_SET_ANYWHERE", "default"), "PATH" in os.environ, os.linesep == "\n", os.name, isinstance(os.getpid(), int))
r, w = os.pipe(); os.write(w, b"through a pipe"); os.close(w); print(os.read(r, 100)); os.close(r)
