"""Pytest plugin: names at the end what was left out and why; with LIANYING_TEST_ALL=1 that is a failure."""

import os
from collections import defaultdict
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

ROOT = Path(__file__).resolve().parent.parent


class LeftOut:
    """Collects the skipped tests of all workers by reason."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def add(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
            self.tests[str(report.longrepr[2]).removeprefix("Skipped: ")].add(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.add(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.add(report)

    def lines(self) -> list[str]:
        return [f"{len(tests)} test(s): {reason}" for reason, tests in sorted(self.tests.items())]

    def fails(self) -> bool:
        return os.environ.get("LIANYING_TEST_ALL") == "1" and any(map(is_owed, self.tests))

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if self.tests:
            terminalreporter.section("left out, and why" + (": a failure here" if self.fails() else ""))
            for line in self.lines():
                terminalreporter.line(line)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.fails() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if file := os.environ.get("LEFT_OUT_FILE"):
            with Path(file).open("a", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in self.lines())


def is_owed(reason: str) -> bool:
    """Return whether a complete machine could have run it: the real messages are not on every one."""
    return "shared/data" not in reason or (ROOT.parent / "shared").exists()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LeftOut(), "left-out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what means something on PostgreSQL alone; `make test` runs it there."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return
    only = [item for item in items if (mark := item.get_closest_marker("postgresql")) and mark.kwargs.get("only")]
    if only:
        config.hook.pytest_deselected(items=only)
        items[:] = [item for item in items if item not in only]
