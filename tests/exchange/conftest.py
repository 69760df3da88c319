from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client as Browser

from lianying.cases.models import Case
from lianying.exchange.actions.clients import make_client
from lianying.exchange.models import Client
from tests.cast import NOON, County

ADDRESS = "/open311/v2/"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A hotline of the county with its key, and what it asks."""

    client: Client
    key: str
    browser: Browser

    def get(self, path: str, *, status: int = 200) -> Any:
        answer = self.browser.get(f"{ADDRESS}{path}")
        assert answer.status_code == status, answer.content.decode()
        return read(answer)

    def post(self, fields: Mapping[str, Any], path: str = "requests.json", *, gives: int = 200) -> Any:
        answer = self.browser.post(f"{ADDRESS}{path}", {"api_key": self.key, **fields})
        assert answer.status_code == gives, answer.content.decode()
        return read(answer)

    def put_in(self, **fields: Any) -> Case:
        given = {"service_code": "0304", "address_string": "柳江路18号", "description": "路灯不亮", **fields}
        (row,) = self.post(given)
        return Case.objects.get(ref=row["service_request_id"])


def read(answer: Any) -> Any:
    """XML as a tree, everything else as JSON."""
    if answer["Content-Type"] == "text/xml; charset=utf-8":
        assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        return ET.fromstring(answer.content)  # noqa: S314 - our own
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.json()


def codes(faults: list[dict[str, Any]]) -> list[int]:
    assert all(set(one) == {"code", "description"} and one["description"] for one in faults)
    return [one["code"] for one in faults]


@pytest.fixture
def neighbour(county: County, at_noon: None, client: Browser) -> Neighbour:
    made, key = make_client("市热线", county.root, by=county.operator, at=NOON)
    return Neighbour(made, key, client)
