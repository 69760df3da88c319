"""Runs the checks and tests that this machine can, and says at the end what it left out and why.

python -m tests.run [lint|journeys]   without an argument: everything
LIANYING_TEST_ALL=1   anything left out is a failure
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.services import find_chromium, find_postgresql

BIN = Path(sys.executable).parent
LINT: dict[str, list[str]] = {
    "ruff check": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
    # Not its formatter: the blanks that it puts between inline elements would show between Chinese words.
    "templates": ["djlint", "--lint", "--quiet", "lianying"],
}
PYTEST = ["python", "-m", "pytest", "-q"]
TWO = ["-n", "2"]
FULLY_TESTED = "lianying/rules/*,lianying/*/actions.py,lianying/*/actions/*"
TESTS: dict[str, list[str]] = {
    "messages": ["python", "scripts/messages.py", "compile"],
    "tests on SQLite": [*PYTEST, *TWO, "-m", "not journey", "--cov", "--cov-report="],
    "branches of rules and actions": ["coverage", "report", f"--include={FULLY_TESTED}", "--fail-under=100"],
}
POSTGRESQL = ["python", "-m", "tests.services", "postgresql", "--"]
ON_POSTGRESQL = [*POSTGRESQL, str(BIN / "python"), *PYTEST[1:], *TWO, "-m", "postgresql and not journey"]
JOURNEYS = [*PYTEST, *TWO, "-m", "journey"]


class Run:
    """What ran, how it ended, and what was left out."""

    def __init__(self, left_out: Path) -> None:
        self.left_out = left_out
        self.ended: list[tuple[str, int, float]] = []

    def step(self, name: str, command: Sequence[str]) -> None:
        print(f"\n──── {name}: {' '.join(command)}", flush=True)
        start = time.monotonic()
        environment = os.environ | {"LEFT_OUT_FILE": str(self.left_out)}
        code = subprocess.run([str(BIN / command[0]), *command[1:]], check=False, env=environment).returncode
        self.ended.append((name, code, time.monotonic() - start))

    def leave_out(self, name: str, why: str) -> None:
        with self.left_out.open("a", encoding="utf-8") as out:
            out.write(f"{name}: {why}\n")
        if os.environ.get("LIANYING_TEST_ALL") == "1":
            self.ended.append((name, 1, 0))

    def steps(self, commands: dict[str, list[str]]) -> None:
        for name, command in commands.items():
            self.step(name, command)

    def postgresql(self) -> None:
        if find_postgresql():
            self.step("tests on PostgreSQL", ON_POSTGRESQL)
        else:
            self.leave_out("tests on PostgreSQL", "PostgreSQL is not installed (Debian: postgresql)")

    def journeys(self) -> None:
        if find_chromium():
            self.step("journeys", JOURNEYS)
        else:
            self.leave_out("journeys", "no Chromium on this machine (Debian: chromium fonts-noto-cjk)")

    def report(self) -> int:
        """Print how each step ended and what was left out; return the exit status."""
        print("\n════ result")
        for name, code, seconds in self.ended:
            print(f"{'ok    ' if code == 0 else 'FAILED'} {seconds:6.1f} s  {name}")
        lines = self.left_out.read_text("utf-8").splitlines()
        print("left out, and why:" if lines else "nothing was left out")
        for line in lines:
            print(f"  {line}")
        return int(any(code for _, code, _ in self.ended))


def main(arguments: list[str]) -> int:
    with tempfile.NamedTemporaryFile(prefix="lianying-left-out-") as file:
        run = Run(Path(file.name))
        if arguments in ([], ["lint"]):
            run.steps(LINT)
        if not arguments:
            run.steps(TESTS)
            run.postgresql()
        if arguments in ([], ["journeys"]):
            run.journeys()
        return run.report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
