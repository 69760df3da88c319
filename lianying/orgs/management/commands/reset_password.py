from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianying.common.clock import now
from lianying.orgs.actions import sign_in_link
from lianying.orgs.models import User
from lianying.orgs.scope import CLOCK


class Command(BaseCommand):
    help = "Print a one-time link with which somebody sets a new password; the old one holds until then."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--data-dir", help="where the database is kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody here has the user name {options['username']}.")
        if not user.is_active:
            raise CommandError(f"{user.name} no longer works here: give the account a post first.")
        link = sign_in_link(user, by=CLOCK, at=now())
        self.stdout.write(f"{user.name} sets a new password within three days at\n  http://127.0.0.1:8000{link}\n")
