from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianying.common.clock import now
from lianying.common.refusals import words
from lianying.exchange.actions.clients import PER_HOUR, make_client
from lianying.orgs.queries import units
from lianying.orgs.scope import CLOCK
from lianying.rules.refusals import Refused


class Command(BaseCommand):
    help = "Let another program put requests in by Open311, and print its key, which is kept nowhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the program or its office is called")
        parser.add_argument("--unit", required=True, help="code of the place or unit for which it sends")
        parser.add_argument("--per-hour", type=int, default=PER_HOUR, help=f"calls an hour (default: {PER_HOUR})")
        parser.add_argument("--data-dir", help="where the database is kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = units().filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"There is no unit with the code {options['unit']}.")
        if options["per_hour"] < 1:
            raise CommandError("A client may call at least once an hour.")
        try:
            client, key = make_client(options["name"], unit, per_hour=options["per_hour"], by=CLOCK, at=now())
        except Refused as refused:
            raise CommandError(words(refused)) from None
        self.stdout.write(f"{client.name} sends for {unit.name}. Its key, shown once:\n  {key}\n")
