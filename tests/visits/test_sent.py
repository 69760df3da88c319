"""What a phone sends after it was without a signal: each answer, again, at once, and by somebody else."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.models import Case
from lianying.common.clock import standing_at
from lianying.files.actions import drop
from lianying.files.models import Blob
from lianying.orgs.scope import Actor
from lianying.rules.checklists import ACCEPTED_FOR
from lianying.rules.refusals import Refused
from lianying.visits.actions import VisitCard, hand_over, keep_photo, open_terms, publish_checklist, record_visit
from lianying.visits.models import Visit, VisitPhoto
from tests.cast import NOON, STEP, user_of
from tests.files.test_actions import photo as kept_photo
from tests.visits.links import Linked

ClientOf = Callable[[Any], Client]
TODAY = NOON.date()
ID = UUID("8a0dbe14-5a5c-4f6c-a6e2-2c9f7a9f0001")
PRIVATE = "13812345678"


def noisy(seed: int = 1, size: tuple[int, int] = (600, 400)) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 20 + seed).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def named(photo: bytes) -> str:
    return hashlib.sha256(photo).hexdigest()


def body(linked: Linked, **changed: object) -> dict[str, object]:
    return {"link": str(linked.home.uuid), "on": str(TODAY), "note": "身体好", **changed}


def send(client: Client, given: object, uuid: UUID = ID, account: str = "") -> Any:
    headers = {"X-Account": account} if account else {}
    return client.put(f"/visits/{uuid}", given, content_type="application/json", headers=headers)


def upload(client: Client, photo: bytes, sha256: str = "", account: str = "") -> Any:
    headers = {"X-Account": account} if account else {}
    return client.put(f"/blobs/{sha256 or named(photo)}", photo, content_type="image/jpeg", headers=headers)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


@pytest.fixture
def browser(linked: Linked, client_of: ClientOf) -> Client:
    open_terms(at=NOON)
    return client_of(linked.leader)


def test_a_visit_with_all_that_belongs_to_it(linked: Linked, browser: Client) -> None:
    version = publish_checklist(
        {"ask": ["医保交了吗"], "look": ["住房"], "leave": ["联系卡"]}, by=linked.county.operator, at=NOON
    ).version
    given = body(
        linked,
        kind="evening",
        companions=["successor"],
        checklist=version,
        answers={"ask1": "交了", "look1": "fine", "leave1": "left"},
        problems=[{"text": "路灯不亮", "outcome": "request"}, {"text": "问医保", "outcome": "solved"}],
        photos=["ab" * 32],
    )

    answer = send(browser, given)

    visit = Visit.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "uuid": str(ID),
            "uncounted": "",
            "missing": ["ab" * 32],
            "requests": 1,
            "page": f"/desk/visits/made/{ID}/",
        },
    )
    assert (visit.uuid, visit.on, visit.kind, visit.note, visit.uncounted) == (ID, TODAY, "evening", "身体好", "")
    assert [one.username for one in visit.companions.all()] == ["successor"]
    assert set(visit.answers.values()) == {"交了", "fine", "left"}
    assert [one.text for one in visit.problems.order_by("pk")] == ["路灯不亮", "问医保"]
    assert list(chain_faults()) == []


def test_the_same_again_is_there_once(linked: Linked, browser: Client) -> None:
    given = body(linked, problems=[{"text": "路灯不亮", "outcome": "request"}], photos=["ab" * 32])

    answers = [send(browser, given) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 200]
    assert answers[0].json() == answers[2].json()
    assert (Visit.objects.count(), Case.objects.count(), VisitPhoto.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"on": "2026-11-11"},
        {"note": "身体不好"},
        {"kind": "staying"},
        {"problems": [{"text": "路灯不亮", "outcome": "request"}]},
        {"companions": ["successor"]},
        {"photos": ["ab" * 32]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_something_else_under_the_same_number_is_refused(
    linked: Linked, browser: Client, changed: dict[str, object]
) -> None:
    send(browser, body(linked))

    answer = send(browser, body(linked, **changed))

    assert (answer.status_code, answer.json()) == (409, {"errors": {"": ["这条记录的编号下已经存了别的内容。"]}})
    assert Visit.objects.get().note == "身体好"


def test_the_number_of_somebody_elses_visit_says_nothing_of_it(
    linked: Linked, browser: Client, client_of: ClientOf
) -> None:
    place = body(linked, link=str(linked.office.uuid))
    send(browser, place)

    answer = send(client_of(linked.successor), place)

    assert (answer.status_code, Visit.objects.count()) == (409, 1)
    assert "身体好" not in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (b"{", ""),
        (b"[]", ""),
        ({"visitor": "leader"}, ""),
        ({"checklist": "1"}, ""),
        ({"answers": {"ask1": 1}}, ""),
        ({"problems": ["路灯不亮"]}, ""),
        ({"link": "nothing"}, "link"),
        ({"link": str(ID)}, "link"),
        ({"checklist": 99}, "checklist"),
        ({"checklist": -1}, "checklist"),
        ({"checklist": 10**9}, "checklist"),
        ({"on": "", "note": "x"}, "on"),
        ({"on": "2028-01-01"}, "on"),
        ({"kind": "flying"}, "kind"),
        ({"companions": ["nobody"]}, "companions"),
        ({"answers": {"ask9": "交了"}}, ""),
        ({"problems": [{"text": "路灯不亮", "outcome": "solved"}] * 6}, ""),
        ({"problems": [{"text": "路灯不亮", "outcome": "lost"}]}, "outcome0"),
        ({"photos": ["ab"]}, "photos"),
        ({"photos": [f"{number:064x}" for number in range(10)]}, "photos"),
        ({"note": "字" * 5001}, "note"),
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_said_in_words(
    linked: Linked, browser: Client, given: dict[str, object] | bytes, field: str
) -> None:
    answer = send(browser, body(linked, **given) if isinstance(given, dict) else given)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert all(text for texts in answer.json()["errors"].values() for text in texts)
    assert Visit.objects.count() == 0


def test_a_clock_ahead_by_a_year_keeps_the_visit_and_does_not_count_it(linked: Linked, browser: Client) -> None:
    answer = send(browser, body(linked, on=str(TODAY + timedelta(days=365))))

    assert answer.status_code == 201
    assert answer.json()["uncounted"] == "未计入：走访日期在记录日期之后。"


def test_a_hand_over_that_the_phone_did_not_know_of(linked: Linked, browser: Client) -> None:
    on = date(2026, 7, 2)
    at = NOON.replace(month=7, day=2)
    hand_over(linked.home, to=user_of(linked.successor), on=on, by=linked.county.head, at=at)

    answer = send(browser, body(linked))

    assert (answer.status_code, answer.json()["uncounted"]) == (201, "未计入：当天不在联系期内。")
    assert Visit.objects.get().uncounted == "no_link"


def test_an_earlier_list_of_questions_is_taken_for_half_a_year(linked: Linked, browser: Client) -> None:
    operator = linked.county.operator
    old = publish_checklist({"ask": ["医保交了吗"]}, by=operator, at=NOON - 2 * ACCEPTED_FOR).version
    given = body(linked, checklist=old, answers={"ask1": "交了"})
    publish_checklist({"ask": ["孩子上学吗"]}, by=operator, at=NOON - ACCEPTED_FOR)

    in_time = send(browser, given)
    with standing_at(NOON + STEP):
        late = send(browser, given, UUID(int=2))

    assert (in_time.status_code, late.status_code) == (201, 422)
    assert "checklist" in late.json()["errors"]


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("clerk", 403), ("neighbour", 422)])
def test_who_may_not_visit_is_not_let_in(linked: Linked, client_of: ClientOf, who: str, status: int) -> None:
    client = Client() if who == "nobody" else client_of(getattr(linked.county, who))

    assert send(client, body(linked)).status_code == status
    assert Visit.objects.count() == 0


def test_what_another_account_wrote_on_the_device_waits_for_it(linked: Linked, browser: Client) -> None:
    other = send(browser, body(linked), account=linked.successor.label)
    own = send(browser, body(linked, photos=["ab" * 32]), account=linked.leader.label)
    photo = upload(browser, b"x", "ab" * 32, account=linked.successor.label)

    assert (other.status_code, own.status_code, photo.status_code) == (401, 201, 401)


def test_a_token_against_forgery_is_asked_for(linked: Linked, browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    assert send(strict, body(linked)).status_code == 403
    assert Visit.objects.count() == 0


def test_photos_arrive_once_and_are_seen_on_the_page_of_the_link(linked: Linked, browser: Client) -> None:
    photos = [noisy(1), noisy(2)]
    given = body(linked, photos=[named(one) for one in photos])
    assert send(browser, given).json()["missing"] == given["photos"]

    first = [upload(browser, one).status_code for one in photos]
    again = upload(browser, photos[0])

    assert (first, again.status_code) == ([201, 201], 200)
    assert send(browser, given).json()["missing"] == []
    rows = list(VisitPhoto.objects.order_by("pk"))
    page = browser.get(f"/desk/visits/{linked.home.uuid}/").content.decode()
    seen = [b"".join(browser.get(f"/desk/visits/{linked.home.uuid}/photos/{one.uuid}/")) for one in rows]
    assert [Image.open(BytesIO(one)).size for one in seen] == [(600, 400)] * 2
    assert all(f"/photos/{one.uuid}/" in page for one in rows)
    assert Event.objects.filter(kind="visit.photo").count() == 2
    assert list(chain_faults()) == []


def test_a_photo_of_two_visits_is_sent_once(linked: Linked, browser: Client) -> None:
    photo = noisy()
    for number in (1, 2):
        given = body(linked, on=str(TODAY - timedelta(days=number)), photos=[named(photo)])
        send(browser, given, UUID(int=number))

    assert upload(browser, photo).status_code == 201
    assert (Blob.objects.count(), VisitPhoto.objects.filter(blob=None).count()) == (1, 0)


def test_a_photo_that_nobody_waits_for_is_not_taken(linked: Linked, browser: Client, client_of: ClientOf) -> None:
    photo = noisy()
    send(browser, body(linked, photos=[named(photo)]))

    others = upload(client_of(linked.successor), photo)
    unannounced = upload(browser, noisy(3))

    assert (others.status_code, unannounced.status_code, Blob.objects.count()) == (404, 404, 0)
    assert others.json() == unannounced.json() == {"errors": {"": ["您的走访记录里没有这张照片。"]}}
    assert upload(browser, b"", "no-hash").status_code == 404


def test_a_photo_that_is_not_what_it_is_called(linked: Linked, browser: Client, settings: Settings) -> None:
    words, photo = b"no photo at all", noisy()
    send(browser, body(linked, photos=[named(words), named(photo)]))

    changed = upload(browser, photo[:-1], named(photo))
    no_photo = upload(browser, words)
    settings.FILE_UPLOAD_MAX_BYTES = len(photo) - 1
    large = upload(browser, photo)

    assert [one.status_code for one in (changed, no_photo, large)] == [422, 422, 413]
    assert all(one.json()["errors"][""][0] for one in (changed, no_photo, large))
    assert Blob.objects.count() == 0


def test_a_photo_that_came_between_is_not_asked_of_others(linked: Linked, browser: Client) -> None:
    send(browser, body(linked, photos=["ab" * 32]))

    with pytest.raises(Refused, match="photo_not_announced"):
        keep_photo("ab" * 32, kept_photo(), by=linked.successor, at=NOON)


def test_a_photo_that_a_visit_shows_stays_where_a_request_drops_it(linked: Linked, browser: Client) -> None:
    photo = noisy()
    send(browser, body(linked, photos=[named(photo)]))
    upload(browser, photo)
    blob = Blob.objects.get()

    drop(blob)

    row = VisitPhoto.objects.get()
    assert b"".join(browser.get(f"/desk/visits/{linked.home.uuid}/photos/{row.uuid}/"))


def test_photos_are_seen_by_whom_the_link_is_open_to(linked: Linked, browser: Client, client_of: ClientOf) -> None:
    photo = noisy()
    send(browser, body(linked, photos=[named(photo)]))
    upload(browser, photo)
    row = VisitPhoto.objects.get()

    own, others = f"/desk/visits/{linked.home.uuid}", f"/desk/visits/{linked.office.uuid}"
    assert client_of(linked.successor).get(f"{own}/photos/{row.uuid}/").status_code == 404
    assert browser.get(f"{others}/photos/{row.uuid}/").status_code == 404
    assert browser.get(f"{own}/photos/{ID}/").status_code == 404


def test_the_device_takes_along_what_one_calls_people_and_no_more(linked: Linked, browser: Client) -> None:
    problem = {"text": "路灯不亮", "outcome": "request"}
    send(browser, body(linked, on=str(TODAY - timedelta(days=1)), problems=[problem]))

    taken = browser.get("/desk/visits/offline/links/")

    home, place = taken.json()["links"]
    assert taken.json()["who"] == linked.leader.label
    assert home == {
        "uuid": str(linked.home.uuid),
        "called": "周大爷家",
        "place": "上柳村",
        "home": True,
        "unit": "management",
        "missing": 1,
        "problems": ["路灯不亮"],
    }
    assert (place["called"], place["home"], place["problems"]) == ("上柳村", False, [])
    assert "周建国" not in taken.content.decode()
    assert taken.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert {one["username"] for one in taken.json()["people"]["management"]} >= {"successor", "head"}
    assert "leader" not in str(taken.json()["people"])


def test_who_is_nobodys_visitor_takes_nothing_along(linked: Linked, client_of: ClientOf) -> None:
    anyone = Client().get("/desk/visits/offline/links/")

    assert (anyone.status_code, anyone.content) == (401, b"")
    assert client_of(linked.county.neighbour).get("/desk/visits/offline/links/").json()["links"] == []


def test_the_shell_is_the_same_for_everybody_and_its_worker_names_each_part(browser: Client) -> None:
    shell, worker = browser.get("/desk/visits/offline/"), browser.get("/desk/visits/worker.js")

    assert shell.content == Client().get("/desk/visits/offline/").content
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    files = [part for part in worker.content.decode().split('"') if part.startswith(("/static/", "/manifest"))]
    assert len(files) == 7
    parts = [browser.get(path.replace("\\u002D", "-")).status_code for path in files if path.startswith("/manifest")]
    assert parts == [200]
    assert browser.get("/manifest.webmanifest").json()["start_url"] == "/desk/visits/"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_copies_at_once_are_one_visit_and_one_photo(linked: Linked) -> None:
    open_terms(at=NOON)
    card = VisitCard(ID, TODAY, "身体好", photos=["ab" * 32])
    leader: Actor = linked.leader
    start = Barrier(4)

    def together(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        visits = list(threads.map(together, [lambda: record_visit(card, link=linked.home, by=leader, at=NOON).pk] * 4))
        start.reset()
        taken = list(threads.map(together, [lambda: keep_photo("ab" * 32, kept_photo(), by=leader, at=NOON)] * 4))

    assert (len(set(visits)), Visit.objects.count()) == (1, 1)
    assert sorted(map(bool, taken)) == [False, False, False, True]
    assert (Event.objects.filter(kind="visit.photo").count(), Blob.objects.count()) == (1, 1)
    assert list(chain_faults()) == []
