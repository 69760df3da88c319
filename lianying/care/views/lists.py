"""What waits: records by what is due first, measures in hand, and for those who supervise only counts."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lianying.care.labels import STAGES, due_look, due_words
from lianying.care.queries import CAP, Line, Tab, by_place, care_page, homes, measure_page, tab_counts, year_of
from lianying.common.clock import local_day, now
from lianying.common.pages import needs, page
from lianying.orgs.middleware import Request
from lianying.rules.care import DECIDE, Stage
from lianying.rules.powers import Power

TABS: dict[Tab, Promise] = {
    Tab.OPEN: _("all that is open"),
    Tab.CHECK: _("to check"),
    Tab.DECIDE: _("to be decided"),
    Tab.CARE: _("under care"),
    Tab.REVIEWS: _("reviews due"),
    Tab.ENDED: pgettext_lazy("care", "ended"),
}
EMPTY: dict[Tab, Promise] = {
    Tab.OPEN: _("No household is under care, and no clue waits."),
    Tab.CHECK: _("No clue waits to be checked."),
    Tab.DECIDE: _("Nothing waits for a decision."),
    Tab.CARE: _("No household is under care."),
    Tab.REVIEWS: _("No review is due within 30 days."),
    Tab.ENDED: _("Nothing has ended yet."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A tab with how many it holds."""

    name: str
    label: Promise
    count: int
    capped: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """due and look: the chip of what waits, '' where nothing does."""

    line: Line
    stage: Promise
    due: str
    look: str


def _row(line: Line) -> Row:
    stage = STAGES[Stage(line.care.stage)]
    if not line.waits:
        return Row(line, stage, "", "")
    return Row(line, stage, due_words(line.waits, line.left), due_look(line.waits, line.left))


@needs(Power.CARE, Power.CARE_DECIDE, Power.SUPERVISE)
@require_safe
def care(request: Request) -> HttpResponse:
    if not request.actor.powers & {Power.CARE, Power.CARE_DECIDE}:
        return redirect("care_counts")
    if not homes(request.actor).exists():
        # An office looks after no village, and has only what it was given to do.
        return redirect("care_measures")
    today = local_day(now())
    asked = request.GET.get("tab", "")
    tab = Tab(asked) if asked in tuple(Tab) else Tab.OPEN
    found = care_page(request.actor, tab, today, after=request.GET.get("after", ""))
    counts = tab_counts(request.actor, today)
    context = {
        "tabs": [
            Shown(one.value, label, min(counts[one.value], CAP - 1), counts[one.value] >= CAP, one is tab)
            for one, label in TABS.items()
        ],
        "tab": tab.value,
        "page": found,
        "lines": [_row(line) for line in found.rows],
        "empty": EMPTY[tab],
        "noted": request.GET.get("noted", ""),
        "left_out": request.GET.get("left_out", ""),
    }
    return page(request, "care/list.html", None, context)


@needs(Power.CARE_DECIDE, Power.SUPERVISE)
@require_safe
def counts(request: Request) -> HttpResponse:
    today = local_day(now())
    context = {
        "lines": by_place(request.actor, today),
        "year": year_of(request.actor, today),
        "today": today,
        "days": DECIDE.count,
    }
    return page(request, "care/counts.html", None, context)


@needs(Power.CARE)
@require_safe
def measures(request: Request) -> HttpResponse:
    """Those that one's own unit is to do (`of=own`), or all of the places that one looks after."""
    own = request.GET.get("of") == "own"
    today = local_day(now())
    found = measure_page(request.actor, today, own=own, after=request.GET.get("after", ""))
    rows = [(one, due_words("measure", one.left), due_look("measure", one.left)) for one in found.rows]
    context = {"page": found, "rows": rows, "own": own, "has_places": homes(request.actor).exists()}
    return page(request, "care/measures.html", None, context)
