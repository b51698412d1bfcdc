#!/usr/bin/env python3
"""Small web application behind nginx: log-in form, form receipt, chunked feed, uploads."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

FORM = b"""<!doctype html><title>Log in</title><form method=post action=/login>
<input name=user><input name=pass type=password><button>Log in</button></form>"""


class App(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body, kind="text/html; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/feed":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for n in range(12):
                line = f"entry {n}: the office closes at {17 + n % 3}:00 today\n".encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                time.sleep(0.02)
            self.wfile.write(b"0\r\n\r\n")
        elif self.path == "/login":
            self.reply(200, FORM)
        else:
            self.reply(404, b"not found")

    def read_body(self):
        """Reads the body and keeps only its first kilobytes."""
        left, kept = int(self.headers.get("Content-Length", 0)), b""
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                break
            left -= len(piece)
            kept = kept or piece[:4096]
        return kept

    def do_POST(self):
        body = self.read_body()
        if self.path == "/login":
            fields = parse_qs(body.decode("latin-1"))
            if fields.get("pass") == ["Sakura-2604"]:
                self.send_response(302)
                self.send_header("Location", "/")
                self.send_header("Set-Cookie", "session=4f1c2a; HttpOnly")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.reply(200, b"<!doctype html><title>Log in</title>Wrong user name or password.")
        elif self.path == "/v1/ping":
            self.reply(200, b'{"next":135}', "application/json")
        else:
            self.reply(200, b"<!doctype html><title>Thank you</title>We have received your message.")

    do_PUT = do_POST

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", 8000), App).serve_forever()
