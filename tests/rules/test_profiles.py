from copy import deepcopy
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lianying import reference
from lianying.rules.deadlines import Office, Stage, Term, TimeUnit
from lianying.rules.kinds import CaseKind, Outcome, Urgency
from lianying.rules.profiles import PRINTED_STAGES, Profile, parse_profile, stages_due

ANHUI, BEIJING = reference.profile("anhui"), reference.profile("beijing")
OURS = "本系统设定"


def plain_terms(profile: Profile, kind: CaseKind, urgency: Urgency) -> list[str]:
    terms = [profile.term(stage, kind, urgency) for stage in Stage]
    return [f"{term.count} {term.unit}" if term else "-" for term in terms]


def smallest() -> dict[str, Any]:
    """A table that parses, to be spoiled."""
    row = {"count": 1, "unit": "working_day", "source": OURS}
    limits = ("asks", "ask_days", "reworks", "object_days", "reopen_days", "silent_days", "erase_years")
    return {
        "code": "here",
        "name": "本地",
        "name_en": "Here",
        "source": OURS,
        "closes_at": time(0, 0),
        "zone": "Asia/Shanghai",
        "terms": {stage.value: {"other": dict(row)} for stage in Stage},
        "limits": {name: {"count": 2, "source": OURS} for name in limits},
        "approval": {"outcomes": [], "source": OURS},
        "score": {
            "in_time": {"weight": Decimal("0.5"), "source": OURS},
            "solved": {"weight": Decimal("0.5"), "source": OURS},
            "satisfied": {"weight": Decimal("0.0"), "source": OURS},
            "satisfied_weight": {"weight": Decimal("0.0"), "source": OURS},
        },
    }


def problems_of(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ValueError, match="profile ") as caught:
        parse_profile(data)
    return str(caught.value).partition(": ")[2].split("; ")


def test_shipped_profiles_are_read() -> None:
    codes = reference.profile_codes()

    assert codes == ("anhui", "beijing", "shandong", "shanghai")
    assert [reference.profile(code).code for code in codes] == list(codes)
    with pytest.raises(KeyError):
        reference.profile("nowhere")


@pytest.mark.parametrize(
    ("kind", "urgency", "expected"),
    [
        (CaseKind.CONSULT, Urgency.ORDINARY, ["1 WD", "1 WD", "1 WD", "1 WD", "3 WD", "-", "2 WD", "3 WD"]),
        (CaseKind.CONSULT, Urgency.PRIORITY, ["1 WD", "1 WD", "1 WD", "1 WD", "3 WD", "-", "2 WD", "3 WD"]),
        (CaseKind.HELP, Urgency.ORDINARY, ["1 WD", "1 WD", "1 WD", "1 WD", "10 WD", "10 WD", "5 WD", "3 WD"]),
        (CaseKind.OTHER, Urgency.COMPLEX, ["1 WD", "1 WD", "1 WD", "1 WD", "10 WD", "10 WD", "5 WD", "3 WD"]),
        (CaseKind.REPORT, Urgency.URGENT, ["2 h", "1 h", "2 h", "2 h", "24 h", "-", "12 h", "1 WD"]),
        (CaseKind.CONSULT, Urgency.URGENT, ["2 h", "1 h", "2 h", "2 h", "24 h", "-", "12 h", "1 WD"]),
    ],
)
def test_anhui_gives_the_terms_of_the_rules(kind: CaseKind, urgency: Urgency, expected: list[str]) -> None:
    terms = plain_terms(ANHUI, kind, urgency)

    assert terms == [text.replace("WD", "working_day").replace(" h", " hour") for text in expected]


def test_beijing_goes_by_urgency() -> None:
    stages = (Stage.SORT, Stage.RESOLVE, Stage.EXTENSION)
    given = [[BEIJING.term(stage, CaseKind.CONSULT, urgency) for stage in stages] for urgency in Urgency]

    short = [[term and (term.count, term.unit.value) for term in terms] for terms in given]

    assert short == [
        [(1, "hour"), (2, "hour"), None],
        [(2, "hour"), (24, "hour"), None],
        [(24, "hour"), (7, "calendar_day"), None],
        [(24, "hour"), (15, "calendar_day"), None],
    ]


def test_a_term_names_its_rule_and_its_source() -> None:
    resolve = ANHUI.term(Stage.RESOLVE, CaseKind.HELP, Urgency.PRIORITY)
    sign = BEIJING.term(Stage.SIGN, CaseKind.HELP, Urgency.ORDINARY)

    source = "安徽省“接热线、办实事”活动实施方案（2022年2月）"
    assert resolve == Term(10, TimeUnit.WORKING_DAY, "anhui/resolve/other", source)
    assert sign == Term(1, TimeUnit.WORKING_DAY, "beijing/sign/other", OURS)


@pytest.mark.parametrize("code", reference.profile_codes())
def test_what_can_be_extended_is_counted_in_days(code: str) -> None:
    profile = reference.profile(code)

    for kind in CaseKind:
        for urgency in Urgency:
            resolve = profile.term(Stage.RESOLVE, kind, urgency)
            assert resolve is not None
            assert resolve.unit is not TimeUnit.HOUR or profile.term(Stage.EXTENSION, kind, urgency) is None


def test_limits_and_weights_stand_beside_the_terms() -> None:
    limits = (ANHUI.asks, ANHUI.ask_days, ANHUI.reworks, ANHUI.object_days, ANHUI.reopen_days, ANHUI.silent_days)

    assert limits == (2, 10, 2, 15, 15, 5)
    assert (ANHUI.erase_years, ANHUI.satisfied_weight) == (3, Decimal(1))
    assert ANHUI.weights == {"in_time": Decimal("0.30"), "solved": Decimal("0.35"), "satisfied": Decimal("0.35")}
    assert ANHUI.sources["erase_years"] == OURS
    assert (ANHUI.approved_outcomes, BEIJING.approved_outcomes) == (frozenset({Outcome.CANNOT}), frozenset())


def test_stages_due_counts_every_stage_from_the_receipt() -> None:
    received_at = datetime(2026, 2, 13, 17, 59, tzinfo=ZoneInfo("Asia/Shanghai"))

    stages = stages_due(received_at, CaseKind.HELP, Urgency.ORDINARY, ANHUI, reference.calendar())

    assert tuple(stages) == PRINTED_STAGES
    assert {stage.value: due.at.isoformat() for stage, due in stages.items()} == {
        "sort": "2026-02-14T17:30:00+08:00",
        "sign": "2026-02-14T17:30:00+08:00",
        "dispute": "2026-02-14T17:30:00+08:00",
        "decide": "2026-02-14T17:30:00+08:00",
        "resolve": "2026-03-05T17:30:00+08:00",
        "check": "2026-02-25T17:30:00+08:00",
    }


def test_parse_profile_takes_the_smallest_table() -> None:
    profile = parse_profile(smallest())

    office = profile.office(reference.calendar())
    assert office == Office(reference.calendar(), time(0, 0), ZoneInfo("Asia/Shanghai"))
    assert profile.term(Stage.CHECK, CaseKind.CONSULT, Urgency.URGENT) == Term(
        1, TimeUnit.WORKING_DAY, "here/check/other", OURS
    )


def test_parse_profile_names_every_problem_at_once() -> None:
    data = smallest()
    data["name"] = ""
    data["zone"] = "Mars/Olympus"
    data["terms"]["sort"]["urgant"] = deepcopy(data["terms"]["sort"]["other"])
    data["terms"]["sign"]["other"]["unit"] = "fortnight"
    data["terms"]["check"]["other"]["count"] = True
    data["terms"]["resolve"] = {"consult": {"granted": False}}
    data["terms"]["polish"] = {}
    data["limits"]["asks"]["count"] = -1
    del data["limits"]["erase_years"]
    data["limits"]["naps"] = {}
    data["approval"]["outcomes"] = ["cannot", "never"]
    data["score"]["solved"]["weight"] = Decimal("1.5")
    data["score"]["satisfied_weight"]["weight"] = 1

    assert problems_of(data) == [
        "limits.naps: unknown",
        "score.solved: 1.5 is not between 0 and 1",
        "score: the weights do not add up to 1",
        "limits.asks: -1 is below 0",
        "limits.erase_years: dict expected, got None",
        "limits.erase_years.source: str expected, got None",
        "limits.erase_years.count: int expected, got None",
        "name: str expected, got ''",
        "zone: 'Mars/Olympus' is not known",
        "terms.polish: unknown",
        "terms.sort.urgant: unknown",
        "here/sign/other: 1 fortnight is not a term",
        "terms.resolve.other: dict expected, got None",
        "here/resolve/consult.source: str expected, got None",
        "here/check/other.count: int expected, got True",
        "here/check/other: 0 working_day is not a term",
        "approval.outcomes: a list of outcomes expected, got ['cannot', 'never']",
        "score.satisfied_weight.weight: Decimal expected, got 1",
    ]


def test_parse_profile_survives_an_empty_table() -> None:
    assert problems_of({})[0] == "code: str expected, got None"
