"""Letters to the staff: nothing is lost while the mail server is dead or hangs, and none is posted twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message

import pytest
from django.conf import settings

from lianying.notices.actions import LEASE, forget_letters, lease, note_delivery, write_to
from lianying.notices.delivery import post_due
from lianying.notices.models import Letter
from lianying.orgs.models import User
from lianying.rules.notices import Delivery, StaffKind
from tests.cast import NOON, County
from tests.notices.letterboxes import Letterbox, letterbox
from tests.services import free_port

pytestmark = pytest.mark.postgresql
MINUTE = timedelta(minutes=1)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    with letterbox() as one:
        monkeypatch.setitem(settings.ENV, "SMTP_URL", f"smtp://127.0.0.1:{one.port}")
        monkeypatch.setitem(settings.ENV, "SMTP_SECONDS", 0.1)
        monkeypatch.setitem(settings.ENV, "MAIL_FROM", "desk@ninghe.example")
        yield one


def written(county: County, *, email: str = "chen@ninghe.example") -> Letter | None:
    user = User.objects.get(username="handler")
    user.email = email
    user.save()
    return write_to(user, StaffKind.URGENT, "有一件急事：NH-20261112-0001", at=NOON)


def words(letter: Message) -> str:
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().strip()


def hour(start: datetime) -> datetime:
    """Every minute of it a round of the worker; returns its end."""
    for minute in range(60):
        post_due(at=start + minute * MINUTE)
    return start + 60 * MINUTE


def test_a_letter_is_posted_once_under_its_id(county: County, box: Letterbox) -> None:
    letter = written(county)

    rounds = [post_due(at=NOON), post_due(at=NOON + MINUTE)]

    assert letter is not None
    assert (rounds, box.ids, box.headings) == ([1, 0], [f"<{letter.uuid}@ninghe.example>"], ["紧急事项"])
    handed = box.handed[0]
    assert (handed["To"], handed["From"]) == ("chen@ninghe.example", "desk@ninghe.example")
    assert words(handed) == "有一件急事：NH-20261112-0001"
    assert Letter.objects.get().sent_at == NOON


def test_nobody_without_an_address_is_written_to(county: County, box: Letterbox) -> None:
    assert written(county, email="") is None


def test_nothing_is_written_where_no_server_is_set_up(county: County) -> None:
    assert written(county) is None


@pytest.mark.parametrize("how", ["dead", "hang", "451 later"])
def test_an_hour_without_a_server_loses_nothing_and_posts_none_twice(
    county: County, box: Letterbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    for _ in range(25):
        written(county)
    alive = settings.ENV["SMTP_URL"]
    box.how = how
    if how == "dead":
        monkeypatch.setitem(settings.ENV, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    at = hour(NOON)
    posted_meanwhile = len(box.handed)
    box.how = "take"
    monkeypatch.setitem(settings.ENV, "SMTP_URL", alive)
    monkeypatch.setitem(settings.ENV, "SMTP_SECONDS", 5)

    hour(hour(at))

    expected = {f"<{uuid}@ninghe.example>" for uuid in Letter.objects.values_list("uuid", flat=True)}
    assert (posted_meanwhile, len(box.ids), set(box.ids)) == (0, 25, expected)
    assert Letter.objects.filter(sent_at__isnull=False).count() == 25


@pytest.mark.parametrize(
    ("how", "delivery"), [("550 nobody of that name", Delivery.REFUSED), ("swallow", Delivery.UNKNOWN)]
)
def test_a_refusal_and_an_unknown_outcome_are_not_tried_again(
    county: County, box: Letterbox, how: str, delivery: Delivery
) -> None:
    written(county)
    box.how = how
    post_due(at=NOON)
    box.how = "take"

    hour(NOON + MINUTE)

    letter = Letter.objects.get()
    assert (letter.error, letter.next_at, letter.sent_at) == (delivery.value, None, None)
    assert len(box.handed) == (1 if how == "swallow" else 0)


def test_what_a_killed_worker_had_in_hand_is_not_posted_again(county: County, box: Letterbox) -> None:
    written(county)
    letter = lease(Letter, Letter.objects.get().pk, at=NOON)
    assert letter is not None

    assert lease(Letter, letter.pk, at=NOON + MINUTE) is None
    post_due(at=NOON + LEASE)
    note_delivery(letter, Delivery.SENT, at=NOON + LEASE)

    assert (Letter.objects.get().error, box.handed) == (Delivery.UNKNOWN.value, [])


def test_a_letter_is_given_up_after_a_day(county: County, box: Letterbox) -> None:
    written(county)
    box.how = "451 later"
    post_due(at=NOON)
    post_due(at=NOON + timedelta(hours=25))

    assert Letter.objects.get().error == Delivery.UNREACHABLE.value


def test_a_wrong_password_is_a_server_that_cannot_be_reached(
    county: County, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(county)
    monkeypatch.setitem(settings.ENV, "SMTP_URL", f"smtp://a:wrong%20one@127.0.0.1:{box.port}")

    post_due(at=NOON)

    assert Letter.objects.get().next_at == NOON + MINUTE


def test_old_letters_are_forgotten_and_those_to_be_sent_are_kept(county: County, box: Letterbox) -> None:
    written(county)
    post_due(at=NOON)
    written(county)

    forget_letters(at=NOON + timedelta(days=31))

    assert Letter.objects.get().sent_at is None
