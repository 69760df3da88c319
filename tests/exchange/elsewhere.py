"""Another system on the loopback that answers by Open311 as it is told, and remembers what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SERVICES = [{"service_code": "12", "service_name": "路灯"}, {"service_code": "13"}, {"service_name": "无编号"}]


@dataclass
class Elsewhere:
    """posts: answers to the next requests put in, a status of 0 hangs.  rows, news: what it says of requests."""

    port: int = 0
    posts: list[tuple[int, Any]] = field(default_factory=list)
    put_in: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=lambda: {"services": SERVICES})
    closing: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/open311"

    def stands(self, status: str, notes: str = "", at: str = "2026-11-12T12:00:00+08:00") -> None:
        row = {"service_request_id": "E-7", "status": status, "status_notes": notes, "updated_datetime": at}
        self.answers["requests/E-7"] = [row]

    def says(self, *updates: tuple[str, str, str]) -> None:
        """Number, status and words of each."""
        names = ("update_id", "status", "description")
        rows = [dict(zip(names, one, strict=True)) for one in updates]
        at = {"service_request_id": "E-7", "updated_datetime": "2026-11-12T11:00:00Z"}
        self.answers["servicerequestupdates"] = [{**at, **row} for row in rows]


TAKEN = (200, [{"service_request_id": "E-7", "service_notice": "三天内办"}])


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    state = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.put_in.append({name: values[0] for name, values in parse_qs(body).items()})
            status, said = state.posts.pop(0) if state.posts else TAKEN
            if status == 0:
                state.closing.wait(0.01)
                return
            self._say(status, said)

        def do_GET(self) -> None:
            state.asked.append(self.path)
            path = urlsplit(self.path).path.removeprefix("/open311/").removesuffix(".json")
            said = state.answers.get(path)
            self._say(200 if said is not None else 404, said if said is not None else [])

        def _say(self, status: int, said: Any) -> None:
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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
