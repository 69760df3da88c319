"""Two installations hand a request from one to the other and hear back, while either is killed in between."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow
ROUND = """
import json, sys, django
django.setup()
from datetime import timedelta
from lianying.common.clock import now
from lianying.exchange.delivery import refer_due
for hours in map(float, sys.argv[1].split(",")):
    refer_due(at=now() + timedelta(hours=hours))
from lianying.cases.models import Case, Entry
from lianying.exchange.models import Posted, Referral
heard = Entry.objects.filter(kind="inner", event_seq__gt=1).order_by("case", "event_seq")
print(json.dumps({
    "cases": Case.objects.count(),
    "posted": list(Posted.objects.values_list("case__ref", flat=True)),
    "referrals": list(Referral.objects.values_list("request_id", "error", "status")),
    "story": list(heard.values_list("text", flat=True)),
}))
"""


def rounds(server: Server, *hours: float) -> dict[str, Any]:
    """Rounds of the worker so many hours from now; then what is there."""
    environment = {**server.environment, "DJANGO_SETTINGS_MODULE": "lianying.config.settings"}
    command = [sys.executable, "-c", ROUND, ",".join(map(str, hours or (0,)))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def end(server: Server) -> None:
    """With `kill -9`."""
    server.kill()
    server.process = None


@dataclass
class Relay:
    """A line between the two. before, after: what happens when a request put in is on its way there, and back."""

    port: int = 0
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    passed: int = 0
    broken: Event = field(default_factory=Event)


@contextmanager
def relay(there: Server) -> Iterator[Relay]:
    state = Relay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass("GET", None)

        def do_POST(self) -> None:
            self._pass("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def _pass(self, method: str, body: bytes | None) -> None:
            if method == "POST" and state.before is not None:
                state.before()
                state.broken.set()
                return
            line = HTTPConnection("127.0.0.1", there.port, timeout=30)
            kept = {"Content-Type": self.headers["Content-Type"]} if body is not None else {}
            try:
                line.request(method, self.path, body, kept)
                answer = line.getresponse()
                content = answer.read()
            except OSError:
                return
            finally:
                line.close()
            if method == "POST":
                state.passed += 1
                if state.after is not None:
                    state.after()
                    state.broken.set()
                    return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def set_up(ours: Server, theirs: Server, line: Relay) -> str:
    """A request in hand of ours; the address of the other county is known. Return its number."""
    made = theirs.command("open311-client", "邻县联应", "--unit", "root")
    assert made.returncode == 0, made.stderr
    key = max(made.stdout.split(), key=len)
    endpoint = {"name": "邻县", "url": f"http://127.0.0.1:{line.port}/open311/v2", "key": key, "takes_once": "on"}
    sent = ours.browser("operator").post("/desk/settings/endpoints/", endpoint)
    assert (sent.status, sent.headers["location"][-11:]) == (303, "?done=asked")
    receipt = ours.browser().tell("界河上的路灯坏了三天", address="界河路3号", phone="13812348263").json
    ref: str = receipt["ref"]
    return ref


def refer(ours: Server, ref: str) -> None:
    clerk = ours.browser("clerk")
    page = clerk.get(f"/desk/cases/{ref}/referrals/").text
    value = next(part.split('"')[0] for part in page.split('<option value="')[1:] if ':0304"' in part[:60])
    given = {"service": value, "text": "界河上的路灯坏了", "with_place": "on"}
    sent = clerk.post(f"/desk/cases/{ref}/referrals/", given)
    assert sent.status == 303, sent.text


def decline(server: Server, ref: str) -> None:
    fields = {"version": "1", "kind": "help", "urgency": "ordinary", "category": ""}
    said = {"reason": "legal_channel", "text": "界河路灯归贵县管。"}
    sent = server.browser("clerk").post(f"/desk/cases/{ref}/move/decline/", {**fields, **said})
    assert sent.status == 303, sent.text


def test_nothing_is_lost_or_doubled_while_the_other_is_killed() -> None:
    with (
        serving(database_url="", WORKER_SECONDS="1") as ours,
        serving(database_url="") as theirs,
        relay(theirs) as line,
    ):
        ref = set_up(ours, theirs, line)
        line.before = lambda: end(theirs)
        refer(ours, ref)
        assert line.broken.wait(30)
        end(ours)
        line.before = None
        theirs.start()
        there = rounds(ours, 0.1, 0.2, 2)
        found = rounds(theirs)
        assert (there["referrals"], line.passed) == ([[found["posted"][0], "", "open"]], 1)

        decline(theirs, found["posted"][0])
        end(theirs)
        assert rounds(ours, 5)["referrals"] == there["referrals"]
        theirs.start()
        back = rounds(ours, 8, 12, 20)

        assert back["referrals"] == [[found["posted"][0], "", "closed"]]
        assert [words for words in back["story"] if "不予受理" in words] == back["story"][-1:]
        assert (rounds(theirs)["cases"], back["cases"]) == (1, 1)


def test_nothing_is_lost_or_doubled_while_one_is_killed_before_it_hears() -> None:
    with (
        serving(database_url="", WORKER_SECONDS="1") as ours,
        serving(database_url="") as theirs,
        relay(theirs) as line,
    ):
        ref = set_up(ours, theirs, line)
        line.after = lambda: end(ours)
        refer(ours, ref)
        assert line.broken.wait(30)
        assert rounds(theirs)["cases"] == 1
        line.after = None
        assert rounds(ours)["referrals"] == [["", "", ""]]
        there = rounds(ours, 0.1)
        found = rounds(theirs)

        assert (found["cases"], line.passed) == (1, 2)
        assert there["referrals"] == [[found["posted"][0], "", "open"]]
        assert len([words for words in there["story"] if "对方已收下" in words]) == 1
