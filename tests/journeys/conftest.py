"""A real browser before the whole program, on a phone and on a desk, with JavaScript and without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import FLAGS, People
from tests.services import find_chromium
from tests.serving import Server, serving

HERE = Path(__file__).parent
SIZES = {"phone": (360, 780), "desk": (1440, 900)}
KINDS = {
    "phone": ("phone", True),
    "desk": ("desk", True),
    "phone without scripts": ("phone", False),
    "desk without scripts": ("desk", False),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def looked_at() -> set[str]:
    """What axe has read of each page and width: other words alone bring it nothing new."""
    return set()


def _people(kind: str, chromium: Browser, server: Server, looked_at: set[str]) -> Iterator[People]:
    size, scripts = KINDS[kind]
    opened = People(chromium, server, SIZES[size], scripts, looked_at)
    yield opened
    assert opened.close() == []


@pytest.fixture(params=KINDS)
def people(request: Any, chromium: Browser, server: Server, looked_at: set[str]) -> Iterator[People]:
    """Of every kind of browser."""
    yield from _people(request.param, chromium, server, looked_at)


@pytest.fixture(params=["phone", "desk"])
def scripted(request: Any, chromium: Browser, server: Server, looked_at: set[str]) -> Iterator[People]:
    """With JavaScript, at both widths."""
    yield from _people(request.param, chromium, server, looked_at)


@pytest.fixture
def at_desk(chromium: Browser, server: Server, looked_at: set[str]) -> Iterator[People]:
    """With JavaScript, before a wide screen."""
    yield from _people("desk", chromium, server, looked_at)
