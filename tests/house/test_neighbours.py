"""Forbids that a request, or a report of wrongdoing, shows itself to somebody whom it does not concern."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.models import Case
from lianying.cases.queries.lists import Tab
from lianying.common.clock import standing_at
from lianying.files.images import Photo
from lianying.orgs.actions import give_post
from lianying.orgs.kinds import UnitKind
from lianying.orgs.models import Unit, User
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import CaseKind
from lianying.rules.powers import Role
from tests import make
from tests.cast import FOUNDED, FOUNDED_ON, INSTALLER, NOON, STEP, County, unit, user_of
from tests.house.test_urls_declare_power import patterns

pytestmark = pytest.mark.slow

LATER = NOON + 9 * STEP
#: Of no request in particular: what was released to the public, and a workbook of units and people.
NO_CASE = {
    "public_version",
    "settings_import",
    "duties_trial_of",
    "settings_client_end",
    "settings_endpoint",
    "referral",
}
NOBODYS = "NH-20250101-9999"
PHOTO = Photo(b"never looked at", "cd" * 32, 1, 1)


#: What else an address needs. Every move asks for the case in the same way; test_permissions.py has them all.
REST = {
    "move": {"name": ["note", "assign", "sign", "answer"]},
    "preview": {"name": ["answer"]},
    "sort_move": {"name": ["assign"]},
    "care_step": {"name": ["take_up", "admit"]},
    "open311_request": {"form": ["json", "xml"]},
    "open311_test_request": {"form": ["json"]},
    "visits_photo": {"photo": ["11111111-0000-4000-8000-000000000000"]},
    "work_step": {"way": ["next", "previous"]},
}


def addresses(ref: str, photo: object) -> Iterator[tuple[str, str]]:
    """Name and address of every URL that names a case or something of it."""
    for pattern in patterns(get_resolver()):
        name, keys = str(pattern.name), set(pattern.pattern.converters)
        if not keys & {"ref", "uuid"} or name in NO_CASE:
            continue
        own = {"ref": ref} if "ref" in keys else {"uuid": photo}
        rest = REST.get(name, {"": [""]})
        for key, values in rest.items():
            for value in values:
                yield name, reverse(name, kwargs={**own, key: value} if key else own)


def answer(client: Client, method: str, url: str, *own: object, **data: str) -> tuple[int, str, str]:
    """Status, page and where it leads; what differs by chance, and the names in `own`, is left out."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        text = response.getvalue().decode(errors="replace")
        transaction.set_rollback(True)
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|client_id)" value=")[^"]*', r"\1", text)
    where = response.get("Location", "")
    for name in map(str, own):
        text, where = text.replace(name, "…"), where.replace(name, "…")
    return response.status_code, text, where


@pytest.fixture
def stranger(county: County) -> User:
    """Handles, leads, sorts and supervises, all of it elsewhere."""
    user = user_of(county.neighbour)
    desk = unit("town-desk", "柳溪镇便民服务中心", UnitKind.DESK, county.town)
    office = unit("town-oversight", "柳溪镇督查办", UnitKind.OVERSIGHT, county.town)
    for place, role in ((desk, Role.CLERK), (county.housing, Role.HEAD), (office, Role.SUPERVISOR)):
        give_post(user, unit=place, role=role, from_on=FOUNDED_ON, by=INSTALLER, at=FOUNDED)
    return user


def photographed(case: Case) -> Case:
    return actions.note(case, text="", photos=(PHOTO,), by=RESIDENT, at=NOON + 6 * STEP)


@pytest.mark.parametrize("start", [make.heard, make.handling], ids=lambda start: start.__name__)
def test_a_case_elsewhere_answers_as_one_that_does_not_exist(
    county: County, stranger: User, client_of: Callable[[Any], Client], start: Callable[[County], Case]
) -> None:
    case, client = photographed(start(county)), client_of(stranger)
    photo = case.attachments.get().uuid
    nothing = "00000000-0000-4000-8000-000000000000"
    pairs = zip(addresses(case.ref, photo), addresses(NOBODYS, nothing), strict=True)

    with standing_at(LATER):
        told = [
            (
                name,
                method,
                answer(client, method, url, case.ref, photo),
                answer(client, method, other, NOBODYS, nothing),
            )
            for (name, url), (_, other) in pairs
            for method in ("get", "post")
        ]

    assert [(name, method) for name, method, mine, nobodys in told if mine != nobodys] == []
    # The queue of calls says to whoever comes late that nobody need be rung, which it says of every number.
    odd = {(name, status) for name, _, (status, *_), _ in told if status not in {404, 405}}
    assert odd == {("checks_open", 409), ("checks_record", 409)}


REPORTED = "NH-20261112-0003"
WHEREVER = [
    *(
        "/desk/",
        "/desk/rail/",
        "/desk/rail/?at=work",
        "/desk/work/",
        "/desk/work/?kind=report",
        "/board/",
        "/board/feed/",
    ),
    *(f"/desk/work/?tab={tab}" for tab in Tab),
]
SOUGHT = (REPORTED, "0003", "20261112", "2026", "13812348263")


def everything(client: Client) -> dict[str, tuple[int, str, str]]:
    """What is found on every list and by every search."""
    lists = {url: answer(client, "get", url) for url in WHEREVER}
    found = {
        f"{how} {words}": answer(client, how, "/desk/find/", q=words) for how in ("get", "post") for words in SOUGHT
    }
    return lists | found


def known_at_once(county: County, accused: Unit) -> Case:
    return photographed(make.report(county, accused=accused))


def held_before(county: County, accused: Unit) -> Case:
    """`management` handled it before the desk saw that it is a report."""
    case = photographed(make.handling(county, text="市容科有人吃拿卡要。"))
    sorting = Sorting(kind=CaseKind.REPORT, accused=accused)
    return actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=NOON + 7 * STEP)


def followed_up(county: County, accused: Unit) -> Case:
    """In the hands of the oversight office."""
    case = known_at_once(county, accused)
    return actions.assign(case, version=case.version, to=county.oversight, by=county.clerk, at=NOON + 8 * STEP)


@pytest.mark.parametrize(
    ("person", "accused"), [("handler", "management"), ("section_handler", "management"), ("head", "section")]
)
@pytest.mark.parametrize("start", [known_at_once, held_before, followed_up], ids=lambda start: start.__name__)
def test_a_report_never_reaches_the_line_of_the_accused(
    county: County,
    client_of: Callable[[Any], Client],
    person: str,
    accused: str,
    start: Callable[[County, Unit], Case],
) -> None:
    """Every list, count and search is what it was before; the pages and photos of the case are those of none."""
    client = client_of(county.people[person])
    make.handling(county)
    make.released(county)

    with standing_at(LATER):
        before = everything(client)
        case = start(county, county.units[accused])
        after = everything(client)
        told = [
            (name, method, answer(client, method, url)[0])
            for name, url in addresses(case.ref, case.attachments.get().uuid)
            for method in ("get", "post")
        ]

    assert case.ref == REPORTED
    assert [where for where, page in after.items() if page != before[where]] == []
    assert [row for row in told if row[2] not in {403, 404, 405}] == []
