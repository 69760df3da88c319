"""What comes from a workbook: the template, the upload, what became of it, and back."""

import io
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words as words_of
from lianying.common.spreadsheets import Unreadable
from lianying.orgs import actions, labels
from lianying.orgs.forms import WorkbookForm
from lianying.orgs.importing.actions import keep_checked, move_on
from lianying.orgs.importing.known import known_now
from lianying.orgs.importing.run import check
from lianying.orgs.importing.tables import tables
from lianying.orgs.importing.template import write_slips, write_template
from lianying.orgs.kinds import ImportState, Made, SheetKind, Thing
from lianying.orgs.middleware import Request
from lianying.orgs.models import Import
from lianying.orgs.queries import not_yet_signed_in
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many problems are printed; somebody who has more has one that repeats.
SHOWN = 200
#: So many links are made at once: each is an event, and they hold for three days only.
SLIPS = 500
PAGE = 20
STEPS = {"run": ImportState.RUNNING, "drop": ImportState.DROPPED, "undo": ImportState.UNDOING}


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def imports(request: Request) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    is_sent = request.method == "POST"
    form = WorkbookForm(request.POST, request.FILES) if is_sent else WorkbookForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            checked, unknown = check(file.name, file.read(), at=now())
            job = keep_checked(checked, by=request.actor, at=now())
            left_out = f"?left_out={'、'.join(unknown)}" if unknown else ""
            return done(request, reverse("settings_import", args=[job.uuid]) + left_out)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
    shown = page_of(
        Import.objects.defer("content_sealed").select_related("by"),
        ("-made_at", "-id"),
        request.GET.get("after", ""),
        PAGE,
    )
    context = {"form": form, "page": shown}
    return page(request, "orgs/settings_imports.html", None, context, status=422 if is_sent else 200)


@needs(Power.CONFIGURE)
@require_safe
def template(request: Request) -> HttpResponse:
    request.actor.require_all(Power.CONFIGURE)
    out = io.BytesIO()
    write_template(out, known_now(today=local_day(now())))
    return _workbook(out, _("workbook to fill in"))


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def one_import(request: Request, uuid: UUID) -> HttpResponse:
    """One workbook: `do` starts it, drops it, takes it back, or makes the slips for the first sign-in."""
    request.actor.require_all(Power.CONFIGURE)
    job = get_object_or_404(Import.objects.defer("content_sealed").select_related("by"), uuid=uuid)
    if request.method == "GET":
        return _import_page(request, job)
    step = request.POST.get("do", "")
    if step == "slips":
        return _slips(request, job)
    if step not in STEPS:
        raise Http404
    try:
        move_on(job, STEPS[step], by=request.actor, at=now())
    except Refused as refused:
        job.refresh_from_db()
        return _import_page(request, job, problem=words_of(refused), status=status_of(refused))
    return done(request, reverse("settings_import", args=[job.uuid]))


def _import_page(request: Request, job: Import, *, problem: str = "", status: int = 200) -> HttpResponse:
    is_back = job.state in {ImportState.UNDOING, ImportState.UNDONE}
    waiting = not_yet_signed_in(job).count() if job.state == ImportState.DONE else 0
    context = {
        "job": job,
        "lines": [] if is_back else _lines(job),
        "is_back": is_back,
        "has_duties": SheetKind.DUTIES in job.tally,
        "under_way": job.state in {ImportState.RUNNING, ImportState.UNDOING},
        "refused": sum(counts.get(Made.REFUSED, 0) for counts in job.tally.values()),
        "fresh": sum(counts.get(Made.NEW, 0) + counts.get(Made.CHANGED, 0) for counts in job.tally.values()),
        "removed": sum(counts.get("removed", 0) for counts in job.tally.values()),
        "kept": sum(counts.get("kept", 0) for counts in job.tally.values()),
        "problems": [] if is_back else job.problems[:SHOWN],
        "kept_ones": _kept(job) if is_back else [],
        "percent": 100 * job.done // max(job.rows, 1),
        "left_out": request.GET.get("left_out", ""),
        "waiting": waiting,
        "parts": [(first, min(first + SLIPS, waiting)) for first in range(0, waiting, SLIPS)],
        "problem": problem,
    }
    return page(request, "orgs/settings_import.html", "state", context, status=status)


def _lines(job: Import) -> list[tuple[object, list[str]]]:
    """A sheet a line: how many of its rows are new, changed, as they were, refused; none is not said."""
    return [
        (
            table.label,
            [str(labels.MADE[made]) % {"rows": count} for made in Made if (count := job.tally[kind].get(made))],
        )
        for kind, table in tables().items()
        if kind in job.tally
    ]


def _kept(job: Import) -> list[tuple[object, str]]:
    return [(labels.THINGS[Thing(what)], words) for what, _column, words in job.problems[:SHOWN]]


def _slips(request: Request, job: Import) -> HttpResponse:
    """A workbook of one-time links to cut up and hand out."""
    first = request.POST.get("first", "0")
    start = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 0
    people = list(not_yet_signed_in(job)[start : start + SLIPS])
    if not people:
        return done(request, reverse("settings_import", args=[job.uuid]))
    at = now()
    links = [request.build_absolute_uri(actions.sign_in_link(user, by=request.actor, at=at)) for user in people]
    out = io.BytesIO()
    write_slips(out, list(zip(people, links, strict=True)))
    return _workbook(out, _("first sign-in") + f" {local_day(at)}")


def _workbook(out: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    response.headers["Cache-Control"] = "no-store"
    return response
