# http.server, http.client, urllib.request, socketserver, email: a conversation on the loopback interface.
import email
import http.client
import http.cookies
import http.server
import json
import threading
import urllib.error
import urllib.request
from email.message import EmailMessage


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/missing":
            return self.send_error(404, "Nothing here")
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/target?x=1")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.answer({"path": self.path, "agent": self.headers.get("X-Agent")})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"got": body.decode(), "type": self.headers.get_content_type()})

    def answer(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host, port = server.server_address
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.request("GET", "/a/b?c=d", headers={"X-Agent": "tester"})
    response = connection.getresponse()
    print(response.status, response.reason, response.getheader("Content-Type"), response.version, response.read())
    connection.request("POST", "/post", body=b"name=value", headers={"Content-Type": "application/x-www-form-urlencoded"})
    print(json.load(connection.getresponse()))
    connection.close()
    base = f"http://{host}:{port}"
    with urllib.request.urlopen(base + "/moved") as reply:
        print(reply.status, json.load(reply), reply.geturl() == base + "/target?x=1")
    try:
        urllib.request.urlopen(base + "/missing")
    except urllib.error.HTTPError as error:
        print(error.code, error.reason, b"Nothing here" in error.read())
        error.close()
    request = urllib.request.Request(base + "/p", data=b"{}", headers={"Content-Type": "application/json"}, method="POST")
    print(urllib.request.urlopen(request).read())
    server.shutdown()
    thread.join()
try:
    urllib.request.urlopen(base, timeout=2)
except urllib.error.URLError as error:
    print(type(error.reason).__name__)

cookie = http.cookies.SimpleCookie("a=1; b=two")
cookie["c"] = "3"
cookie["c"]["path"] = "/"
print(cookie["b"].value, cookie["c"].OutputString(), http.HTTPStatus.NOT_FOUND.phrase)
message = EmailMessage()
message["Subject"] = "Grüße"
message["To"] = "a@example.com, B <b@example.com>"
message.set_content("text\n")
message.add_alternative("<p>html</p>", subtype="html")
parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
print(parsed["subject"], [a.addr_spec for a in parsed["to"].addresses], parsed.get_body(("plain",)).get_content(), parsed.is_multipart())
