"""The steps of a record: who may take them, what is kept and what the ledger learns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings as configured
from django.db import connection
from pytest_django import Settings

from lianying.audit.models import Event
from lianying.audit.verify import Fault, chain_faults
from lianying.care import actions
from lianying.care.actions import Plan, erase_due
from lianying.care.models import Care, Entry, Measure
from lianying.care.queries import entries_of, on_list, risk_of
from lianying.care.verify import care_faults
from lianying.cases.models import Case
from lianying.common.actions import reseal
from lianying.common.sealing import opened
from lianying.config.keys import keys
from lianying.config.management.commands.worker import tidy
from lianying.orgs.scope import Actor
from lianying.rules.care import Exit, Move, Refusal, Risk, Stage
from lianying.rules.kinds import Channel
from lianying.rules.powers import Role
from lianying.rules.refusals import Refused
from tests import make
from tests.care.records import (
    DAY,
    FOUND,
    LATER,
    PLAN,
    SEEN,
    TODAY,
    Place,
    admitted,
    checked,
    checking,
    clue,
    exited,
    household,
    leaving,
    measure,
    noted,
    refused,
)
from tests.cast import NOON, County, person, user_of

pytestmark = pytest.mark.postgresql


def refusal(action: Callable[..., object], *arguments: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*arguments, **given)
    return caught.value.code


def test_a_clue_is_to_be_decided_within_fifteen_days(place: Place) -> None:
    care = actions.note(place.household, clue(NOON - 3 * DAY), by=place.keeper, at=NOON)

    assert (care.stage, care.due_on, care.decide_by) == ("clue", TODAY + 12 * DAY, TODAY + 12 * DAY)
    assert (risk_of(care), [text for _, text in entries_of(care)]) == (Risk.ILLNESS, [SEEN])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (replace(clue(), on=TODAY + DAY), "care_clue_day"),
        (replace(clue(), on=TODAY - 400 * DAY), "care_clue_day"),
        (clue(words="  "), "no_words"),
    ],
)
def test_a_clue_that_cannot_be_kept_is_refused(place: Place, given: actions.Clue, code: str) -> None:
    assert refusal(actions.note, place.household, given, by=place.keeper, at=NOON) == code


@pytest.mark.parametrize("who", ["handler", "clerk", "supervisor", "operator", "neighbour"])
def test_only_who_looks_after_the_place_notes_a_clue(place: Place, who: str) -> None:
    assert refusal(actions.note, place.household, clue(), by=place.county.people[who], at=NOON) == "not_yours"


def test_a_grid_keeper_notes_and_checks_and_does_not_decide(place: Place) -> None:
    keeper = person("keeper", "丁香", place.county.village, Role.GRID_KEEPER)
    care = actions.note(place.household, clue(), by=keeper, at=NOON)
    care = actions.take_up(care, version=care.version, by=keeper, at=NOON)
    care = actions.check(care, version=care.version, risk=Risk.WORK, words=FOUND, by=keeper, at=NOON)

    assert (care.stage, risk_of(care)) == ("checked", Risk.WORK)
    assert refusal(actions.admit, care, version=care.version, by=keeper, at=NOON) == "not_yours"


def test_a_household_has_one_open_record(place: Place) -> None:
    first = noted(place)

    assert refusal(actions.note, place.household, clue(), by=place.keeper, at=NOON) == "care_open"

    Care.objects.filter(pk=first.pk).delete()
    refused(place)
    assert noted(place).stage == "clue"


def test_who_checked_does_not_decide(place: Place) -> None:
    care = checked(place)
    both = person("both", "高静", place.county.town, Role.HEAD)
    care = actions.check(care, version=care.version, risk=Risk.ILLNESS, words=FOUND, by=both, at=LATER)

    codes = [
        refusal(actions.admit, care, version=care.version, by=both, at=LATER),
        refusal(actions.refuse, care, version=care.version, reason=Refusal.NO_RISK, words="无", by=both, at=LATER),
        refusal(actions.send_back, care, version=care.version, words="再看", by=both, at=LATER),
    ]

    assert codes == ["care_same_person"] * 3
    assert actions.admit(care, version=care.version, by=place.head, at=LATER).stage == "under_care"


def test_sent_back_the_days_run_on(place: Place) -> None:
    care = checked(place)

    back = actions.send_back(care, version=care.version, words="收入没有写", by=place.head, at=LATER + 5 * DAY)

    assert (back.stage, back.due_on) == ("checking", TODAY + 15 * DAY)


def test_admitted_it_is_looked_at_within_a_year(place: Place) -> None:
    care = admitted(place)

    assert (care.decided_on, care.review_on, care.due_on) == (TODAY, TODAY.replace(year=2027), care.review_on)


def test_not_admitted_it_has_ended(place: Place) -> None:
    care = refused(place)

    assert (care.stage, care.decided_on, care.ended_on, care.due_on) == ("not_admitted", TODAY, TODAY, None)
    assert [entry.reason for entry, _ in entries_of(care)] == ["", "", "", "no_risk"]


def test_what_was_drawn_from_an_older_record_is_refused(place: Place) -> None:
    care = noted(place)
    actions.take_up(care, version=care.version, by=place.keeper, at=LATER)

    assert refusal(actions.take_up, care, version=care.version, by=place.keeper, at=LATER) == "care_stale"


def test_a_step_that_is_not_in_the_table_is_refused(place: Place) -> None:
    care = noted(place)

    assert refusal(actions.admit, care, version=care.version, by=place.head, at=LATER) == "care_not_now"


def test_words_are_asked_for(place: Place) -> None:
    care = checking(place)

    given = {"version": care.version, "risk": Risk.OTHER, "words": " ", "by": place.keeper, "at": LATER}

    assert refusal(actions.check, care, **given) == "no_words"


def test_a_measure_has_an_owner_and_a_day_that_waits(place: Place) -> None:
    care = admitted(place)

    row = measure(place, care, user=user_of(place.keeper), days=10)

    care.refresh_from_db()
    assert (care.due_on, opened(row, "text")) == (TODAY + 10 * DAY, PLAN)
    ended = actions.finish(row, is_done=True, words="钱已到账", by=place.keeper, at=LATER)
    care.refresh_from_db()
    assert (ended.is_done, ended.ended_on, care.due_on) == (True, TODAY, care.review_on)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ((PLAN, TODAY - DAY), "care_measure_day"),
        ((PLAN, TODAY + 400 * DAY), "care_measure_day"),
        ((" ", TODAY), "no_words"),
    ],
)
def test_a_measure_that_cannot_be_kept_is_refused(place: Place, plan: tuple[str, date], code: str) -> None:
    care = admitted(place)
    words, due_on = plan
    bad = Plan(words, place.county.village, due_on)

    given = {"version": care.version, "by": place.keeper, "at": LATER}

    assert refusal(actions.take_measure, care, bad, **given) == code
    assert Measure.objects.count() == 0


def test_a_measure_can_ask_an_office_by_a_request(place: Place) -> None:
    row = measure(place, admitted(place), request="请为一户办理临时救助。")

    case = Case.objects.get()
    assert (row.case, case.text, case.channel) == (case, "请为一户办理临时救助。", Channel.VISIT)
    assert case.contact is None


def test_whoever_does_a_measure_ends_it_and_nobody_else(place: Place) -> None:
    care = admitted(place)
    row = measure(place, care, unit=place.county.management)
    own = measure(place, care, unit=place.county.housing, user=user_of(place.county.colleague))

    assert refusal(actions.finish, row, is_done=True, words="好了", by=place.county.neighbour, at=LATER) == "not_yours"
    assert actions.finish(row, is_done=False, words="不用了", by=place.county.handler, at=LATER).is_done is False
    assert refusal(actions.finish, row, is_done=True, words="好了", by=place.county.handler, at=LATER) == "care_not_now"
    assert actions.finish(own, is_done=True, words="好了", by=place.county.colleague, at=LATER).is_done


def test_a_review_sets_the_next_year(place: Place) -> None:
    care = admitted(place)

    care = actions.review(care, version=care.version, words="还在还款", by=place.keeper, at=LATER + 300 * DAY)

    assert care.review_on == (LATER + 300 * DAY).date().replace(year=2028)


def test_an_exit_takes_two_persons(place: Place) -> None:
    care = leaving(place)
    boss = person("boss", "高静", place.county.root, Role.HEAD)

    again = actions.propose_exit(
        care, version=care.version, reason=Exit.MOVED, words="已迁走", by=place.head, at=LATER + DAY
    )

    assert (again.stage, again.due_on) == ("leaving", TODAY + 15 * DAY)
    assert refusal(actions.exit_care, again, version=again.version, by=place.head, at=LATER) == "care_same_person"
    gone = actions.exit_care(again, version=again.version, by=boss, at=LATER + DAY)
    assert (gone.stage, gone.ended_on) == ("exited", TODAY + DAY)


def test_a_household_that_is_kept_stays_for_another_year(place: Place) -> None:
    care = leaving(place)

    kept = actions.keep(care, version=care.version, words="再看一年", by=place.head, at=LATER + DAY)

    assert (kept.stage, kept.due_on) == ("under_care", (TODAY + DAY).replace(year=2027))


def test_the_risk_is_gone_only_when_nothing_is_to_be_done(place: Place) -> None:
    care = admitted(place)
    row = measure(place, care)
    care.refresh_from_db()
    given = {"version": care.version, "words": "好了", "by": place.keeper, "at": LATER}

    assert refusal(actions.propose_exit, care, reason=Exit.STABLE, **given) == "care_measures_open"
    care = actions.propose_exit(care, reason=Exit.MOVED, **given)  # type: ignore[arg-type]
    actions.finish(row, is_done=True, words="钱已到账", by=place.keeper, at=LATER)
    care.refresh_from_db()
    assert (care.stage, care.due_on) == ("leaving", TODAY + 15 * DAY)


def test_what_was_still_to_be_done_ends_with_the_care(place: Place) -> None:
    care = admitted(place)
    row = measure(place, care)
    care.refresh_from_db()
    care = actions.propose_exit(care, version=care.version, reason=Exit.DIED, words="已去世", by=place.keeper, at=LATER)

    actions.exit_care(care, version=care.version, by=place.head, at=LATER)

    row.refresh_from_db()
    assert (row.ended_on, row.is_done) == (TODAY, False)


def test_the_list_is_released_for_seven_days_and_taken_back(place: Place) -> None:
    care = admitted(place)
    care = actions.publish(care, version=care.version, by=place.head, at=LATER)

    listed = [on_list(TODAY + days * DAY).count() for days in (-1, 0, 6, 7)]

    assert listed == [0, 1, 1, 0]
    assert refusal(actions.publish, care, version=care.version, by=place.head, at=LATER) == "care_not_now"
    care = actions.unpublish(care, version=care.version, by=place.head, at=LATER)
    assert on_list(TODAY).count() == 0
    assert refusal(actions.unpublish, care, version=care.version, by=place.head, at=LATER) == "care_not_now"
    actions.publish(care, version=care.version, by=place.head, at=LATER)
    assert on_list(TODAY).count() == 1


def test_who_cares_does_not_publish(place: Place) -> None:
    care = admitted(place)

    assert refusal(actions.publish, care, version=care.version, by=place.keeper, at=LATER) == "not_yours"


def test_nothing_of_a_record_is_readable_in_the_database(place: Place) -> None:
    care = admitted(place)
    measure(place, care)

    with connection.cursor() as cursor:
        rows = ""
        for table in ("care_care", "care_entry", "care_measure", "audit_event"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            rows += str(cursor.fetchall())

    assert [word for word in (SEEN, FOUND, PLAN, "illness", "周") if word in rows] == []


def test_events_name_neither_household_nor_reason(place: Place) -> None:
    care = exited(place)
    events = list(Event.objects.filter(stream=f"care:{care.uuid}").order_by("seq").values_list("kind", "data"))

    assert [kind for kind, _ in events] == [
        "care.noted",
        "care.taken_up",
        "care.checked",
        "care.admitted",
        "care.exit_proposed",
        "care.exited",
    ]
    assert {name for _, data in events for name in data} == {"stage", "place", "source", "clue_on", "decide_by"}
    assert list(chain_faults()) == list(care_faults()) == []


def test_verify_names_a_record_that_is_not_what_the_ledger_says(place: Place) -> None:
    care, other = noted(place), noted(place, of=household(place.county, "吴师傅家", "吴满仓"))
    Care.objects.filter(pk=care.pk).update(stage="checking", head="ab" * 32)
    Care.objects.filter(pk=other.pk).update(version=7)

    where, there = f"care:{care.uuid}", f"care:{other.uuid}"

    assert list(care_faults()) == [
        Fault(where, "differs:stage"),
        Fault(where, "differs:head"),
        Fault(there, "differs:version"),
    ]


def test_verify_names_a_record_without_events(place: Place) -> None:
    care = noted(place)
    Care.objects.filter(pk=care.pk).update(uuid="00000000-0000-4000-8000-000000000001")

    assert {fault.what for fault in care_faults()} == {"differs:stage", "differs:version", "differs:head"}


def test_after_the_term_nobody_can_say_whose_it_was(place: Place) -> None:
    care = admitted(place)
    measure(place, care)
    care.refresh_from_db()
    care = actions.publish(care, version=care.version, by=place.head, at=LATER)
    care = actions.propose_exit(
        care, version=care.version, reason=Exit.MOVED, words="已迁走", by=place.keeper, at=LATER
    )
    care = actions.exit_care(care, version=care.version, by=place.head, at=LATER)
    open_still = noted(place)
    term = NOON.replace(year=2029)

    assert (erase_due(at=term), erase_due(at=term + DAY), erase_due(at=term + DAY)) == (0, 1, 0)

    care.refresh_from_db()
    assert (care.household, care.checker, care.risk_sealed, care.stage, care.place) == (
        None,
        None,
        "",
        "exited",
        place.county.village,
    )
    assert (risk_of(care), care.entries.count(), Measure.objects.count(), care.publicity.count()) == (None, 0, 0, 0)
    assert Entry.objects.filter(care=open_still).count() == 1
    assert list(chain_faults()) == list(care_faults()) == []


def test_the_worker_erases(place: Place) -> None:
    care = refused(place)

    tidy(at=NOON.replace(year=2030))

    care.refresh_from_db()
    assert care.erased_at == NOON.replace(year=2030)


def test_a_new_key_seals_records_too(place: Place, settings: Settings) -> None:
    care = admitted(place)
    row = measure(place, care)
    old = keys(configured.DATA_DIR)
    settings.KEYS = replace(old, data={**old.data, "k2": b"2" * 16}, current="k2")

    for model in (Care, Entry, Measure):
        assert all(is_opened for _pk, is_opened in reseal(model, after=0, most=99))

    care.refresh_from_db()
    row.refresh_from_db()
    assert (care.key_id, risk_of(care), opened(row, "text")) == ("k2", Risk.ILLNESS, PLAN)
    assert entries_of(care)[0][1] == SEEN


def test_a_clue_out_of_a_request_names_it(place: Place) -> None:
    case = make.heard(place.county)

    care = actions.note(place.household, replace(clue(), case=case), by=place.keeper, at=NOON)

    assert care.case == case


def test_the_clock_takes_no_step(place: Place) -> None:
    care = noted(place)

    assert refusal(actions.take_up, care, version=care.version, by=Actor(), at=LATER) == "not_yours"


def test_every_stage_can_be_reached(place: Place) -> None:
    county: County = place.county
    makers = (noted, checking, checked, admitted, leaving, refused, exited)
    homes = [household(county, f"{name}家", name) for name in "甲乙丙丁戊己庚"]

    found = [make_one(place, of=home).stage for make_one, home in zip(makers, homes, strict=True)]

    assert set(found) == {stage.value for stage in Stage}
    assert {entry.move for entry in Entry.objects.all()} <= set(Move)
