import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lianying.config.keys import KeyRing, add_data_key, keys


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    first = keys(tmp_path)

    assert keys(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(keys, [tmp_path] * 8))

    assert made == [made[0]] * 8


def test_a_new_key_is_followed_by_whoever_runs(tmp_path: Path) -> None:
    running = KeyRing(tmp_path)
    old = running.data["k1"]

    made = add_data_key(tmp_path)

    assert (made, running.current, sorted(running.data)) == ("k2", "k2", ["k1", "k2"])
    assert (running.data["k1"], running.index) == (old, keys(tmp_path).index)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_keys_that_are_moved_away_are_still_known(tmp_path: Path) -> None:
    running = KeyRing(tmp_path)
    (tmp_path / "keys.json").rename(tmp_path / "elsewhere.json")

    assert running.current == "k1"
    assert not (tmp_path / "keys.json").exists()


def test_no_key_is_lost_where_several_are_made_at_once(tmp_path: Path) -> None:
    keys(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(add_data_key, [tmp_path] * 8))

    assert sorted(made) == sorted(f"k{number}" for number in range(2, 10))
    assert set(keys(tmp_path).data) == {"k1", *made}
