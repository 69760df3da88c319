"""The people of the county before their browsers: what they open, read, write and press."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.serving import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: What a page is built of, without its words: each kind of element with its place, once.
PARTS = """() => [...new Set([...document.querySelectorAll("html, html *")].map((one) =>
  [one.parentElement?.tagName, one.tagName, one.className, one.type ?? "", one.open ?? "", one.hidden].join(" ")))]"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WAIT_MILLISECONDS = 15_000


@dataclass
class Visitor:
    """One person before a browser. Every page must be free of axe's findings, of errors and of scrolling sideways."""

    page: Page
    base: str
    scripts: bool
    looked_at: set[str]
    faults: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def place(self) -> str:
        """Path of the page."""
        return urlsplit(self.page.url).path

    def open(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status
        self.look()

    def look(self) -> None:
        """Check the page as it stands."""
        wide = self.page.evaluate(TOO_WIDE)
        if wide > 0:
            self.faults.append(f"{self.place} is {wide} px wider than the screen")
        if not self.scripts:
            return
        page = f"{self.page.viewport_size} {re.sub('[0-9]', '', self.place)}"
        parts = {f"{page} {part}" for part in self.page.evaluate(PARTS)}
        if parts <= self.looked_at:
            return
        self.looked_at.update(parts)
        self.page.evaluate(AXE)
        for one in self.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]:
            places = "; ".join(str(node["target"]) for node in one["nodes"][:4])
            self.faults.append(f"{self.place} axe {one['id']}: {one['help']} {places}")

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button that leads to another page, and look at it."""
        with self.page.expect_navigation():
            self.button(name, within=within).click()
        self.look()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        with self.page.expect_navigation():
            self.link(name, within=within).click()
        self.look()

    def button(self, name: str, *, within: Locator | None = None) -> Locator:
        """The first whose words begin so: a key may stand behind them."""
        return (within or self.main).get_by_role("button", name=_beginning(name)).first

    def link(self, name: str, *, within: Locator | None = None) -> Locator:
        return (within or self.main).get_by_role("link", name=_beginning(name)).first

    def write(self, label: str, words: str, *, within: Locator | None = None) -> None:
        self.field(label, within=within).fill(words)

    def field(self, label: str, *, within: Locator | None = None) -> Locator:
        return (within or self.main).get_by_label(_beginning(label)).first

    def choose(self, words: str, *, within: Locator | None = None) -> None:
        """Tick what these words stand beside."""
        (within or self.main).locator("label:has(input)", has_text=_beginning(words)).first.click()

    def pick(self, label: str, option: str, *, within: Locator | None = None) -> None:
        self.field(label, within=within).select_option(label=option)

    def unfold(self, words: str) -> Locator:
        """Open what is folded under these words, and return it."""
        details = self.main.locator("details", has=self.page.locator("summary", has_text=_beginning(words))).last
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()
        self.look()
        return details

    def opened(self, step: str) -> Locator:
        """The form of a step of a case, opened by its button where it is not open already."""
        title = self.page.get_by_role("heading", name=_beginning(step))
        if not title.count():
            self.link(step).click()
            expect(title.first).to_be_visible()
            self.look()
        return self.main.locator("form[id^=do-]", has=self.page.get_by_role("button", name=_beginning(step)))

    def reads(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        missing = [one for one in words if one not in text]
        assert not missing, f"{missing} not on {self.place}:\n{text}"

    def does_not_read(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        found = [one for one in words if one in text]
        assert not found, f"{found} on {self.place}:\n{text}"


def _beginning(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}")


@dataclass
class People:
    """Opens browsers for the people of the county: `as_("clerk")`; a resident has no name."""

    browser: Browser
    server: Server
    size: tuple[int, int]
    scripts: bool
    looked_at: set[str]
    opened: list[tuple[BrowserContext, Visitor]] = field(default_factory=list)

    def as_(self, person: str = "") -> Visitor:
        width, height = self.size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=self.scripts, locale="en-US"
        )
        base = f"http://127.0.0.1:{self.server.port}"
        if person:
            context.add_cookies([{"name": "lianying_session", "value": self.server.sessions[person], "url": base}])
        page = context.new_page()
        page.set_default_timeout(WAIT_MILLISECONDS)
        visitor = Visitor(page, base, self.scripts, self.looked_at)
        page.on("console", _collect(visitor))
        page.on("pageerror", lambda error: visitor.faults.append(f"script: {error}"))
        page.on("request", _only_from(visitor))
        self.opened.append((context, visitor))
        return visitor

    def close(self) -> list[str]:
        """Return all that was found wrong on the way."""
        faults = [fault for _, visitor in self.opened for fault in visitor.faults]
        for context, _ in self.opened:
            context.close()
        return list(dict.fromkeys(faults))


#: What Chromium and htmx call errors though all is well: a refused form answers 4xx on purpose, and a fetch that is
#: under way when its page is left is given up. One that fails names its own kind beside `afterRequest`.
NO_FAULTS = ("the server responded with a status of 4", "htmx:sendAbort,", "htmx:afterRequest,")


def _collect(visitor: Visitor) -> Callable[[ConsoleMessage], None]:
    def collect(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in NO_FAULTS):
            visitor.faults.append(f"{visitor.place} console: {message.text}")

    return collect


def _only_from(visitor: Visitor) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        if not request.url.startswith((visitor.base, "data:", "blob:")):
            visitor.faults.append(f"{visitor.place} asks elsewhere: {request.url}")

    return check
