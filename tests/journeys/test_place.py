"""A place pointed at on the map: on outlines and on pictures drawn in GCJ-02, by finger, keyboard and position."""

import math
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Geolocation, Locator, expect

from lianying.rules.geo import to_gcj
from tests.journeys.conftest import SIZES
from tests.journeys.people import People, Visitor
from tests.journeys.steps import Receipt
from tests.serving import Server, empty, serving

pytestmark = pytest.mark.slow
HERE = Geolocation(latitude=31.12, longitude=117.74)
AWAY = Geolocation(latitude=31.86, longitude=117.28)
BOX = "31.0,117.5,31.3,118.0"
MIDDLE = (31.15, 117.75)
#: One transparent point.
PIXEL = b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
MOST_BYTES = 60 * 1024


@pytest.fixture(scope="module")
def outlined() -> Iterator[Server]:
    """The demo county, which has outlines and no pictures."""
    with empty("") as server:
        made = server.command("demo", "--cases", "1")
        assert made.returncode == 0, made.stderr
        server.start()
        yield server


@pytest.fixture(scope="module")
def pictured() -> Iterator[Server]:
    """A county without outlines, on pictures in GCJ-02; the test answers for them."""
    tiles = {"TILES": "https://tiles.example/{z}/{x}/{y}.gif", "TILES_BY": "示例地图", "TILES_GCJ02": "on"}
    with serving(MAP_BOX=BOX, **tiles) as server:
        yield server


@pytest.fixture(params=SIZES)
def on_outlines(request: pytest.FixtureRequest, chromium: Browser, outlined: Server) -> Iterator[People]:
    opened = People(chromium, outlined, SIZES[request.param], True, set())
    yield opened
    assert opened.close() == []


@pytest.fixture
def on_pictures(chromium: Browser, pictured: Server) -> Iterator[People]:
    opened = People(chromium, pictured, SIZES["phone"], True, set())
    yield opened
    assert [fault for fault in opened.close() if "asks elsewhere: https://tiles.example/" not in fault] == []


def stands_at(visitor: Visitor, place: Geolocation) -> None:
    visitor.page.context.grant_permissions(["geolocation"], origin=visitor.base)
    visitor.page.context.set_geolocation(place)


def opened_map(visitor: Visitor) -> Locator:
    visitor.button("在地图上指一下").click()
    frame = visitor.main.locator("[data-map]")
    expect(frame.locator(".leaflet-control-zoom")).to_be_visible()
    return frame


def says(visitor: Visitor, words: str) -> None:
    expect(visitor.main.locator("[data-said]")).to_contain_text(words)


def filled(visitor: Visitor) -> list[str]:
    return [visitor.page.input_value(f"[name={name}]") for name in ("lat", "lng")]


def pointed(visitor: Visitor) -> tuple[float, float]:
    lat, lng = filled(visitor)
    return float(lat), float(lng)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.hypot(one[0] - other[0], (one[1] - other[1]) * math.cos(math.radians(other[0]))) * 111_195


def pixel(place: tuple[float, float], zoom: int) -> tuple[float, float]:
    """Where a place lies among all pixels of the pictures of this zoom."""
    lat, lng = math.radians(place[0]), place[1]
    side = 256 * 2**zoom
    return (lng + 180) / 360 * side, (1 - math.asinh(math.tan(lat)) / math.pi) / 2 * side


def shown_in_the_middle(frame: Locator, zoom: int) -> tuple[float, float]:
    """The pixel of the pictures that stands in the middle of the map."""
    image = frame.locator(f"img[src*='/{zoom}/']").first
    address = re.search(r"/(\d+)/(\d+)\.gif$", image.get_attribute("src") or "")
    picture, whole = image.bounding_box(), frame.bounding_box()
    assert address is not None
    assert picture is not None
    assert whole is not None
    across = whole["x"] + whole["width"] / 2 - picture["x"]
    down = whole["y"] + whole["height"] / 2 - picture["y"]
    return int(address[1]) * 256 + across, int(address[2]) * 256 + down


def sent(visitor: Visitor) -> Receipt:
    visitor.press("提交")
    query = parse_qs(urlsplit(visitor.page.url).query)
    return Receipt(query["ref"][0], query["code"][0], "")


def test_the_map_is_fetched_when_it_is_opened(on_outlines: People) -> None:
    resident = on_outlines.as_()
    weighed: list[int] = []
    resident.page.on("requestfinished", lambda request: weighed.append(request.sizes()["responseBodySize"]))
    resident.open("/tell/")
    resident.page.wait_for_load_state("networkidle")
    assert sum(weighed) <= MOST_BYTES
    assert resident.page.evaluate("window.L === undefined")

    frame = opened_map(resident)
    expect(frame.locator(".outline").first).to_be_visible()
    resident.look()
    for button in resident.main.locator("[data-place] button:visible, [data-map] a:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_place_is_tapped_dragged_taken_away_and_set_by_keys(on_outlines: People) -> None:
    resident = on_outlines.as_()
    resident.open("/tell/")
    frame = opened_map(resident)
    frame.click(position={"x": 120, "y": 150})
    says(resident, "已经在地图上标好了")
    tapped = pointed(resident)

    frame.locator(".mark").drag_to(frame, target_position={"x": 160, "y": 180})
    dragged = pointed(resident)
    assert dragged[0] < tapped[0]
    assert dragged[1] > tapped[1]
    resident.look()

    resident.button("去掉这个位置").click()
    says(resident, "地图位置已经去掉")
    assert filled(resident) == ["", ""]
    expect(frame.locator(".mark")).to_have_count(0)

    frame.focus()
    resident.page.keyboard.press("Enter")
    middle = pointed(resident)
    resident.page.keyboard.press("ArrowRight")
    expect(frame.locator(".leaflet-pan-anim")).to_have_count(0)
    resident.page.keyboard.press("Enter")
    beside = pointed(resident)
    assert beside[0] == pytest.approx(middle[0], abs=1e-4)
    assert beside[1] > middle[1]


def test_a_place_outlives_a_fault_and_a_page_that_was_left(on_outlines: People) -> None:
    resident = on_outlines.as_()
    resident.open("/tell/")
    opened_map(resident).click(position={"x": 120, "y": 150})
    place = pointed(resident)

    resident.write("什么事", "路灯不亮，晚上看不见路。")
    resident.write("手机号", "138")
    resident.press("提交")
    assert pointed(resident) == place
    resident.write("手机号", "")
    resident.open("/tell/")
    assert pointed(resident) == place
    says(resident, "已经在地图上标好了")
    receipt = sent(resident)

    resident.open(receipt.track.replace("/track/", "/track/held/"))
    resident.reads(f"{place[0]:.5f}, {place[1]:.5f}")
    resident.button("在地图上看").click()
    expect(resident.main.locator(".mark")).to_be_visible()
    resident.look()


def test_the_position_is_asked_for_on_a_press_alone(on_outlines: People) -> None:
    resident = on_outlines.as_()
    resident.open("/tell/")
    resident.button("用我现在的位置").click()
    says(resident, "没有允许读取位置，没关系")
    assert filled(resident) == ["", ""]

    stands_at(resident, AWAY)
    resident.button("用我现在的位置").click()
    says(resident, "不在本县")
    assert filled(resident) == ["", ""]

    stands_at(resident, HERE)
    resident.button("用我现在的位置").click()
    says(resident, "已经加上您现在的位置")
    assert pointed(resident) == (HERE["latitude"], HERE["longitude"])
    expect(opened_map(resident).locator(".mark")).to_be_visible()


def test_pictures_in_gcj02_are_pointed_at_where_they_show_it(on_pictures: People) -> None:
    resident, clerk = on_pictures.as_(), on_pictures.as_("clerk")
    for visitor in (resident, clerk):
        visitor.page.route(
            "https://tiles.example/**", lambda route: route.fulfill(body=PIXEL, content_type="image/gif")
        )
    resident.open("/tell/")
    frame = opened_map(resident)
    frame.focus()
    resident.page.keyboard.press("Enter")

    # The middle of the picture is that of the box as it is drawn; to a pixel of a map of the whole county.
    assert metres(pointed(resident), MIDDLE) < 300
    expect(frame.locator(".leaflet-control-attribution")).to_have_text("示例地图")

    stands_at(resident, HERE)
    resident.button("用我现在的位置").click()
    says(resident, "已经加上您现在的位置")
    # Shown in the middle of the map, to two pixels of some two metres; and read back from there.
    expect(frame.locator("img[src*='/16/']").first).to_be_visible()
    assert shown_in_the_middle(frame, 16) == pytest.approx(
        pixel(to_gcj(HERE["latitude"], HERE["longitude"]), 16), abs=2
    )
    frame.focus()
    resident.page.keyboard.press("Enter")
    says(resident, "已经在地图上标好了")
    assert metres(pointed(resident), (HERE["latitude"], HERE["longitude"])) < 3

    resident.write("什么事", "路灯不亮，晚上看不见路。")
    receipt = sent(resident)
    clerk.open(f"/desk/cases/{receipt.ref}/")
    clerk.button("在地图上看").click()
    expect(clerk.main.locator(".mark")).to_be_visible()
    clerk.look()


def test_who_takes_a_call_points_as_well(on_pictures: People) -> None:
    clerk = on_pictures.as_("clerk")
    clerk.page.route("https://tiles.example/**", lambda route: route.fulfill(body=PIXEL, content_type="image/gif"))
    clerk.open("/desk/new/")
    expect(clerk.button("用我现在的位置")).to_have_count(0)
    opened_map(clerk).click(position={"x": 100, "y": 150})
    place = pointed(clerk)
    clerk.look()
    clerk.write("什么事", "路灯不亮，晚上看不见路。")
    clerk.press("保存")

    clerk.open(f"/desk/cases/{urlsplit(clerk.page.url).path.split('/')[3]}/")
    clerk.reads(f"{place[0]:.5f}, {place[1]:.5f}")


def test_a_map_that_does_not_come_says_so(on_outlines: People) -> None:
    resident = on_outlines.as_()
    resident.page.route("**/leaflet*.js", lambda route: route.fulfill(status=404))
    resident.open("/tell/")
    resident.button("在地图上指一下").click()

    says(resident, "地图没能打开")
    expect(resident.main.locator("[data-map]")).to_be_hidden()


def test_without_scripts_nothing_of_it_is_there(chromium: Browser, outlined: Server) -> None:
    people = People(chromium, outlined, SIZES["phone"], False, set())
    resident = people.as_()
    resident.open("/tell/")

    expect(resident.main.locator("[data-place] button:visible")).to_have_count(0)
    resident.write("什么事", "路灯不亮，晚上看不见路。")
    sent(resident)
    assert people.close() == []
