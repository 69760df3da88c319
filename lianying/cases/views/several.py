"""Several requests at once: chosen in the queue, seen in a preview, done one by one, and taken back together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianying.cases import actions
from lianying.cases.actions import Result, Sorting
from lianying.cases.actions.several import MOST
from lianying.cases.forms.several import AssignSeveralForm, MergeSeveralForm, RecallSeveralForm
from lianying.cases.forms.sorting import category_name
from lianying.cases.labels import STATES
from lianying.cases.models import Case
from lianying.cases.queries.several import chosen_cases
from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.kinds import CaseKind
from lianying.rules.lifecycle import TABLE, Move, State
from lianying.rules.powers import Power

SALT = "several requests"
Step = Callable[[Case, int], Case]
FORMS: dict[Move, type[AssignSeveralForm] | type[MergeSeveralForm]] = {
    Move.ASSIGN: AssignSeveralForm,
    Move.MERGE: MergeSeveralForm,
}
BACK = {Move.ASSIGN: Move.RECALL, Move.MERGE: Move.UNMERGE}
SAID: dict[Move, tuple[Promise, Promise]] = {
    Move.ASSIGN: (_("Handed over"), _("Not handed over")),
    Move.MERGE: (_("Merged"), _("Not merged")),
    Move.RECALL: (_("Back at the desk"), _("Not taken back")),
    Move.UNMERGE: (_("Taken apart again"), _("Not taken apart")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of the chosen; problem says why the step leaves it out, '' where it is made."""

    case: Case
    category: str
    problem: str
    is_main: bool


@needs(Power.SORT)
@require_http_methods(["GET", "HEAD", "POST"])
def several(request: Request) -> HttpResponse:
    """Choose, look at what would be done (`do`), do it."""
    if request.method == "POST":
        return _take_back(request) if "did" in request.POST else _do(request)
    if "did" in request.GET:
        return _did_page(request, request.GET["did"])
    return _page(request, request.GET)


def _page(request: Request, given: QueryDict, *, status: int = 200) -> HttpResponse:
    refs = list(dict.fromkeys(ref.strip().upper() for ref in given.getlist("ref") if ref.strip()))
    cases = chosen_cases(request.actor, refs[:MOST])
    move = _move(given)
    form = FORMS[move](given, cases=cases) if move else None
    is_ready = form is not None and form.is_valid()
    ready = form.cleaned_data if form and is_ready else {}
    context: dict[str, Any] = {
        "move": move.value if move else "",
        "lines": [_line(case, move if is_ready else None, ready) for case in cases],
        "most": MOST if len(refs) > MOST else 0,
        "missing": sorted(set(refs[:MOST]) - {case.ref for case in cases}),
        "forms": {one.value: form if one == move else made(cases=cases) for one, made in FORMS.items()},
        "is_ready": is_ready,
        "ready": ready | {"category": category_name(ready.get("category", ""))},
        "sent": [(name, given[name]) for name in ("to", "category", "main") if given.get(name)] if is_ready else [],
    }
    context["makes"] = sum(1 for line in context["lines"] if not line.problem)
    context["left_out"] = any(line.problem and not line.is_main for line in context["lines"])
    wrong = form is not None and not is_ready
    return page(request, "cases/several.html", None, context, status=422 if wrong else status)


def _move(given: QueryDict) -> Move | None:
    name = given.get("do", "")
    if name and name not in {move.value for move in FORMS}:
        raise Http404
    return Move(name) if name else None


def _line(case: Case, move: Move | None, ready: dict[str, Any]) -> Line:
    is_main = move == Move.MERGE and ready["main"] == case.ref
    problem = "" if move is None else _problem(case, move, is_main=is_main)
    return Line(case, category_name(case.category), problem, is_main)


def _problem(case: Case, move: Move, *, is_main: bool) -> str:
    """What can be said before it is tried; the rules have the last word."""
    if is_main:
        return _t("It is the main one.")
    if case.kind == CaseKind.REPORT:
        return _t("A report of wrongdoing is looked at on its own.")
    if (State(case.state), move) not in TABLE:
        return _t("It is already: %(state)s.") % {"state": STATES[State(case.state)]}
    if move == Move.MERGE and vars(case)["has_joined"]:
        return _t("Others have joined it: take it as the main one.")
    return ""


def _do(request: Request) -> HttpResponse:
    """Make the step for each that stood in the preview, at the version that it showed."""
    seen = dict(pair.rsplit("@", 1) for pair in request.POST.getlist("seen")[:MOST] if "@" in pair)
    cases = chosen_cases(request.actor, seen)
    move = _move(request.POST)
    if move is None:
        raise Http404
    form = FORMS[move](request.POST, cases=cases)
    if not form.is_valid():
        again = request.POST.copy()
        again.setlist("ref", list(seen))
        return _page(request, again)
    joined = [case for case in cases if case.ref != form.cleaned_data.get("main")]
    results = actions.one_by_one(_at_version(joined, seen), _step(request, move, form.cleaned_data, cases))
    return done(request, _did(move, results))


def _at_version(cases: Sequence[Case], seen: dict[str, str]) -> list[tuple[Case, int]]:
    numbers = {ref: int(text) for ref, text in seen.items() if text.isascii() and text.isdigit() and len(text) < 9}
    return [(case, numbers.get(case.ref, 0)) for case in cases]


def _step(request: Request, move: Move, ready: dict[str, Any], cases: Sequence[Case]) -> Step:
    by, at = request.actor, now()
    if move == Move.ASSIGN:
        sorting = Sorting(category=ready["category"] or None)
        to = ready["to"]
        return lambda case, version: actions.assign(case, version=version, to=to, sorting=sorting, by=by, at=at)
    main = next(case for case in cases if case.ref == ready["main"])
    return lambda case, version: actions.merge(case, version=version, main=main, by=by, at=at)


def _did(move: Move, results: Sequence[Result]) -> str:
    """The address of the page that says what came of it."""
    rows = [(one.ref, one.version, words(one.refused) if one.refused else "") for one in results]
    token = signing.dumps([move.value, rows], salt=SALT, compress=True)
    return f"{reverse('several')}?{urlencode({'did': token})}"


def _read(token: str) -> tuple[Move, list[tuple[str, int, str]]]:
    try:
        move, rows = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    return Move(move), rows


def _did_page(request: Request, token: str, form: RecallSeveralForm | None = None) -> HttpResponse:
    move, rows = _read(token)
    cases = {case.ref: case for case in chosen_cases(request.actor, (ref for ref, _version, _why in rows))}
    lines = [(cases[ref], why) for ref, _version, why in rows if ref in cases]
    made, not_made = SAID[move]
    context = {
        "made": made,
        "not_made": not_made,
        "good": [case for case, why in lines if not why],
        "bad": [(case, why) for case, why in lines if why],
        "token": token,
        "back": BACK[move].value if move in BACK else "",
        "form": form or RecallSeveralForm(),
    }
    return page(request, "cases/several_done.html", None, context, status=422 if form else 200)


def _take_back(request: Request) -> HttpResponse:
    """Undo what was done to several: none that has moved on meanwhile."""
    move, rows = _read(request.POST["did"])
    if move not in BACK:
        raise Http404
    back, by, at = BACK[move], request.actor, now()
    form = RecallSeveralForm(request.POST)
    if back == Move.RECALL and not form.is_valid():
        return _did_page(request, request.POST["did"], form)
    versions = {ref: version for ref, version, why in rows if not why}
    chosen = [(case, versions[case.ref]) for case in chosen_cases(request.actor, versions)]

    def step(case: Case, version: int) -> Case:
        if back == Move.RECALL:
            return actions.recall(case, version=version, reason=form.cleaned_data["reason"], by=by, at=at)
        return actions.unmerge(case, version=version, by=by, at=at)

    return done(request, _did(back, actions.one_by_one(chosen, step)))
