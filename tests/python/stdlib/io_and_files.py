# io, os, os.path, pathlib, shutil, tempfile, glob, fnmatch: files and folders.
import fnmatch
import glob
import io
import os
import pathlib
import shutil
import stat
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with open("a.txt", "w", encoding="utf-8", newline="\n") as file:
        print(file.write("één\r\ntwo\nthree"), file.tell(), file.writable(), file.encoding, file.name)
    with open("a.txt", encoding="utf-8") as file:
        print(file.readline(), file.readlines(), file.newlines)
        file.seek(0)
        print([line for line in file], file.seekable())
    with open("a.txt", "rb+") as file:
        print(file.read(3), file.seek(-2, os.SEEK_END), file.read(), file.truncate(4), os.fstat(file.fileno()).st_size)
    with open("a.txt", "a+b", buffering=0) as file:
        print(file.write(b"tail"), type(file).__name__, file.mode)
    for mode in ("x", "q", "rw", "b"):
        try:
            open("a.txt", mode).close()
        except (OSError, ValueError) as error:
            print(type(error).__name__, error)
    try:
        open("missing")
    except FileNotFoundError as error:
        print(error, error.errno, error.filename)
    s = io.StringIO("one\ntwo")
    print(s.readline(), s.read(), s.getvalue(), s.tell())
    b = io.BytesIO(b"abc")
    view = b.getbuffer()
    view[0] = 122
    print(b.getvalue(), b.read1(2), io.BufferedReader(io.BytesIO(b"xyz")).peek(1))
    wrapper = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace", newline="\r\n")
    wrapper.write("é\n")
    wrapper.flush()
    print(wrapper.buffer.getvalue(), wrapper.errors, io.DEFAULT_BUFFER_SIZE)

    os.makedirs("d/e/f", exist_ok=True)
    os.mkdir("d/g")
    os.symlink("a.txt", "link")
    os.rename("a.txt", "b.txt")
    os.link("b.txt", "hard")
    print(sorted(os.listdir()), os.path.islink("link"), os.path.exists("link"), os.readlink("link"), os.stat("hard").st_nlink)
    print(sorted(entry.name for entry in os.scandir("d") if entry.is_dir()), os.path.getsize("b.txt"), os.access("b.txt", os.W_OK))
    os.chmod("b.txt", 0o640)
    print(stat.filemode(os.stat("b.txt").st_mode), oct(stat.S_IMODE(os.stat("b.txt").st_mode)))
    os.utime("b.txt", (1, 2))
    print(os.stat("b.txt").st_mtime, [(root, sorted(dirs), files) for root, dirs, files in os.walk("d")])
    for path in ("a//b/../c", "/x/./y", "~nobody_at_all/x", "a/b.tar.gz"):
        print(os.path.normpath(path), os.path.split(path), os.path.splitext(path), os.path.isabs(path))
    print(os.path.commonpath(["/a/b/c", "/a/b/d"]), os.path.relpath("/a/b", "/a/c"), os.path.expandvars("$NOPE/x"))

    p = pathlib.Path("d") / "e" / "x.py"
    p.write_text("print()\n")
    print(p, p.name, p.stem, p.suffix, p.parent, p.parts, p.read_text(), p.exists(), p.with_suffix(".txt"), p.is_file())
    print(sorted(str(x) for x in pathlib.Path(".").rglob("*")), list(pathlib.Path("d").glob("**/*.py")), p.relative_to("d"))
    print(pathlib.PurePosixPath("/a/../b").is_absolute(), p.match("*.py"), pathlib.Path("a") < pathlib.Path("b"), p.resolve().name)
    p.rename(p.with_name("y.py"))
    p.with_name("y.py").unlink()
    p.unlink(missing_ok=True)
    print(pathlib.PureWindowsPath("c:\\a\\b").as_posix(), repr(pathlib.PurePath("a", "b")))
    pathlib.Path("d/t").touch()
    print(sorted(glob.glob("d/*")), fnmatch.filter(["a.py", "b.txt"], "*.py"), fnmatch.translate("[!a]?*"))

    shutil.copytree("d", "copy")
    shutil.copy2("b.txt", "copy/t")
    shutil.move("copy/t", "moved")
    print(sorted(os.listdir("copy")), os.path.getmtime("moved"), shutil.which("sh") is not None, shutil.disk_usage(".").total > 0)
    print(os.path.basename(shutil.make_archive("packed", "gztar", "copy")), os.path.basename(shutil.make_archive("packed", "zip", "d")))
    shutil.unpack_archive("packed.tar.gz", "unpacked")
    print(sorted(os.listdir("unpacked")))
    shutil.rmtree("copy")
    try:
        shutil.rmtree("copy")
    except FileNotFoundError as error:
        print(error)
    with tempfile.NamedTemporaryFile("w+", dir=".", suffix=".x", delete=False) as file:
        file.write("kept")
    print(os.path.exists(file.name), file.name.endswith(".x"))
    with tempfile.SpooledTemporaryFile(max_size=4) as spooled:
        spooled.write(b"12")
        print(spooled._rolled)
        spooled.write(b"3456")
        spooled.seek(0)
        print(spooled._rolled, spooled.read())
    handle, name = tempfile.mkstemp(dir=folder)
    os.write(handle, b"raw")
    print(os.lseek(handle, 0, 0), os.read(handle, 9), os.isatty(handle))
    os.close(handle)
    r, w = os.pipe()
    os.write(w, b"through")
    print(os.read(r, 20), os.get_inheritable(r))
    os.close(r), os.close(w)
    os.chdir("/")
print(os.path.exists(folder), os.sep, os.linesep == "\n", os.name, os.environ.get("NOPE", "no"), os.strerror(2))
