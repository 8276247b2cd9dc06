# json, struct, zlib, gzip, zipfile, base64, hashlib: bytes in and out.
import base64
import gzip
import hashlib
import hmac
import io
import json
import struct
import zipfile
import zlib

value = {"b": [1, 2.5, None, True, "é\n\u2028\"\\"], "a": {"x": []}, "n": float("inf"), 1: 2}
print(json.dumps(value), json.dumps(value, indent=2, sort_keys=False, ensure_ascii=False), sep="\n")
print(json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps({"b": 1, "a": 2}, sort_keys=True))
print(json.loads('{"a": [1, 2.0, -3e2, "\\u00e9\\ud83d\\ude00", null, true, NaN]}'))
print(json.loads("[1.10]", parse_float=str), json.loads('{"a": 1}', object_pairs_hook=list), json.loads(b'"\xc3\xa9"'))
for bad in ("", "{", "[1,]", '{"a" 1}', "nul", '"\x01"', "[1] x", '{"a":1,}'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error, error.pos, error.lineno, error.colno)
for bad in ({1, 2}, object(), {(1,): 2}, 1j):
    try:
        json.dumps(bad)
    except TypeError as error:
        print(error)
print(json.dumps({1, 2}, default=sorted), json.JSONEncoder(indent="\t").encode([1]), json.JSONDecoder().raw_decode("1 2"))
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as error:
    print(error)

packed = struct.pack("<bBhHiIqQfd?4s3pxc", -1, 255, -2, 3, -4, 5, -6, 7, 1.5, 2.5, True, b"ab", b"pascal", b"z")
print(packed, struct.unpack("<bBhHiIqQfd?4s3pxc", packed), struct.calcsize("@ilq"), struct.calcsize("=ilq"))
print(struct.pack(">e", 0.1), list(struct.iter_unpack(">H", b"\0\1\0\2")), struct.Struct("!I").unpack_from(b"xx\0\0\1\0", 2))
for action in (lambda: struct.pack("b", 200), lambda: struct.unpack("i", b"abc"), lambda: struct.pack("z", 1), lambda: struct.pack("i")):
    try:
        action()
    except struct.error as error:
        print(error)

data = b"hello hello hello " * 50
small = zlib.compress(data, 9)
print(len(small) < len(data), zlib.decompress(small) == data, zlib.crc32(data), zlib.adler32(data), zlib.crc32(b"x", 5))
stream = zlib.compressobj(wbits=-15, zdict=b"hello ")
raw = stream.compress(data[:100]) + stream.flush(zlib.Z_SYNC_FLUSH) + stream.compress(data[100:]) + stream.flush()
back = zlib.decompressobj(-15, zdict=b"hello ")
first = back.decompress(raw + b"rest", 10)
print(first, back.eof, back.unused_data, len(back.unconsumed_tail) > 0)
print(first + back.decompress(back.unconsumed_tail) == data, back.eof, back.unused_data, back.flush())
other = zlib.decompressobj()
part = other.decompress(small[:20])
print((part + other.copy().decompress(small[20:])) == data)
for action in (lambda: zlib.decompress(b"junk"), lambda: zlib.decompress(small[:-3]), lambda: zlib.compress(b"", 77),
               lambda: zlib.compressobj(level=99), lambda: zlib.decompress("text"), lambda: zlib.decompressobj().flush(0)):
    try:
        action()
    except (zlib.error, ValueError, TypeError) as error:
        print(type(error).__name__, error)
packed = gzip.compress(data, mtime=0)
print(packed[:4], gzip.decompress(packed) == data)
with gzip.open(io.BytesIO(packed), "rt") as file:
    print(len(file.readline()))

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a.txt", data)
    z.writestr(zipfile.ZipInfo("d/b.bin", (2020, 1, 2, 3, 4, 6)), b"\0\1")
    z.comment = b"note"
with zipfile.ZipFile(archive) as z:
    print(z.namelist(), z.testzip(), z.read("d/b.bin"), z.comment, z.getinfo("d/b.bin").date_time, z.getinfo("a.txt").file_size)
    with z.open("a.txt") as member:
        print(member.read(11), member.seek(6), member.read(5))
    print(z.getinfo("d/b.bin"), sorted(p.name for p in zipfile.Path(z).iterdir()))
try:
    zipfile.ZipFile(io.BytesIO(b"not a zip"))
except zipfile.BadZipFile as error:
    print(error)

print(base64.b64encode(b"\xff\xfe\xfd"), base64.urlsafe_b64encode(b"\xff\xfe\xfd"), base64.b32encode(b"hi"), base64.b85encode(b"hello"))
print(base64.b16decode("FF00"), base64.a85decode(base64.a85encode(b"zeros\0\0\0\0")), base64.decodebytes(b"aGk=\n"))
for name in ("md5", "sha1", "sha256", "sha3_256", "blake2b", "sha512"):
    print(name, hashlib.new(name, b"abc").hexdigest()[:32])
print(hashlib.pbkdf2_hmac("sha256", b"pw", b"salt", 10).hex()[:20], hmac.new(b"k", b"m", "sha256").hexdigest()[:20], hmac.compare_digest("a", "a"))
