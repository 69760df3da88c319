"""Forbids tests that reach another machine, and pages that load anything from one."""

import re
import socket

import pytest

from tests.house.tree import files, named
from tests.no_network import NetworkUsed

LOADS = re.compile(r"""<(?:script|link|img|iframe|source|use)\b[^>]*\b(?:src|href)=["']\s*(?:https?:)?//""")
SHEET_LOADS = re.compile(r"""(?:@import|url\()\s*["']?(?:https?:)?//""")


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_another_machine_is_refused(host: str) -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection((host, 80), timeout=1)


def test_no_page_loads_from_another_host() -> None:
    pages = [named(path) for path in files(".html", under="lianying") if LOADS.search(path.read_text("utf-8"))]
    sheets = [named(path) for path in files(".css", under="lianying") if SHEET_LOADS.search(path.read_text("utf-8"))]

    assert pages + sheets == []
