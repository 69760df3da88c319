import gettext
import os
from pathlib import Path

import pytest

from lianying.common.messages import compile_messages

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Heard"
msgstr "已收到"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, "utf-8")
    return path


def test_compile_messages_writes_what_gettext_reads(tmp_path: Path, catalogue: Path) -> None:
    written = compile_messages(tmp_path)

    words = gettext.translation("django", tmp_path, ["zh_Hans"])
    assert (written, words.gettext("Heard")) == ([catalogue.with_suffix(".mo")], "已收到")


def test_compile_messages_leaves_a_fresh_one_alone(tmp_path: Path, catalogue: Path) -> None:
    compile_messages(tmp_path)

    assert compile_messages(tmp_path) == []


def test_compile_messages_replaces_a_stale_one(tmp_path: Path, catalogue: Path) -> None:
    compile_messages(tmp_path)
    os.utime(catalogue.with_suffix(".mo"), (0, 0))

    assert compile_messages(tmp_path) == [catalogue.with_suffix(".mo")]
