"""Ringing residents: telling them what is owed, and asking whether the answer solved it."""

from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianying.cases import actions
from lianying.cases.facts import facts_of
from lianying.cases.forms.checks import CheckForm, ToldForm
from lianying.cases.forms.resident import satisfaction_choices
from lianying.cases.labels import CALL_RESULTS, SOLVED
from lianying.cases.models import Case
from lianying.cases.queries.checks import Call, call_for, queue
from lianying.common.clock import now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.households.queries import Revealed
from lianying.orgs.middleware import Request
from lianying.rules.guards import hindrance
from lianying.rules.kinds import CallResult, Solved
from lianying.rules.lifecycle import Move
from lianying.rules.notices import NoticeKind
from lianying.rules.openings import OpenReason
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: What came of ringing where nobody was reached.
NOT_REACHED = (CallResult.NO_ANSWER, CallResult.WRONG_NUMBER, CallResult.CALL_LATER)
VERDICT_KEYS = {Solved.YES: "Y", Solved.PARTLY: "P", Solved.NO: "N"}


@needs(Power.CALL)
@never_cache
@require_safe
def checks(request: Request) -> HttpResponse:
    """The queue, and one call: `at` names it, else the first; `after` is the token of the page of the queue."""
    return _checks_page(request)


@needs(Power.CALL)
@never_cache
@require_POST
def checks_open(request: Request, ref: str) -> HttpResponse:
    """Show the number in full, and record who looked."""
    call = call_for(request.actor, ref)
    if call is None or call.case.contact is None:
        return _gone(request)
    person = actions.reveal(call.case, reason=OpenReason.CALL_BACK, by=request.actor, at=now())
    return _checks_page(request, ref=ref, person=person)


@needs(Power.CALL)
@never_cache
@require_POST
def checks_record(request: Request, ref: str) -> HttpResponse:
    """What came of the call: a verdict (`solved`), told, not reached, or closed after three days without reaching."""
    call = call_for(request.actor, ref)
    if call is None:
        return _gone(request)
    form: CheckForm | ToldForm
    form, act = _deed(request, call)
    if not form.is_valid():
        return _checks_page(request, ref=ref, form=form, status=422)
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        if call_for(request.actor, ref) is None:
            # The page would draw the next call, and these words in its form.
            return _gone(request)
        form.add_error(None, words(refused))
        return _checks_page(request, ref=ref, form=form, status=status_of(refused))
    # An address that is too long to go to would look as if nothing had been kept.
    onward = {name: request.POST.get(name, "")[:200] for name in ("after", "at")}
    query = urlencode({name: value for name, value in (onward | {"done": ref}).items() if value})
    return done(request, f"{reverse('checks')}?{query}")


def _deed(request: Request, call: Call) -> tuple[CheckForm | ToldForm, Callable[[], object]]:
    """The form that was sent, and what is to be done when it is valid."""
    case, by, at = call.case, request.actor, now()
    do = request.POST.get("do", "")
    if "solved" in request.POST and call.is_check:
        check = CheckForm(request.POST)
        return check, lambda: _rate(request, case, check)
    told = ToldForm(request.POST)
    if do == "told" and call.notices:
        return told, lambda: _told(request, call, told.cleaned_data["words"])
    if do == "close" and call.is_check:
        version = version_of(request)
        return told, lambda: actions.close_unreached(case, version=version, by=by, at=at)
    if do in NOT_REACHED:
        result = CallResult(do)
        if call.is_check:
            return told, lambda: actions.rang(case, result=result, by=by, at=at)
        return told, lambda: actions.told(call.notices[0], case, result=result, by=by, at=at)
    raise Http404


def _rate(request: Request, case: Case, form: CheckForm) -> None:
    by, at = request.actor, now()
    verdict, version = form.verdict(), form.cleaned_data["version"]
    if form.is_content:
        actions.check_satisfied(case, version=version, verdict=verdict, by=by, at=at)
    elif hindrance(Move.CHECK_UNSATISFIED, facts_of(case, Move.CHECK_UNSATISFIED, by=by, at=at)) == "reworks_used":
        actions.rate_again(case, version=version, verdict=verdict, by=by, at=at)
    else:
        actions.check_unsatisfied(case, version=version, verdict=verdict, by=by, at=at)


def _told(request: Request, call: Call, reply: str) -> None:
    by, at = request.actor, now()
    case = call.case
    for notice in call.notices:
        case = actions.told(notice, case, result=CallResult.REACHED, by=by, at=at)
    if reply and any(notice.kind == NoticeKind.ASKED for notice in call.notices):
        actions.reply(case, version=None, text=reply, by=by, at=at)


def _gone(request: Request) -> HttpResponse:
    """A colleague was quicker: the queue, with what was typed."""
    text = _("Nobody needs to be rung about this any more: a colleague has done it, or the request has moved on.")
    return _checks_page(request, problem=text, status=409)


def _checks_page(
    request: Request,
    *,
    ref: str = "",
    form: CheckForm | ToldForm | None = None,
    person: Revealed | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    after = request.POST.get("after") or request.GET.get("after") or ""
    at = ref or request.GET.get("at", "")
    found = queue(request.actor, after=after, at=at)
    context = {
        "queue": found,
        "call": found.chosen,
        "missing": bool(at) and (found.chosen is None or found.chosen.case.ref != at),
        "after": after,
        "form": form,
        "person": person,
        "problem": problem,
        "kept": request.POST.get("words", ""),
        "now": now(),
        "marks": satisfaction_choices(),
        "verdicts": [(value, SOLVED[value], key) for value, key in VERDICT_KEYS.items()],
        "missed": [(result, CALL_RESULTS[result]) for result in NOT_REACHED],
        **_beside(request, found.chosen, [call.case.ref for call in found.calls]),
    }
    return page(request, "cases/checks.html", None, context, status=status)


def _beside(request: Request, call: Call | None, refs: list[str]) -> dict[str, object]:
    """The numbers before and after the chosen one, and what can be done with it."""
    if call is None:
        return {"previous": "", "following": "", "may_close": False}
    place = refs.index(call.case.ref) if call.case.ref in refs else -1
    facts = facts_of(call.case, Move.CLOSE_UNREACHED, by=request.actor, at=now())
    return {
        "previous": refs[place - 1] if place > 0 else "",
        "following": refs[place + 1] if place + 1 < len(refs) else "",
        "may_close": call.is_check and hindrance(Move.CLOSE_UNREACHED, facts) is None,
    }
