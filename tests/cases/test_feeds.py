"""Atom of the board, and of one's own request."""

from xml.etree import ElementTree as ET

from django.test import Client

from lianying.cases.models import PublicVersion
from lianying.common.crypto import case_code
from tests import make
from tests.cast import County

ATOM = "{http://www.w3.org/2005/Atom}"


def read(content: bytes) -> list[dict[str, str]]:
    """Name and text of what each entry holds."""
    root = ET.fromstring(content)  # noqa: S314 - our own feed
    assert root.tag == f"{ATOM}feed"
    return [{part.tag.removeprefix(ATOM): part.text or "" for part in entry} for entry in root.iter(f"{ATOM}entry")]


def test_the_board_has_a_feed(county: County, client: Client) -> None:
    public = PublicVersion.objects.get(case=make.released(county))

    response = client.get("/board/feed/")

    (entry,) = read(response.content)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (entry["id"], entry["title"]) == (public.uuid.urn, public.title)


def test_the_feed_of_a_request_says_what_happened_and_not_what_was_said(county: County, client: Client) -> None:
    case = make.closed(county)
    asked = {"ref": case.ref, "code": case_code(case.uuid)}

    response = client.get("/track/feed/", asked)
    entries = read(response.content)

    assert [entry["title"] for entry in entries][-3:] == [
        "城市管理局接了，正在办。",
        "受理台看过，交给城市管理局办。",
        f"我们收到了您的话，编号 {case.ref}。",
    ]
    said = (make.ANSWER, case.text, case.title)
    assert not [words for words in said if words in response.content.decode()]
    assert len({entry["id"] for entry in entries}) == len(entries)
    again = client.get("/track/feed/", asked, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_without_the_code_there_is_no_feed(county: County, client: Client) -> None:
    case = make.heard(county)

    assert client.get("/track/feed/", {"ref": case.ref, "code": "wrong"}).status_code == 404


def test_the_page_of_progress_names_the_feed(county: County, client: Client) -> None:
    case = make.heard(county)
    asked = {"ref": case.ref, "code": case_code(case.uuid)}

    assert f"/track/feed/?ref={case.ref}&amp;code=" in client.get("/track/", asked).content.decode()
