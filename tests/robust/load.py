"""Many at once: residents who tell, and a desk that moves what they told."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.serving import Browser, Server

Receipt = Mapping[str, Any]


@dataclass
class Load:
    """What the clients were answered. `ended`: receipts of cases that a clerk was told to have decided."""

    server: Server
    receipts: list[Receipt] = field(default_factory=list)
    ended: list[Receipt] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self, *, telling: int, deciding: int = 0) -> None:
        jobs: list[tuple[str, Callable[[Browser], None]]] = [("", self._tell)] * telling
        jobs += [("clerk", self._decide)] * deciding
        for person, job in jobs:
            self.threads.append(threading.Thread(target=self._repeat, args=(self.server.browser(person), job)))
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _repeat(self, browser: Browser, job: Callable[[Browser], None]) -> None:
        # Whoever was cut off got no receipt, and so nothing was promised.
        with suppress(OSError, HTTPException):
            while not self.stopped.is_set():
                job(browser)

    def _tell(self, browser: Browser) -> None:
        began = time.monotonic()
        answer = browser.tell("小区门口的路灯坏了三天", phone="13812348263")
        self.seconds.append(time.monotonic() - began)
        if answer.status == 201:
            self.receipts.append(answer.json)
        else:
            self.wrong.append(f"{answer.status} {answer.text[:200]}")

    def _decide(self, browser: Browser) -> None:
        """Hand one over; somebody else may have been quicker."""
        if not self.receipts:
            time.sleep(0.01)
            return
        receipt = random.choice(self.receipts)
        fields = {"version": "1", "kind": "help", "urgency": "ordinary", "category": "", "to": "management"}
        answer = browser.post(f"/desk/cases/{receipt['ref']}/move/assign/", fields)
        if answer.status == 303:
            self.ended.append(receipt)
        elif answer.status != 409:
            self.wrong.append(f"{answer.status} {answer.text[:200]}")


def lost(server: Server, load: Load) -> list[str]:
    """Receipts that are not there any more, or not as far as a clerk was told."""
    browser, decided = server.browser(), {receipt["ref"] for receipt in load.ended}
    missing = []
    for receipt in load.receipts:
        answer = browser.track(receipt)
        if answer.status != 200 or (receipt["ref"] in decided and answer.json["state"] != "assigned"):
            missing.append(f"{receipt['ref']}: {answer.status} {answer.text[:200]}")
    return missing
