"""What residents are sent, and what could not be sent: the operator's two pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianying.notices.actions import note_delivery
from lianying.notices.labels import TEXTS
from lianying.notices.models import Letter, Notice, NoticeText
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.rules.notices import Delivery, StaffKind
from tests import make
from tests.cast import NOON, County

ClientOf = Callable[[User | Actor], Client]
TEXTS_PAGE, MESSAGES = "/desk/settings/notices/", "/desk/settings/messages/"


def written(**changed: str) -> dict[str, str]:
    return {kind.value: str(text) for kind, text in TEXTS.items()} | changed


def failed(county: County, monkeypatch: pytest.MonkeyPatch, count: int = 1) -> None:
    monkeypatch.setitem(settings.ENV, "SMS_URL", "http://127.0.0.1:9/")
    for _ in range(count):
        make.answered(county)
    for notice in Notice.objects.all():
        note_delivery(notice, Delivery.REFUSED, at=NOON)


def test_a_text_is_written_previewed_and_given_back(county: County, client_of: ClientOf) -> None:
    browser = client_of(county.operator)

    previewed = browser.post(TEXTS_PAGE, written(answered="{unit}答复了 {ref}", preview="1"))
    nothing = NoticeText.objects.count()
    saved = browser.post(TEXTS_PAGE, written(answered="{unit}答复了 {ref}"))
    own = list(NoticeText.objects.values_list("kind", "text"))
    browser.post(TEXTS_PAGE, written())

    assert "城市管理局答复了 NH-20261112-0042" in previewed.content.decode()
    assert (previewed.status_code, nothing, saved.status_code) == (200, 0, 303)
    assert own == [("answered", "{unit}答复了 {ref}")]
    assert not NoticeText.objects.exists()


def test_an_unknown_placeholder_is_refused(county: County, client_of: ClientOf) -> None:
    response = client_of(county.operator).post(TEXTS_PAGE, written(answered="{name}您好"))

    assert response.status_code == 422
    assert "不认得：{name}" in response.content.decode()


def test_a_long_text_says_what_it_costs(county: County, client_of: ClientOf) -> None:
    html = client_of(county.operator).post(TEXTS_PAGE, written(answered="长" * 100, preview="1")).content.decode()

    assert "100 个字，2 条短信" in html


def test_what_failed_is_shown_without_words_or_numbers_and_tried_again(
    county: County, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(county.operator)
    failed(county, monkeypatch)

    html = browser.get(MESSAGES).content.decode()
    again = browser.post(MESSAGES)

    assert "对方拒收" in html
    assert make.ANSWER not in html
    assert "8263" not in html
    assert (again.status_code, Notice.objects.get().channel) == (303, "sms")
    assert "该发的都已发出" in browser.get(MESSAGES).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_for_every_length(
    county: County,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    failed(county, monkeypatch, many)
    user, kind = User.objects.get(username="handler"), StaffKind.URGENT.value
    Letter.objects.bulk_create(
        Letter(user=user, kind=kind, text="NH-20261112-0001", made_at=NOON, error="refused") for _ in range(many)
    )
    browser = client_of(county.operator)
    browser.get(MESSAGES)

    with django_assert_num_queries(7):
        browser.get(MESSAGES)


def test_the_health_page_counts_messages(county: County, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    failed(county, monkeypatch)
    browser = client_of(county.operator)

    assert "1 条改为电话告知" in browser.get("/desk/settings/health/").content.decode()
    Notice.objects.update(told_at=NOON + timedelta(hours=1), tries=1)
    assert "该发的都已发出" in browser.get("/desk/settings/health/").content.decode()


def test_letters_that_were_given_up_are_shown_with_whom_they_were_for(county: County, client_of: ClientOf) -> None:
    user = User.objects.get(username="handler")
    Letter.objects.create(user=user, kind="urgent", text="NH-20261112-0001", made_at=NOON, error="unknown")

    html = client_of(county.operator).get(MESSAGES).content.decode()

    assert ("给工作人员的邮件" in html, user.name in html, "没有说明结果" in html) == (True, True, True)
