from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lianying.common.clock import local_day, now
from lianying.common.messages import compile_messages
from lianying.common.refusals import words
from lianying.files.images import shrink_logo
from lianying.orgs import actions
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import User
from lianying.orgs.queries import site
from lianying.orgs.scope import CLOCK
from lianying.reference import profile, profile_codes
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused


class Command(BaseCommand):
    help = "Set up a new installation: its name and telephone, the root unit and desk, the first operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="name of the county or city, as residents say it")
        parser.add_argument("--phone", help="telephone that residents can ring")
        parser.add_argument("--prefix", help="start of every number, two to six capital letters")
        parser.add_argument("--government", help="name of the root unit")
        parser.add_argument("--operator", help="user name of the first operator")
        parser.add_argument("--operator-name", help="the operator's name")
        parser.add_argument("--icp", help="ICP filing number, at the foot of public pages; may be given later")
        parser.add_argument("--police", help="public security filing number; may be given later")
        parser.add_argument("--complaints-phone", help="telephone for complaints, at the foot of public pages")
        parser.add_argument("--logo", help="a PNG, JPEG or WebP picture, shown beside the name; may be given later")
        parser.add_argument("--profile", help="the table of terms that is meant; refused if another one is in force")
        parser.add_argument("--data-dir", help="where the database, keys and photos are kept (default: var)")

    def handle(self, *args: Any, **options: Any) -> None:
        compile_messages()
        call_command("migrate", verbosity=0, interactive=False)
        if site() is not None:
            raise CommandError("This installation was set up already; change it under Settings.")
        terms = _terms(options["profile"])
        name = self._value(options, "name", "Name of the county or city")
        phone = self._value(options, "phone", "Telephone for residents")
        prefix = self._value(options, "prefix", "Start of every number, e.g. NH").upper()
        if not (prefix.isascii() and prefix.isalpha() and 2 <= len(prefix) <= 6):
            raise CommandError("The start of every number is two to six letters.")
        government = self._value(options, "government", "Name of the root unit", f"{name}人民政府")
        username = self._value(options, "operator", "User name of the first operator")
        person = self._value(options, "operator_name", "The operator's name", username)
        logo = _logo(options["logo"]) if options["logo"] else None
        with transaction.atomic():
            icp, police, complaints = (options[one] or "" for one in ("icp", "police", "complaints_phone"))
            card = actions.SiteCard(
                name, phone, prefix, icp_number=icp, police_number=police, complaints_phone=complaints
            )
            actions.set_site(card, by=CLOCK, at=now())
            if logo is not None:
                actions.set_logo(logo, by=CLOCK, at=now())
            user = _make_operator(government, username, person)
            link = actions.sign_in_link(user, by=CLOCK, at=now())
        self.stdout.write(
            f"Done. {terms}\nStart with `lianying up`; {person} sets a password within three days at\n"
            f"  http://127.0.0.1:8000{link}\n"
        )

    def _value(self, options: dict[str, Any], option: str, question: str, default: str = "") -> str:
        """From the option, else asked for; the default on an empty answer."""
        given = options[option]
        if given is None:
            shown = f" [{default}]" if default else ""
            try:
                given = input(f"{question}{shown}: ")
            except EOFError:
                given = ""
        value = str(given).strip() or default
        if not value:
            raise CommandError(f"{question}: please give one (--{option.replace('_', '-')}).")
        return value


def _terms(meant: str | None) -> str:
    """What terms are in force, and how to have others.

    Raises  CommandError where they are not those that were meant: promises would be counted wrongly from the first day
    """
    code = settings.ENV["PROFILE"]
    if meant not in (None, code):
        known = ", ".join(profile_codes())
        raise CommandError(
            f"The terms in force are {code}. Set LIANYING_PROFILE={meant}, here and for `lianying up`. Known: {known}."
        )
    others = ", ".join(other for other in profile_codes() if other != code)
    return f"Terms: {profile(code).name} ({code}; others by LIANYING_PROFILE: {others})."


def _logo(path: str) -> actions.LogoCard:
    """Raises CommandError for a file that is no picture, or cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return actions.LogoCard(**asdict(shrink_logo(file)))
    except OSError as error:
        raise CommandError(f"--logo: {error.strerror}: {path}") from error
    except Refused as refused:
        raise CommandError(f"--logo: {words(refused)}") from refused


def _make_operator(government: str, username: str, person: str) -> User:
    """The first person keeps the settings and, until there are others, the desk."""
    at = now()
    top = actions.UnitCard("root", government, UnitKind.GOVERNMENT)
    root = actions.make_unit(top, parent=None, by=CLOCK, at=at)
    desk = actions.make_unit(actions.UnitCard("desk", "受理台", UnitKind.DESK), parent=root, by=CLOCK, at=at)
    user = actions.make_user(username=username, name=person, by=CLOCK, at=at)
    for unit, role in ((root, Role.OPERATOR), (desk, Role.CLERK)):
        actions.give_post(user, unit=unit, role=role, from_on=local_day(at), by=CLOCK, at=at)
    return user
