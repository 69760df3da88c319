"""Proposals as the sorting page shows them: each with its reason in words, a key, and a link for want of script."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianying.cases.forms.sorting import category_name
from lianying.cases.queries.similar import Earlier, Near, Nearby, Why
from lianying.cases.queries.suggest import Ground, Proposal
from lianying.triage.weights import Guess, Sure

SURE: Mapping[Sure, Promise] = {
    Sure.VERY: _("very sure"),
    Sure.FAIRLY: _("fairly sure"),
    Sure.PERHAPS: _("only a hint"),
}
#: What each proposal fills in, its key, and what it is called.
FIELDS: Mapping[str, tuple[str, str, Promise]] = {
    "category": ("category", "c", _("Category")),
    "unit": ("to", "u", _("Leading unit")),
    "merge": ("main", "s", _("Merge into")),
    "answer": ("text", "e", _("Answer as before")),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """name: as in FIELDS;  field, value: what is filled in when it is taken;  link: the page with it filled in."""

    name: str
    value: str
    label: str
    reason: str
    sure: str
    link: str
    taken: bool

    @property
    def field(self) -> str:
        return FIELDS[self.name][0]

    @property
    def key(self) -> str:
        return FIELDS[self.name][1]

    @property
    def what(self) -> Promise:
        return FIELDS[self.name][2]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """undo: the page with nothing filled in."""

    rows: tuple[Suggestion, ...]
    undo: str

    @property
    def taken(self) -> dict[str, str]:
        """Values by name of what is filled in."""
        return {row.name: row.value for row in self.rows if row.taken}

    def data(self) -> QueryDict | None:
        """What the form of the decision begins with; None for nothing."""
        values = {row.field: row.value for row in self.rows if row.taken and row.name in {"category", "unit"}}
        if not values:
            return None
        data = QueryDict(mutable=True)
        data.update(values)
        return data


def suggestions(
    found: Iterable[Proposal], near: Nearby, *, names: Mapping[str, str], page: str, taken: Collection[str]
) -> Suggestions:
    """names: units by code;  page: the address of the page;  taken: names of what is filled in."""
    values: list[tuple[str, str, str, str, str]] = []
    for one in found:
        label = names[one.guess.label] if one.question == "unit" else category_name(one.guess.label)
        values.append((one.question, one.guess.label, label, _reason(one), str(SURE[one.guess.sure])))
    main = next((one for one in near.near if one.case.closed_at is None and one.words), None)
    if main is not None:
        values.append(("merge", main.case.ref, f"{main.case.ref} {main.case.title}", why_near(main), ""))
    if near.answers:
        answer = near.answers[0]
        values.append(("answer", answer.answer, answer.title, why_answer(answer), ""))
    rows = tuple(Suggestion(*value, link=_link(page, {*taken, value[0]}), taken=value[0] in taken) for value in values)
    return Suggestions(rows, page)


def _link(page: str, taken: Collection[str]) -> str:
    return f"{page}&{urlencode([('take', name) for name in FIELDS if name in taken])}"


def quoted(words: Iterable[str]) -> str:
    """'“路灯”、“不亮”'."""
    return _t(", ").join(_t("“%(word)s”") % {"word": word} for word in words)


def _reason(one: Proposal) -> str:
    guess = one.guess
    if one.ground == Ground.HABIT:
        return _t("in the last 90 days requests of this category mostly went there")
    if one.ground == Ground.DUTY:
        return _t("by the duty list")
    if one.ground == Ground.LISTED:
        return _t("because it says %(words)s: words of this category") % {"words": quoted(guess.words)}
    if not guess.words or not guess.told:
        return _t("because its words, taken together, are like those of earlier requests decided so")
    return _learned(one.question, guess)


def _learned(question: str, guess: Guess) -> str:
    facts = {"words": quoted(guess.words), "word": quoted(guess.words[:1]), "told": guess.told, "same": guess.same}
    if question == "unit":
        return (
            ngettext(
                "because it says %(words)s; of %(told)s earlier request with %(word)s, %(same)s went there",
                "because it says %(words)s; of %(told)s earlier requests with %(word)s, %(same)s went there",
                guess.told,
            )
            % facts
        )
    return (
        ngettext(
            "because it says %(words)s; of %(told)s earlier request with %(word)s, %(same)s had this category",
            "because it says %(words)s; of %(told)s earlier requests with %(word)s, %(same)s had this category",
            guess.told,
        )
        % facts
    )


def why_near(one: Near) -> str:
    if one.why == Why.WORDS:
        return _t("both say %(words)s") % {"words": quoted(one.words)}
    same = _t("the same telephone") if one.why == Why.PHONE else _t("the same place")
    return _t("%(same)s; both say %(words)s") % {"same": same, "words": quoted(one.words)} if one.words else str(same)


def why_answer(one: Earlier) -> str:
    return _t("on the board; both say %(words)s") % {"words": quoted(one.words)}


def page_of(queue: str, ref: str) -> str:
    return f"{reverse('sort')}?{urlencode({'queue': queue, 'at': ref})}"
