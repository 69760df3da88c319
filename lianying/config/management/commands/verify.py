import json
from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from lianying.audit.models import DayRoot, Event
from lianying.audit.verify import Fault, chain_faults, receipt_fault, root_faults
from lianying.care.verify import care_faults
from lianying.cases.models import Case
from lianying.cases.verify import case_faults
from lianying.common.clock import local_day, now
from lianying.visits.verify import obligation_faults

WORDS = {
    "gap": "a number is missing in the chain",
    "broken_chain": "does not follow from the event before it",
    "changed": "its content does not give its hash",
    "root_differs": "the published root of the day cannot be made again",
    "not_found": "there is no such request in the ledger",
    "receipt_differs": "the receipt's hash is not that of the ledger",
    "case_missing": "the ledger tells of a request that the table does not hold",
    "obligations": "what is owed, or how much of it was done, is not what a recount of the visits finds",
    "uncounted": "why a visit does not count is not what a recount finds",
}
#: A damaged ledger can have a fault for each event; a screen holds so many.
SHOWN = 200


def _sentence(fault: Fault) -> str:
    code, _, name = fault.what.partition(":")
    return f"{fault.where}: " + (f"the row's {name} is not what the ledger says" if name else WORDS[code])


class Command(BaseCommand):
    help = (
        "Check hashes and daily roots, replay requests and care, recount obligations; exit 1 on any fault, naming it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the result as one JSON object")
        parser.add_argument("--receipt", nargs=2, metavar=("REF", "HASH"), help="check one receipt only")
        parser.add_argument("--data-dir", help="where the database is kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["receipt"]:
            ref, hash_start = options["receipt"]
            fault = receipt_fault(f"case:{ref.strip().upper()}", hash_start)
            faults = [fault] if fault else []
        else:
            stored = chain(case_faults(), obligation_faults(local_day(now())), care_faults())
            faults = list(chain(chain_faults(), root_faults(), stored))
        counts = {"events": Event.objects.count(), "roots": DayRoot.objects.count(), "cases": Case.objects.count()}
        if options["json"]:
            rows = [{"where": fault.where, "what": fault.what} for fault in faults]
            self.stdout.write(json.dumps({"ok": not faults, "faults": rows, **counts}))
        else:
            self._print(faults, counts)
        if faults:
            raise SystemExit(1)

    def _print(self, faults: list[Fault], counts: dict[str, int]) -> None:
        for fault in faults[:SHOWN]:
            self.stderr.write(_sentence(fault))
        if len(faults) > SHOWN:
            self.stderr.write(f"… and {len(faults) - SHOWN} more")
        checked = f"{counts['events']} events, {counts['cases']} requests, {counts['roots']} daily roots"
        self.stdout.write(f"{len(faults)} faults in {checked}" if faults else f"Clean: {checked}")
