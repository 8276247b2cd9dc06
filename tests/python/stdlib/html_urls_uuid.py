# html, urllib.parse, uuid: markup, addresses and identifiers.
import html
import html.parser
import urllib.parse as up
import uuid

print(html.escape("<a href='x'>&\"</a>"), html.unescape("&lt;&eacute;&#x41;&#65;&notit;&amp;amp;&nosuch;"))


class Shower(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        print("start", tag, attrs, self.getpos())

    def handle_endtag(self, tag):
        print("end", tag)

    def handle_data(self, data):
        print("data", repr(data))

    def handle_comment(self, data):
        print("comment", data)

    def handle_decl(self, decl):
        print("decl", decl)

    def handle_pi(self, data):
        print("pi", data)


parser = Shower()
parser.feed("<!DOCTYPE html><p class=a id='b' hidden>x &amp; y<br/><!-- c --></P><?php?><scri")
parser.feed("pt>if (a < b) {}</script>tail")
parser.close()

url = "https://user:pw@Example.com:8080/a%20b/c;p?q=1&q=2&e=#frag"
parts = up.urlsplit(url)
print(parts, parts.hostname, parts.port, parts.username, parts.geturl() == url)
print(up.urlparse(url), up.parse_qs(parts.query, keep_blank_values=True), up.parse_qsl(parts.query))
print(up.urljoin("http://a/b/c/d;p?q", "../g"), up.urljoin("http://a/b", "//x/y"), up.urljoin("http://a/b/", "?z"))
print(up.quote("a b/é?"), up.quote_plus("a b&c"), up.unquote("a%20%C3%A9"), up.unquote_plus("a+b"), up.quote(b"\xff"))
print(up.urlencode({"a": "1 2", "b": [1, 2]}, doseq=True), up.urlunsplit(("http", "h", "/p", "q", "f")), up.urldefrag(url)[1])
print(up.unquote_to_bytes("%ff"), up.urlsplit("http://[::1]:80/").hostname)
for bad in ("http://[::1/", "http://a:99999/"):
    try:
        print(up.urlsplit(bad).port)
    except ValueError as error:
        print(error)

u = uuid.UUID("12345678-1234-5678-1234-567812345678")
print(u, u.hex, u.int, u.bytes, u.fields, u.urn, u.version, u.variant)
print(uuid.uuid3(uuid.NAMESPACE_DNS, "python.org"), uuid.uuid5(uuid.NAMESPACE_URL, "http://x"), uuid.UUID(int=5) < u)
v = uuid.uuid4()
print(v.version, len(str(v)), v == uuid.UUID(str(v)), uuid.uuid1().version, uuid.UUID(bytes_le=u.bytes_le) == u)
try:
    uuid.UUID("xyz")
except ValueError as error:
    print(error)
