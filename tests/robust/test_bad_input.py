"""What nobody should send: in every field of every form, and in every address. Never an error of ours."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from lianying.cases.models import Case
from lianying.cases.views.deeds import DEEDS
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from tests import make
from tests.cast import NOON, STEP, County
from tests.forms_of import Form, forms_of

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

ENCODED = "application/x-www-form-urlencoded"
LONG = "长" * 20_001
HOSTILE = "'; DROP TABLE cases_case; --\"><script>alert(1)</script>{{ 7|add:7 }}%(name)s%s"
#: NUL, controls and a lone surrogate, which has no UTF-8: it comes as the bytes of one.
SPOILT = "路\0灯\x1b坏\x07了\x85".encode() + b"\xed\xa0\x80\xff\xfe"
#: What is put into one field after the other; into a choice or a button only the first three.
BAD: dict[str, bytes] = {
    "hostile": HOSTILE.encode(),
    "spoilt": SPOILT,
    "empty": b"",
    "long": LONG.encode(),
    "digits": b"9" * 5000,
}
CHOSEN = frozenset({"radio", "select", "checkbox", "button"})
NOT_NUMBERS = [b"inf", b"-inf", b"nan", b"91", b"-91", b"1e308", b"0x10", "１２".encode(), b"1,5"]
#: Cookie and token of CSRF are not typed by anybody, and the test's browser does not check them.
NEVER_TYPED = {"csrfmiddlewaretoken"}


def encoded(fields: dict[str, bytes]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items())


def sent(client: Client, form: Form, url: str, fields: dict[str, bytes]) -> tuple[int, str, str]:
    """Status, page and content type of what comes back; nothing of it stays."""
    address = form.action or url
    with transaction.atomic():
        response: HttpResponseBase
        if form.method == "post":
            response = client.post(address, encoded(fields), content_type=ENCODED)
        else:
            response = client.get(f"{address.partition('?')[0]}?{encoded(fields)}")
        transaction.set_rollback(True)
    return response.status_code, response.getvalue().decode(), response["Content-Type"]


def faults(client: Client, url: str, seen: set[Any]) -> Iterator[str]:
    """Try every field of every form of a page that was not tried before."""
    page = client.get(url)
    assert page.status_code == 200, url
    for form in forms_of(page.content.decode()):
        mark = (form.method, re.sub(r"NH-[\d-]+", "", form.action), tuple(form.controls))
        if mark in seen:
            continue
        seen.add(mark)
        good = {name: value.encode() for name, value in form.filled().items()}
        for name in form.controls.keys() - NEVER_TYPED:
            chosen = form.controls[name].kind in CHOSEN
            for label, bad in list(BAD.items())[: 3 if chosen else None]:
                status, text, _ = sent(client, form, url, good | {name: bad})
                place = f"{url} {form.action} {name} {label}"
                if not 200 <= status < 500:
                    yield f"{place}: {status}"
                if "<script>alert" in text:
                    yield f"{place}: not escaped"
                if form.method == "post" and status >= 400:
                    yield from (f"{place}: {fault}" for fault in spoken(form, text, good, name))


def spoken(form: Form, text: str, good: dict[str, bytes], name: str) -> Iterator[str]:
    """The page says what is wrong, and keeps what was typed into the other fields."""
    if 'role="alert"' not in text and 'class="error"' not in text:
        yield "no words"
    plain = unescape(text)
    for other in form.written:
        secret = form.controls[other].kind == "password"
        if other != name and not secret and good[other].decode() not in plain:
            yield f"{other} is lost"


def pages(county: County, person: str) -> list[str]:
    """Where this person finds forms."""
    if person == "resident":
        cases = [start(county) for start in (make.heard, make.waiting, make.answered, make.closed, make.declined)]
        cases.append(make.released(county))
        keys = [f"/track/?ref={case.ref}&code={case_code(case.uuid)}" for case in cases]
        return ["/tell/", "/track/", "/board/", "/ledger/", "/sign-in/", "/", *keys]
    if person == "operator":
        return [reverse(name) for name in ("settings_site", "settings_units", "settings_people")] + [
            reverse("settings_unit", args=["section"]),
            reverse("settings_person", args=["colleague"]),
            "/password/",
        ]
    if person == "clerk":
        checked, noted = make.answered(county), make.answered_now(county)
        case = make.heard(county)
        return [
            *("/desk/new/", "/desk/sort/", f"/desk/sort/?at={case.ref}", "/desk/find/?q=x"),
            *(f"/desk/checks/?at={one.ref}" for one in (checked, noted)),
            reverse("release", args=[make.closed(county, may_publish=True).ref]),
        ]
    return ["/desk/", "/desk/work/"]


@pytest.mark.parametrize("person", ["resident", "operator", "clerk", "handler"])
def test_no_field_of_a_page_makes_an_error(county: County, client_of: Callable[[Any], Client], person: str) -> None:
    client = Client() if person == "resident" else client_of(getattr(county, person))
    seen: set[Any] = set()

    with standing_at(NOON + 6 * STEP):
        found = [fault for url in pages(county, person) for fault in faults(client, url, seen)]

    assert found == []


@pytest.mark.parametrize(
    ("person", "start"),
    [
        ("clerk", make.heard),
        ("clerk", make.disputed),
        ("clerk", make.answered),
        ("clerk", make.waiting),
        ("handler", make.assigned),
        ("handler", make.handling),
        ("handler", make.answered),
        ("head", make.handling),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_no_field_of_a_move_makes_an_error(
    county: County, client_of: Callable[[Any], Client], person: str, start: Callable[[County], Case]
) -> None:
    case, client = start(county), client_of(getattr(county, person))
    seen: set[Any] = set()

    with standing_at(NOON + 6 * STEP):
        urls = [reverse("move", args=[case.ref, name]) for name in DEEDS]
        found = [fault for url in urls for fault in faults(client, url, seen)]

    assert found == []


@pytest.mark.parametrize("value", NOT_NUMBERS)
@pytest.mark.parametrize("name", ["lat", "lng"])
def test_a_position_outside_the_world_is_refused(county: County, client: Client, name: str, value: bytes) -> None:
    given = {"text": make.TEXT.encode(), "lat": b"32.9", "lng": b"117.4", name: value}
    fits = (name, value) in {("lng", b"91"), ("lng", b"-91"), ("lat", "１２".encode()), ("lng", "１２".encode())}

    response = client.post("/tell/", encoded(given), content_type=ENCODED, headers={"accept": "application/json"})

    assert response.status_code == (201 if fits else 422)
    assert fits or list(response.json()["errors"]) == [name]


def test_a_form_sent_again_gives_the_same_receipt(county: County, client: Client) -> None:
    form = {"text": make.TEXT, "client_id": "5ad9d3f4-4c2e-4a39-a6cb-5d0f6f0a2f10"}

    first, again = client.post("/tell/", form), client.post("/tell/", form)

    assert (first.status_code, again.status_code, again["Location"]) == (303, 303, first["Location"])
    assert Case.objects.count() == 1


def test_a_move_sent_again_is_done_once(county: County, client_of: Callable[[Any], Client]) -> None:
    case, client = make.handling(county), client_of(county.handler)
    url, form = reverse("move", args=[case.ref, "answer"]), {"version": "3", "outcome": "solved", "text": make.ANSWER}

    first, again = client.post(url, form), client.post(url, form)

    assert (first.status_code, again.status_code) == (303, 409)
    assert make.ANSWER in again.content.decode()
    assert case.entries.filter(kind="answer").count() == 1


def test_hostile_words_are_words_wherever_they_are_shown(county: County, client_of: Callable[[Any], Client]) -> None:
    told = make.Told(text=HOSTILE, address=HOSTILE, name=HOSTILE, may_publish=True, phone="13812348263")
    cases = [make.heard(county, **told), make.handling(county, **told), make.answered(county, **told)]
    cases.append(make.released(county, **told))
    public = cases[-1].public_version
    urls = ["/", "/board/", "/board/feed/", f"/board/{public.uuid}/", "/board/?q=DROP", "/numbers.csv", "/ledger.csv"]
    urls += [f"/{name}/?ref={case.ref}&code={case_code(case.uuid)}" for name in ("track", "receipt") for case in cases]
    desk = [f"/desk/{name}/" for name in ("sort", "work", "checks", "new")] + ["/desk/"]
    desk += [f"/desk/work/?tab={tab}" for tab in ("assigned", "handling", "closed", "all")]
    desk += [reverse(name, args=[case.ref]) for name in ("case", "print") for case in cases]
    desk += [f"/desk/sort/?at={cases[0].ref}", f"/desk/checks/?at={cases[2].ref}"]
    clerk, handler = client_of(county.clerk), client_of(county.handler)

    with standing_at(NOON + 6 * STEP):
        pages = [*map(Client().get, urls), *map(clerk.get, desk), *map(handler.get, desk)]
        found = [one.post("/desk/find/", {"q": told["phone"]}) for one in (clerk, handler)]
        opened = clerk.post(reverse("contact", args=[cases[1].ref]), {"reason": "call_back"}).content.decode()

    everything = "\n".join([*(page.getvalue().decode() for page in [*pages, *found]), opened])
    assert "&lt;script&gt;alert(1)" in everything
    assert "<script>alert" not in everything
    assert not re.search(r'="[^"]*"><script', everything)
    assert "{{ 7|add:7 }}" in unescape(everything)


def token(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


TOKENS = [
    *("x", "%C3%A9", "A" * 3000, "2026-11-12T12:00:00~x", "0001-01-01T00:00:00%2B23:59~x", ":", "a:b:c"),
    *map(token, ([1], [10**30], ["2026-13-45T12:00:00+08:00", 1], ["x", 1], [[1], 1], {"a": 1}, [None, 1])),
]
WORDS = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "'%20OR%201=1--",
    "%3Cscript%3Ealert(1)",
    "9" * 3000,
    "..%2F..%2Fetc",
    "%F0%9F%92%A5",
]
LISTS = ["/board/?after=", "/ledger/?after=", "/desk/work/?after=", "/desk/checks/?after=", "/desk/sort/?after="]
ASKED = [
    *(
        "/track/?code=X&ref=",
        "/track/?ref=X&code=",
        "/receipt/?ref=X&code=",
        "/ledger/?hash=a&ref=",
        "/ledger/?ref=X&hash=",
    ),
    *("/board/?q=", "/board/?category=", "/sign-in/?next=", "/desk/find/?q=", "/desk/checks/?at=", "/desk/work/?tab="),
    *("/desk/work/?kind=", "/desk/work/?unit=", "/desk/sort/?at=", "/desk/sort/?queue=", "/desk/rail/?at=", "/?utm="),
]
NAMED = [
    *("/desk/cases/%s/", "/desk/cases/%s/print/", "/desk/cases/%s/contact/", "/desk/cases/%s/move/note/"),
    *("/desk/cases/X/move/%s/", "/desk/cases/X/move/%s/preview/", "/desk/new/%s/", "/desk/checks/%s/", "/photos/%s/"),
    *("/desk/checks/%s/open/", "/desk/photos/%s/", "/board/%s/", "/numbers/%s/", "/welcome/%s/x/", "/welcome/MQ/%s/"),
    *("/desk/work/%s/next/", "/desk/work/X/%s/", "/desk/sort/%s/choices/", "/desk/sort/%s/assign/", "/%s"),
    *("/desk/settings/units/%s/", "/desk/settings/people/%s/"),
]
MONTHS = ["0-0", "2026-0", "2026-13", "99999-1", "9999-12", "1-1", "2026-" + "9" * 30, "9" * 30 + "-1"]


def addresses() -> Iterator[str]:
    yield from (prefix + token for prefix in LISTS for token in TOKENS)
    yield from (prefix + word for prefix in ASKED for word in WORDS)
    yield from (pattern % word for pattern in NAMED for word in WORDS)
    yield from (f"/numbers/{month}/" for month in MONTHS)
    yield from (f"/welcome/{uid}/abc-def/" for uid in ("LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "4pi6"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_makes_an_error(county: County, client_of: Callable[[Any], Client], method: str) -> None:
    make.handling(county)
    resident, clerk, operator = Client(), client_of(county.clerk), client_of(county.operator)
    found = []

    for url in addresses():
        client = operator if "settings" in url else clerk if url.startswith("/desk/") else resident
        with transaction.atomic():
            response = getattr(client, method)(url)
            transaction.set_rollback(True)
        if response.status_code >= 500 or b"<script>alert" in response.getvalue():
            found.append(f"{url}: {response.status_code}")

    assert found == []


@pytest.mark.parametrize("name", ["lianying_session", "lianying_csrf", "lianying_language", "lianying_elder"])
@pytest.mark.parametrize(
    "value", ['"a\\000bbbbbbbbbbbb"', "x" * 4000, "\xc3\xa9", '";;;=', "../../x", '"\\355\\240\\200aaaa"']
)
def test_a_spoilt_cookie_is_as_good_as_none(county: County, name: str, value: str) -> None:
    client = Client(headers={"cookie": f"{name}={value}"})

    answers = [client.get(path).status_code for path in ("/", "/tell/", "/desk/", "/desk/rail/")]
    posted = client.post("/tell/", {"text": make.TEXT}).status_code

    assert (answers, posted) == ([200, 200, 302, 200], 303)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize(
    "path", ["/", "/tell/", "/track/", "/board/", "/sign-in/", "/ledger/", "/numbers/", "/display/"]
)
def test_other_methods_are_not_allowed(county: County, client: Client, method: str, path: str) -> None:
    assert client.generic(method, path).status_code == 405
