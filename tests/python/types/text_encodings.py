# Encodings written in Python, and error handlers of a program.
import codecs
def t(s):
    try: print(s, '->', repr(eval(s)))
    except Exception as e: print(s, '->', type(e).__name__, e)
codecs.register_error("stars", lambda e: ("*" * (e.end - e.start), e.end))
codecs.register_error("bytesback", lambda e: (b"<>", e.end))
codecs.register_error("badtuple", lambda e: 5)
codecs.register_error("far", lambda e: ("x", 99))
codecs.register_error("nonascii", lambda e: ("é", e.end))
codecs.register_error("neg", lambda e: ("_", -1) )
for s in ["'é€'.encode('cp1252')","b'\\x80\\xe9'.decode('cp1252')","'é'.encode('cp437')","'aé'.encode('nope')","b'a'.decode('nope')","'a'.encode('rot13')","'aé€b'.encode('ascii','stars')","b'a\\xff\\xfeb'.decode('ascii','stars')","'aé'.encode('ascii','bytesback')","b'a\\xff'.decode('ascii','bytesback')","'é'.encode('ascii','badtuple')","b'\\xff'.decode('utf-8','badtuple')","'é'.encode('ascii','far')","b'\\xff'.decode('utf-8','far')","'é'.encode('ascii','nonascii')","'é'.encode('latin-1','nonascii')","'€'.encode('latin-1','nonascii')","'éa'.encode('ascii','neg')","'é'.encode('ascii','unknownhandler')","b'\\xff'.decode('utf-8','unknownhandler')","b'\\xff'.decode('utf-8','stars')","'\\ud800'.encode('utf-8','stars')","'\\ud800'.encode('utf-16','stars')","str(b'\\xe9','iso8859-15')","bytes('é','mac_roman')","'é'.encode('punycode')","b'\\x81'.decode('cp1252')","'\\u0100'.encode('cp1252')","'\\u0100'.encode('cp1252','replace')","'\\u0100'.encode('cp1252','stars')","b'\\x81a'.decode('cp1252','stars')","codecs.lookup('cp1252').name","codecs.encode('abc','rot13')","'abc'.encode('unicode_escape')","b'\\\\u20ac'.decode('unicode_escape')","'a'.encode('raw_unicode_escape')","b'abc'.decode('raw_unicode_escape')","codecs.getincrementaldecoder('utf-8')().decode(b'\\xe2\\x82')","codecs.getreader('cp1252')"]: t(s)
