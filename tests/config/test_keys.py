import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lianying.config.keys import keys


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    first = keys(tmp_path)

    assert keys(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(keys, [tmp_path] * 8))

    assert made == [made[0]] * 8
