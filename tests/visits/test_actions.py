"""Links and visits: what is kept, what counts, and who may write it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from lianying.audit.verify import Fault, chain_faults
from lianying.cases.actions.hear import Telling, hear
from lianying.cases.models import Case
from lianying.common.models import Counter
from lianying.households.actions import say_wish
from lianying.rules.hardship import Wish
from lianying.rules.quotas import LinkKind
from lianying.rules.refusals import Refused
from lianying.rules.visits import Outcome
from lianying.visits.actions import (
    LinkCard,
    Raised,
    VisitCard,
    correct_visit,
    end_link,
    hand_over,
    make_link,
    open_terms,
    record_visit,
)
from lianying.visits.models import Link, Obligation, Problem, Visit
from lianying.visits.queries.due import own_links
from lianying.visits.verify import obligation_faults
from tests import make
from tests.cast import NOON, STEP, County, user_of
from tests.visits.links import Linked

pytestmark = pytest.mark.postgresql
TODAY = NOON.date()


def visit(on: date = TODAY, *, number: int = 1, note: str = "", problems: Sequence[Raised] = ()) -> VisitCard:
    return VisitCard(UUID(int=number), on, note, problems)


def owes(link: Link) -> list[tuple[str, int, int]]:
    rows = link.obligations.order_by("starts_on")
    return [(row.starts_on.isoformat(), row.required, row.done) for row in rows]


def refusal(action: Callable[..., object], *arguments: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*arguments, **given)
    return caught.value.code


def test_a_link_owes_from_the_term_in_which_it_begins(linked: Linked) -> None:
    assert (owes(linked.home), owes(linked.office)) == ([("2026-01-01", 2, 0)], [("2026-01-01", 1, 0)])


def test_the_worker_begins_the_terms_of_the_day(linked: Linked) -> None:
    assert (open_terms(at=NOON), open_terms(at=NOON)) == (1, 0)

    assert owes(linked.office) == [(f"2026-{month:02}-01", 1, 0) for month in (1, 4, 7, 10)]
    assert list(obligation_faults(TODAY)) == []


def test_a_visit_counts_and_the_same_one_sent_again_is_the_same(linked: Linked) -> None:
    first = record_visit(visit(note=" 屋里干净 "), link=linked.home, by=linked.leader, at=NOON)
    again = record_visit(visit(note="另一个"), link=linked.home, by=linked.leader, at=NOON + STEP)

    assert (again, first.note, first.uncounted, Visit.objects.count()) == (first, "屋里干净", "", 1)
    assert owes(linked.home) == [("2026-01-01", 2, 1)]
    assert list(chain_faults()) == []


def test_whoever_of_the_unit_goes_keeps_its_link(linked: Linked) -> None:
    record_visit(visit(), link=linked.office, by=linked.successor, at=NOON)

    assert owes(linked.office)[-1] == ("2026-10-01", 1, 1)


@pytest.mark.parametrize(
    ("on", "recorded", "why"),
    [
        (TODAY + timedelta(days=365), NOON, "ahead"),
        (TODAY - timedelta(days=365), NOON, "no_link"),
        (date(2026, 3, 1), NOON, "closed"),
    ],
)
def test_a_wrong_day_is_kept_and_not_counted(linked: Linked, on: date, recorded: datetime, why: str) -> None:
    kept = record_visit(visit(on), link=linked.office, by=linked.leader, at=recorded)

    assert (kept.uncounted, sum(done for _start, _required, done in owes(linked.office))) == (why, 0)


def test_two_on_one_day_count_once(linked: Linked) -> None:
    record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)

    second = record_visit(visit(number=2), link=linked.home, by=linked.leader, at=NOON + STEP)

    assert (second.uncounted, owes(linked.home)) == ("same_day", [("2026-01-01", 2, 1)])


def test_a_correction_takes_the_place_of_what_it_corrects(linked: Linked) -> None:
    wrong = record_visit(visit(TODAY - timedelta(days=400)), link=linked.home, by=linked.leader, at=NOON)

    right = correct_visit(wrong, visit(number=2), by=linked.leader, at=NOON + STEP)

    wrong.refresh_from_db()
    assert (wrong.uncounted, wrong.replaced_by, right.uncounted) == ("no_link", right, "")
    assert owes(linked.home) == [("2026-01-01", 2, 1)]
    assert refusal(correct_visit, wrong, visit(number=3), by=linked.leader, at=NOON) == "visit_replaced"
    assert correct_visit(wrong, visit(number=2), by=linked.leader, at=NOON + 2 * STEP) == right


def test_a_visit_does_not_take_the_place_of_itself_or_of_another(linked: Linked) -> None:
    first = record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)
    record_visit(visit(TODAY - timedelta(days=1), number=2), link=linked.home, by=linked.leader, at=NOON)

    assert [refusal(correct_visit, first, visit(number=number), by=linked.leader, at=NOON) for number in (1, 2)] == [
        "visit_recorded"
    ] * 2
    assert owes(linked.home) == [("2026-01-01", 2, 2)]


def test_what_was_written_offline_after_a_hand_over_is_kept_and_not_counted(linked: Linked) -> None:
    on, at = date(2026, 7, 2), datetime(2026, 7, 2, 9, tzinfo=NOON.tzinfo)
    after = hand_over(linked.home, to=user_of(linked.successor), on=on, by=linked.county.head, at=at)

    open_terms(at=NOON)
    late = record_visit(visit(on), link=linked.home, by=linked.leader, at=NOON)
    old = record_visit(visit(on - timedelta(days=1), number=2), link=linked.home, by=linked.leader, at=NOON)
    new = record_visit(visit(on, number=3), link=after, by=linked.successor, at=NOON)

    assert (late.uncounted, old.uncounted, new.uncounted) == ("no_link", "", "")
    assert (owes(linked.home), owes(after)) == ([("2026-01-01", 1, 1)], [("2026-01-01", 1, 1)])
    assert list(obligation_faults(TODAY)) == []


def test_a_visit_goes_to_the_link_of_its_day(linked: Linked) -> None:
    county, at = linked.county, datetime(2026, 7, 2, 9, tzinfo=NOON.tzinfo)
    end_link(linked.office, to_on=at.date(), by=county.head, at=at)
    card = LinkCard(LinkKind.UNIT_VILLAGE, county.management, date(2026, 9, 1), place=county.village)
    again = make_link(card, by=county.head, at=at)

    kept = record_visit(visit(), link=linked.office, by=linked.leader, at=NOON)

    assert (kept.link, kept.uncounted) == (again, "")


def test_a_link_of_next_year_owes_from_its_first_day(linked: Linked) -> None:
    county, on = linked.county, date(2027, 11, 3)
    after = hand_over(linked.office, to=county.housing, on=on, by=county.supervisor, at=NOON)
    faults: list[Fault] = []

    for day in (date(2027, 1, 20), on - timedelta(days=1), on):
        open_terms(at=datetime(day.year, day.month, day.day, 9, tzinfo=NOON.tzinfo))
        faults += obligation_faults(day)

    assert (owes(after), faults) == ([("2027-10-01", 1, 0)], [])


def test_a_unit_hands_its_village_to_another(linked: Linked) -> None:
    county = linked.county

    after = hand_over(linked.office, to=county.housing, on=TODAY, by=county.supervisor, at=NOON)

    assert (after.unit, after.place, after.user) == (county.housing, county.village, None)
    assert list(own_links(county.neighbour, TODAY)) == [after]


def test_a_problem_becomes_a_request_of_the_desk_that_serves_the_place(linked: Linked) -> None:
    problems = [Raised("小儿子的残疾证办了半年没下来", Outcome.REQUEST), Raised("水管已经接好", Outcome.SOLVED)]

    kept = record_visit(visit(problems=problems), link=linked.home, by=linked.leader, at=NOON)
    record_visit(visit(problems=problems), link=linked.home, by=linked.leader, at=NOON)

    case = Case.objects.get()
    assert (case.channel, case.text, case.unit) == ("visit", problems[0].text, linked.county.desk)
    assert list(Problem.objects.order_by("pk").values_list("visit", "outcome", "case")) == [
        (kept.pk, "request", case.pk),
        (kept.pk, "solved", None),
    ]


def test_a_problem_without_words_keeps_nothing(linked: Linked) -> None:
    card = visit(problems=[Raised(" ", Outcome.REQUEST)])

    assert refusal(record_visit, card, link=linked.home, by=linked.leader, at=NOON) == "no_words"
    assert (Visit.objects.count(), Case.objects.count()) == (0, 0)


def test_only_whose_link_it_is_writes_its_visits(linked: Linked) -> None:
    county = linked.county
    kept = record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)

    assert [
        refusal(record_visit, visit(number=2), link=linked.home, by=linked.successor, at=NOON),
        refusal(record_visit, visit(number=2), link=linked.office, by=county.neighbour, at=NOON),
        refusal(correct_visit, kept, visit(number=2), by=linked.successor, at=NOON),
        refusal(record_visit, visit(), link=linked.office, by=linked.successor, at=NOON),
    ] == ["not_yours"] * 4
    assert set(own_links(linked.leader, TODAY)) == {linked.home, linked.office}
    assert set(own_links(linked.successor, TODAY)) == {linked.office}
    assert set(own_links(linked.leader, date(2025, 1, 1))) == set()


def test_links_are_made_by_who_leads_or_supervises(linked: Linked) -> None:
    county = linked.county
    card = LinkCard(LinkKind.UNIT_COMMUNITY, county.management, TODAY, place=county.village)

    assert [
        refusal(make_link, card, by=linked.leader, at=NOON),
        refusal(make_link, replace(card, unit=county.housing), by=county.head, at=NOON),
        refusal(end_link, linked.home, to_on=TODAY, by=linked.leader, at=NOON),
    ] == ["not_yours"] * 3


def test_a_link_fits_its_kind(linked: Linked) -> None:
    county, user = linked.county, linked.leader_user
    cards = [
        LinkCard(LinkKind.UNIT_COMMUNITY, county.management, TODAY, place=county.village),
        LinkCard(LinkKind.UNIT_VILLAGE, county.management, TODAY, place=county.town),
        LinkCard(LinkKind.UNIT_VILLAGE, county.management, TODAY, place=county.village, user=user),
        LinkCard(LinkKind.UNIT_VILLAGE, county.management, TODAY),
        LinkCard(LinkKind.GRID_HOUSEHOLD, county.management, TODAY, user=user),
        LinkCard(LinkKind.GRID_HOUSEHOLD, county.management, TODAY, household=linked.household),
    ]

    assert [refusal(make_link, card, by=county.head, at=NOON) for card in cards] == ["link_of_another_kind"] * 6


def test_a_link_stands_once_and_only_where_it_is_wanted(linked: Linked, county: County) -> None:
    card = LinkCard(
        LinkKind.LEADER_HOUSEHOLD, county.management, TODAY, user=linked.leader_user, household=linked.household
    )
    assert refusal(make_link, card, by=county.head, at=NOON) == "link_stands"

    declined = say_wish(linked.household, Wish.DECLINES, by=county.village_handler, at=NOON)
    other = replace(card, user=user_of(linked.successor), household=declined)
    assert refusal(make_link, other, by=county.head, at=NOON) == "household_declined"


def test_a_closed_term_is_not_opened_again(linked: Linked, county: County) -> None:
    card = LinkCard(LinkKind.UNIT_VILLAGE, county.management, date(2026, 9, 1), place=county.village)
    end_link(linked.office, to_on=date(2026, 3, 31), by=county.head, at=datetime(2026, 4, 1, 9, tzinfo=NOON.tzinfo))

    assert [
        refusal(make_link, card, by=county.head, at=NOON),
        refusal(end_link, linked.office, to_on=TODAY, by=county.head, at=NOON),
        refusal(end_link, linked.home, to_on=date(2025, 12, 31), by=county.head, at=NOON),
    ] == ["link_term_closed", "link_term_closed", "link_ends_before"]


def test_a_link_that_ends_sooner_owes_less(linked: Linked) -> None:
    open_terms(at=NOON)

    end_link(linked.office, to_on=date(2026, 10, 10), by=linked.county.head, at=NOON)

    assert owes(linked.office)[-1] == ("2026-10-01", 0, 0)


def test_what_was_changed_by_hand_is_found(linked: Linked) -> None:
    kept = record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)
    open_terms(at=NOON)
    Obligation.objects.filter(link=linked.home).update(done=2)
    Visit.objects.filter(pk=kept.pk).update(uncounted="closed")

    stream = f"link:{linked.home.uuid}"
    assert list(obligation_faults(TODAY)) == [Fault(stream, "obligations"), Fault(stream, "uncounted")]


def test_what_is_owed_under_another_unit_is_found(linked: Linked) -> None:
    open_terms(at=NOON)
    Obligation.objects.filter(link=linked.home, starts_on=date(2026, 1, 1)).update(unit=linked.county.housing)

    assert list(obligation_faults(TODAY)) == [Fault(f"link:{linked.home.uuid}", "obligations")]


def test_verify_names_the_link_whose_figures_differ(linked: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    Obligation.objects.filter(link=linked.office, starts_on=date(2026, 1, 1)).update(required=3)

    with pytest.raises(SystemExit):
        call_command("verify")

    said = capsys.readouterr().err
    assert f"link:{linked.office.uuid}: what is owed, or how much of it was done, is not what a recount" in said


def test_two_copies_that_arrive_together_are_one(linked: Linked) -> None:
    others: list[Visit] = []

    def other_comes_between(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found = execute(sql, *rest)
        if "visits_visit" in sql and not others:
            others.append(Visit())
            others[0] = record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)
        return found

    with connection.execute_wrapper(other_comes_between):
        kept = record_visit(visit(), link=linked.home, by=linked.leader, at=NOON)

    assert ([kept], Visit.objects.count()) == (others, 1)


def test_another_fault_of_the_database_is_not_swallowed(linked: Linked) -> None:
    make.heard(linked.county)
    Counter.objects.all().delete()

    with pytest.raises(IntegrityError, match="seq"):
        record_visit(visit(problems=[Raised("路灯不亮", Outcome.REQUEST)]), link=linked.home, by=linked.leader, at=NOON)
    assert Visit.objects.count() == 0


def test_a_visitor_tells_requests_of_visits_alone(linked: Linked) -> None:
    assert refusal(hear, Telling("路灯不亮"), by=linked.leader, at=NOON) == "not_yours"


def test_two_uuids_never_meet(linked: Linked) -> None:
    cards = [VisitCard(uuid4(), TODAY - timedelta(days=day)) for day in range(3)]

    for card in cards:
        record_visit(card, link=linked.home, by=linked.leader, at=NOON)

    assert owes(linked.home) == [("2026-01-01", 2, 3)]
