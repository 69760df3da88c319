"""What a page of care holds."""

import re

from django.test import Client

from lianying.care.models import Care
from tests.care.records import Place, admitted, household


def url(care: Care, step: str = "") -> str:
    return f"/desk/care/{care.uuid}/" + (f"{step}/" if step else "")


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def buttons(page: str) -> list[str]:
    """The steps offered, by name."""
    doing = page.partition('id="doing"')[2].partition("</section>")[0]
    return re.findall(r'(?:action|href)="/desk/care/[^/]+/([a-z_]+)/', doing)


def many(place: Place, count: int) -> list[Care]:
    return [admitted(place, of=household(place.county, f"{number}号家")) for number in range(count)]
