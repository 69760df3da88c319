import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lianying.cases.models import Case
from lianying.common.clock import now
from lianying.common.dump import DumpFailed
from lianying.common.messages import compile_messages
from lianying.config import backup
from lianying.config.static import collect
from lianying.orgs.models import Site
from lianying.orgs.queries import has_operator

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DEMO_CASES = 300
DEMO_SEED = 20261122


class Command(BaseCommand):
    help = "Start everything: prepare the database, then serve pages and do background work until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data-dir", help="where the database, keys and photos are kept (default: var)")
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty data directory with a demonstration county"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if _taken(host, port):
            raise CommandError(f"Port {port} is in use. Choose another one: lianying up --port {port + 1}")
        compile_messages()
        self._migrate()
        if options["demo"]:
            self._demo()
        collect()
        # Before there are children: whoever stops us while they start must not leave them behind.
        asked = _stop_asked()
        with _children(host, port) as children:
            if self._wait_until_ready(host, port, children, asked):
                self._tell(host, port)
            code = _watch(children, asked)
        sys.exit(code)

    def _migrate(self) -> None:
        """What a newer program changes in the tables can be taken back: a copy of the database is kept first."""
        try:
            kept = backup.keep_before_change(at=now())
        except (backup.BadBackup, DumpFailed, OSError) as fault:
            raise CommandError(f"The database must change, but no copy of it could be kept first: {fault}") from fault
        if kept is not None:
            self.stdout.write(f"The database changes with this version; as it was: {kept}")
        call_command("migrate", verbosity=0, interactive=False)

    def _demo(self) -> None:
        site = Site.objects.filter(pk=1).first()
        if (site is not None and not site.is_demo) or (site is None and Case.objects.exists()):
            raise CommandError(
                f"{settings.DATA_DIR} holds real data, and demonstration data never goes beside it. "
                "Start without --demo, or choose another place with --data-dir."
            )
        if site is None:
            self.stdout.write("Making a demonstration county …")
            call_command("demo", cases=DEMO_CASES, seed=DEMO_SEED, verbosity=0)

    def _wait_until_ready(
        self, host: str, port: int, children: list[subprocess.Popen[bytes]], asked: list[int]
    ) -> bool:
        # As the proxy before us would ask: by a name that is served, and over TLS where that is demanded.
        name = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), host)
        address, headers = f"http://{_reachable(host)}:{port}/readyz", {"Host": name, "X-Forwarded-Proto": "https"}
        question = urllib.request.Request(address, headers=headers)
        deadline = time.monotonic() + 60
        while not asked and time.monotonic() < deadline and all(child.poll() is None for child in children):
            with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(question, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return True
            time.sleep(0.1)
        return False

    def _tell(self, host: str, port: int) -> None:
        address = f"http://{_reachable(host)}:{port}"
        self.stdout.write(
            f"\n  Residents   {address}/\n  Staff       {address}/desk/\n  Data        {settings.DATA_DIR}\n"
        )
        site = Site.objects.filter(pk=1).first()
        if site is not None and site.is_demo:
            from lianying.desk.demo import accounts_text

            self.stdout.write(accounts_text())
        elif not has_operator():
            self.stdout.write("Nobody can sign in yet. In another terminal: lianying init\n")
        self.stdout.write("Ctrl-C stops.\n")
        self.stdout.flush()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _environment(host: str) -> dict[str, str]:
    environment = {**os.environ, "LIANYING_DATA_DIR": str(settings.DATA_DIR)}
    if host not in LOOPBACK and "LIANYING_HOSTS" not in os.environ:
        name = socket.gethostname()
        with suppress(OSError):
            own = socket.gethostbyname_ex(name)[2]
            environment["LIANYING_HOSTS"] = ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, host, name, *own]))
    return environment


@contextmanager
def _children(host: str, port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The web server and the worker, ended in good order however this ends."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-access-log"]
    web += ["--log-level", "warning", "lianying.config.wsgi:application"]
    worker = [sys.executable, "-m", "lianying.config.cli", "worker"]
    environment = _environment(host)
    children: list[subprocess.Popen[bytes]] = []
    try:
        # Sessions of their own: Ctrl-C reaches only this process, which then ends them.
        children += [subprocess.Popen(line, env=environment, start_new_session=True) for line in (web, worker)]  # noqa: S603 - our own words
        yield children
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=15)
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)


def _stop_asked() -> list[int]:
    """Take the signals that end us from now on; what is returned fills when one comes."""
    asked: list[int] = []

    def leave(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    return asked


def _watch(children: list[subprocess.Popen[bytes]], asked: list[int]) -> int:
    """Wait until somebody stops us, or a child ends by itself, which is a fault."""
    while not asked and all(child.poll() is None for child in children):
        time.sleep(0.2)
    return 0 if asked else 1
