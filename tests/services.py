"""Finds and starts what tests need beside Python: a throw-away PostgreSQL, a Chromium.

python -m tests.services postgresql -- CMD…   run CMD with LIANYING_DATABASE_URL of a new PostgreSQL, then stop it
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30
# Nothing in it outlives the run, so nothing waits for a disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "unix_socket_directories": ""}


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version first, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def find_chromium() -> Path | None:
    """Return a Chromium or Chrome; CHROMIUM names one elsewhere."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next(filter(None, map(shutil.which, filter(None, names))), None)
    return Path(found) if found else None


def unprivileged() -> pwd.struct_passwd:
    """Return whose PostgreSQL it is: it refuses to run as root."""
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    return next(user for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})


def as_owner() -> dict[str, Any]:
    """Return what makes a subprocess run as the owner of the cluster."""
    owner = unprivileged()
    return {} if os.getuid() else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_cluster(programs: Path, data: Path, password: str) -> None:
    word = data.parent / "password"
    word.write_text(password)
    for path in (data.parent, word):
        os.chown(path, unprivileged().pw_uid, unprivileged().pw_gid)
    # Sorted by language, as a city's is, not by bytes: a path column that forgets COLLATE "C" must be seen.
    command: list[Path | str] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "lianying",
        "-A",
        "scram-sha-256",
        f"--pwfile={word}",
        "-E",
        "UTF8",
    ]
    command += ["--locale=C", "--locale-provider=icu", "--icu-locale=und", "--no-sync", "--no-instructions"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_owner())


def create_database(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, then create the database that `url` names.

    Raises  psycopg.OperationalError where it does not answer in START_SECONDS or has ended
    """
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE lianying")
                return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.05)


@contextmanager
def postgresql(programs: Path, **changed: str) -> Iterator[str]:
    """Run a new cluster on the loopback for the length of the block; yield its postgresql:// address.

    changed   settings of the server that are to be other than FAST
    """
    with tempfile.TemporaryDirectory(prefix="lianying-pg-") as folder:
        data, password, port = Path(folder) / "data", secrets.token_hex(16), free_port()
        new_cluster(programs, data, password)
        settings = [part for name, value in (FAST | changed).items() for part in ("-c", f"{name}={value}")]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                **as_owner(),
            )
        try:
            url = f"postgresql://lianying:{password}@127.0.0.1:{port}/lianying"
            create_database(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def main(arguments: list[str]) -> int:
    if arguments[:2] != ["postgresql", "--"] or not arguments[2:]:
        sys.exit(__doc__)
    programs = find_postgresql()
    if not programs:
        sys.exit("no PostgreSQL on this machine")
    with postgresql(programs) as url:
        return subprocess.run(arguments[2:], check=False, env=os.environ | {"LIANYING_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
