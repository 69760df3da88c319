"""A real browser before the whole program, on a phone and on a desk, with JavaScript and without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, sync_playwright

from tests.services import find_chromium
from tests.serving import Server, serving

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text("utf-8")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = {"phone": (360, 780), "desk": (1440, 900)}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


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


@dataclass
class Visitor:
    """A person before a browser. Every page that is looked at must be free of axe's findings and of console errors."""

    page: Page
    base: str
    scripts: bool
    width: int
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.look()

    def look(self) -> None:
        """Check the page as it stands: accessible, and nothing to scroll sideways."""
        self.page.wait_for_load_state()
        self.seen.add(urlsplit(self.page.url).path)
        if not self.scripts:
            return
        self.page.evaluate(AXE)
        found = self.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        for one in found:
            places = "; ".join(str(node["target"]) for node in one["nodes"][:4])
            self.faults.append(f"{urlsplit(self.page.url).path} axe {one['id']}: {one['help']} {places}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.faults.append(f"{urlsplit(self.page.url).path} is {wide} px wider than the screen")

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press the button, and look at what comes of it."""
        self.button(name, within=within, exact=exact).click()
        self.page.wait_for_load_state("networkidle")
        self.look()

    def button(self, name: str, *, within: Locator | None = None, exact: bool = True) -> Locator:
        return (within or self.page.locator("main")).get_by_role("button", name=name, exact=exact).first

    def fold_out(self, words: str) -> Locator:
        """Open the <details> whose summary says so, and return it."""
        details = self.page.locator("details", has=self.page.locator("summary", has_text=words)).last
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()
        return details

    def reads(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        assert [one for one in words if one not in text] == []


@dataclass
class People:
    """Opens browsers for the people of the county: `as_('clerk')`; a resident has no name."""

    browser: Browser
    server: Server
    width: int
    height: int
    scripts: bool
    opened: list[tuple[BrowserContext, Visitor]] = field(default_factory=list)

    def as_(self, person: str = "") -> Visitor:
        context = self.browser.new_context(
            viewport={"width": self.width, "height": self.height}, java_script_enabled=self.scripts, locale="en-US"
        )
        base = f"http://127.0.0.1:{self.server.port}"
        if person:
            context.add_cookies([{"name": "lianying_session", "value": self.server.sessions[person], "url": base}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        visitor = Visitor(page, base, self.scripts, self.width)
        page.on("console", _collect(visitor))
        page.on("pageerror", lambda error: visitor.faults.append(f"script: {error}"))
        page.on("request", _only_from(visitor))
        self.opened.append((context, visitor))
        return visitor

    def close(self) -> list[str]:
        faults = [fault for _, visitor in self.opened for fault in visitor.faults]
        for context, _ in self.opened:
            context.close()
        return faults


def _collect(visitor: Visitor) -> Callable[[ConsoleMessage], None]:
    def collect(message: ConsoleMessage) -> None:
        # A refused form answers 4xx on purpose, and Chromium counts that as an error of the page.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            visitor.faults.append(f"console: {message.text}")

    return collect


def _only_from(visitor: Visitor) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        if not request.url.startswith((visitor.base, "data:", "blob:")):
            visitor.faults.append(f"asks elsewhere: {request.url}")

    return check


KINDS = {f"{size}{'' if scripts else ' without scripts'}": (size, scripts) for size in WIDTHS for scripts in (True, False)}


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def people(request: Any, chromium: Browser, server: Server) -> Iterator[People]:
    size, scripts = request.param
    opened = People(chromium, server, *WIDTHS[size], scripts)
    yield opened
    assert opened.close() == []
