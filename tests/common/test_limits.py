from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from lianying.common.actions import sweep
from lianying.common.limits import address, count
from lianying.common.models import Counter
from lianying.rules.refusals import Refused
from tests.cast import NOON

PROXY = "10.0.0.1"


def request(remote: str = "192.0.2.1", forwarded: str = "") -> HttpRequest:
    given = RequestFactory().get("/", REMOTE_ADDR=remote)
    if forwarded:
        given.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return given


def with_setting(settings: Settings, name: str, value: object) -> None:
    settings.ENV = settings.ENV | {name: value}


@pytest.mark.parametrize(
    ("remote", "forwarded", "taken"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (PROXY, "198.51.100.9", "198.51.100.9"),
        (PROXY, "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        (PROXY, "", PROXY),
    ],
)
def test_an_address_is_believed_only_from_a_named_proxy(
    settings: Settings, remote: str, forwarded: str, taken: str
) -> None:
    with_setting(settings, "TRUSTED_PROXIES", [PROXY])

    assert address(request(remote, forwarded)) == taken


def tries(what: str, times: int, *, remote: str = "192.0.2.1", minutes: int = 0) -> None:
    for _ in range(times):
        count(request(remote), what, 3, at=NOON + timedelta(minutes=minutes))


@pytest.mark.django_db
def test_the_fourth_try_of_an_hour_is_refused() -> None:
    tries("tell", 3)

    with pytest.raises(Refused) as caught:
        tries("tell", 1)

    assert (caught.value.code, caught.value.facts) == ("too_often", {"per_hour": 3})


@pytest.mark.django_db
def test_another_address_thing_or_hour_is_counted_by_itself() -> None:
    tries("tell", 3)

    tries("tell", 3, remote="192.0.2.2")
    tries("track", 3)
    tries("tell", 3, minutes=60)

    assert sorted(Counter.objects.values_list("value", flat=True)) == [3, 3, 3, 3]


@pytest.mark.django_db
def test_the_table_says_nothing_of_who_came() -> None:
    tries("tell", 1)

    assert "192.0.2.1" not in Counter.objects.get().name


@pytest.mark.django_db
def test_limits_can_be_turned_off(settings: Settings) -> None:
    with_setting(settings, "RATE_LIMITS", False)

    tries("tell", 9)

    assert Counter.objects.count() == 0


@pytest.mark.django_db
def test_sweep_removes_what_is_over() -> None:
    tries("tell", 1)
    Counter.objects.create(name="ref:20261112", value=7)

    early, late = sweep(at=NOON + timedelta(hours=2)), sweep(at=NOON + timedelta(hours=2, seconds=1))

    assert (early, late, list(Counter.objects.values_list("name", flat=True))) == (0, 1, ["ref:20261112"])
