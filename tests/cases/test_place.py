"""A place pointed at: what it is pointed at on, who tells it, who sees it, and that the public never does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from lianying.cases import actions
from lianying.cases.models import Case, PublicVersion
from lianying.cases.queries.maps import CHINA, Ground, ground
from lianying.common.crypto import case_code
from lianying.orgs.actions import SiteCard, set_site
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.geo import Box
from tests import make
from tests.cast import FOUNDED, INSTALLER, NOON, PHONE, STEP, County

pytestmark = pytest.mark.postgresql
ClientOf = Callable[[User | Actor], Client]
LAT, LNG = 31.123457, 117.765432
HERE = {"lat": str(LAT), "lng": str(LNG)}
TILES = "https://{s}.example.cn/x/{z}/{x}/{y}.png?tk=1"
PICKER, POSITION = "data-open", "data-locate"


def demo(county: County) -> None:
    set_site(SiteCard("南湖县", "0553-0000001", "NH", is_demo=True), by=INSTALLER, at=FOUNDED)


def with_env(**values: Any) -> override_settings:
    return override_settings(ENV=settings.ENV | values)


def spot(case: Case) -> tuple[float | None, float | None]:
    return case.lat, case.lng


def held_fields(html: str) -> list[str]:
    """What the hidden fields lat and lng hold."""
    tags = [re.search(rf'<input type="hidden" name="{name}"[^>]*>', html) for name in ("lat", "lng")]
    values = [re.search(r'value="([^"]*)"', tag[0]) if tag else None for tag in tags]
    return [value[1] if value else "" for value in values]


@pytest.mark.parametrize(
    ("env", "is_demo", "expected"),
    [
        ({}, False, None),
        ({"MAP_BOX": "31,117,32,118"}, False, None),
        ({}, True, Ground("", "", False, Box(30.9869, 117.5892, 31.2576, 117.922))),
        ({"MAP_BOX": "31,117,32,118"}, True, Ground("", "", False, Box(31, 117, 32, 118))),
        ({"TILES": TILES, "TILES_BY": "天地图"}, False, Ground(TILES, "天地图", False, CHINA)),
        (
            {"TILES": TILES, "TILES_GCJ02": True, "MAP_BOX": "31,117,32,118"},
            False,
            Ground(TILES, "", True, Box(31, 117, 32, 118)),
        ),
    ],
)
def test_a_map_is_drawn_on_pictures_or_on_outlines(env: dict[str, Any], is_demo: bool, expected: Ground | None) -> None:
    with with_env(**env):
        found = ground(is_demo=is_demo)

    assert found == expected


def test_without_anything_to_point_at_the_position_remains(county: County, client: Client, client_of: ClientOf) -> None:
    pages = [client.get("/tell/"), client_of(county.clerk).get("/desk/new/")]

    found = [(PICKER in page.content.decode(), POSITION in page.content.decode()) for page in pages]

    # Whoever takes a call is not where it happened.
    assert found == [(False, True), (False, False)]


def test_the_demo_county_and_pictures_give_a_map_that_is_not_loaded_yet(
    county: County, client: Client, client_of: ClientOf
) -> None:
    with with_env(TILES=TILES, TILES_GCJ02=True):
        on_pictures = client.get("/tell/").content.decode()
    demo(county)
    pages = [
        on_pictures,
        *(one.content.decode() for one in (client.get("/tell/"), client_of(county.clerk).get("/desk/new/"))),
    ]

    assert [PICKER in html for html in pages] == [True] * 3
    assert [" data-shifted" in html for html in pages] == [True, False, False]
    # Named for whoever opens it, and neither a script nor a sheet of the page.
    assert [bool(re.search(r"<(script|link)[^>]*leaflet", html)) for html in pages] == [False] * 3


def test_what_a_resident_and_a_clerk_point_at_is_kept(county: County, client: Client, client_of: ClientOf) -> None:
    client.post("/tell/", {"text": make.TEXT, **HERE})
    given = {"text": make.TEXT, "phone": PHONE, "kind": "help", "urgency": "auto", "channel": "counter", **HERE}
    client_of(county.clerk).post("/desk/new/", given)

    assert [spot(case) for case in Case.objects.order_by("id")] == [(LAT, LNG)] * 2


def test_looking_a_number_up_keeps_the_place(county: County, client_of: ClientOf) -> None:
    page = client_of(county.clerk).post("/desk/new/", {"phone": PHONE, "look_up": "1", **HERE})

    assert held_fields(page.content.decode()) == [str(LAT), str(LNG)]


def test_another_fault_keeps_the_place(county: County, client: Client) -> None:
    page = client.post("/tell/", {"text": make.TEXT, "phone": "138", **HERE})

    assert (page.status_code, held_fields(page.content.decode())) == (422, [str(LAT), str(LNG)])


@pytest.mark.parametrize(
    "wrong", [{"lat": "91"}, {"lng": ""}, {"lng": "181"}, {"lat": "nan"}, {"lat": "a", "lng": "b"}]
)
def test_a_broken_place_is_said_once_and_does_not_stand_in_the_way(
    county: County, client: Client, wrong: dict[str, str]
) -> None:
    page = client.post("/tell/", {"text": make.TEXT, "address": "柳江路18号", **HERE, **wrong})

    html = page.content.decode()
    assert (page.status_code, html.count("地图位置没有传完整"), held_fields(html)) == (422, 1, ["", ""])
    assert (make.TEXT in html, 'value="柳江路18号"' in html) == (True, True)


def test_staff_see_the_place_and_it_on_the_map(county: County, client_of: ClientOf) -> None:
    demo(county)
    case = make.handling(county, lat=LAT, lng=LNG)
    browser = client_of(county.handler)

    html = browser.get(f"/desk/cases/{case.ref}/").content.decode()

    assert (f'data-at="{LAT:.6f},{LNG:.6f}"' in html, "31.12346, 117.76543" in html, PICKER in html) == (True,) * 3


def test_the_place_stands_beside_what_is_sorted_and_on_the_slip(county: County, client_of: ClientOf) -> None:
    demo(county)
    heard, plain = make.heard(county, lat=LAT, lng=LNG), make.heard(county)
    handled = make.handling(county, lat=LAT, lng=LNG)
    clerk = client_of(county.clerk)

    sorting = [clerk.get(f"/desk/sort/?at={case.ref}").content.decode() for case in (heard, plain)]
    slip = client_of(county.handler).get(f"/desk/cases/{handled.ref}/print/").content.decode()

    assert [(f'data-at="{LAT:.6f},{LNG:.6f}"' in html, PICKER in html) for html in sorting] == [
        (True, True),
        (False, False),
    ]
    assert "31.12346, 117.76543" in slip


def test_where_a_reporter_stood_is_known_to_the_desk_alone(county: County, client_of: ClientOf) -> None:
    case = make.handling(county, lat=LAT, lng=LNG)
    Case.objects.filter(pk=case.pk).update(kind="report")
    box = "tab=handling&box=31,117.5,31.3,118&zoom=12"

    def seen(actor: Actor) -> tuple[bool, int]:
        browser = client_of(actor)
        page = browser.get(f"/desk/cases/{case.ref}/")
        slip = browser.get(f"/desk/cases/{case.ref}/print/").content.decode()
        assert ("117.76" in slip) == ("117.76" in page.content.decode())
        return "117.76" in slip, len(browser.get(f"/desk/work/points/?{box}").json()["points"])

    assert [seen(actor) for actor in (county.clerk, county.handler, county.supervisor)] == [
        (True, 1),
        (False, 0),
        (False, 0),
    ]


def test_the_resident_sees_what_is_held_and_it_goes_with_the_rest(county: County, client: Client) -> None:
    demo(county)
    case = make.closed(county, lat=LAT, lng=LNG)
    held = f"/track/held/?ref={case.ref}&code={case_code(case.uuid)}"

    before = client.get(held).content.decode()
    gone = actions.erase(case, by=RESIDENT, at=NOON + 9 * STEP)
    after = client.get(held).content.decode()

    assert [("117.76" in html, PICKER in html) for html in (before, after)] == [(True, True), (False, False)]
    assert spot(gone) == (None, None)


def test_the_public_never_sees_the_place(county: County, client: Client) -> None:
    demo(county)
    case = make.released(county, lat=LAT, lng=LNG)
    version = PublicVersion.objects.get(case=case)
    month = f"{NOON:%Y}-{NOON.month}"
    public = [
        "/",
        "/board/",
        "/board/feed/",
        f"/board/{version.uuid}/",
        "/numbers/",
        f"/numbers/{month}/",
        "/numbers.csv",
    ]
    public += ["/ledger/", "/ledger/feed/", "/ledger.csv", "/outlines.json", "/centres/"]

    answers = {path: client.get(path) for path in public}

    assert [path for path, answer in answers.items() if answer.status_code != 200] == []
    told = {path: b"".join(answer) for path, answer in answers.items()}
    assert [path for path, body in told.items() if b"31.1234" in body or b"117.7654" in body] == []


def test_the_page_on_what_is_kept_names_whose_pictures_a_map_shows(county: County, client: Client) -> None:
    pages = []
    for env in ({}, {"TILES": TILES}, {"TILES": TILES, "TILES_BY": "天地图"}):
        with with_env(**env):
            pages.append(client.get("/privacy/").content.decode())

    found = [re.search(r"底图才从“([^”]*)”取", html) for html in pages]

    assert [one[1] if one else None for one in found] == [None, "example.cn", "天地图"]
