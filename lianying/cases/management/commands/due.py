import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianying import reference
from lianying.rules.calendar import CalendarGap
from lianying.rules.deadlines import Due, Stage
from lianying.rules.kinds import CaseKind, Urgency
from lianying.rules.profiles import stages_due


def as_row(stage: Stage, due: Due) -> dict[str, Any]:
    return {
        "stage": stage.value,
        "due": due.at.isoformat(),
        "provisional": due.provisional,
        "rule": due.rule,
        "source": due.source,
        "counted": [day.isoformat() for day in due.counted],
    }


class Command(BaseCommand):
    help = "Say when a request received at a moment is promised an answer, and why; and the terms of the stages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profile", default="anhui", choices=reference.profile_codes())
        parser.add_argument("--kind", default="help", choices=[kind.value for kind in CaseKind])
        parser.add_argument("--urgency", default="ordinary", choices=[urgency.value for urgency in Urgency])
        parser.add_argument("--received", required=True, help="2026-02-13T17:59; local time unless an offset is given")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--data-dir", help="not used: the rules need no data")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = reference.profile(options["profile"])
        try:
            received_at = datetime.fromisoformat(options["received"])
        except ValueError:
            raise CommandError(f"{options['received']!r} is not a moment such as 2026-02-13T17:59") from None
        if received_at.tzinfo is None:
            received_at = received_at.replace(tzinfo=profile.zone)
        kind, urgency = CaseKind(options["kind"]), Urgency(options["urgency"])
        try:
            stages = stages_due(received_at, kind, urgency, profile, reference.calendar())
        except CalendarGap as gap:
            calendar = reference.calendar()
            known = f"{calendar.first} to {calendar.last}"
            raise CommandError(f"No calendar for {gap}: working days are known from {known}.") from gap
        if options["json"]:
            rows = [as_row(stage, due) for stage, due in stages.items()]
            self.stdout.write(json.dumps({"stages": rows}, ensure_ascii=False))
            return
        for stage, due in stages.items():
            self._print(stage, due)

    def _print(self, stage: Stage, due: Due) -> None:
        mark = "  (provisional: the year's holidays are not yet published)" if due.provisional else ""
        self.stdout.write(f"{stage.value:8} {due.at:%Y-%m-%d %H:%M}  {due.rule}  {due.source}{mark}")
        if due.counted:
            self.stdout.write("         counted " + " ".join(day.strftime("%m-%d") for day in due.counted))
        if due.skipped:
            self.stdout.write("         rest    " + " ".join(day.strftime("%m-%d") for day in due.skipped))
