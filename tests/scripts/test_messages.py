import json
from pathlib import Path

import polib
import pytest

from scripts.messages import Message, collect, faults, in_python, in_template, missing, take


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% load i18n %}{% translate "Tell us" %}', "utf-8")
    (tmp_path / "labels.py").write_text('ngettext("%(n)s day", "%(n)s days", n)', "utf-8")
    return tmp_path


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "zh_Hans" / "django.po"


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    file = tmp_path / "words.json"
    file.write_text(json.dumps({"Tell us": "我要反映", "%(n)s day": ["%(n)s 天"]}), "utf-8")
    return file


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("Heard")', [Message("Heard")]),
        ('translation.gettext_lazy("Heard")', [Message("Heard")]),
        ('pgettext("state", "Open")', [Message("Open", "state")]),
        ('ngettext("a day", "days", n)', [Message("a day", plural="days")]),
        ("gettext(word)", []),
        ('print("Heard")', []),
    ],
)
def test_in_python_finds_literals_of_gettext_calls(code: str, found: list[Message]) -> None:
    assert list(in_python(code)) == found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("""{% translate "It's 5% done" %}""", [Message("It's 5%% done")]),
        ("""{% translate 'Say "yes"' context "vote" %}""", [Message('Say "yes"', "vote")]),
        (
            "{% blocktranslate trimmed %}\n  By {{ unit }},\n  today\n{% endblocktranslate %}",
            [Message("By %(unit)s, today")],
        ),
        (
            "{% blocktranslate count n=rows|length %}One{% plural %}{{ n }} rows{% endblocktranslate %}",
            [Message("One", plural="%(n)s rows")],
        ),
        (
            """{{ _("Heard")|lower }}{% include "x.html" with title=_("Closed") %}""",
            [Message("Heard"), Message("Closed")],
        ),
        ('<p>_("Not a message")</p>', []),
    ],
)
def test_in_template_finds_what_django_translates(template: str, found: list[Message]) -> None:
    assert list(in_template(template, "page.html")) == found


def test_collect_asks_for_chinese_and_drops_what_has_gone(source: Path, catalogue: Path) -> None:
    collect(catalogue, source)
    (source / "labels.py").unlink()
    collect(catalogue, source)

    assert missing(catalogue, source) == ["Tell us"]
    assert [entry.msgid for entry in polib.pofile(str(catalogue))] == ["Tell us"]


def test_take_fills_in_chinese_and_keeps_it(source: Path, catalogue: Path, chinese: Path) -> None:
    take(chinese, catalogue, source)
    collect(catalogue, source)

    entries = {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in polib.pofile(str(catalogue))}
    assert entries == {"Tell us": ("我要反映", {}), "%(n)s day": ("", {0: "%(n)s 天"})}
    assert faults(catalogue, source) == []


def test_take_keeps_what_the_code_does_not_have_yet(source: Path, catalogue: Path, chinese: Path) -> None:
    code = (source / "labels.py").read_text("utf-8")
    (source / "labels.py").unlink()
    take(chinese, catalogue, source)
    early = faults(catalogue, source)
    (source / "labels.py").write_text(code, "utf-8")
    collect(catalogue, source)

    assert early == ["not in the code: %(n)s day"]
    assert faults(catalogue, source) == []


def test_faults_name_other_placeholders(source: Path, catalogue: Path, chinese: Path) -> None:
    chinese.write_text(json.dumps({"Tell us": "{name}", "%(n)s day": "%(days)s 天"}), "utf-8")
    take(chinese, catalogue, source)

    assert faults(catalogue, source) == ["other placeholders: %(n)s day", "other placeholders: Tell us"]
