"""The whole program as an operator starts it: `lianying up` on a data directory and a database of its own.

python -m tests.serving   migrate, make the county of the tests, print a signed-in session of each of its people (JSON)
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 120
MEGABYTE = 1024 * 1024
#: Any 32 letters are a CSRF secret; what counts is that cookie and field agree.
CSRF = "t" * 32
File = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Browser:
    """One person, one kept connection; follows nothing. `session` is a cookie of `Server.sessions`."""

    port: int
    session: str = ""
    timeout: float = 60
    line: HTTPConnection | None = field(default=None, repr=False)

    def __del__(self) -> None:
        if self.line is not None:
            self.line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, b"", **headers)

    def post(
        self, path: str, fields: Mapping[str, str | list[str]], files: Sequence[File] = (), **headers: str
    ) -> Answer:
        """files: (field, name, content); with them no field has several values."""
        fields = {"csrfmiddlewaretoken": CSRF, **fields}
        if not files:
            return self.send(
                "POST",
                path,
                urlencode(fields, doseq=True).encode(),
                Content_Type="application/x-www-form-urlencoded",
                **headers,
            )
        boundary, body = multipart(fields, files)
        return self.send("POST", path, body, Content_Type=f"multipart/form-data; boundary={boundary}", **headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Answer:
        """body: bytes, or an iterable of them, which is then sent in chunks; raises OSError or HTTPException."""
        cookies = f"lianying_csrf={CSRF}" + (f"; lianying_session={self.session}" if self.session else "")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.line is None:
            self.line = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            self.line.request(method, path, body, {"Cookie": cookies, **names})
            reply = self.line.getresponse()
            return Answer(reply.status, dict(reply.getheaders()), reply.read())
        except BaseException:
            self.line.close()
            self.line = None
            raise

    def tell(self, text: str, **fields: str) -> Answer:
        """As another program does: 201 with ref and code."""
        given = {"text": text, "client_id": str(uuid.uuid4()), **fields}
        return self.post("/tell/", given, Accept="application/json")

    def track(self, receipt: Mapping[str, str]) -> Answer:
        query = urlencode({"ref": receipt["ref"], "code": receipt["code"]})
        return self.get(f"/track/?{query}", Accept="application/json")


def multipart(fields: Mapping[str, str | list[str]], files: Sequence[File]) -> tuple[str, bytes]:
    """Return the boundary and the body."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, filename, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return boundary, b"".join([*parts, f"--{boundary}--\r\n".encode()])


@dataclass
class Server:
    """The program on a free port of the loopback. `sessions`: a cookie for each person of the county, by name."""

    environment: Mapping[str, str]
    port: int
    sessions: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def browser(self, person: str = "") -> Browser:
        return Browser(self.port, self.sessions[person] if person else "")

    def start(self) -> None:
        """Return when it is ready; raises AssertionError with what it printed where it does not come up."""
        log = Path(self.environment["LIANYING_DATA_DIR"]) / "up.log"
        command = [sys.executable, "-m", "lianying.config.cli", "up", "--port", str(self.port)]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=dict(self.environment), stdout=out, stderr=out, start_new_session=True
            )
        give_up = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return Browser(self.port, timeout=5).get("/readyz").status == 200
        except (OSError, HTTPException):
            return False

    def stop(self) -> None:
        """In good order, as Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def kill(self) -> None:
        """`kill -9` of everything at once: nobody has time to tidy up."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def pids(self) -> list[int]:
        """Of `up`, of the web server with its processes, and of the worker; parents first."""
        assert self.process is not None
        children = _children()
        found = [self.process.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def peak_megabytes(self) -> float:
        """The most memory that one of the processes ever held."""
        return max(_status(pid, "VmHWM") for pid in self.pids()) / 1024

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `lianying …` on the same data."""
        line = [sys.executable, "-m", "lianying.config.cli", *arguments]
        environment = dict(self.environment)
        return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            pid = int(folder.name)
            children.setdefault(_status(pid, "PPid"), []).append(pid)
    return children


def _status(pid: int, name: str) -> int:
    """A number of /proc/PID/status, memory in kB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


@contextmanager
def database(url: str) -> Iterator[str]:
    """A new database in the cluster of `url` for the length of the block; for '' (SQLite) there is nothing to make."""
    if not url:
        yield ""
        return
    cluster, name = url.rsplit("/", 1)[0], f"serve_{secrets.token_hex(4)}"
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{cluster}/{name}"
    finally:
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def empty(database_url: str | None = None, **variables: str) -> Iterator[Server]:
    """An empty place where nothing runs yet; what is started there ends with the block.

    database_url   of a PostgreSQL cluster; None takes the one that the tests run on, '' is SQLite
    variables      more LIANYING_ ones by their bare names
    """
    given = os.environ.get("LIANYING_DATABASE_URL", "") if database_url is None else database_url
    with tempfile.TemporaryDirectory(prefix="lianying-serve-") as folder, database(given) as url:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIANYING_")}
        environment |= {"LIANYING_DATA_DIR": folder, "LIANYING_RATE_LIMITS": "off", "PYTHONWARNINGS": "default"}
        environment |= {f"LIANYING_{name}": value for name, value in variables.items()}
        if url:
            environment["LIANYING_DATABASE_URL"] = url
        server = Server(environment, free_port(), {})
        try:
            yield server
        finally:
            if server.process is not None:
                server.kill()


@contextmanager
def serving(database_url: str | None = None, **variables: str) -> Iterator[Server]:
    """The program with the county of the tests, running for the length of the block; arguments as of `empty`."""
    with empty(database_url, **variables) as server:
        made = subprocess.run(
            [sys.executable, "-m", "tests.serving"],
            cwd=ROOT,
            env=dict(server.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        server.sessions = json.loads(made.stdout)
        server.start()
        yield server


def prepare() -> dict[str, str]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from tests.care.records import place_of
    from tests.cast import build_county, user_of
    from tests.visits.links import linked_of

    call_command("migrate", verbosity=0, interactive=False)
    sessions = {}
    county = build_county()
    linked = linked_of(county)
    more = {
        "town_head": place_of(county).head,
        "leader": linked.leader,
        "successor": linked.successor,
        "successor later": linked.successor,
    }
    for name, person in {**county.people, **more}.items():
        user, store = user_of(person), SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        sessions[name] = str(store.session_key)
    return sessions


if __name__ == "__main__":
    print(json.dumps(prepare()))
