"""From the county's own decisions to a version in use: by the worker at night, or by the operator."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError

from lianying.cases.actions.learning import learn_if_due
from lianying.cases.models import Case
from lianying.cases.queries.decisions import decisions
from lianying.common.clock import standing_at
from lianying.orgs.models import Unit
from lianying.rules.kinds import CaseKind
from lianying.triage.actions import make_version
from lianying.triage.grams import Decision
from lianying.triage.models import Version
from lianying.triage.queries import _load, current, file_of, folder
from tests import make
from tests.cast import NOON, ZONE, County
from tests.triage.words import decisions as said

NIGHT = datetime(2026, 11, 13, 2, 0, tzinfo=ZONE)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    cache.clear()
    _load.cache_clear()
    yield
    cache.clear()
    for path in folder().glob("*.npz"):
        path.unlink()


def decide(county: County, known: list[Decision]) -> None:
    """Straight into the table: what the actions write of a decision is theirs to test."""
    pattern = make.assigned(county)
    units: dict[str, Unit] = county.units
    rows = []
    for number, one in enumerate(known):
        unit = units[one.unit]
        values = {field.attname: getattr(pattern, field.attname) for field in Case._meta.concrete_fields}
        kept = {name: value for name, value in values.items() if not name.startswith("level_")}
        changed = {
            "id": None,
            "uuid": f"00000000-0000-4000-8000-{number:012d}",
            "ref": f"NH-{number}",
            "title": one.told.title[:60],
            "text": one.told.text,
            "address": one.told.place,
            "category": one.category,
            "unit_id": unit.pk,
            "path": unit.path,
            "received_at": one.at,
        }
        rows.append(Case(**kept | changed))
    Case.objects.bulk_create(rows)


def test_decisions_are_read_without_reports_and_units_that_serve_others(county: County) -> None:
    make.assigned(county, category="0109")
    make.heard(county, category="0201")
    make.heard(county)
    make.heard(county, kind=CaseKind.REPORT, category="1407")

    found = decisions()

    assert [(one.category, one.unit) for one in found] == [("0109", "management"), ("0201", ""), ("", "")]


def test_version_is_made_anew_only_when_due(county: County) -> None:
    decide(county, said(times=3))

    by_day = learn_if_due(at=NOON)
    first = learn_if_due(at=NIGHT)
    same_night = learn_if_due(at=NIGHT + timedelta(hours=1))
    next_night = learn_if_due(at=NIGHT + DAY)
    after_a_week = learn_if_due(at=NIGHT + 7 * DAY)

    assert (by_day, same_night, next_night) == (None, None, None)
    assert first is not None
    assert after_a_week is not None
    assert (first.rows, after_a_week.rows, current() is not None) == (288, 288, True)


def test_lost_file_is_made_again(county: County) -> None:
    decide(county, said(times=3))
    first = learn_if_due(at=NIGHT)
    assert first is not None
    file_of(first.name).unlink()

    again = learn_if_due(at=NIGHT + DAY)

    assert again is not None
    assert again.active


def test_few_decisions_teach_nothing(county: County) -> None:
    decide(county, said(times=2))

    assert learn_if_due(at=NIGHT) is None


def test_no_version_in_use_waits_for_the_week(county: County) -> None:
    decide(county, said(times=3))
    make_version([Decision(one.told, "") for one in said(times=3)], source="", at=NIGHT)
    Version.objects.update(rows=288)

    assert learn_if_due(at=NIGHT + DAY) is None


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["text", "category"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_operator_learns_from_a_table(county: County, tmp_path: Path) -> None:
    names = {"0109": "公园广场与路灯", "0501": "0501", "0801": "拖欠工资"}
    rows = [{"留言详情": one.told.text, "一级分类": names[one.category]} for one in said()]
    path = table(tmp_path / "messages.csv", [*rows, {"留言详情": "路灯", "一级分类": "没有这一类"}])
    out = StringIO()

    with standing_at(NOON):
        call_command("train", **{"from": path}, stdout=out)

    version = Version.objects.get()
    assert (version.active, version.rows, version.source) == (True, 96, "messages.csv")
    assert out.getvalue() == (
        "96 messages read, 1 without words or a known category.\n"
        f"{version.name}: 96 decisions, 100% of categories right; in use.\n"
    )


def test_operator_learns_from_the_countys_own(county: County) -> None:
    decide(county, said(times=3))
    out = StringIO()

    with standing_at(NOON):
        call_command("train", stdout=out)

    assert out.getvalue().endswith("288 decisions, 100% of categories right; in use.\n")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"text": "路灯坏了", "category": "0109"}], "too few"),
        ([{"words": "路灯坏了", "kind": "0109"}], "needs the columns"),
        ([], "needs the columns"),
    ],
)
def test_table_that_cannot_teach_is_refused(
    county: County, tmp_path: Path, rows: list[dict[str, str]], words: str
) -> None:
    path = table(tmp_path / "few.csv", rows)

    with pytest.raises(CommandError, match=words):
        call_command("train", **{"from": path})


def test_what_is_no_table_is_refused(county: County, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("train", **{"from": tmp_path / "absent.csv"})


def test_few_decisions_of_its_own_are_said(county: County) -> None:
    with pytest.raises(CommandError, match="0 decisions are too few"):
        call_command("train")
