"""Telling, over the page and over HTTP by other programs: what is taken, and what is said of what is not."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from lianying.cases.models import Attachment, Case
from lianying.common.crypto import case_code
from tests.cast import County

CLIENT_ID = "6f1c2a3e-9a51-4a57-8e0b-0d2f6a1c7b11"
TEXT = "小区门口的烧烤店每天晚上十一点以后还在路边摆桌，孩子睡不好。"
JSON = {"Accept": "application/json"}


def tell(client: Client, *, json: bool = False, **fields: Any) -> Any:
    return client.post("/tell/", {"text": TEXT} | fields, headers=JSON if json else {"Accept": "text/html"})


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, form)
    return buffer.getvalue()


def upload(data: bytes, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def words_in(html: str) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)
    assert found
    return found[1]


def test_tell_leads_to_the_receipt(county: County, client: Client) -> None:
    response = tell(client, address="柳江路 18 号", phone="138 1234 8263", name="王芳", may_publish="on")

    case = Case.objects.get()
    code = case_code(case.uuid)
    assert (response.status_code, response["Location"]) == (303, f"/receipt/?ref={case.ref}&code={code}")
    assert (case.text, case.address, case.may_publish, case.channel) == (TEXT, "柳江路 18 号", True, "web")
    assert case.contact is not None


def test_receipt_prints_number_code_dates_and_proof(county: County, client: Client, at_noon: None) -> None:
    html = client.get(tell(client)["Location"]).content.decode()

    case = Case.objects.get()
    code = case_code(case.uuid)
    for shown in (case.ref, f"{code[:5]} {code[5:]}", "data:image/svg+xml", "11月13日 17:30", "11月26日 17:30"):
        assert shown in html


def test_receipt_with_a_wrong_code_does_not_exist(county: County, client: Client) -> None:
    tell(client)

    response = client.get("/receipt/", {"ref": Case.objects.get().ref, "code": "AAAAAAAAAA"})

    assert response.status_code == 404


@pytest.mark.parametrize("page", ["/receipt/", f"/photos/{CLIENT_ID}/"])
def test_codes_are_not_to_be_guessed_beside_the_progress_page(county: County, settings: Settings, page: str) -> None:
    settings.ENV = settings.ENV | {"TRACK_PER_HOUR": 1}
    guess = {"ref": "NH-20261112-0001", "code": "AAAAAAAAAA"}

    tries = [Client().get(page, guess).status_code for _ in range(2)]

    assert tries == [404, 429]


def test_tell_as_json_needs_neither_session_nor_token(county: County) -> None:
    response = tell(Client(enforce_csrf_checks=True), json=True)

    case = Case.objects.get()
    code = case_code(case.uuid)
    track_url = f"http://testserver/track/?ref={case.ref}&code={code}"
    assert (response.status_code, response.json()) == (201, {"ref": case.ref, "code": code, "track_url": track_url})
    assert response.cookies == {}


def test_tell_twice_with_one_client_id_gives_the_same_receipt(county: County, client: Client) -> None:
    first = tell(client, json=True, client_id=CLIENT_ID)
    second = tell(client, json=True, client_id=CLIENT_ID, text="再说一遍")
    page = tell(client, client_id=CLIENT_ID)

    case = Case.objects.get()
    assert (first.status_code, second.status_code, page.status_code) == (201, 200, 303)
    assert first.json() == second.json()
    assert (case.client_id, case.text, case.ref in page["Location"]) == (UUID(CLIENT_ID), TEXT, True)


def test_other_words_in_a_page_that_was_sent_are_not_lost(county: County, client: Client) -> None:
    tell(client, client_id=CLIENT_ID)

    response = tell(client, client_id=CLIENT_ID, text="另一件事：路灯坏了")

    html = response.content.decode()
    assert (response.status_code, words_in(html), CLIENT_ID in html) == (409, "另一件事：路灯坏了", False)
    assert Case.objects.get().ref in html


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \u3000\r\n\t"}, "text"),
        ({"text": "长" * 5001}, "text"),
        ({"text": f"{TEXT}\x00"}, "text"),
        ({"text": f"{TEXT}\x1b[2J"}, "text"),
        ({"address": "路" * 201}, "address"),
        ({"address": "柳江路\x00"}, "address"),
        ({"name": "王" * 41}, "name"),
        ({"phone": "1385551"}, "phone"),
        ({"phone": "打电话给我"}, "phone"),
        ({"phone": "1' OR '1'='1"}, "phone"),
        ({"lat": "91", "lng": "118"}, "lat"),
        ({"lat": "31", "lng": "-180.01"}, "lng"),
        ({"lat": "inf", "lng": "118"}, "lat"),
        ({"lat": "1e999", "lng": "118"}, "lat"),
        ({"lat": "nan", "lng": "118"}, "lat"),
        ({"lat": "31.2"}, "lat"),
        ({"lat": "<b>", "lng": "118"}, "lat"),
        ({"client_id": "1"}, "client_id"),
        ({"client_id": "'; DROP TABLE cases_case; --"}, "client_id"),
    ],
)
def test_bad_input_is_named_and_the_words_are_kept(
    county: County, client: Client, fields: dict[str, Any], field: str
) -> None:
    as_json = tell(client, json=True, **fields)
    page = tell(client, **fields)

    assert (as_json.status_code, list(as_json.json()["errors"])) == (422, [field])
    assert all(as_json.json()["errors"][field])
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert (
        fields.get("text", TEXT).replace("\x00", "").replace("\x1b", "").strip()
        == words_in(page.content.decode()).strip()
    )
    assert Case.objects.count() == 0


def test_a_lone_surrogate_costs_one_character(county: County, client: Client) -> None:
    body = "text=路灯坏了%ED%A0%80".encode()

    response = client.post("/tell/", body, content_type="application/x-www-form-urlencoded", headers=JSON)

    assert response.status_code == 201
    assert Case.objects.get().text.startswith("路灯坏了")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "'; DROP TABLE cases_case; --", "{{ 7*7 }}", "%s%n"])
def test_markup_and_sql_are_only_words(county: County, client: Client, words: str) -> None:
    receipt = tell(client, text=words, address=words, name=words)
    html = client.get(receipt["Location"].replace("receipt", "track")).content.decode()

    case = Case.objects.get()
    assert (case.text, case.address) == (words, words)
    assert "<script>alert" not in html


def test_no_consent_is_taken_from_a_no(county: County, client: Client) -> None:
    for number, no in enumerate(("0", "no", "off", "false", "")):
        tell(client, text=f"{TEXT}{number}", may_publish=no)

    assert set(Case.objects.values_list("may_publish", flat=True)) == {False}


def test_photos_are_kept_and_shown_to_the_resident_alone(county: County, client: Client) -> None:
    receipt = tell(client, photos=[upload(picture()), upload(picture("JPEG", (50, 20)), "b.jpg")])
    key = receipt["Location"].removeprefix("/receipt/")

    photo = Attachment.objects.order_by("id")[0]
    assert Attachment.objects.count() == 2
    shown = client.get(f"/photos/{photo.uuid}/{key}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown.getvalue()[:3] == b"\xff\xd8\xff"
    assert client.get(f"/photos/{photo.uuid}/").status_code == 404
    assert client.get(f"/photos/{photo.uuid}/?ref={photo.case.ref}&code=AAAAAAAAAA").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.jpg", b"PK\x03\x04" + b"zip" * 50, "不是照片"),
        ("photo.jpg", b"\xff\xd8\xff\xe0broken", "打不开"),
    ],
)
def test_a_file_that_is_no_photo_costs_no_words(
    county: County, client: Client, name: str, data: bytes, said: str
) -> None:
    as_json = tell(client, json=True, photos=upload(data, name))
    page = tell(client, photos=upload(data, name))

    errors = as_json.json()["errors"]
    assert (as_json.status_code, list(errors), page.status_code) == (422, ["photos"], 422)
    assert errors["photos"][0].startswith(f"{name}: ")
    assert said in errors["photos"][0]
    assert words_in(page.content.decode()) == TEXT
    assert Case.objects.count() == 0


def test_a_photo_past_the_limit_costs_no_words(county: County, client: Client, settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_BYTES = 1024 * 1024

    response = tell(client, photos=upload(b"\xff\xd8\xff" + bytes(1024 * 1024 + 1), "大图.jpg"))

    html = response.content.decode()
    assert (response.status_code, words_in(html), "大图.jpg" in html) == (422, TEXT, True)


def test_ten_photos_are_too_many(county: County, client: Client) -> None:
    response = tell(client, json=True, photos=[upload(picture(), f"{number}.png") for number in range(10)])

    assert (response.status_code, list(response.json()["errors"])) == (422, ["photos"])


def test_what_cannot_be_read_at_all_is_answered_in_json(county: County, client: Client) -> None:
    too_much = tell(client, json=True, text="长" * 400_000)
    broken = client.post("/tell/", b"--x", content_type="multipart/form-data", headers=JSON)

    assert (too_much.status_code, broken.status_code) == (413, 400)
    assert [list(response.json()["errors"]) for response in (too_much, broken)] == [["__all__"], ["__all__"]]


def test_too_much_for_the_page_is_said_in_words(county: County, client: Client) -> None:
    response = tell(client, text="长" * 400_000)

    assert (response.status_code, "一次发不下" in response.content.decode()) == (413, True)


def test_too_often_is_429_and_the_words_are_kept(county: County, client: Client, settings: Settings) -> None:
    settings.ENV = settings.ENV | {"TELL_PER_HOUR": 1}

    statuses = [tell(client, text=f"{TEXT}{number}").status_code for number in range(2)]
    page = tell(client)
    as_json = tell(client, json=True)

    assert (statuses, page.status_code, words_in(page.content.decode())) == ([303, 429], 429, TEXT)
    assert (as_json.status_code, list(as_json.json()["errors"])) == (429, ["__all__"])


def test_a_form_from_elsewhere_is_shown_again_with_its_words(county: County) -> None:
    browser = Client(enforce_csrf_checks=True)

    refused = tell(browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', refused.content.decode())
    assert token
    accepted = tell(browser, csrfmiddlewaretoken=token[1])

    assert (refused.status_code, words_in(refused.content.decode()), accepted.status_code) == (403, TEXT, 303)


def test_an_emergency_is_told_to_ring_first(county: County, client: Client) -> None:
    receipt = tell(client, text="楼下着火了")

    assert "119" in client.get(receipt["Location"]).content.decode()
    assert Case.objects.get().urgency == "ordinary"


def test_tell_before_the_county_is_set_up_keeps_the_words(db: None, client: Client) -> None:
    page = tell(client)

    assert (page.status_code, words_in(page.content.decode()), tell(client, json=True).status_code) == (503, TEXT, 503)


def test_the_page_costs_one_query(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get("/tell/")


def test_telling_costs_few_queries(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(13):
        tell(client, json=True, phone="13812348263", client_id=CLIENT_ID)


def test_the_receipt_costs_three_queries(
    county: County, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    receipt = tell(client)["Location"]

    with django_assert_num_queries(3):
        client.get(receipt)
