"""A line between a browser and the program that fails as lines of the countryside do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding"}
BUSY, LOST = "busy", "lost"


@dataclass
class PoorLine:
    """What goes through it, and what does not.

    is_up   whether anything does
    faults  what becomes of the next requests that send something: BUSY is answered 503 before it arrives, LOST arrives
            and its answer does not; "" goes well
    sent    method, path and status of all that arrived with something
    """

    server: int
    port: int = 0
    is_up: bool = True
    faults: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, int]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: PoorLine

    def do_GET(self) -> None:
        self.through("")

    def do_HEAD(self) -> None:
        self.through("")

    def do_POST(self) -> None:
        self.through("")

    def do_PUT(self) -> None:
        self.through(self.line.faults.pop(0) if self.line.faults and self.line.is_up else "")

    def through(self, fault: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.line.is_up:
            self.close_connection = True
        elif fault == BUSY:
            self.answer(503, [("Content-Length", "0")], b"")
        else:
            self.forward(body, fault)

    def forward(self, body: bytes, fault: str) -> None:
        connection = HTTPConnection("127.0.0.1", self.line.server, timeout=60)
        connection.request(self.command, self.path, body or None, dict(self.headers.items()))
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        if self.command == "PUT":
            self.line.sent.append((self.command, self.path, reply.status))
        if fault == LOST:
            self.close_connection = True
            return
        self.answer(reply.status, [pair for pair in reply.getheaders() if pair[0].lower() not in HOP], content)

    def answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers) and status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def poor_line(server: int) -> Iterator[PoorLine]:
    """A line to the port `server` of the loopback for the length of the block."""
    line = PoorLine(server)
    handler = type("OfLine", (Handler,), {"line": line})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        line.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield line
        listening.shutdown()
        thread.join()
