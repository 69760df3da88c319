"""Forbids script and style inside pages: the content security policy refuses them, silently for who wrote them."""

import re

from tests.house.tree import files, named

INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type=["']application/(?:ld\+)?json))|<style\b|<[^>{%]+\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*="""
)


def test_no_page_has_inline_script_or_style() -> None:
    found = [
        f"{named(path, text.count(chr(10), 0, match.start()) + 1)} {match[0][:60]}"
        for path in files(".html", under="lianying")
        for text in [path.read_text("utf-8")]
        for match in INLINE.finditer(text)
    ]

    assert found == []
