"""A push service on this machine, and a browser that can read what it is sent."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def letters(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser(NamedTuple):
    """The keys of one that asked for notices (RFC 8291, 2)."""

    private: ec.EllipticCurvePrivateKey
    secret: bytes

    @classmethod
    def new(cls):
        return cls(ec.generate_private_key(ec.SECP256R1()), b"sixteen letters!")

    @property
    def keys(self):
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": letters(point), "auth": letters(self.secret)}

    def read(self, body):
        text = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.secret, version="aes128gcm"
        )
        return json.loads(text)


class Asked(NamedTuple):
    path: str
    headers: dict
    body: bytes


class PushService(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        # What is answered next, by path: (status, headers).
        self.answers: dict[str, list] = {}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(Asked(self.path, dict(self.headers), body))
        waiting = self.server.answers.get(self.path)
        status, headers = waiting.pop(0) if waiting else (201, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args):
        pass
