"""CPU time of other processes, from /proc."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def milliseconds(pid: int) -> float:
    """What the process's threads have run so far, user and system; to the nanosecond, as the scheduler keeps it."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            total += int(task.read_text().split()[0])
    return total / 1e6


def tree(pid: int) -> Iterator[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may hold spaces: state, parent, …
            parent = entry.read_text().rpartition(")")[2].split()[1]
            below.setdefault(int(parent), []).append(int(entry.parent.name))
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += below.get(one, [])


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
