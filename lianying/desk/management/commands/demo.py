from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from lianying.cases.models import Case
from lianying.common.clock import now
from lianying.desk.demo import accounts_text
from lianying.desk.demo.year import make_county
from lianying.orgs.models import Site, Unit


class Command(BaseCommand):
    help = "Fill an empty data directory with a fictional county and its requests of twelve months."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--data-dir", help="where the database, keys and photos are kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cases"] < 1:
            raise CommandError("--cases: at least one")
        call_command("migrate", verbosity=0, interactive=False)
        if Site.objects.exists() or Unit.objects.exists() or Case.objects.exists():
            raise CommandError("This data directory is not empty; demonstration data never goes beside other data.")
        with tqdm(total=options["cases"], unit="case", disable=None) as bar:
            until = now().replace(minute=0, second=0, microsecond=0)
            make_county(options["cases"], options["seed"], until=until, progress=lambda made: _show(bar, made))
        if options["verbosity"]:
            self.stdout.write(f"{Case.objects.count()} requests.\n{accounts_text()}")


def _show(bar: "tqdm[NoReturn]", made: int) -> None:
    bar.update(made - bar.n)
