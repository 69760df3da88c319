from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from lianying.common.actions import reseal
from lianying.common.clock import now
from lianying.common.sealing import Sealed
from lianying.config.keys import NAME, add_data_key
from lianying.households.actions import change_key
from lianying.orgs.scope import CLOCK

#: Sealed in one transaction, so that nobody who works meanwhile waits.
BATCH = 200


class Command(BaseCommand):
    help = "Make a new data key and seal everything with it while the program runs; goes on where it was stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--go-on", action="store_true", help="no new key: finish what was stopped")
        parser.add_argument("--data-dir", help="where the database and keys are kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["go_on"]:
            key = add_data_key(settings.DATA_DIR)
            change_key(by=CLOCK, at=now())
            self.stdout.write(f"{key} seals from now on. Copy {settings.DATA_DIR / NAME} to its other place again.")
        sealed = lost = 0
        for model in (model for model in apps.get_models() if issubclass(model, Sealed)):
            after = 0
            while batch := reseal(model, after=after, most=BATCH):
                after = batch[-1][0]
                sealed += sum(opened for _pk, opened in batch)
                lost += sum(not opened for _pk, opened in batch)
                self.stdout.write(f"\r{sealed} sealed anew", ending="")
                self.stdout.flush()
        self.stdout.write(f"\r{sealed} sealed anew.")
        if lost:
            self.stderr.write(f"{lost} could not be opened: {NAME} no longer holds their key. They stay as they are.")
        self.stdout.write("The old keys stay in the file: earlier backups need them.")
