from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client

from lianying.audit.models import Event
from lianying.orgs.actions import end_post, make_user, sign_in_link
from lianying.orgs.models import Post, User
from lianying.orgs.queries import locks
from lianying.rules.events import EventKind
from tests.cast import FOUNDED, INSTALLER, NOON, PASSWORD, County, user_of

WRONG = "not-this-one"


def try_to(browser: Client, username: str, password: str, **more: str) -> tuple[int, str]:
    """The status, and the address it leads to or the words of the page."""
    answer = browser.post("/sign-in/", {"username": username, "password": password, **more})
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def test_the_right_password_opens_the_desk(county: County, client: Client) -> None:
    opened = try_to(client, "clerk", PASSWORD)

    events = Event.objects.filter(kind=EventKind.SIGNED_IN).values_list("stream", "actor")
    assert opened == (303, "/desk/")
    assert list(events) == [(f"user:{county.clerk.user_id}", f"user:{county.clerk.user_id}")]
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/desk/find/?q=42", "/desk/find/?q=42"),
        ("https://elsewhere.example/", "/desk/"),
        ("//elsewhere.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_ours(county: County, client: Client, wanted: str, led: str) -> None:
    assert try_to(client, "clerk", PASSWORD, next=wanted) == (303, led)


def test_the_session_is_another_after_signing_in(county: County, client: Client) -> None:
    client.session["before"] = "kept"
    before = client.session.session_key

    try_to(client, "clerk", PASSWORD)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("tried", "right"), [(["clerk"] * 5, "clerk"), (["nobody"] * 5, "nobody"), (["clerk", "CLERK"] * 3, "clerk")]
)
def test_five_wrong_passwords_lock_a_name_for_15_minutes_whether_it_is_known_or_not(
    county: County, client: Client, tried: list[str], right: str
) -> None:
    pages = []
    for minute, username in enumerate(tried[:5]):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            pages.append(try_to(client, username, WRONG))
    with time_machine.travel(NOON + timedelta(minutes=18), tick=False):
        pages.append(try_to(client, right, PASSWORD))

    found = [(status, "用户名或密码不对" in page, "12:19" in page) for status, page in pages]
    assert found == [(422, True, False)] * 4 + [(422, False, True)] * 2


@pytest.mark.parametrize(
    ("username", "tries"), [("clerk", 1), ("nobody", 1), ("invited", 1), ("clerk", 6), ("nobody", 6)]
)
def test_a_wrong_password_costs_one_hash_whether_the_name_is_known_or_not(
    county: County, client: Client, monkeypatch: pytest.MonkeyPatch, username: str, tries: int
) -> None:
    make_user(username="invited", name="新人", by=INSTALLER, at=FOUNDED)
    hashed = []

    def encode(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return "md5$salt$nothing"

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)

    for _ in range(tries):
        try_to(client, username, WRONG)

    assert len(hashed) == tries


def test_a_lock_opens_after_15_minutes(county: County, client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            try_to(client, "clerk", WRONG)
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        opened = try_to(client, "clerk", PASSWORD)

    assert opened == (303, "/desk/")
    assert locks(["clerk"], NOON + timedelta(minutes=16)) == {}
    assert Event.objects.filter(kind=EventKind.LOCKED_OUT).count() == 1


def test_an_address_that_tries_without_end_is_stopped(
    county: County, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianying.orgs.views.account.PER_HOUR", 3)

    tries = [try_to(client, f"name{number}", WRONG)[0] for number in range(4)]

    assert tries == [422, 422, 422, 429]


def test_nobody_signs_in_without_a_post(county: County, client: Client) -> None:
    post = Post.objects.get(user__username="neighbour")
    end_post(post, to_on=FOUNDED.date(), by=INSTALLER, at=FOUNDED)

    status, page = try_to(client, "neighbour", PASSWORD)

    assert (status, "没有岗位" in page) == (422, True)


def test_who_sits_idle_is_signed_out_though_the_page_refreshes_itself(county: County, client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        try_to(client, "clerk", PASSWORD)
        client.get("/desk/")
    for minutes in range(6, 120, 6):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            client.get("/desk/rail/", headers={"X-Polled": "1"})
    with time_machine.travel(NOON + timedelta(minutes=121), tick=False):
        desk = client.get("/desk/")
        rail = client.get("/desk/rail/", headers={"X-Polled": "1"}).content.decode()
        sign_in = client.get("/sign-in/?next=/desk/").content.decode()

    assert (desk.status_code, desk.headers["Location"]) == (302, "/sign-in/?next=/desk/")
    assert "已自动退出" in rail
    assert "您离开超过 120 分钟，已自动退出" in sign_in


def test_who_works_stays_signed_in(county: County, client: Client) -> None:
    seen = []

    with time_machine.travel(NOON, tick=False):
        try_to(client, "clerk", PASSWORD)
    for minutes in range(60, 301, 60):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            seen.append(client.get("/desk/").status_code)

    assert seen == [200] * 5


def test_signing_out_ends_the_session_and_says_nothing_of_being_away(county: County, client: Client) -> None:
    try_to(client, "clerk", PASSWORD)

    left = client.post("/sign-out/")

    assert (left.status_code, left.headers["Location"]) == (303, "/sign-in/")
    assert client.get("/desk/").status_code == 302
    assert "已自动退出" not in client.get("/sign-in/").content.decode()


def test_the_page_says_how_to_set_up_where_nobody_can_sign_in(db: None, client: Client) -> None:
    assert "lianying init" in client.get("/sign-in/").content.decode()


def first_password(county: County) -> User:
    user = user_of(county.handler)
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    return user


def test_a_first_password_must_be_changed_before_anything_else(county: County, client: Client) -> None:
    user = first_password(county)
    try_to(client, "handler", PASSWORD)

    before = client.get("/desk/")
    changed = client.post("/password/", {"old": PASSWORD, "new": "ein-langes-wort-9", "again": "ein-langes-wort-9"})

    user.refresh_from_db()
    assert (before.status_code, before.headers["Location"]) == (302, "/password/")
    assert (changed.status_code, changed.headers["Location"]) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert (user.must_change_password, user.check_password("ein-langes-wort-9")) == (False, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": WRONG, "new": "ein-langes-wort-9", "again": "ein-langes-wort-9"}, "这不是您现在的密码"),
        ({"old": PASSWORD, "new": "kurz", "again": "kurz"}, "至少 10 个字符"),
        ({"old": PASSWORD, "new": "ein-langes-wort-9", "again": "ein-anderes-wort-9"}, "两次输入的密码不一样"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "请换一个和现在不同的密码"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(
    county: County, client: Client, given: dict[str, str], words: str
) -> None:
    try_to(client, "clerk", PASSWORD)

    answer = client.post("/password/", given)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert user_of(county.clerk).check_password(PASSWORD)


def test_a_link_sets_a_password_once_and_signs_in(county: County, client: Client) -> None:
    user = user_of(county.section_handler)
    link = sign_in_link(user, by=INSTALLER, at=FOUNDED)

    shown = client.get(link)
    opened = client.post(link, {"new": "ein-langes-wort-9", "again": "ein-langes-wort-9"})
    again = Client().get(link)

    assert (shown.status_code, "section" in shown.content.decode()) == (200, True)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert (again.status_code, "已经失效" in again.content.decode()) == (410, True)


def test_a_link_is_void_after_three_days(county: County, client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        link = sign_in_link(user_of(county.section_handler), by=INSTALLER, at=FOUNDED)
    with time_machine.travel(NOON + timedelta(days=3, minutes=1), tick=False):
        late = client.get(link)

    assert late.status_code == 410


@pytest.mark.parametrize(
    "path", ["/welcome/MQ/abc-def/", "/welcome/!!/x/", "/welcome/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y/"]
)
def test_an_invented_link_opens_nothing(county: County, client: Client, path: str) -> None:
    assert client.get(path).status_code == 410


def test_a_demonstration_account_need_not_change_its_password(county: County) -> None:
    user = make_user(username="demo", name="演示", hashed=make_password(PASSWORD), by=INSTALLER, at=FOUNDED)

    assert not user.must_change_password
