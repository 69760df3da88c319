"""Visits are written down where there is no signal; the phone is switched off and the line is poor: none is lost."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, FilePayload, Locator, expect

from lianying.common.clock import local_day, now
from tests.journeys.conftest import SIZES
from tests.journeys.people import FLAGS, WAIT_MILLISECONDS, People, Visitor
from tests.journeys.test_visits import linked, written_down
from tests.poor_line import BUSY, LOST, PoorLine, poor_line
from tests.services import find_chromium
from tests.serving import Server

SHELL = "/desk/visits/offline/"
WEEK = 7 * 24 * 3600
WIDTHS = """async () => Promise.all([...document.querySelectorAll("main img")].map(async (one) => {
  one.loading = "eager";
  await one.decode();
  return one.naturalWidth;
}))"""
ROWS = """async () => {
  const db = await new Promise((done) => {
    const opening = indexedDB.open("lianying-visits");
    opening.onsuccess = () => done(opening.result);
  });
  const counted = (name) => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).count();
    asked.onsuccess = () => done([name, asked.result]);
  });
  const found = Object.fromEntries(await Promise.all([...db.objectStoreNames].map(counted)));
  db.close();
  return found;
}"""
_homes = count(1)


@dataclass
class Phone:
    """A browser with a profile of its own, that can be killed and started again, at the end of a poor line."""

    chromium: Browser
    line: PoorLine
    profile: Path
    session: str
    looked_at: set[str]
    faults: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    def start(self) -> Visitor:
        width, height = SIZES["phone"]
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.profile,
            executable_path=str(find_chromium()),
            args=FLAGS,
            viewport={"width": width, "height": height},
            locale="zh-CN",
        )
        self.sign_in(self.session)
        return self.tab()

    def tab(self) -> Visitor:
        assert self.context is not None
        page = self.context.new_page()
        page.set_default_timeout(WAIT_MILLISECONDS)
        visitor = Visitor(page, self.base, True, self.looked_at, self.faults)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        return visitor

    def sign_in(self, session: str) -> None:
        assert self.context is not None
        ends = time.time() + 30 * 24 * 3600
        cookie = {"name": "lianying_session", "value": session, "url": self.base, "expires": ends}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def signal(self, is_there: bool) -> None:
        assert self.context is not None
        self.line.is_up = is_there
        self.context.set_offline(not is_there)

    def kill(self) -> None:
        """As when the battery is empty."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)

    def pids(self) -> list[int]:
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    line = (folder / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if mark in line and not any(part.startswith(b"--type=") for part in line):
                    found.append(int(folder.name))
        return found


@pytest.fixture
def line(server: Server) -> Iterator[PoorLine]:
    with poor_line(server.port) as line:
        yield line


@pytest.fixture
def phone(
    request: Any, chromium: Browser, line: PoorLine, server: Server, tmp_path: Path, looked_at: set[str]
) -> Iterator[Phone]:
    """Of the handler, or of whoever a test names."""
    person = getattr(request, "param", "handler")
    phone = Phone(chromium, line, tmp_path / "profile", server.sessions[person], looked_at)
    yield phone
    if phone.context is not None:
        phone.context.close()
    assert phone.faults == []


def photo(number: int) -> FilePayload:
    """As large as a phone takes them, each another."""
    taken = Image.effect_noise((2400, 1800), 40 + number).convert("RGB")
    file = BytesIO()
    taken.save(file, "JPEG", quality=80)
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def homes(people: People, many: int) -> list[str]:
    names = [f"程婶家{next(_homes)}" for _ in range(many)]
    keeper, head = people.as_("village_handler"), people.as_("head")
    for called in names:
        written_down(keeper, called)
        linked(head, called)
    return names


def taken_along(phone: Phone) -> Visitor:
    """Opened once with a signal: the worker of the page keeps it."""
    visitor = phone.start()
    visitor.open(SHELL)
    expect(visitor.page.locator("#standing")).to_contain_text("更新")
    visitor.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return visitor


def reopened(visitor: Visitor) -> None:
    visitor.open(SHELL)
    expect(visitor.page.locator("#standing")).to_contain_text("更新")


def written(visitor: Visitor, called: str, note: str, *photos: FilePayload) -> None:
    card = visitor.page.locator("article", has_text=called)
    card.get_by_role("button", name="记一次走访").click()
    visitor.look()
    visitor.write("看到和听到的", note)
    visitor.page.locator("#photos").set_input_files(list(photos))
    expect(visitor.page.locator("#chosen img")).to_have_count(len(photos))
    visitor.button("存下这次走访").click()
    expect(kept(visitor, called)).to_have_count(1)
    visitor.look()


def kept(visitor: Visitor, called: str = "") -> Locator:
    return visitor.page.locator("#records li", has_text=called)


def sent(visitor: Visitor) -> Locator:
    return visitor.page.locator("#records li[data-state=sent]")


def statuses(line: PoorLine, path: str) -> list[int]:
    return sorted(status for _, sent, status in line.sent if sent.startswith(path))


def test_what_was_written_without_a_signal_arrives_once_and_whole(
    at_desk: People, phone: Phone, line: PoorLine
) -> None:
    names = homes(at_desk, 3)
    visitor = taken_along(phone)
    phone.signal(False)

    reopened(visitor)
    visitor.reads("现在没有信号")
    written(visitor, names[0], "屋顶漏雨。", photo(1), photo(2))
    visitor.page.reload()
    expect(kept(visitor, names[0])).to_contain_text("等信号")

    written(visitor, names[1], "身体好。", photo(3))
    with visitor.page.expect_event("crash"), suppress(Error):
        visitor.page.goto("chrome://crash")
    visitor = phone.tab()
    reopened(visitor)
    written(visitor, names[2], "儿子回来了。", photo(4))

    phone.kill()
    visitor = phone.start()
    phone.signal(False)
    reopened(visitor)
    expect(kept(visitor)).to_have_count(3)

    line.faults += [BUSY, LOST, BUSY, LOST]
    phone.signal(True)
    while line.faults:
        expect(visitor.button("现在就发")).to_be_enabled()
        visitor.button("现在就发").click()
    expect(sent(visitor)).to_have_count(3)
    visitor.look()

    assert statuses(line, "/visits/").count(201) == 3
    assert statuses(line, "/blobs/").count(201) == 4
    assert set(statuses(line, "/")) == {200, 201}
    for called, note, photos in zip(names, ["屋顶漏雨。", "身体好。", "儿子回来了。"], [2, 1, 1], strict=True):
        visitor.open("/desk/visits/?of=all")
        visitor.follow(called)
        visitor.reads("走了 1 次")
        assert visitor.main.inner_text().count(note) == 1
        assert visitor.page.evaluate(WIDTHS) == [2048] * photos


@pytest.mark.parametrize("phone", ["leader"], indirect=True)
def test_a_visit_after_a_hand_over_that_nobody_knew_of_is_kept_and_not_counted(at_desk: People, phone: Phone) -> None:
    head = at_desk.as_("head")
    visitor = taken_along(phone)
    phone.signal(False)
    reopened(visitor)
    written(visitor, "周大爷家", "老人精神很好。")

    head.open("/desk/visits/units/management/leader/")
    head.choose("周大爷家")
    head.unfold("移交或结束")
    head.pick("转给谁", "沈静")
    head.write("从哪天起", str(local_day(now())))
    head.press("移交（或结束）勾选的")

    phone.signal(True)
    expect(sent(visitor)).to_have_count(1)
    expect(kept(visitor)).to_contain_text("未计入：当天不在联系期内")
    visitor.look()
    visitor.follow("看看")
    visitor.reads("走访已存好", "当天不在联系期内")


def test_what_the_server_does_not_take_is_held_shown_and_saved(
    at_desk: People, phone: Phone, line: PoorLine, tmp_path: Path
) -> None:
    (called,) = homes(at_desk, 1)
    head = at_desk.as_("head")
    visitor = taken_along(phone)
    phone.signal(False)
    reopened(visitor)
    written(visitor, called, "改天再来。", photo(5))

    head.open("/desk/visits/units/management/handler/")
    head.choose(called)
    head.unfold("移交或结束")
    head.write("从哪天起", str(local_day(now())))
    head.press("移交（或结束）勾选的")
    phone.signal(True)
    expect(visitor.page.locator("#records li[data-state=held]")).to_contain_text("这项联系已经撤回")
    visitor.look()

    said: list[str] = []

    def read(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    visitor.page.once("dialog", read)
    visitor.button("从手机上删除").click()
    assert said == ["请先另存为文件。"]
    with visitor.page.expect_download() as download:
        visitor.button("另存为文件").click()
    (saved,) = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert (saved["called"], saved["note"], len(saved["photos"])) == (called, "改天再来。", 1)
    assert saved["photos"][0].startswith("data:image/jpeg;base64,")

    visitor.page.reload()
    expect(kept(visitor)).to_have_count(1)
    assert statuses(line, "/visits/") == [422]


@pytest.mark.parametrize("phone", ["successor"], indirect=True)
def test_signing_out_takes_the_list_along_and_leaves_what_was_not_sent(
    phone: Phone, line: PoorLine, server: Server
) -> None:
    called = "上柳村"
    visitor = taken_along(phone)
    line.faults += [BUSY] * 1000
    written(visitor, called, "还没发出。")
    visitor.open("/desk/visits/")
    expect(visitor.page.locator("[data-waiting]")).to_contain_text("1")
    visitor.look()
    visitor.press("退出", within=visitor.page.locator("body"))
    assert visitor.page.evaluate(ROWS) == {"links": 0, "meta": 0, "records": 1, "photos": 0, "drafts": 0}
    visitor.open(SHELL)
    expect(visitor.page.locator("#nobody")).to_be_visible()
    visitor.does_not_read(called, "还没发出。")

    phone.sign_in(server.sessions["neighbour"])
    line.faults.clear()
    reopened(visitor)
    expect(visitor.page.locator("#outbox")).to_be_hidden()
    assert line.sent == []

    phone.sign_in(server.sessions["successor later"])
    reopened(visitor)
    expect(sent(visitor)).to_have_count(1)


def test_the_list_goes_after_a_week(at_desk: People, phone: Phone) -> None:
    (called,) = homes(at_desk, 1)
    visitor = taken_along(phone)
    visitor.reads(called)
    phone.signal(False)

    visitor = phone.tab()
    visitor.page.clock.set_system_time(time.time() + WEEK + 60)
    visitor.open(SHELL)
    expect(visitor.page.locator("#nobody")).to_be_visible()
    visitor.does_not_read(called)
