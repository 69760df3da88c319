"""Filled databases kept between runs, a copy of one for each run, and the program serving it."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.cpu import command, tree
from tests.services import as_owner, find_postgresql, free_port, new_cluster

CLI = "lianying.config.cli"
FILLED, VERIFIED = "filled", "verified"
READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program finds its data, and the processes of the database beside it; none for SQLite."""

    data_dir: Path
    url: str = ""
    postmaster: int = 0

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANYING_")}
        given = {"LIANYING_DATA_DIR": str(self.data_dir), "LIANYING_RATE_LIMITS": "off"}
        return kept | given | ({"LIANYING_DATABASE_URL": self.url} if self.url else {})

    def run(self, *arguments: str) -> str:
        """Run a module with this place's environment and return what it printed; raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments], env=self.environment(), check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()


@contextmanager
def copied(kind: str, folder: Path, cases: int) -> Iterator[Place]:
    """A fresh copy of the database with so many cases, filled first where it is not kept; gone afterwards."""
    with (_sqlite if kind == "SQLite" else _postgresql)(folder / f"{kind.lower()}-{cases}", cases) as place:
        yield place


def _fill(place: Place, kept: Path, cases: int) -> None:
    """Each step once for a kept database: filling it, and checking its whole ledger."""
    if not (kept / FILLED).exists():
        print(f"filling {kept.name} …", flush=True)
        seconds = place.run("bench.fill", str(cases))
        print(f"filled in {seconds} s", flush=True)
        (kept / FILLED).write_text(seconds)
    if not (kept / VERIFIED).exists():
        said = place.run(CLI, "verify")
        print(said, flush=True)
        (kept / VERIFIED).write_text(said)


@contextmanager
def _sqlite(kept: Path, cases: int) -> Iterator[Place]:
    if not (kept / FILLED).exists():
        shutil.rmtree(kept, ignore_errors=True)
    _fill(Place(kept), kept, cases)
    copy = kept.with_name(f"{kept.name}-run")
    shutil.rmtree(copy, ignore_errors=True)
    # Where the file system can, the copy shares its blocks.
    subprocess.run(["cp", "-r", "--reflink=auto", str(kept), str(copy)], check=True)
    try:
        yield Place(copy)
    finally:
        shutil.rmtree(copy)


@contextmanager
def _postgresql(kept: Path, cases: int) -> Iterator[Place]:
    """The server runs with its own defaults, fsync included: what a city would have on its first day."""
    programs = find_postgresql()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    cluster, word = kept / "cluster" / "data", kept / "word"
    if not (kept / FILLED).exists():
        shutil.rmtree(kept, ignore_errors=True)
        cluster.parent.mkdir(parents=True)
        word.write_text(secrets.token_hex(16))
        new_cluster(programs, cluster, word.read_text())
    port = free_port()
    server = subprocess.Popen(
        [programs / "postgres", "-D", cluster, "-h", "127.0.0.1", "-p", str(port), "-c", "unix_socket_directories="],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_owner(),
    )
    address = f"postgresql://lianying:{word.read_text()}@127.0.0.1:{port}"
    try:
        with _answering(f"{address}/postgres") as admin:
            if not (kept / FILLED).exists():
                admin.execute("CREATE DATABASE filled")
            _fill(Place(kept, f"{address}/filled"), kept, cases)
            admin.execute("DROP DATABASE IF EXISTS run")
            admin.execute("CREATE DATABASE run TEMPLATE filled STRATEGY FILE_COPY")
            yield Place(kept, f"{address}/run", server.pid)
            admin.execute("DROP DATABASE run WITH (FORCE)")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _answering(url: str) -> psycopg.Connection:
    give_up = time.monotonic() + READY_SECONDS
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


@contextmanager
def served(place: Place) -> Iterator[tuple[int, list[int]]]:
    """`lianying up` as anybody starts it; yields its port and the processes that serve pages."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", CLI, "up", "--port", str(port)],
        env=place.environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port, [pid for pid in tree(process.pid) if "granian" in command(pid)]
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not become ready")
