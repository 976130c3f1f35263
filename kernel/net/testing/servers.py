#!/usr/bin/env python3
"""The other side of the tests: servers out of Python's standard library, each with its own bad habits.

    servers.py http [CERT KEY]      prints its port, serves until its standard input ends
"""
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

counts, seen_name, lock = {}, {}, threading.Lock()


def count(name):
    with lock:
        counts[name] = counts.get(name, 0) + 1
        return counts[name]


class Habits(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        ask = dict(urllib.parse.parse_qsl(url.query))
        self.sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "id" in ask:
            self.turn = count(ask["id"])
        getattr(self, "do" + url.path.replace("/", "_").replace("-", "_"), self.unknown)(ask)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = handle_any

    def unknown(self, _):
        self.answer(404, b"nothing here")

    def do_echo(self, _):
        told = {"method": self.command, "path": self.path, "fields": dict(self.headers), "body": self.sent.decode("latin-1"),
                "sni": seen_name.get("last")}
        self.answer(200, json.dumps(told).encode(), [("Content-Type", "application/json")])

    def do_count(self, ask):
        self.answer(200, str(counts.get(ask["of"], 0)).encode())

    def do_to(self, ask):
        self.answer(int(ask.get("code", "302")), b"moved", [("Location", ask["url"])])

    def do_round(self, _):
        self.answer(302, b"", [("Location", "/round")])

    def do_chunked(self, _):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "X-End")
        self.end_headers()
        for n in (1, 4095, 70000, 3):
            self.wfile.write(b"%x;ext=1\r\n" % n + b"c" * n + b"\r\n")
        self.wfile.write(b"0\r\nX-End: yes\r\n\r\n")

    def do_big(self, ask):
        n = int(ask["n"])
        self.send_response(200)
        if "quiet" not in ask:
            self.send_header("Content-Length", str(n))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        block = bytes(range(256)) * 256
        while n > 0:
            self.wfile.write(block[: min(n, len(block))])
            n -= len(block)

    def do_cut(self, ask):
        count("cut")
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"ten bytes.")
        self.close_connection = True

    def do_drip(self, ask):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.05)

    def do_hang(self, ask):
        time.sleep(30)

    def do_drop(self, ask):
        if self.turn <= int(ask["times"]):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            self.answer(200, b"at last")

    def do_busy(self, ask):
        fields = [("Retry-After", ask["after"])] if "after" in ask else []
        self.answer(503 if self.turn <= int(ask["times"]) else 200, str(self.turn).encode(), fields)

    def do_interim(self, ask):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        self.answer(200, b"after the hints")

    def do_kept(self, ask):
        tag = '"v%s"' % ask.get("v", "1")
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        fields = [("ETag", tag)]
        if "vary" in ask:
            fields.append(("Vary", ask["vary"]))
        if "control" in ask:
            fields.append(("Cache-Control", ask["control"]))
        self.answer(200, b"x" * 100000, fields)

    def do_dated(self, ask):
        date = "Sun, 06 Nov 1994 08:49:37 GMT"
        if self.headers.get("If-Modified-Since") == date:
            self.send_response(304)
            self.end_headers()
            return
        self.answer(200, b"dated", [("Last-Modified", date)])


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # clients that go away are what these tests are about


def main():
    server = Server(("127.0.0.1", 0), Habits)
    server.daemon_threads = True
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        context.sni_callback = lambda _, name, __: seen_name.update(last=name)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


main()
