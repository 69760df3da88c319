"""Two workers and one message: whoever comes second changes nothing."""

import pytest
from django.conf import settings

from lianying.notices import actions
from lianying.notices.models import Notice
from lianying.rules.notices import Delivery
from tests import make
from tests.cast import NOON, STEP, County

LATER = NOON + 9 * STEP


@pytest.fixture
def notice(county: County, monkeypatch: pytest.MonkeyPatch) -> Notice:
    monkeypatch.setitem(settings.ENV, "SMS_URL", "http://127.0.0.1:9/")
    make.answered(county)
    return Notice.objects.get()


def test_a_message_is_leased_once(notice: Notice) -> None:
    first = actions.lease(Notice, notice.pk, at=LATER)
    second = actions.lease(Notice, notice.pk, at=LATER)

    assert (first, second) == (notice, None)


def test_what_came_of_a_message_that_was_overtaken_is_not_noted(notice: Notice, county: County) -> None:
    leased = actions.lease(Notice, notice.pk, at=LATER)
    assert leased is not None
    actions.drop(notice.subject, at=LATER)

    actions.note_delivery(leased, Delivery.UNREACHABLE, at=LATER)

    notice.refresh_from_db()
    assert (notice.tries, notice.error, notice.next_at, notice.dropped_at) == (0, "", None, LATER)
