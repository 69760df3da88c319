"""A gateway for text messages on the loopback that answers as it is told, and remembers what it was handed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Gateway:
    """answers: the statuses of the next requests, then 200; 0 hangs after the body was read. arrived: once one came."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    handed: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    arrived: Event = field(default_factory=Event)
    closing: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send?account=7"

    @property
    def shown(self) -> list[str]:
        """Ids of what residents see of a gateway that knows a message by its id."""
        return list(dict.fromkeys(one["id"] for one in self.handed))


@contextmanager
def gateway() -> Iterator[Gateway]:
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = state.answers.pop(0) if state.answers else 200
            if status in {0, 200}:
                state.handed.append(json.loads(body))
                state.headers.append({**self.headers, "body": body.decode()})
                state.arrived.set()
            if status == 0:
                state.closing.wait(5)
                return
            self.send_response(status)
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
