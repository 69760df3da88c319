"""GeoReport v2 as open311.md has it, a test for each row."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image

from lianying.cases import actions as cases
from lianying.cases.models import Case, Entry
from lianying.common.clock import standing_at
from lianying.exchange.models import Posted, Told, Use
from lianying.exchange.queries.services import service_names
from lianying.households.queries import revealed
from lianying.orgs.models import Unit
from lianying.rules.kinds import CaseKind
from tests import make
from tests.cast import NOON, PHONE, STEP, County
from tests.exchange.conftest import ADDRESS, Neighbour, codes

LATER = NOON + 9 * STEP


@pytest.fixture
def released(county: County) -> Case:
    return make.released(county)


def test_discovery(neighbour: Neighbour) -> None:
    found = neighbour.get("discovery.json")
    tree = neighbour.get("discovery.xml")

    assert [one["type"] for one in found["endpoints"]] == ["production", "test"]
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert {one["specification"] for one in found["endpoints"]} == {"http://wiki.open311.org/GeoReport_v2"}
    assert all(len(one["formats"]) == 2 for one in found["endpoints"])
    assert "宁和县" in found["contact"]
    assert tree.tag == "discovery"
    assert len(tree.findall("endpoints/endpoint/formats/format")) == 4


def test_services(neighbour: Neighbour) -> None:
    found = neighbour.get("services.json")
    tree = neighbour.get("services.xml")

    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == set(found[0])
    assert all(isinstance(one["service_code"], str) and one["metadata"] is True for one in found)
    assert found[-1]["service_code"] == "9999"
    assert len(tree.findall("service")) == len(found)
    assert tree.findtext("service/metadata") == "true"


def test_a_service_says_what_is_asked(neighbour: Neighbour) -> None:
    found = neighbour.get("services/0304.json")
    tree = neighbour.get("services/9999.xml")

    assert found["service_code"] == "0304"
    assert [one["code"] for one in found["attributes"]] == ["KIND", "MAY_PUBLISH", "MAY_BE_CALLED"]
    assert "report" not in {value["key"] for value in found["attributes"][0]["values"]}
    assert tree.findtext("attributes/attribute/values/value/key") == "consult"
    assert codes(neighbour.get("services/0000.json", status=404)) == [404]


def test_a_request_is_put_in_with_all_that_belongs_to_it(neighbour: Neighbour, county: County) -> None:
    file = BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    case = neighbour.put_in(
        lat="32.92",
        long="117.38",
        address_id="A-7",
        first_name="芳",
        last_name="王",
        phone=PHONE,
        email="wang@example.com",
        media_url="https://example.com/lamp.jpg",
        media=SimpleUploadedFile("lamp.png", file.getvalue(), "image/png"),
        **{"attribute[KIND]": "complaint", "attribute[MAY_PUBLISH]": "yes", "attribute[MAY_BE_CALLED][]": "no"},
    )

    assert (case.channel, case.kind, case.category, case.may_publish) == ("open311", "complaint", "0304", True)
    assert (case.lat, case.lng, case.address) == (32.92, 117.38, "柳江路18号 A-7")
    assert case.text == "路灯不亮\nhttps://example.com/lamp.jpg"
    assert case.contact is not None
    person = revealed(case.contact)
    assert (person.name, person.phone, case.contact.may_be_called) == ("王芳", PHONE, False)
    assert (case.unit, case.attachments.count()) == (county.desk, 1)
    assert Use.objects.get().count == 1


def test_the_same_again_is_the_same_request(neighbour: Neighbour, county: County) -> None:
    first = neighbour.put_in(client_request_id="A-1")
    again = neighbour.put_in(client_request_id="A-1", description="换了说法")
    other = neighbour.put_in(client_request_id="A-2")
    without = {neighbour.put_in().ref, neighbour.put_in().ref}

    assert first == again
    assert len({first.ref, other.ref, *without}) == 4
    assert neighbour.get("tokens/A-1.json") == [{"service_request_id": first.ref, "token": "A-1"}]
    assert neighbour.get("tokens/A-1.xml").findtext("request/service_request_id") == first.ref
    assert codes(neighbour.get("tokens/A-3.json", status=404)) == [404]
    assert Case.objects.count() == Posted.objects.count() == 4


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"address_string": ""}, [400]),
        ({"lat": "32.9"}, [400]),
        ({"lat": "91", "long": "117"}, [400]),
        ({"lat": "x", "long": "200"}, [400, 400]),
        ({"lat": "nan", "long": "1"}, [400]),
        ({"phone": "12"}, [400]),
        ({"description": "字" * 4001}, [400]),
        ({"description": "路\x07灯"}, [400]),
        ({"attribute[KIND]": "report"}, [400]),
        ({"service_code": ""}, [400]),
        ({"service_code": "0000"}, [404]),
        ({"jurisdiction_id": "elsewhere.gov"}, [404]),
        ({"api_key": ""}, [403]),
        ({"api_key": "wrong"}, [403]),
    ],
    ids=str,
)
def test_what_cannot_be_taken_in(neighbour: Neighbour, fields: dict[str, str], status: list[int]) -> None:
    given = {"service_code": "0304", "address_string": "柳江路18号", "description": "路灯不亮", **fields}

    assert codes(neighbour.post(given, gives=status[0])) == status
    assert neighbour.post(given, "requests.xml", gives=status[0]).findtext("error/code") == str(status[0])
    assert Case.objects.count() == 0


def test_what_is_empty_is_not_given_and_what_is_unknown_is_left_out(neighbour: Neighbour) -> None:
    case = neighbour.put_in(lat="", long="", phone="", jurisdiction_id="", colour="blue", **{"attribute[SIZE]": "3"})

    assert (case.lat, case.contact, case.kind) == (None, None, CaseKind.OTHER)
    assert neighbour.put_in(description="", jurisdiction_id="testserver").text == service_names()["0304"]


def test_a_photo_that_is_none(neighbour: Neighbour) -> None:
    file = SimpleUploadedFile("lamp.png", b"no photo", "image/png")
    fields = {"service_code": "0304", "address_string": "柳江路", "media": file}

    assert codes(neighbour.post(fields, gives=400)) == [400]


def test_nothing_that_is_sent_to_the_test_endpoint_stays(neighbour: Neighbour) -> None:
    fields = {"service_code": "0304", "address_string": "柳江路18号", "description": "路灯不亮"}

    (row,) = neighbour.post(fields, "test/requests.json")
    wrong = neighbour.post({**fields, "service_code": "0000"}, "test/requests.json", gives=404)

    assert row["service_request_id"]
    assert codes(wrong) == [404]
    assert (Case.objects.count(), Posted.objects.count()) == (0, 0)
    assert len(neighbour.get("test/services.json")) == len(neighbour.get("services.json"))


def test_how_a_clients_own_request_stands(neighbour: Neighbour) -> None:
    case = neighbour.put_in()

    (row,) = neighbour.get(f"requests/{case.ref}.json")

    assert (row["service_request_id"], row["status"], row["service_code"]) == (case.ref, "open", "0304")
    assert row["status_notes"] == case.get_state_display()
    assert (row["agency_responsible"], row["expected_datetime"][:4]) == ("群众诉求服务中心", "2026")
    assert row["requested_datetime"] == "2026-11-12T12:00:00+08:00"
    assert [row[name] for name in ("description", "address", "lat", "long", "media_url", "zipcode")] == [None] * 6
    tree = neighbour.get(f"requests/{case.ref}.xml")
    assert (tree.tag, tree.findtext("request/service_request_id")) == ("service_requests", case.ref)
    assert tree.findtext("request/description") == ""


def test_a_published_request_has_the_words_of_its_public_version(neighbour: Neighbour, released: Case) -> None:
    version = released.public_version

    with standing_at(LATER):
        (row,) = neighbour.get(f"requests/{released.ref}.json")

    assert row["description"] == f"{version.title}\n{version.question}"
    assert (row["service_notice"], row["address"]) == (version.answer, None)
    assert row["requested_datetime"] == "2026-11-12T00:00:00+08:00"


def test_only_what_may_be_published_is_listed(neighbour: Neighbour, county: County, released: Case) -> None:
    hidden, make_heard = neighbour.put_in(), make.heard(county)
    shown = neighbour.put_in(**{"attribute[MAY_PUBLISH]": "yes"})

    with standing_at(LATER):
        listed = [row["service_request_id"] for row in neighbour.get("requests.json")]
        named = neighbour.get(f"requests.json?service_request_id={hidden.ref},{make_heard.ref},{shown.ref}")
        cases.unrelease(released, by=county.clerk, at=LATER)
        after = [row["service_request_id"] for row in neighbour.get("requests.json")]
        gone = neighbour.get(f"requests/{released.ref}.json", status=404)

    assert listed == [shown.ref, released.ref]
    assert {row["service_request_id"] for row in named} == {hidden.ref, shown.ref}
    assert (after, codes(gone)) == ([shown.ref], [404])


def test_a_report_of_wrongdoing_is_nowhere(neighbour: Neighbour) -> None:
    case = neighbour.put_in(client_request_id="A-1", **{"attribute[MAY_PUBLISH]": "yes"})
    Case.objects.update(kind=CaseKind.REPORT)

    assert neighbour.get("requests.json") == []
    assert codes(neighbour.get(f"requests/{case.ref}.json", status=404)) == [404]
    assert neighbour.get("servicerequestupdates.json") == []


@pytest.fixture
def three(neighbour: Neighbour) -> list[Case]:
    """An hour apart, the last one sorted nowhere and closed."""
    made = []
    for number, code in enumerate(("0304", "0301", "9999")):
        with standing_at(NOON + timedelta(hours=number)):
            made.append(neighbour.put_in(service_code=code, **{"attribute[MAY_PUBLISH]": "yes"}))
    Case.objects.filter(pk=made[2].pk).update(state="withdrawn", closed_at=NOON)
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1, 0]),
        ("service_code=0304", [0]),
        ("service_code=03", [1, 0]),
        ("service_code=9999,0301", [2, 1]),
        ("status=open", [1, 0]),
        ("status=closed", [2]),
        ("status=OPEN,closed", [2, 1, 0]),
        ("page_size=2", [2, 1]),
        ("page_size=2&page=2", [0]),
        ("start_date=2026-11-12T13:00:00%2B08:00", [2, 1]),
        ("start_date=2026-11-12T13:00:00+08:00", [2, 1]),
        ("end_date=2026-11-12T04:30:00.5Z", [0]),
        ("start_date=2026-11-12&end_date=2026-11-12", [2, 1, 0]),
        ("end_date=2026-11-11", []),
        ("status=&page=&service_code=&colour=blue", [2, 1, 0]),
    ],
)
def test_lists_are_narrowed(neighbour: Neighbour, three: list[Case], query: str, found: list[int]) -> None:
    with standing_at(LATER + timedelta(hours=3)):
        rows = neighbour.get(f"requests.json?{query}")
        tree = neighbour.get(f"requests.xml?{query}")

    assert [row["service_request_id"] for row in rows] == [three[number].ref for number in found]
    assert [one.text for one in tree.iterfind("request/service_request_id")] == [three[one].ref for one in found]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=2026-01-01&end_date=2026-11-01", [400]),
        ("start_date=2026-11-02&end_date=2026-11-01", [400]),
        ("start_date=yesterday", [400]),
        ("status=pending&page=0&page_size=1001", [400, 400, 400]),
        ("service_code=0000", [404]),
        ("jurisdiction_id=elsewhere.gov", [404]),
        ("service_code=%00", [400]),
    ],
)
def test_lists_that_cannot_be_asked_for(neighbour: Neighbour, query: str, status: list[int]) -> None:
    assert codes(neighbour.get(f"requests.json?{query}", status=status[0])) == status


def test_what_became_of_requests(neighbour: Neighbour, county: County) -> None:
    case = neighbour.put_in(**{"attribute[MAY_PUBLISH]": "yes"})
    assigned = cases.assign(case, version=1, to=county.management, by=county.clerk, at=NOON + STEP)
    cases.sign(assigned, version=2, by=county.handler, at=NOON + 2 * STEP)

    with standing_at(NOON + 3 * STEP):
        rows = neighbour.get("servicerequestupdates.json")
        earlier = neighbour.get("servicerequestupdates.json?end_date=2026-11-12T12:05:00%2B08:00")
        tree = neighbour.get("servicerequestupdates.xml")

    assert [row["status"] for row in rows] == ["in_progress", "open", "for_triage"]
    assert [row["update_id"] for row in earlier] == [f"{case.ref}-1"]
    assert {row["service_request_id"] for row in rows} == {case.ref}
    assert tree.findtext("request_update/update_id") == f"{case.ref}-3"


def told(case: Case, **changed: str) -> dict[str, str]:
    return {
        "service_request_id": case.ref,
        "update_id": "U-1",
        "status": "FIXED",
        "updated_datetime": "2026-11-12T04:30:00Z",
        "description": "我们已换灯泡",
        **changed,
    }


def test_a_client_says_what_became_of_its_request_once(neighbour: Neighbour) -> None:
    case = neighbour.put_in()

    first = neighbour.post(told(case), "servicerequestupdates.json")
    again = neighbour.post(told(case), "servicerequestupdates.xml")

    assert first == [{"update_id": "U-1"}]
    assert again.findtext("request_update/update_id") == "U-1"
    assert (Told.objects.get().status, Entry.objects.filter(text="我们已换灯泡").count()) == ("fixed", 1)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"status": "done"}, [400]),
        ({"update_id": "", "description": ""}, [400, 400]),
        ({"updated_datetime": "soon"}, [400]),
        ({"service_request_id": "NH-20260101-0001"}, [404]),
        ({"api_key": "wrong"}, [403]),
    ],
)
def test_updates_that_cannot_be_taken(neighbour: Neighbour, changed: dict[str, str], status: list[int]) -> None:
    case = neighbour.put_in()

    assert codes(neighbour.post(told(case, **changed), "servicerequestupdates.json", gives=status[0])) == status
    assert Told.objects.count() == 0


def test_bulk_files_have_the_columns_of_the_field_and_no_formulas(neighbour: Neighbour, released: Case) -> None:
    version = released.public_version
    version.title = "=HYPERLINK(1)"
    version.save()

    with standing_at(LATER):
        answer = neighbour.browser.get(f"{ADDRESS}requests.csv")
    heads, row = answer.content.decode("utf-8-sig").splitlines()[:2]

    assert heads.startswith("service_request_id,requested_datetime,updated_datetime,closed_date,status_description")
    assert heads.endswith("description,agency_responsible,address,lat,long")
    assert row.startswith(released.ref)
    assert "'=HYPERLINK" in answer.content.decode()
    wrong = neighbour.browser.get(f"{ADDRESS}requests.csv?page=0")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/json; charset=utf-8")


def test_what_is_not_there_and_what_is_not_done(neighbour: Neighbour) -> None:
    assert codes(neighbour.get("requests.yaml", status=404)) == [404]
    assert neighbour.get("anything.xml", status=404).findtext("error/code") == "404"
    put = neighbour.browser.put(f"{ADDRESS}requests.json")
    assert (put.status_code, put["Allow"], codes(put.json())) == (405, "GET, POST", [405])
    assert neighbour.browser.head(f"{ADDRESS}services.json").status_code == 200


def test_more_than_fits_is_said_in_its_form(neighbour: Neighbour) -> None:
    many = {f"f{number}": "x" for number in range(2000)}

    assert codes(neighbour.post(many, gives=413)) == [413]
    broken = neighbour.browser.generic("POST", f"{ADDRESS}requests.json", b"x", "multipart/form-data; boundary=")
    assert (broken.status_code, codes(broken.json())) == (400, [400])


def test_before_the_place_is_set_up_it_says_so(client: Browser, db: None) -> None:
    assert client.get(f"{ADDRESS}discovery.json").status_code == 200
    assert Unit.objects.count() == 0


@pytest.mark.parametrize("path", ["requests.json", "servicerequestupdates.json"])
@pytest.mark.parametrize("count", [1, 12])
def test_lists_cost_the_same_for_many(
    neighbour: Neighbour, path: str, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        neighbour.put_in(**{"attribute[MAY_PUBLISH]": "yes"})
    neighbour.get(path)

    with django_assert_num_queries(2 if path.startswith("requests") else 3):
        assert len(neighbour.get(path)) == count
