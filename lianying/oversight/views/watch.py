"""What needs a look: late and near by unit, grounds that were found, answers that are owed and given."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.labels import MEASURES
from lianying.common.clock import now
from lianying.common.pages import done, needs, page
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.oversight import actions
from lianying.oversight.forms import RemindForm
from lianying.oversight.labels import GROUNDS
from lianying.oversight.models import Step
from lianying.oversight.queries import (
    CAP,
    Watched,
    answered_steps,
    by_unit,
    ground_counts,
    late_days,
    owed_steps,
    step_page,
    taken,
    watched,
    watched_of,
    watched_page,
)
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.rules.supervision import Ground, Measure, hindrance

#: More are not read before they are reminded of.
MOST = 50


@dataclass(frozen=True, slots=True)
class Tab:
    label: Promise
    query: str
    count: int
    capped: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list: its grounds, the step that stands, and what that waits for."""

    watched: Watched
    grounds: list[Promise]
    step: Promise | None
    waits: str
    late_days: int


@needs(Power.REMIND)
@require_safe
def watch(request: Request) -> HttpResponse:
    at, ground = now(), _ground(request)
    found = watched_page(request.actor, ground, after=request.GET.get("after", ""))
    counts = ground_counts(request.actor)
    tabs = [_tab(None, counts[""], ground), *(_tab(one, counts[one.value], ground) for one in Ground)]
    context = {
        "units": by_unit(request.actor, at),
        "tabs": tabs,
        "page": found,
        "lines": [_line(one, at) for one in watched(found.rows)],
        "ground": ground.value if ground else "",
        "answers": answered_steps(request.actor)[:CAP].count() if Power.SUPERVISE in request.actor.powers else 0,
        "reminded": request.GET.get("reminded", ""),
        "at": at,
    }
    return page(request, "oversight/watch.html", None, context)


def _ground(request: Request) -> Ground | None:
    name = request.GET.get("ground", "")
    return Ground(name) if name in tuple(Ground) else None


def _tab(ground: Ground | None, count: int, current: Ground | None) -> Tab:
    label = GROUNDS[ground] if ground else _("all")
    return Tab(label, f"ground={ground.value}" if ground else "", min(count, CAP - 1), count >= CAP, ground == current)


def _line(one: Watched, at: datetime) -> Line:
    grounds = [GROUNDS[ground] for ground in one.grounds]
    step = MEASURES[Measure(one.step.measure)] if one.step else None
    return Line(one, grounds, step, _waits(one.step, at), late_days(one.case, at))


def _waits(step: Step | None, at: datetime) -> str:
    if step is None:
        return ""
    if step.answered_at is not None:
        return _t("answered; to be decided")
    return _t("no answer in time") if step.due_at < at else _t("answer owed")


@needs(Power.REMIND)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: Request) -> HttpResponse:
    """Several at once: who would be reminded and who not, then the words, then each on its own."""
    given = request.POST if request.method == "POST" else request.GET
    refs = list(dict.fromkeys(given.getlist("ref")))[:MOST]
    found = watched_of(request.actor, refs)
    at = now()
    ready = [(one, _problem(one, at)) for one in found]
    if request.method != "POST":
        form = RemindForm(initial={"text": _t("Please look at this request today and write how it stands.")})
        return page(request, "oversight/remind.html", None, {"ready": ready, "form": form})
    form = RemindForm(request.POST)
    if not form.is_valid():
        return page(request, "oversight/remind.html", None, {"ready": ready, "form": form}, status=422)
    made = 0
    for one, problem in ready:
        if problem:
            continue
        ground = one.grounds[0] if one.grounds else Ground.STAGE_LATE
        try:
            actions.take(
                one.case, measure=Measure.REMIND, ground=ground, text=form.cleaned_data["text"], by=request.actor, at=at
            )
        except Refused:
            # Somebody was quicker; it stays in the list as it now stands.
            continue
        made += 1
    return done(request, f"{reverse('watch')}?{urlencode({'reminded': made})}")


def _problem(one: Watched, at: datetime) -> str:
    """Why this one would not be reminded of; '' where it would."""
    code = hindrance(Measure.REMIND, taken([one.step] if one.step else []), at)
    return words(Refused(code)) if code else ""


@needs(Power.SEE)
@require_safe
def owed(request: Request) -> HttpResponse:
    """Answers that my units owe; for those who supervise also the ones that wait for a decision (`of=answered`)."""
    answered = request.GET.get("of") == "answered"
    if answered and Power.SUPERVISE not in request.actor.powers:
        raise Http404
    rows = answered_steps(request.actor) if answered else owed_steps(request.actor)
    found = step_page(rows, answered=answered, after=request.GET.get("after", ""))
    context = {
        "page": found,
        "steps": [(step, MEASURES[Measure(step.measure)], GROUNDS[Ground(step.ground)]) for step in found.rows],
        "answered": answered,
        "at": now(),
    }
    return page(request, "oversight/owed.html", None, context)
