"""Learning, measuring and keeping, on requests written for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import numpy as np
import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st

from lianying.triage.actions import KEPT_FILES, make_version
from lianying.triage.grams import Decision, Told
from lianying.triage.learning import FEWEST, Held, accuracy, bound, bounds_of, fold_of, held_out, hints, learn
from lianying.triage.models import Version
from lianying.triage.queries import _load, current, file_of, folder, load
from lianying.triage.solver import solve
from lianying.triage.weights import Guess, Sure, Weights, by_keywords
from tests.cast import NOON
from tests.triage.words import decisions

LAMP = Told("路灯又不亮", "和平街口的路灯又不亮了，老人出门不方便")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    cache.clear()
    _load.cache_clear()
    yield
    cache.clear()
    for path in folder().glob("*.npz"):
        path.unlink()


def test_what_was_decided_often_is_proposed_with_its_reason() -> None:
    known = decisions()
    weights = learn(known, bounds_of(held_out(known)))

    category, unit = weights.guess("category", LAMP), weights.guess("unit", LAMP)

    assert category is not None
    assert unit is not None
    assert (category.label, category.sure, unit.label) == ("0109", Sure.VERY, "management")
    assert category.words[0] == "路灯"
    assert (category.same, category.told) == (32, 32)


def test_nothing_is_proposed_for_what_was_never_seen() -> None:
    weights = learn(decisions(), {})

    assert weights.guess("category", Told("", "xyz 123")) is None
    assert weights.guess("weather", LAMP) is None


def test_one_label_is_no_question() -> None:
    same = [replace(one, category="0109", unit="") for one in decisions()]

    assert learn(same, {}).heads == {}


def test_rare_labels_are_not_proposed() -> None:
    known = decisions()
    known[0] = replace(known[0], category="9902")

    assert learn(known, {}).heads["category"].labels == ("0109", "0501", "0801")


def test_words_of_the_list_speak_for_the_parent_where_only_that_is_known() -> None:
    firsts = [replace(one, category=one.category[:2]) for one in decisions()]

    found = hints(firsts)

    assert {one.category for one in found} == {"01", "05", "08"}
    assert {one.category for one in hints(decisions())} == {"0109", "0501", "0801"}


@pytest.mark.parametrize(("known", "label"), [(("01", "05"), "01"), (("01", "02", "05"), "02"), (("05",), None)])
def test_words_of_estates_speak_for_what_holds_estates_there(known: tuple[str, ...], label: str | None) -> None:
    decided = [Decision(LAMP, code) for code in (*known, "") for _ in range(FEWEST)]

    found = {one.category for one in hints(decided) if one.told.text == "业主大会"}

    assert found == ({label} if label else set())


def test_listed_words_of_known_categories_alone_are_counted_said_before_or_not() -> None:
    known = [replace(one, told=replace(one.told, text=one.told.text + "，医保报销")) for one in decisions()]

    vocabulary = learn(known, {}).vocabulary
    found = [run in vocabulary for run in ("W路灯", "W人行天桥", "W医保", "w医保")]

    assert found == [True, True, False, True]


def test_what_costs_less_gives_way() -> None:
    rows = [(np.array([0], np.int32), np.array([1], np.float32))] * 2
    labels = np.array([0, 1], np.int32)

    weights = solve(rows, labels, np.array([1, 0.1], np.float32), 1, 2)

    assert weights[0, 0] > weights[0, 1]


def test_packed_weights_say_the_same() -> None:
    weights = learn(decisions(), {"category": (0.5, 0.1)})

    again = Weights.unpacked(weights.packed())

    assert again.guess("category", LAMP) == weights.guess("category", LAMP)
    assert again.guess("unit", LAMP) == weights.guess("unit", LAMP)


def test_same_words_never_stand_on_both_sides() -> None:
    known = decisions(times=2)

    assert [fold_of(one) for one in known[:96]] == [fold_of(one) for one in known[96:]]


def test_of_many_one_fifth_is_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    known = decisions()
    whole = held_out(known)["category"]

    monkeypatch.setattr("lianying.triage.learning.LARGE", 10)
    part = held_out(known)["category"]

    assert sorted(one.row for one in whole) == list(range(96))
    assert {one.row for one in part} == {row for row, one in enumerate(known) if fold_of(one) == 0}


@given(
    st.lists(st.tuples(st.floats(0, 9), st.booleans()), max_size=60, unique_by=lambda row: row[0]), st.floats(0.5, 1)
)
def test_bound_keeps_its_promise(rows: list[tuple[float, bool]], target: float) -> None:
    held = [Held(number, "x", margin, right) for number, (margin, right) in enumerate(rows)]

    lowest = bound(held, target)

    assert lowest == float("inf") or accuracy([one for one in held if one.margin >= lowest]) >= target


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_solver_parts_what_can_be_parted(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = np.array([row % 3 for row in range(30)], np.int32)
    rows = [
        (np.array([label, 3], np.int32), np.array([1 + random.random(), 1], np.float32)) for label in labels.tolist()
    ]

    weights = solve(rows, labels, np.ones(30, np.float32), 4, 3)

    assert [int((values @ weights[places]).argmax()) for places, values in rows] == labels.tolist()


def test_accuracy_of_nothing_is_none() -> None:
    assert (accuracy([]), bound([], 0.9)) == (0.0, float("inf"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯不亮", Guess("lamp", Sure.PERHAPS, 0.0, ("路灯",))),
        ("什么都没有", None),
        ("路灯旁噪音", None),
    ],
)
def test_keywords_propose_what_is_clear(text: str, found: Guess | None) -> None:
    assert by_keywords(Told("", text), {"lamp": ("路灯",), "noise": ("噪音",)}) == found


def test_keywords_in_the_title_count_twice() -> None:
    found = by_keywords(Told("路灯", "路灯旁噪音"), {"lamp": ("路灯",), "noise": ("噪音",)})

    assert found == Guess("lamp", Sure.PERHAPS, 0.0, ("路灯",))


def test_keywords_of_no_list_propose_nothing() -> None:
    assert by_keywords(LAMP, {}) is None


@pytest.mark.django_db
def test_first_version_is_used() -> None:
    version = make_version(decisions(), source="", at=NOON)

    weights = current()
    assert (version.active, version.rows, version.accuracy, version.unit_accuracy) == (True, 96, 1.0, 1.0)
    assert version.sha256 == sha256(file_of(version.name).read_bytes()).hexdigest()
    assert weights is not None
    assert set(weights.heads) == {"category", "unit"}


@pytest.mark.django_db
def test_version_that_is_worse_is_kept_aside() -> None:
    good = make_version(decisions(), source="", at=NOON)
    labels = ("0109", "0501", "0801")
    muddled = [replace(one, category=labels[number % 7 % 3]) for number, one in enumerate(decisions())]

    worse = make_version(muddled, source="", at=NOON + DAY)
    unfit = make_version([replace(one, category="", unit="") for one in decisions()], source="", at=NOON + 2 * DAY)

    assert (worse.active, unfit.active) == (False, False)
    assert Version.objects.get(active=True) == good


@pytest.mark.django_db
def test_old_version_is_asked_about_what_came_after_it() -> None:
    make_version(decisions(), source="", at=NOON)
    moved = [replace(one, category="0502" if one.category == "0501" else one.category) for one in decisions()]
    later = [replace(one, at=NOON + 9 * DAY) for one in moved]

    version = make_version(later, source="", at=NOON + 10 * DAY)

    assert version.active
    assert Version.objects.filter(active=True).count() == 1


@pytest.mark.django_db
def test_without_dates_the_figures_are_compared() -> None:
    make_version(decisions(), source="", at=NOON)
    undated = [replace(one, at=None) for one in decisions()]
    labels = ("0109", "0501", "0801")
    muddled = [replace(one, category=labels[number % 7 % 3]) for number, one in enumerate(undated)]

    as_good = make_version(undated, source="a.csv", at=NOON + DAY)
    worse = make_version(muddled, source="b.csv", at=NOON + 2 * DAY)

    assert (as_good.active, worse.active) == (True, False)


@pytest.mark.django_db
def test_version_without_its_file_is_replaced() -> None:
    first = make_version(decisions(), source="", at=NOON)
    file_of(first.name).unlink()
    cache.clear()
    lost = load(first.name, "0" * 64)

    second = make_version(decisions()[:60], source="", at=NOON + DAY)

    assert (lost, second.active) == (None, True)


@pytest.mark.django_db
def test_file_that_was_changed_is_not_used() -> None:
    version = make_version(decisions(), source="", at=NOON)

    file_of(version.name).write_bytes(b"something else")

    assert load(version.name, "1" * 64) is None


@pytest.mark.django_db
def test_old_files_go() -> None:
    for day in range(KEPT_FILES + 2):
        make_version(decisions(), source="", at=NOON + day * DAY)

    assert len(list(folder().glob("*.npz"))) == KEPT_FILES


@pytest.mark.django_db
def test_nothing_is_in_use_at_first() -> None:
    assert current() is None
