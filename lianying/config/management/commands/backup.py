from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lianying.common.actions import note_backup
from lianying.common.clock import now
from lianying.common.dump import DumpFailed
from lianying.config import backup
from lianying.config.keys import NAME, copy_keys

DOING = {"database": "Writing the database …", "photos": "Writing the photos …"}


class Command(BaseCommand):
    help = "Write the database and the photos into one file while the program runs; the keys go into another."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup; it must not exist yet")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="copy the keys here; keep them in another place")
        parser.add_argument("--data-dir", help="where the database, keys and photos are kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        keys, path, at = options["keys"], options["file"], now()
        if keys is not None and keys.exists():
            raise CommandError(f"{keys} exists already; keys never replace others.")
        try:
            held = backup.write(path, at=at, tell=lambda step: self.stdout.write(DOING[step]))
            note_backup(at=at)
            if keys is not None:
                copy_keys(settings.DATA_DIR / NAME, keys)
        except (backup.BadBackup, DumpFailed, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{path}: {path.stat().st_size / 1e6:,.1f} MB, {held.photos} photos.")
        if keys is None:
            self.stdout.write(
                f"The keys are not in it. Without {settings.DATA_DIR / NAME} no name, telephone or query code can be "
                "read from this backup: keep a copy of that file in another place (--keys FILE writes one)."
            )
