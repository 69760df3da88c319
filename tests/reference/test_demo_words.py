from __future__ import annotations

import random
from dataclasses import fields
from datetime import date

import pytest

from lianying.reference.categories import categories, urgent_because
from lianying.reference.demo import Post, county, words
from lianying.reference.demo.compose import Said, Story, compose, compose_again, compose_declined, slots_of
from lianying.rules.kinds import CaseKind, DeclineReason, Outcome, Urgency
from lianying.rules.powers import POST_ROLES

COUNT = 1_500


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    rng = random.Random(5)
    return [compose(words(), rng) for _ in range(COUNT)]


def test_county_units_stand_under_a_unit_named_before() -> None:
    seen = {""}
    for unit in county().units:
        assert unit.parent in seen
        assert unit.code not in seen
        seen.add(unit.code)


def test_county_people_hold_posts_at_units_that_exist() -> None:
    people = county().people
    codes = {unit.code for unit in county().units}

    posts = {post for person in people for post in person.posts}

    assert {post.unit for post in posts} == codes
    assert {post.role for post in posts} == set(POST_ROLES)
    assert len({person.user_name for person in people}) == len({person.name for person in people}) == len(people)
    leading = [unit.code for unit in county().units if unit.kind in ("department", "company", "town")]
    assert [code for code in leading if not {Post("handler", code), Post("head", code)} <= posts] == []


def test_county_accounts_show_every_role_and_a_neighbour() -> None:
    accounts = {person.account: person.user_name for person in county().accounts()}

    assert accounts == {
        "operator": "operator",
        "clerk": "wangmei",
        "town clerk": "lixiaoman",
        "village clerk": "taoyulan",
        "supervisor": "zhaolei",
        "handler": "liqiang",
        "head": "zhouwei",
        "neighbour": "zhaomin",
        "visitor": "shenzhiyuan",
        "grid keeper": "zhouxiaohua",
    }


def test_words_tell_sixty_matters_in_four_voices_with_two_answers_each() -> None:
    matters = words().matters

    assert len({matter.category for matter in matters}) >= 60
    assert [matter.subject for matter in matters if len(set(matter.says)) < 4] == []
    assert [m.subject for m in matters if any(len(m.answers.get(outcome, ())) < 2 for outcome in Outcome)] == []


def test_words_name_only_units_categories_and_slots_that_exist() -> None:
    matters = words().matters
    codes = {unit.code for unit in county().units} | {"@town"}
    known = set(words().slots) | {"place", "area", "town", "subject", "unit", "phone"}

    named = {code for matter in matters for code in (matter.lead, *matter.assist)}
    lines = [line for matter in matters for line in (*matter.says, *matter.found)]

    assert named <= codes
    told = {matter.category for matter in matters} | {declined.category for declined in words().declined}
    assert told <= {row.code for row in categories() if row.parent}
    assert slots_of(lines) <= known


def test_words_fit_only_what_is_said() -> None:
    for matter in words().matters:
        lists = {
            **{outcome.value: matter.answers[outcome] for outcome in Outcome},
            "asks": matter.asks,
            "now": matter.now,
            "pleased": matter.pleased,
            "displeased": matter.displeased,
        }
        for name, fits in matter.fits.items():
            positions = {int(digit) for line in fits for digit in line if digit != "*"}
            assert len(fits) == len(lists[name]), (matter.subject, name)
            assert positions <= set(range(len(matter.says) + len(matter.found))), (matter.subject, name)


def test_words_decline_for_every_reason_of_the_law() -> None:
    assert {declined.reason for declined in words().declined} == set(DeclineReason)


def test_compose_fills_every_slot(stories: list[Story]) -> None:
    texts = [
        text
        for story in stories
        for text in (
            story.title,
            story.text,
            story.address,
            story.question,
            story.reply,
            story.desk_answer,
            *(getattr(story.said, field.name) for field in fields(Said)),
            *(story.answer(outcome, date(2026, 3, 5)) for outcome in Outcome),
        )
    ]

    assert slots_of(texts) == set()


def test_compose_tells_stories_of_readable_length_and_many_kinds(stories: list[Story]) -> None:
    assert [story.text for story in stories if not 15 <= len(story.text) <= 150] == []
    assert len({story.text for story in stories}) > COUNT * 0.4
    assert {story.kind for story in stories} >= set(CaseKind) - {CaseKind.OTHER}
    assert len({story.unit_code for story in stories}) > 20


def test_compose_agrees_with_the_table_of_urgent_words(stories: list[Story]) -> None:
    differing = {s.text for s in stories if (urgent_because(s.text) is not None) != (s.urgency is Urgency.URGENT)}

    assert differing == set()


def test_compose_never_publishes_a_report_and_never_asks_a_town_to_take_work(stories: list[Story]) -> None:
    towns = {unit.code for unit in county().units if unit.kind == "town"}

    assert [story for story in stories if story.kind is CaseKind.REPORT and story.may_publish] == []
    assert [story for story in stories if story.dispute and story.dispute.propose in towns] == []


def test_compose_has_likely_outcomes_among_its_answers(stories: list[Story]) -> None:
    assert [story.title for story in stories if not set(story.likely) <= set(story.answers)] == []
    without = [story.text for story in stories if not story.likely]
    assert len(without) < COUNT * 0.03


def test_compose_gives_the_same_story_for_the_same_seed() -> None:
    assert compose(words(), random.Random(9)) == compose(words(), random.Random(9))


def test_compose_leaves_out_what_is_not_heard_in_the_month() -> None:
    rng = random.Random(3)

    heard = {compose(words(), rng, month=1).category for _ in range(COUNT)}

    assert heard.isdisjoint({m.category for m in words().matters if m.months and 1 not in m.months})


def test_compose_again_keeps_the_matter_and_changes_the_voice(stories: list[Story]) -> None:
    again = compose_again(words(), stories[0], random.Random(4))

    assert (again.title, again.unit_code, again.place_code) == (
        stories[0].title,
        stories[0].unit_code,
        stories[0].place_code,
    )
    assert again.text != stories[0].text
    assert slots_of([again.text]) == set()


def test_compose_declined_tells_where_to_turn() -> None:
    story = compose_declined(words(), random.Random(2))

    assert story.decline is not None
    assert story.decline.channel
    assert slots_of([story.text, story.decline.told]) == set()


def test_residents_with_one_phone_have_one_name(stories: list[Story]) -> None:
    residents = {story.resident for story in stories if story.resident}

    assert len({resident.phone for resident in residents}) == len(residents)
    assert [resident for resident in residents if len(resident.phone) != 11] == []
