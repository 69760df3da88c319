"""Takes the pictures of the README from the demonstration county, at 360 px and 1440 px, in Chinese.

python -m scripts.screenshots [NAME …]   all, or those whose name begins so; written to docs/images
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services import find_chromium, free_port

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {360: 780, 1440: 900}
PASSWORD = "lianying-demo"
#: name: (who is signed in, path); '' is a resident.
PICTURES = {
    "home": ("", "/"),
    "tell": ("", "/tell/"),
    "track": ("", "receipt"),
    "board": ("", "/board/"),
    "numbers": ("", "/numbers/"),
    "today": ("wangmei", "/desk/"),
    "call": ("wangmei", "/desk/new/"),
    "sort": ("wangmei", "/desk/sort/"),
    "checks": ("wangmei", "/desk/checks/"),
    "work": ("liqiang", "/desk/work/"),
    "case": ("liqiang", "first of /desk/work/"),
}


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a running demonstration in a directory of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "lianying.config.cli",
            "up",
            "--demo",
            "--data-dir",
            folder,
            "--port",
            str(port),
        ]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LIANYING_RATE_LIMITS": "off"})
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{address}/readyz", process)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
            if answer.status == 200:
                return
        time.sleep(0.2)
    sys.exit("the program did not start")


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url("**/desk/**")


def tell(page: Page, address: str) -> None:
    """A request of the one who takes the pictures, to be followed."""
    page.goto(f"{address}/tell/")
    page.fill("[name=text]", "小区门口的烧烤店每天晚上十一点以后还在路边摆桌，音响很大，孩子睡不好，希望管一管。")
    page.fill("[name=address]", "柳江路 18 号 丽湖花园南门")
    page.fill("[name=phone]", "13800000000")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt/**")
    page.locator("main a[href*='/track/']").first.click()
    page.wait_for_load_state()


def picture(browser: Browser, address: str, name: str) -> None:
    person, path = PICTURES[name]
    for width, height in SIZES.items():
        page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
        if person:
            sign_in(page, address, person)
        if path == "receipt":
            tell(page, address)
        else:
            page.goto(address + path.removeprefix("first of "))
        if path.startswith("first of "):
            page.locator("main a[href*='/desk/cases/']").first.click()
            page.wait_for_load_state()
        page.screenshot(path=IMAGES / f"{name}-{width}.png")
        page.close()


def main() -> None:
    chosen = [name for name in PICTURES if not sys.argv[1:] or name.startswith(tuple(sys.argv[1:]))]
    program = find_chromium()
    if program is None:
        sys.exit("Pictures need Chromium (Debian: chromium fonts-noto-cjk).")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        for name in chosen:
            picture(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main()
