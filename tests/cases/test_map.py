"""The list on a map: which points stand on it, for whom, counted by cell."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from lianying.cases.models import Case
from lianying.orgs.actions import SiteCard, set_site
from lianying.orgs.models import User
from lianying.orgs.scope import Actor
from lianying.reference.demo import county as demo_county
from lianying.reference.demo import outlines
from lianying.rules.geo import to_gcj
from tests import make
from tests.cast import FOUNDED, INSTALLER, County

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("at_noon")]
Browser = Callable[[User | Actor], Client]
HERE, NEAR, FAR = (31.12, 117.74), (31.1206, 117.7406), (31.2, 117.9)


def placed(county: County, place: tuple[float, float] | None = HERE, **told: Any) -> Case:
    lat, lng = place or (None, None)
    return make.handling(county, lat=lat, lng=lng, **told)


def points(browser: Client, query: str = "tab=handling", box: str = "31,117.5,31.3,118", zoom: int = 12) -> list[Any]:
    found: list[Any] = browser.get(f"/desk/work/points/?{query}&box={box}&zoom={zoom}").json()["points"]
    return found


def test_close_points_are_counted_as_one(county: County, client_of: Browser) -> None:
    near, far = [placed(county, HERE), placed(county, NEAR)], placed(county, FAR, text="电话13812348263")
    placed(county, None)

    both, one = points(client_of(county.handler))

    assert (both[0], both[1:3], both[3:]) == (2, pytest.approx([31.1203, 117.7403]), ["", ""])
    assert one == [1, *FAR, far.ref, "电话138********"]
    assert len(near) == 2


def test_nearer_they_are_told_apart(county: County, client_of: Browser) -> None:
    for place in (HERE, NEAR):
        placed(county, place)

    assert [point[0] for point in points(client_of(county.handler), zoom=19)] == [1, 1]


@pytest.mark.parametrize(
    ("query", "box", "found"),
    [
        ("tab=handling", "31.15,117.5,31.3,118", 1),
        ("tab=handling", "", 0),
        ("tab=handling", "x", 0),
        ("tab=handling&q=井盖", "31,117.5,31.3,118", 1),
        ("kind=help", "31,117.5,31.3,118", 2),
        ("tab=closed", "31,117.5,31.3,118", 0),
    ],
)
def test_points_are_those_of_the_list(county: County, client_of: Browser, query: str, box: str, found: int) -> None:
    placed(county, HERE)
    placed(county, FAR, text="井盖松动。")

    assert len(points(client_of(county.handler), query, box)) == found


def test_nobody_sees_points_that_are_not_theirs(county: County, client_of: Browser) -> None:
    placed(county)

    seen = [points(client_of(actor)) for actor in (county.neighbour, county.village_handler)]

    assert seen == [[], []]


@pytest.mark.parametrize("zoom", ["x", "", "999", "-1"])
def test_any_zoom_will_do(county: County, client_of: Browser, zoom: str) -> None:
    placed(county)

    page = client_of(county.handler).get(f"/desk/work/points/?tab=handling&box=31,117,32,118&zoom={zoom}")

    assert len(page.json()["points"]) == 1


def test_the_page_says_where_to_begin_and_leads_to_the_list(county: County, client_of: Browser) -> None:
    placed(county, HERE)
    placed(county, FAR)

    html = client_of(county.handler).get("/desk/work/map/?tab=handling&kind=help").content.decode()

    assert 'data-box="31.120000,117.740000,31.200000,117.900000"' in html
    assert ('href="/desk/work/?kind=help&amp;tab=handling"' in html, "2 件有地图位置" in html) == (True, True)


def test_an_empty_map_says_so(county: County, client_of: Browser) -> None:
    html = client_of(county.handler).get("/desk/work/map/").content.decode()

    assert ("data-map" in html, "都没有地图位置" in html) == (False, True)


def test_on_shifted_tiles_everything_is_shifted(county: County, client_of: Browser) -> None:
    case = placed(county, HERE)
    shifted = to_gcj(*HERE)

    with override_settings(ENV=settings.ENV | {"TILES_GCJ02": True}):
        browser = client_of(county.handler)
        (point,) = points(browser)
        html = browser.get("/desk/work/map/?tab=handling").content.decode()

    assert point == [1, *shifted, case.ref, case.title]
    assert f'data-box="{shifted[0]:.6f},{shifted[1]:.6f},' in html


def test_outlines_are_those_of_the_demo_alone(county: County, client: Client) -> None:
    own = client.get("/outlines.json").json()
    set_site(SiteCard("南湖县", "0553-0000001", "NH", is_demo=True), by=INSTALLER, at=FOUNDED)

    demo = client.get("/outlines.json").json()

    assert (own["features"], demo) == ([], outlines())


def test_each_town_has_an_outline_around_its_centre() -> None:
    rings = {shape["properties"]["code"]: shape["geometry"]["coordinates"][0] for shape in outlines()["features"]}

    towns = [unit for unit in demo_county().units if unit.kind == "town"]

    assert set(rings) == {town.code for town in towns}
    for town in towns:
        lngs, lats = zip(*rings[town.code], strict=True)
        assert min(lngs) < town.lng < max(lngs)
        assert min(lats) < town.lat < max(lats)


@pytest.mark.parametrize(
    ("tiles", "allowed"),
    [
        ("", "img-src 'self' data: blob:;"),
        ("https://{s}.example.cn/x/{z}/{x}/{y}.png?tk=1", "img-src 'self' data: blob: https://*.example.cn;"),
    ],
)
def test_pictures_of_the_map_may_come_from_their_host(county: County, tiles: str, allowed: str) -> None:
    with override_settings(ENV=settings.ENV | {"TILES": tiles}):
        policy = re.search(r"img-src[^;]*;", Client().get("/healthz").headers["Content-Security-Policy"])

    assert policy is not None
    assert policy[0] == allowed


@pytest.mark.parametrize("many", [1, 30])
def test_the_map_costs_the_same_with_one_and_with_thirty(
    county: County, client_of: Browser, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _ in range(many):
        placed(county)
    browser = client_of(county.handler)
    browser.get("/desk/work/map/?tab=handling")

    with django_assert_num_queries(7):
        browser.get("/desk/work/map/?tab=handling")
    with django_assert_num_queries(5):
        points(browser)
