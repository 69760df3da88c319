from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lianying.common.dump import DumpFailed
from lianying.config import backup
from lianying.config.keys import NAME, copy_keys, read

DOING = {"reading": "Reading the backup …", "database": "Restoring the database …", "photos": "Restoring the photos …"}


class Command(BaseCommand):
    help = "Bring a backup into an empty data directory and database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `lianying backup` wrote")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="the keys.json of the old place")
        parser.add_argument("--data-dir", help="an empty place for database, keys and photos (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        given: Path | None = options["keys"]
        try:
            keys = read(given or settings.DATA_DIR / NAME)
            held = backup.restore(options["file"], keys.index, tell=lambda step: self.stdout.write(DOING[step]))
            if given:
                copy_keys(given, settings.DATA_DIR / NAME)
        except (backup.BadBackup, DumpFailed, OSError, ValueError, KeyError) as fault:
            raise CommandError(str(fault)) from fault
        # An older backup becomes what this program needs.
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(f"Restored as of {held.made_at}. Now: lianying verify, then lianying up.")
