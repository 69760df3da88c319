"""The public board: only what a clerk released and nobody took back."""

import csv
import io
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.cases import actions
from lianying.cases.models import Case, PublicVersion
from lianying.cases.queries.board import SIZE, board_page
from lianying.orgs.models import Unit
from lianying.orgs.scope import RESIDENT
from tests import make
from tests.cast import NOON, STEP, County


def public_of(case: Case) -> PublicVersion:
    return PublicVersion.objects.get(case=case)


def fill(county: County, count: int) -> None:
    """Many versions by copying one: the board reads nothing else of a case."""
    first = public_of(make.released(county))
    cases = [make.heard(county, at=NOON + number * STEP) for number in range(count - 1)]
    PublicVersion.objects.bulk_create(
        PublicVersion(
            case=case,
            title=f"{first.title} {number}",
            question=first.question,
            answer=first.answer,
            unit=first.unit,
            asked_on=first.asked_on,
            released_at=NOON + (10 + number) * STEP,
        )
        for number, case in enumerate(cases)
    )


def test_an_empty_board_says_what_to_do(county: County, client: Client) -> None:
    html = client.get("/board/").content.decode()

    assert ("还没有公开的答复" in html, 'href="/tell/"' in html) == (True, True)


def test_only_what_is_released_is_shown(county: County, client: Client) -> None:
    make.closed(county, may_publish=True, text="没有公开的事")
    shown = public_of(make.released(county))
    taken_back = make.released(county, text="收回的事")
    actions.unrelease(taken_back, by=RESIDENT, at=NOON + 9 * STEP)

    html = client.get("/board/").content.decode()

    assert (str(shown.uuid) in html, "没有公开的事" in html, "收回的事" in html) == (True, False, False)


def test_a_town_narrows_the_board_to_what_it_and_its_villages_answered(county: County, client: Client) -> None:
    first, second = public_of(make.released(county)), public_of(make.released(county, at=NOON + 9 * STEP))
    PublicVersion.objects.filter(pk=second.pk).update(unit=county.village)

    pages = [client.get("/board/", {"town": code}).content.decode() for code in ("", "town", "village", "nowhere")]

    found = [[str(one.uuid) in page for one in (first, second)] for page in pages]
    assert found == [[True, True], [False, True], [True, True], [True, True]]
    assert ["柳溪镇</option>" in page for page in pages] == [True] * 4


def test_a_county_without_towns_offers_none(county: County, client: Client) -> None:
    Unit.objects.filter(code="town").update(active=False)

    assert 'name="town"' not in client.get("/board/").content.decode()


def test_one_answer_has_its_page_and_numbers_are_masked(county: County, client: Client) -> None:
    case = make.closed(county, may_publish=True)
    draft = actions.Draft(case.title, "请打 13812348263", make.ANSWER)
    public = actions.release(case, version=case.version, draft=draft, by=county.clerk, at=NOON + 5 * STEP)

    response = client.get(f"/board/{public.uuid}/")

    html = response.content.decode()
    assert (response.status_code, make.ANSWER in html, "13812348263" in html, case.ref in html) == (
        200,
        True,
        False,
        False,
    )


def test_what_was_never_there_is_404(county: County, client: Client) -> None:
    assert client.get(f"/board/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "路灯"}, True),
        ({"q": "路灯 三盏"}, True),
        ({"q": "路灯 电梯"}, False),
        ({"q": "%"}, False),
        ({"q": "' OR 1=1 --"}, False),
        ({"category": "01"}, True),
        ({"category": "0109"}, True),
        ({"category": "02"}, False),
        ({"category": "没有的"}, True),
        ({"after": "AAAA"}, True),
    ],
)
def test_the_board_is_searched(county: County, client: Client, query: dict[str, str], found: bool) -> None:
    public = public_of(make.released(county, category="0109"))

    response = client.get("/board/", query)

    assert (response.status_code, str(public.uuid) in response.content.decode()) == (200, found)


def test_pages_follow_one_another_without_a_gap(county: County) -> None:
    fill(county, SIZE + 5)

    first = board_page()
    second = board_page(after=first.next)

    ids = [row.pk for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows), second.next) == (SIZE, 5, "")
    assert ids == list(PublicVersion.objects.order_by("-released_at", "-id").values_list("pk", flat=True))


def test_all_answers_come_as_a_table(county: County, client: Client) -> None:
    public = public_of(make.released(county, category="0109"))
    PublicVersion.objects.update(title="=1+1")
    make.closed(county, may_publish=True, text="没有公开的事")
    actions.unrelease(make.released(county, text="收回的事"), by=RESIDENT, at=NOON + 9 * STEP)

    response = client.get("/board.csv")
    head, *rows = csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")))

    assert (response["Content-Type"], head[0], len(rows)) == ("text/csv; charset=utf-8", "答复网址", 1)
    assert rows[0][0] == f"http://testserver/board/{public.uuid}/"
    assert rows[0][1] == "0109"
    assert rows[0][6:] == ["'=1+1", public.question, public.answer]


@pytest.mark.parametrize("count", [1, 30])
def test_the_board_costs_three_queries(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    fill(county, count)

    with django_assert_num_queries(3):
        client.get("/board/")
