# Modules binascii, base64, uu and quopri forms; checksums.
import binascii
import base64

data = bytes(range(256))
for line in (b"", b"a", b"ab", b"abc", data[:45]):
    print(binascii.b2a_base64(line), binascii.b2a_uu(line), binascii.b2a_uu(line, backtick=True), binascii.hexlify(line, ":", 2))
    assert binascii.a2b_base64(binascii.b2a_base64(line)) == line
    assert binascii.a2b_uu(binascii.b2a_uu(line)) == line
    assert binascii.unhexlify(binascii.hexlify(line)) == line
print(binascii.crc32(data), binascii.crc32(b"b", binascii.crc32(b"a")) == binascii.crc32(b"ab"), binascii.crc_hqx(data, 0))
text = b"a=b\t \nlong " + b"x" * 100 + b"\r\n.\n \xff_ end "
for options in ({}, {"quotetabs": True}, {"istext": False}, {"header": True}):
    quoted = binascii.b2a_qp(text, **options)
    print(quoted, binascii.a2b_qp(quoted, header=options.get("header", False)) == text)
print(binascii.a2b_qp("=41=\nB=ZZ=", header=False), base64.b85encode(data[:10]), base64.b32encode(b"xy"))
for bad in (lambda: binascii.a2b_base64("abc"), lambda: binascii.a2b_base64("abcde"), lambda: binascii.a2b_base64("ab=c=", strict_mode=True),
            lambda: binascii.a2b_hex("abc"), lambda: binascii.a2b_hex("zz"), lambda: binascii.b2a_uu(b"x" * 46), lambda: binascii.a2b_uu(b"!~~~~"),
            lambda: binascii.a2b_hex("é"), lambda: binascii.crc32("a"), lambda: binascii.a2b_base64(3)):
    try:
        print(bad())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
