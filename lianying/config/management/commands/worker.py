import logging
import signal
from argparse import ArgumentParser
from datetime import datetime, timedelta
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from lianying.audit.log import make_roots
from lianying.cases.actions.timers import fire_due, recompute_provisional
from lianying.common.actions import sweep
from lianying.common.clock import now

log = logging.getLogger("lianying.worker")
SWEEP_EVERY = timedelta(minutes=10)


def work(*, at: datetime) -> int:
    """One round: timers, roots of ended days, promises that became firm. Returns how much there was to do."""
    return fire_due(at=at) + make_roots(at=at) + recompute_provisional(at=at)


class Command(BaseCommand):
    help = "Do what falls due: timers, daily roots of the ledger, promises whose calendar was published."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()

        def leave(number: int, frame: FrameType | None) -> None:
            stop.set()

        if options["once"]:
            work(at=now())
            return
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        swept_at = now() - SWEEP_EVERY
        while not stop.is_set():
            done = 0
            try:
                done = work(at=now())
                if now() - swept_at >= SWEEP_EVERY:
                    swept_at = now()
                    sweep(at=swept_at)
            except Error:
                # The database is away or busy: nothing is lost, the next round finds the same rows.
                log.exception("a round was cut short")
                close_old_connections()
            stop.wait(0 if done else settings.ENV["WORKER_SECONDS"])
