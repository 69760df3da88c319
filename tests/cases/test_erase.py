"""What is erased is nowhere any more; what happened when is still in the ledger."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.audit.verify import chain_faults
from lianying.cases import actions
from lianying.cases.actions import Answer, Verdict
from lianying.cases.models import Case
from lianying.cases.queries.erasure import coming, ended_before, erased
from lianying.cases.queries.find import by_words
from lianying.cases.verify import case_faults
from lianying.common.crypto import case_code
from lianying.files.images import Photo
from lianying.files.models import Blob
from lianying.files.queries import path_of
from lianying.households.models import Contact
from lianying.orgs.scope import RESIDENT
from lianying.rules.kinds import Outcome, Solved
from lianying.rules.refusals import Refused
from tests import make
from tests.cast import NOON, STEP, County
from tests.look import last

YEARS = timedelta(days=3 * 366)
PLANTED = ("紫藤巷的猫头鹰", "碧螺春答复", "桂花糕备注", "龙须面门牌", "百合草稿", "13912345678")


def photo(mark: str) -> Photo:
    return Photo(mark.encode(), mark[0] * 64, 1, 1)


def planted(county: County) -> Case:
    """Closed, with words wherever words can be: told, noted, answered, drafted, released, photographed."""
    text, answer, note, address, draft, phone = PLANTED
    case = make.handling(county, text=text, address=address, phone=phone, name="猫头鹰", may_publish=True)
    actions.note(case, text=note, photos=(photo("a"),), inner=True, by=county.handler, at=NOON + 3 * STEP)
    case = Case.objects.get(pk=case.pk)
    actions.keep_typed(case, form="answer", typed={"text": draft}, by=county.colleague, at=NOON + 3 * STEP)
    case = actions.answer(
        case, version=case.version, answer=Answer(answer), photos=(photo("b"),), by=county.handler, at=NOON + 4 * STEP
    )
    case = actions.check_satisfied(
        case, version=case.version, verdict=Verdict(Solved.YES, 5), by=county.clerk, at=NOON + 5 * STEP
    )
    actions.release(
        case, version=case.version, draft=actions.Draft(text, text, answer), by=county.clerk, at=NOON + 6 * STEP
    )
    return Case.objects.get(pk=case.pk)


def everything() -> Iterator[tuple[str, str]]:
    """Every text of every table, also of those that the database keeps for its own index."""
    names = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for name in [*names, *(["cases_searchtext_index"] if connection.vendor == "sqlite" else [])]:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of our own tables
            for row in cursor.fetchall():
                yield name, " ".join(map(str, row))


def holding(words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Table and word; in JSON the characters are escaped."""
    return {
        (table, word)
        for table, row in everything()
        for word in words
        if word in row or json.dumps(word).strip('"') in row
    }


@pytest.mark.postgresql
def test_nothing_of_it_is_left_in_any_table(county: County) -> None:
    case = planted(county)
    before = {word for _table, word in holding(PLANTED)}
    kept = Contact.objects.count()

    actions.erase_due(at=NOON + YEARS)

    # The telephone stands nowhere in the clear.
    assert before == set(PLANTED[:-1])
    assert holding(PLANTED) == set()
    assert (kept, Contact.objects.count(), Blob.objects.count()) == (1, 0, 0)
    case.refresh_from_db()
    assert (case.erased_at, case.contact) == (NOON + YEARS, None)
    assert [*chain_faults(), *case_faults()] == []


@pytest.mark.postgresql
def test_it_is_found_by_its_number_and_not_by_its_words(county: County) -> None:
    case, other = planted(county), make.heard(county, text=PLANTED[0])
    actions.erase(case, by=RESIDENT, at=NOON + 9 * STEP)

    assert found(county, PLANTED[0][:3]) == [other.ref]


def found(county: County, words: str) -> list[str]:
    return [hit.case.ref for hit in by_words(county.clerk, words)[0]]


def test_photos_that_another_request_shows_stay(county: County, django_capture_on_commit_callbacks: object) -> None:
    case = planted(county)
    other = make.handling(county)
    actions.note(other, text="", photos=(photo("a"),), by=county.handler, at=NOON + 3 * STEP)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.erase(case, by=RESIDENT, at=NOON + 9 * STEP)

    assert [blob.sha256[0] for blob in Blob.objects.all()] == ["a"]
    assert (path_of("a" * 64).exists(), path_of("b" * 64).exists()) == (True, False)


def test_a_photo_that_came_again_meanwhile_stays(county: County, django_capture_on_commit_callbacks: object) -> None:
    case = planted(county)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.erase(case, by=RESIDENT, at=NOON + 9 * STEP)
        other = make.handling(county)
        actions.note(other, text="", photos=(photo("b"),), by=county.handler, at=NOON + 3 * STEP)

    assert path_of("b" * 64).exists()


def test_erasing_is_an_event_that_says_nothing_and_happens_once(county: County) -> None:
    case = actions.erase(planted(county), by=RESIDENT, at=NOON + 9 * STEP)

    assert last(case) == ("erased", "resident", {})
    assert actions.erase(case, by=RESIDENT, at=NOON + 10 * STEP).version == case.version


def test_what_is_still_open_is_not_erased(county: County) -> None:
    with pytest.raises(Refused, match="not_ended"):
        actions.erase(make.handling(county), by=RESIDENT, at=NOON + 9 * STEP)


def test_who_left_neither_name_nor_number_is_erased_as_well(county: County) -> None:
    case = actions.erase(make.withdrawn(county, phone=""), by=RESIDENT, at=NOON + 9 * STEP)

    assert (case.contact, case.erased_at) == (None, NOON + 9 * STEP)


def test_what_was_joined_waits_for_its_main_request(county: County) -> None:
    main = make.assigned(county)
    make.merged(county, main=main)

    assert actions.erase_due(at=NOON + YEARS) == 0


def test_the_resident_and_the_staff_read_that_it_was_erased(county: County) -> None:
    case = actions.erase(planted(county), by=RESIDENT, at=NOON + 9 * STEP)
    key = {"ref": case.ref, "code": case_code(case.uuid)}

    page = Client().get("/track/", key)

    assert page.status_code == 200
    assert "已删除" in page.content.decode()


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (datetime(2029, 11, 12, 12, tzinfo=NOON.tzinfo), datetime(2026, 11, 12, 12, tzinfo=NOON.tzinfo)),
        (datetime(2028, 2, 29, 9, tzinfo=NOON.tzinfo), datetime(2025, 2, 28, 9, tzinfo=NOON.tzinfo)),
    ],
)
def test_the_term_ends_on_the_same_day_years_later(at: datetime, before: datetime) -> None:
    assert ended_before(at) == before


def test_what_comes_due_and_what_was_erased_is_listed(county: County) -> None:
    case = planted(county)
    soon = NOON + YEARS - timedelta(days=20)

    listed = list(coming(soon, 30)), list(coming(NOON, 30))
    actions.erase_due(at=NOON + YEARS)

    assert listed == ([case], [])
    assert list(erased()) == [case]


def test_a_resident_erases_what_has_ended(county: County) -> None:
    case = planted(county)
    key = {"ref": case.ref, "code": case_code(case.uuid)}
    browser = Client()

    unsure = browser.post("/track/", {**key, "do": "erase"})
    sent = browser.post("/track/", {**key, "do": "erase", "sure": "on"})
    page = browser.get(sent["Location"]).content.decode()

    assert (unsure.status_code, sent.status_code) == (422, 303)
    assert "已删除您说的话" in page
    assert holding(PLANTED) == set()


def test_what_is_still_needed_is_not_offered_to_be_erased(county: County) -> None:
    for case in (make.handling(county), make.closed(county, outcome=Outcome.PLANNED, planned_days=20)):
        key = {"ref": case.ref, "code": case_code(case.uuid)}

        assert 'value="erase"' not in Client().get("/track/", key).content.decode()
        with pytest.raises(Refused, match="not_ended"):
            actions.erase(case, by=RESIDENT, at=NOON + 9 * STEP)


def test_what_was_erased_goes_on_no_more(county: County, client_of: Callable[[Any], Client]) -> None:
    case = actions.erase(planted(county), by=RESIDENT, at=NOON + 9 * STEP)

    with pytest.raises(Refused, match="erased"):
        actions.reopen(case, version=case.version, words="又坏了", by=county.clerk, at=NOON + 10 * STEP)
    page = client_of(county.clerk).get(f"/desk/cases/{case.ref}/")
    assert (page.status_code, page.context["buttons"]) == (200, [])
    assert client_of(county.clerk).get(f"/desk/cases/{case.ref}/print/").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_report_costs_the_same_for_many(
    county: County,
    client_of: Callable[[Any], Client],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        actions.erase(make.closed(county), by=RESIDENT, at=NOON + 9 * STEP)
    browser = client_of(county.operator)
    browser.get("/desk/settings/erasure/")

    with django_assert_num_queries(7):
        page = browser.get("/desk/settings/erasure/")

    assert len(page.context["page"].rows) == count
