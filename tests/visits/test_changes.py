"""Links that change hands, wishes of households, checklists, and who may write whose visit down."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.cases.models import Holding
from lianying.households.actions import HouseholdCard, add_household
from lianying.households.models import Household
from lianying.orgs.scope import Actor
from lianying.rules.checklists import LEFT
from lianying.rules.hardship import Wish
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind
from lianying.rules.visits import Outcome
from lianying.visits.actions import (
    LinkCard,
    Raised,
    VisitCard,
    change_links,
    hear_wish,
    household_gone,
    make_link,
    open_terms,
    publish_checklist,
    record_visit,
)
from lianying.visits.models import Checklist, Link, Visit
from lianying.visits.verify import obligation_faults
from tests.cast import NOON, STEP, County, person, user_of
from tests.visits.links import Linked
from tests.visits.test_actions import refusal

pytestmark = pytest.mark.postgresql
TODAY = NOON.date()
QUESTIONS = {"ask": ["有什么难处"], "look": [], "leave": ["联系卡"]}


def another(county: County, called: str = "吴婶家") -> Household:
    return add_household(HouseholdCard(called), place=county.village, by=county.village_handler, at=NOON)


def linked_with(linked: Linked, household: Household, to: Actor) -> Link:
    card = LinkCard(LinkKind.LEADER_HOUSEHOLD, linked.county.management, TODAY, user=user_of(to), household=household)
    return make_link(card, by=linked.county.head, at=NOON)


def standing(linked: Linked) -> list[tuple[str, str]]:
    rows = Link.objects.filter(user__isnull=False, to_on__isnull=True).select_related("user").order_by("pk")
    return [(link.user.username, str(link.household.uuid)) for link in rows if link.user and link.household]


def test_all_of_somebody_go_over_or_end_together(linked: Linked) -> None:
    open_terms(at=NOON)
    wu, head = another(linked.county), linked.county.head
    both = [linked.home, linked_with(linked, wu, linked.leader)]
    linked_with(linked, wu, linked.successor)

    change_links(both, to=user_of(linked.successor), on=TODAY + timedelta(days=1), by=head, at=NOON)

    assert standing(linked) == [("successor", str(wu.uuid)), ("successor", str(linked.household.uuid))]
    assert {link.to_on for link in Link.objects.filter(pk__in=[one.pk for one in both])} == {TODAY}
    assert list(obligation_faults(TODAY)) == []


def test_nobody_goes_on_with_what_ends(linked: Linked) -> None:
    change_links([linked.home, linked.office], to=None, on=TODAY, by=linked.county.head, at=NOON)

    assert list(Link.objects.filter(to_on__isnull=True)) == []


def test_a_village_goes_over_to_another_unit(linked: Linked) -> None:
    county = linked.county
    change_links([linked.office], to=county.housing, on=TODAY, by=county.supervisor, at=NOON)

    assert Link.objects.get(user__isnull=True, to_on__isnull=True).unit == county.housing


def test_a_slip_of_the_hand_leaves_nothing_but_its_event(linked: Linked) -> None:
    wu, head, yue = another(linked.county), linked.county.head, another(linked.county, "岳家")
    linked_with(linked, wu, linked.successor)
    slips = [linked_with(linked, wu, linked.leader), linked_with(linked, yue, linked.leader)]

    change_links(slips, to=user_of(linked.successor), on=TODAY, by=head, at=NOON)
    change_links([Link.objects.get(household=yue)], to=None, on=TODAY, by=head, at=NOON)

    assert standing(linked) == [("leader", str(linked.household.uuid)), ("successor", str(wu.uuid))]
    assert Event.objects.filter(kind="visit.link_taken_back").count() == 3
    assert list(chain_faults()) == []


def test_what_was_visited_already_ends_later_or_not(linked: Linked) -> None:
    link = linked_with(linked, another(linked.county), linked.leader)
    record_visit(VisitCard(UUID(int=1), TODAY), link=link, by=linked.leader, at=NOON)

    assert refusal(change_links, [link], to=None, on=TODAY, by=linked.county.head, at=NOON) == "link_ends_before"
    assert refusal(change_links, [link], to=None, on=TODAY, by=linked.leader, at=NOON) == "not_yours"


def test_who_may_not_hand_over_changes_none(linked: Linked) -> None:
    links = [linked.home, linked.office]

    assert refusal(change_links, links, to=None, on=TODAY, by=linked.leader, at=NOON) == "not_yours"
    assert (
        refusal(change_links, links, to=linked.county.housing, on=TODAY, by=linked.county.head, at=NOON) == "not_yours"
    )
    assert Link.objects.filter(to_on__isnull=True).count() == 2


def test_who_wants_no_visits_is_nobodys_from_tomorrow(linked: Linked) -> None:
    later = linked_with(linked, linked.household, linked.successor)
    Link.objects.filter(pk=later.pk).update(from_on=TODAY + timedelta(days=9))

    household = hear_wish(linked.household, Wish.DECLINES, by=linked.county.village_handler, at=NOON)

    ended = dict(Link.objects.filter(household=household).values_list("user__username", "to_on"))
    assert (household.declined_at, household.asked_at) == (NOON, None)
    assert ended == {"leader": TODAY, "successor": TODAY + timedelta(days=9)}
    assert list(chain_faults()) == []


def test_who_moved_away_is_nobodys_from_tomorrow_and_nobody_is_linked_with_it(linked: Linked) -> None:
    keeper = linked.county.village_handler

    household = household_gone(linked.household, True, by=keeper, at=NOON)

    link = Link.objects.get(household=household)
    assert (household.gone_on, link.to_on) == (TODAY, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    card = LinkCard(LinkKind(link.kind), link.unit, tomorrow, user=user_of(linked.successor), household=household)
    assert refusal(make_link, card, by=linked.county.head, at=NOON) == "household_gone"
    back = household_gone(household, False, by=keeper, at=NOON)
    assert (back.gone_on, Link.objects.get(pk=link.pk).to_on) == (None, TODAY)
    assert refusal(household_gone, back, True, by=linked.leader, at=NOON) == "not_yours"
    assert list(chain_faults()) == []


@pytest.mark.parametrize(("wish", "asked"), [(Wish.ASKS, NOON), (Wish.NEITHER, None)])
def test_another_wish_ends_nothing(linked: Linked, wish: Wish, asked: object) -> None:
    household = hear_wish(linked.household, wish, by=linked.county.village_handler, at=NOON)

    assert (household.declined_at, household.asked_at) == (None, asked)
    assert Link.objects.get(household=household).to_on is None
    assert refusal(hear_wish, household, wish, by=linked.leader, at=NOON) == "not_yours"


def test_a_published_list_is_another_version_and_the_same_again_is_none(county: County) -> None:
    first = publish_checklist(QUESTIONS, by=county.operator, at=NOON)
    again = publish_checklist(QUESTIONS, by=county.operator, at=NOON + STEP)
    other = publish_checklist({"ask": ["身体怎么样"]}, by=county.operator, at=NOON + STEP)

    assert (first.version, again, other.version) == (1, first, 2)
    assert Event.objects.filter(kind="visit.checklist_published").count() == 2
    assert refusal(publish_checklist, QUESTIONS, by=county.clerk, at=NOON) == "not_yours"
    assert refusal(publish_checklist, {}, by=county.operator, at=NOON) == "checklist_empty"


def answered(number: int, version: int, **answers: str) -> VisitCard:
    return VisitCard(UUID(int=number), TODAY, checklist=version, answers=answers)


def test_answers_belong_to_a_version_that_is_accepted_for_half_a_year(linked: Linked) -> None:
    publish_checklist(QUESTIONS, by=linked.county.operator, at=NOON)
    old = answered(1, 0, look1="inconvenient")
    later = NOON + timedelta(days=181)

    kept = record_visit(old, link=linked.home, by=linked.leader, at=NOON + timedelta(days=180))
    new = record_visit(answered(2, 1, leave1=LEFT), link=linked.home, by=linked.leader, at=later)

    assert (kept.answers, new.answers) == ({"look1": "inconvenient"}, {"leave1": "left"})
    assert [
        refusal(record_visit, answered(3, 0, look1="fine"), link=linked.home, by=linked.leader, at=later),
        refusal(record_visit, answered(4, 7), link=linked.home, by=linked.leader, at=later),
        refusal(record_visit, answered(5, 1, look1="fine"), link=linked.home, by=linked.leader, at=later),
    ] == ["checklist_old", "checklist_old", "checklist_answer"]
    assert Checklist.objects.count() == 1


def test_a_colleague_who_keeps_the_households_writes_it_down_from_paper(linked: Linked) -> None:
    county = linked.county
    card = VisitCard(UUID(int=1), TODAY, visitor=linked.leader_user, companions=[user_of(linked.successor)])

    kept = record_visit(card, link=linked.home, by=county.handler, at=NOON)

    assert (kept.user, kept.recorded_by, kept.uncounted) == (linked.leader_user, user_of(county.handler), "")
    assert [one.username for one in kept.companions.all()] == ["successor"]
    assert linked.home.obligations.get().done == 1


def test_nobody_writes_for_somebody_who_does_not_go_there(linked: Linked) -> None:
    county = linked.county
    stranger = user_of(county.neighbour)

    assert [
        refusal(record_visit, VisitCard(UUID(int=1), TODAY, visitor=who), link=link, by=by, at=NOON)
        for who, link, by in (
            (linked.leader_user, linked.home, linked.successor),
            (user_of(linked.successor), linked.home, county.handler),
            (stranger, linked.office, county.handler),
            (user_of(county.clerk), linked.office, county.handler),
        )
    ] == ["not_yours"] * 4
    gone = VisitCard(UUID(int=1), TODAY, visitor=user_of(linked.successor))
    assert record_visit(gone, link=linked.office, by=county.handler, at=NOON).uncounted == ""


def test_the_unit_of_the_visitor_follows_the_request(linked: Linked) -> None:
    raised = [Raised("路灯不亮", Outcome.REQUEST), Raised("问过医保", Outcome.SOLVED)]
    kept = record_visit(VisitCard(UUID(int=1), TODAY, problems=raised), link=linked.home, by=linked.leader, at=NOON)

    case = kept.problems.get(outcome="request").case
    assert case is not None
    followers = Holding.objects.filter(case=case, unit=linked.county.management)
    assert [holding.role for holding in followers] == ["follow"]


def test_what_is_open_goes_along_with_the_household(linked: Linked) -> None:
    raised = [Raised("路灯不亮", Outcome.REQUEST)]
    kept = record_visit(VisitCard(UUID(int=1), TODAY, problems=raised), link=linked.home, by=linked.leader, at=NOON)

    change_links([linked.home], to=user_of(linked.successor), on=TODAY, by=linked.county.head, at=NOON)

    assert kept.problems.get().link.user == user_of(linked.successor)
    assert Visit.objects.get().user == linked.leader_user


def test_a_grid_keeper_writes_down_what_the_grid_does(county: County) -> None:
    keeper = person("keeper", "丁香", county.village, Role.GRID_KEEPER)
    household = add_household(HouseholdCard("吴婶家"), place=county.village, by=keeper, at=NOON)
    card = LinkCard(
        LinkKind.GRID_HOUSEHOLD, county.village, date(2026, 10, 1), user=user_of(keeper), household=household
    )
    link = make_link(card, by=county.supervisor, at=NOON)

    record_visit(VisitCard(UUID(int=1), TODAY), link=link, by=keeper, at=NOON)

    assert link.obligations.get().done == 1
