import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianying.cases.labels import STANDINGS
from lianying.cases.views.numbers import content_words
from lianying.common.clock import standing_at
from lianying.rules.rates import Standing
from tests import make
from tests.cast import NOON, County

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(at_noon: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_prints_every_figure_with_its_parts_and_what_was_left_out(county: County, client: Client) -> None:
    make.closed(county)
    make.answered(county)
    make.declined(county)
    make.heard(county, at=NOON - timedelta(days=40))

    text = text_of(client, reverse("numbers"))

    assert "2026年11月实数" in text
    assert "截至 11月12日 12:00" in text
    assert "100.0 % 2 / 2 在承诺时间内答复" in text
    assert all(str(label) in text for label in STANDINGS.values())
    assert "2026年10月" in text


def test_the_page_says_so_where_nothing_was_received(county: County, client: Client) -> None:
    text = text_of(client, reverse("numbers"))

    assert "— 0 / 0" in text
    assert "逐月看" not in text


def test_the_page_costs_four_queries_and_one_while_it_is_kept(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(0, 300, 25):
        make.heard(county, at=NOON - timedelta(days=days))

    with django_assert_num_queries(4):
        client.get(reverse("numbers"))
    with django_assert_num_queries(1):
        client.get(reverse("numbers"))


def test_the_page_counts_again_when_the_month_has_turned(county: County, client: Client) -> None:
    text_of(client, reverse("numbers"))

    with standing_at(NOON + timedelta(days=20)):
        assert "2026年12月实数" in text_of(client, reverse("numbers"))


def test_a_month_has_its_own_page(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.closed(county, at=NOON - timedelta(days=40))

    with django_assert_num_queries(4):
        text = text_of(client, reverse("numbers_month", args=[2026, 10]))

    assert "2026年10月实数" in text
    assert "1 / 1" in text


@pytest.mark.parametrize("month", ["2026-12", "2026-0", "2026-13", "1999-12", "0-1", "99999-1"])
def test_a_month_that_is_none_or_has_not_come_is_not_found(county: County, client: Client, month: str) -> None:
    assert client.get(f"/numbers/{month}/").status_code == 404


def test_the_page_reads_in_english_too(county: County, client: Client) -> None:
    make.heard(county, category="0102")
    client.cookies["lianying_language"] = "en"

    text = text_of(client, reverse("numbers"))

    assert "Honest figures of November 2026" in text
    assert "Construction and housing" in text


def test_the_download_opens_in_a_spreadsheet_and_adds_up(county: County, client: Client) -> None:
    make.closed(county)
    make.merged(county)
    make.heard(county, text="=1+1", category="0102", at=NOON - timedelta(days=40))

    response = client.get(reverse("numbers_csv"))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert [row[0] for row in rows] == ["2026-11", "2026-10"]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in (head, *rows) for cell in row)
    assert all(int(row[2]) == sum(int(cell) for cell in row[3 : 3 + len(Standing)]) for row in rows)
    assert len({len(row) for row in (head, *rows)}) == 1


@pytest.mark.parametrize(
    ("weight", "words"),
    [("1.0", "3 分、4 分、5 分"), ("0.0", "打 4 分、5 分的（满分 5 分），占"), ("0.50", "按 0.5 人算")],
)
def test_the_words_for_satisfied_follow_the_weight_of_a_3(weight: str, words: str) -> None:
    assert words in content_words(Decimal(weight))
