"""The page of the place: its logo and its second telephone, and where residents meet them."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from lianying.orgs.models import Logo, Site, User
from lianying.orgs.scope import Actor
from tests import make
from tests.cast import County

ClientOf = Callable[[User | Actor], Client]
PAGE = "/desk/settings/site/"
PLACE = {"name": "宁和", "phone": "12345", "prefix": "NH"}


@pytest.fixture
def browser(county: County, client_of: ClientOf) -> Client:
    return client_of(county.operator)


def upload(form: str = "PNG", colour: str = "red", size: tuple[int, int] = (300, 100)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return SimpleUploadedFile(f"logo.{form.lower()}", buffer.getvalue(), f"image/{form.lower()}")


def address(html: str) -> str:
    found = re.search(r'<img class="logo" src="([^"]+)"', html)
    return found[1] if found else ""


def test_a_logo_stands_beside_the_name_and_may_be_kept_for_good(browser: Client, client: Client) -> None:
    saved = browser.post(PAGE, PLACE | {"logo": upload()})

    html = client.get("/").content.decode()
    answer = client.get(address(html))
    size = Image.open(io.BytesIO(answer.content)).size
    assert (saved.status_code, answer.status_code, size) == (303, 200, (288, 96))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in answer
    assert "应</b>" not in html
    assert address(browser.get("/desk/").content.decode()) == address(html)


def test_a_logo_stands_on_what_is_printed(county: County, client_of: ClientOf) -> None:
    make.logo()
    ref = make.handling(county).ref

    pages = {
        "slip": client_of(county.clerk).get(f"/desk/cases/{ref}/print/").content.decode(),
        "sheet": client_of(county.supervisor).get("/desk/watch/sheet/").content.decode(),
    }

    assert {name: html.count('<img class="logo"') for name, html in pages.items()} == {"slip": 2, "sheet": 2}


def test_a_logo_is_replaced_and_taken_away(browser: Client, client: Client) -> None:
    browser.post(PAGE, PLACE | {"logo": upload()})
    first = address(client.get("/").content.decode())
    browser.post(PAGE, PLACE | {"logo": upload("JPEG", "blue")})
    second = address(client.get("/").content.decode())
    kept = browser.post(PAGE, PLACE)
    third = address(client.get("/").content.decode())
    browser.post(PAGE, PLACE | {"without_logo": "on"})

    html = client.get("/").content.decode()

    assert kept.status_code == 303
    assert (first != second, second == third, address(html), "应</b>" in html) == (True, True, "", True)
    assert [client.get(one).status_code for one in (first, second)] == [404, 404]
    assert Logo.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (upload().read()[:60], "打不开"),
        (b"\xff" * 3_000_000, "2 MB"),
        (b"", "空的"),
    ],
)
def test_what_is_no_logo_costs_nothing_that_was_typed(
    browser: Client, settings: Settings, data: bytes, words: str
) -> None:
    settings.FILE_UPLOAD_MAX_BYTES = 2 * 1024 * 1024

    refused = browser.post(PAGE, PLACE | {"name": "新名字", "logo": SimpleUploadedFile("logo.svg", data)})

    html = refused.content.decode()
    assert (refused.status_code, words in html, 'value="新名字"' in html) == (422, True, True)
    assert list(Site.objects.filter(logo=None).values_list("name", flat=True)) == ["宁和县"]


def test_a_logo_costs_no_query(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.logo()
    client.get("/")

    with django_assert_num_queries(1) as asked:
        client.get("/")

    assert '"orgs_logo"."data"' not in str(asked.captured_queries)


def test_a_telephone_for_complaints_stands_at_the_foot(browser: Client, client: Client) -> None:
    before = client.get("/").content.decode()
    browser.post(PAGE, PLACE | {"complaints_phone": "0552-96789"})

    after = client.get("/tell/").content.decode()

    assert ("监督电话" in before, 'href="tel:0552-96789"' in after) == (False, True)
