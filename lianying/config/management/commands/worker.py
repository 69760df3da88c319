import logging
import signal
from argparse import ArgumentParser
from datetime import datetime, timedelta
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from lianying.audit.log import make_roots
from lianying.care.actions import erase_due as erase_care
from lianying.cases.actions import erase_due, told_by_message
from lianying.cases.actions.learning import learn_if_due, mark_all
from lianying.cases.actions.reading import sweep_readings
from lianying.cases.actions.search import fill_index
from lianying.cases.actions.timers import fire_due, recompute_provisional
from lianying.cases.queries.messages import filled
from lianying.common.actions import sweep
from lianying.common.clock import now
from lianying.desk.actions import write_digests
from lianying.exchange.delivery import refer_due
from lianying.notices.actions import forget_letters
from lianying.notices.delivery import deliver_due, post_due
from lianying.orgs.importing.actions import forget_unwritten
from lianying.orgs.importing.run import advance as advance_import
from lianying.oversight.actions import find_grounds
from lianying.visits.actions import open_terms

log = logging.getLogger("lianying.worker")
TIDY_EVERY = timedelta(minutes=10)


def work(*, at: datetime) -> int:
    """One round: messages, referrals, timers, roots, a slice of a workbook, words to find; how much there was."""
    sent = deliver_due(fill=filled, sent=told_by_message, at=at) + post_due(at=at) + refer_due(at=at)
    return fire_due(at=at) + make_roots(at=at) + advance_import(at=at) + fill_index() + sent


def tidy(*, at: datetime) -> None:
    """What nobody waits for: promises that became firm, counters, old drafts, grounds, letters, workbooks."""
    while recompute_provisional(at=at):
        pass
    sweep(at=at)
    sweep_readings(at=at)
    learn_if_due(at=at)
    find_grounds(at=at)
    while open_terms(at=at):
        pass
    erase_due(at=at)
    erase_care(at=at)
    write_digests(at=at)
    forget_letters(at=at)
    forget_unwritten(at=at)


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
            tidy(at=now())
            mark_all()
            return
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        tidied_at = now() - TIDY_EVERY
        is_marked = False
        while not stop.is_set():
            done = 0
            try:
                done = work(at=now())
                if now() - tidied_at >= TIDY_EVERY:
                    tidied_at = now()
                    tidy(at=tidied_at)
                if not is_marked:
                    # A new version may have brought rows that were there before marks were.
                    mark_all()
                    is_marked = True
            except Exception:
                # The database is away, or one case is at fault: nothing is lost, the next round finds the same rows,
                # and `up` would end the pages together with this process.
                log.exception("a round was cut short")
                close_old_connections()
            stop.wait(0 if done else settings.ENV["WORKER_SECONDS"])
