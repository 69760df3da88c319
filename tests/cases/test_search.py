"""Finding a case by its words: inside one's scope, in Chinese of one character or more, and never what was erased."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.actions import Sorting
from lianying.cases.actions.search import FILLED, fill_index, index_words
from lianying.cases.models import Case, SearchText
from lianying.cases.queries import find
from lianying.cases.queries.find import by_words
from lianying.common.clock import standing_at
from lianying.common.models import Counter
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.grams import AGE
from lianying.rules.kinds import CaseKind, Urgency
from tests import make
from tests.cast import NOON, STEP, County

pytestmark = pytest.mark.postgresql
ClientOf = Callable[[User | Actor], Client]


def found(actor: Actor, words: str) -> list[str]:
    return [hit.case.ref for hit in by_words(actor, words)[0]]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("路灯", True),
        ("坏", True),
        ("灯坏了三", True),
        ("小区 路灯", True),
        ("丽湖花园", True),
        ("3号楼", True),
        ("ＮＨ-2026", True),
        ("见路", True),
        ("路坏", False),
        ("小区 漏水", False),
        ("号小", False),
        ("。", False),
    ],
)
def test_words_of_the_request_and_its_place_are_found(county: County, words: str, is_found: bool) -> None:
    case = make.heard(county, address="丽湖花园3号楼")

    assert found(county.clerk, words) == ([case.ref] if is_found else [])


def test_answers_are_found_and_notes_of_the_staff_are_not(county: County) -> None:
    case = make.answered(county)
    actions.note(case, text="内部电话已打给物业经理", inner=True, by=county.handler, at=NOON + 5 * STEP)

    assert found(county.handler, "更换三盏") == [case.ref]
    assert found(county.handler, "物业经理") == []


def test_what_the_desk_corrects_is_found_anew(county: County) -> None:
    case = make.heard(county)
    sorting = Sorting(CaseKind.HELP, Urgency.ORDINARY, None, title="南门路灯不亮", address="和平路")

    actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=NOON + STEP)

    assert found(county.clerk, "南门") == found(county.clerk, "和平路") == [case.ref]


def test_only_cases_of_the_scope_are_found(county: County) -> None:
    town, office = make.assigned(county, to=county.town), make.assigned(county)

    assert found(county.clerk, "路灯") == [office.ref, town.ref]
    assert found(county.handler, "路灯") == [office.ref]
    assert found(county.village_handler, "路灯") == []
    assert found(county.operator, "路灯") == []


def test_a_report_is_not_found_by_the_unit_that_it_accuses(county: County) -> None:
    case = make.heard(county, text="城管队员收了烧烤店的钱", kind=CaseKind.REPORT)
    sorting = Sorting(CaseKind.REPORT, Urgency.ORDINARY, None, accused=county.management)
    actions.correct(case, version=case.version, sorting=sorting, by=county.clerk, at=NOON + STEP)
    Case.objects.filter(pk=case.pk).update(path=county.management.path)

    assert found(county.clerk, "烧烤店") == [case.ref]
    assert found(county.handler, "烧烤店") == []


def test_an_erased_case_is_not_found(county: County) -> None:
    case = make.heard(county)
    SearchText.objects.filter(case=case).delete()

    assert found(county.clerk, "路灯") == []


def test_pages_go_on_with_older_ones(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "HITS", 2)
    cases = [make.heard(county) for _ in range(5)]

    pages, after = [], ""
    for _ in range(3):
        hits, after = by_words(county.clerk, "路灯", after=after)
        pages.append([hit.case for hit in hits])

    assert pages == [[cases[4], cases[3]], [cases[2], cases[1]], [cases[0]]]
    assert after == ""


def test_what_is_old_is_found_behind_much_that_is_new(county: County) -> None:
    old = make.heard(county, text="水管漏水")
    new = make.heard(county)
    new.pk, new.uuid, new.ref = old.pk + 20 * AGE, uuid4(), "NH-20261112-9999"
    new.save(force_insert=True)
    index_words([new], {})

    assert found(county.clerk, "漏水") == [old.ref]


def test_cases_from_before_the_index_are_filled_in(county: County) -> None:
    case = make.answered(county)
    SearchText.objects.all().delete()

    rounds = [fill_index(), fill_index()]

    assert rounds == [1, 0]
    assert Counter.objects.get(name=FILLED).value == case.pk
    assert found(county.clerk, "更换三盏") == [case.ref]


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_marks_what_was_asked_for(
    county: County, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _ in range(many):
        make.heard(county)
    browser = client_of(county.clerk)
    browser.get("/desk/find/?q=路灯")
    # PostgreSQL looks at the newest first, and twice more for what is rare.
    queries = 12 if connection.vendor == "postgresql" else 9

    with standing_at(NOON + STEP), django_assert_num_queries(queries):
        html = browser.get("/desk/find/?q=路灯").content.decode()

    assert html.count("<mark>路灯</mark>") == many


def test_nothing_found_says_how_to_ask(county: County, client_of: ClientOf) -> None:
    html = client_of(county.clerk).get("/desk/find/?q=没有这样的事").content.decode()

    assert "一个字也行" in html
