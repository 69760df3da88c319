"""The machine is lost: a backup taken while people work brings everything back elsewhere, and the keys open it."""

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.services import free_port
from tests.serving import Server, database, serving

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def taken(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a backup and its keys lie, taken while the program ran."""
    folder = tmp_path_factory.mktemp("taken")
    done = server.command("backup", str(folder / "all.tar"), "--keys", str(folder / "keys.json"))
    assert done.returncode == 0, done.stderr
    return folder


@contextmanager
def elsewhere(server: Server, folder: Path) -> Iterator[Server]:
    """An empty place like the server's own: another directory, another database of the same kind."""
    with database(server.environment.get("LIANYING_DATABASE_URL", "")) as url:
        environment = {**server.environment, "LIANYING_DATA_DIR": str(folder)}
        if url:
            environment["LIANYING_DATABASE_URL"] = url
        yield replace(server, environment=environment, port=free_port(), process=None)


def photos(folder: Path) -> set[str]:
    return {path.name for path in (folder / "files").rglob("*") if path.is_file()}


def told_with_photo(server: Server) -> dict[str, str]:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG")
    fields = {"text": "路灯坏了", "phone": "13800138263", "name": "王某"}
    answer = server.browser().post("/tell/", fields, [("photos", "灯.jpg", out.getvalue())], Accept="application/json")
    assert answer.status == 201, answer.text
    return dict(answer.json)


def test_a_backup_brings_everything_back(server: Server, tmp_path: Path) -> None:
    receipt = told_with_photo(server)
    done = server.command("backup", str(tmp_path / "all.tar"), "--keys", str(tmp_path / "keys.json"))
    assert done.returncode == 0, done.stderr
    late = server.browser().tell("备份之后才说的一件事").json

    with elsewhere(server, tmp_path / "new") as other:
        restored = other.command("restore", str(tmp_path / "all.tar"), "--keys", str(tmp_path / "keys.json"))
        assert restored.returncode == 0, restored.stderr
        assert json.loads(other.command("verify", "--json").stdout)["ok"] is True
        try:
            other.start()
            assert other.browser().track(receipt).json["ref"] == receipt["ref"]
            assert other.browser().track(late).status == 404
            # Sealed under the old keys, opened with them.
            page = other.browser("clerk").get(f"/desk/cases/{receipt['ref']}/").text
            assert "138****8263" in page
        finally:
            other.stop()

    assert photos(tmp_path / "new") == photos(Path(server.environment["LIANYING_DATA_DIR"])) != set()


def test_without_its_keys_a_backup_is_refused_and_nothing_is_left(server: Server, taken: Path, tmp_path: Path) -> None:
    with elsewhere(server, tmp_path / "new") as other:
        refused = other.command("restore", str(taken / "all.tar"))
        restored = other.command("restore", str(taken / "all.tar"), "--keys", str(taken / "keys.json"))

    assert refused.returncode == 1
    assert "keys do not fit" in refused.stderr
    assert restored.returncode == 0, restored.stderr


def test_a_place_with_data_is_not_overwritten(server: Server, taken: Path) -> None:
    refused = server.command("restore", str(taken / "all.tar"))

    assert refused.returncode == 1
    assert "holds data already" in refused.stderr


def test_a_damaged_backup_leaves_the_place_empty(server: Server, taken: Path, tmp_path: Path) -> None:
    whole = (taken / "all.tar").read_bytes()
    spoilt = whole[:4000] + bytes(200) + whole[4200:]
    (tmp_path / "spoilt.tar").write_bytes(spoilt)
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "other.tar").write_bytes(b"not a backup")

    with elsewhere(server, tmp_path / "new") as other:
        for name in ("spoilt", "half", "other", "absent"):
            refused = other.command("restore", str(tmp_path / f"{name}.tar"), "--keys", str(taken / "keys.json"))
            assert refused.returncode == 1, name
            assert f"{name}.tar" in refused.stderr
        restored = other.command("restore", str(taken / "all.tar"), "--keys", str(taken / "keys.json"))

    assert restored.returncode == 0, restored.stderr


def test_a_backup_replaces_no_other_and_holds_no_key(server: Server, taken: Path) -> None:
    again = server.command("backup", str(taken / "all.tar"))

    assert again.returncode == 1
    assert "exists already" in again.stderr
    with tarfile.open(taken / "all.tar") as tar:
        assert [name for name in tar.getnames() if "key" in name] == []
    assert (taken / "all.tar").stat().st_mode & 0o077 == 0
    assert (taken / "keys.json").stat().st_mode & 0o077 == 0


def test_the_database_is_kept_before_a_new_program_changes_it(server: Server, taken: Path, tmp_path: Path) -> None:
    with elsewhere(server, tmp_path / "new") as other:
        other.command("restore", str(taken / "all.tar"), "--keys", str(taken / "keys.json"))
        # As an older program would have left it.
        assert other.command("migrate", "sessions", "zero").returncode == 0
        for _ in range(2):
            try:
                other.start()
            finally:
                other.stop()
        [kept] = (tmp_path / "new" / "backups").iterdir()
        said = (tmp_path / "new" / "up.log").read_text()

    with elsewhere(server, tmp_path / "back") as back:
        restored = back.command("restore", str(kept), "--keys", str(taken / "keys.json"))
        clean = json.loads(back.command("verify", "--json").stdout)["ok"]

    assert said.count(str(kept)) == 1
    assert (restored.returncode, clean) == (0, True)


def test_another_key_is_followed_without_a_stop(server: Server) -> None:
    before = told_with_photo(server)

    rotated = server.command("rotate-keys")
    after = told_with_photo(server)

    clerk = server.browser("clerk")
    pages = [clerk.get(f"/desk/cases/{receipt['ref']}/").text for receipt in (before, after)]
    assert rotated.returncode == 0, rotated.stderr
    assert ["138****8263" in page for page in pages] == [True, True]
    assert server.browser().track(before).status == 200
    assert "0 sealed anew" in server.command("rotate-keys", "--go-on").stdout
