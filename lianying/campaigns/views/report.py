"""The survey report: its words, and the letter it becomes."""

from tempfile import SpooledTemporaryFile
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying.campaigns import actions
from lianying.campaigns.forms import NOBODY, ReportForm
from lianying.campaigns.models import Campaign
from lianying.campaigns.queries.campaigns import held_campaign, proposals_of
from lianying.campaigns.queries.findings import findings_of
from lianying.campaigns.report import Report, write
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page, version_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

#: Bytes; a longer letter goes to the disk.
IN_MEMORY = 2_000_000


def _report(request: Request, row: Campaign) -> Report:
    today = local_day(now())
    return Report(row, findings_of(row, today), proposals_of(request.actor, row), today)


@needs(Power.CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, uuid: UUID) -> HttpResponse:
    """Its words; the tables are counted when it is downloaded."""
    row = held_campaign(request.actor, uuid)
    made = _report(request, row)
    form = ReportForm(request.POST if request.method == "POST" else None, report=made)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                actions.write_report(row, form.words(), version=version_of(request), by=request.actor, at=now())
                return done(request, f"{reverse('visits_campaign_report', args=[row.uuid])}?done=1")
            except Refused as refused:
                form.add_error(None, words(refused))
                status = status_of(refused)
                row = held_campaign(request.actor, uuid)
    context = {"campaign": row, "report": made, "form": form, "nobody": NOBODY, "done": "done" in request.GET}
    return page(request, "campaigns/report.html", None, context, status=status)


@needs(Power.CAMPAIGN)
@require_safe
def report_file(request: Request, uuid: UUID) -> FileResponse:
    made = _report(request, held_campaign(request.actor, uuid))
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write(made, out, at=now())
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{made.title}.docx")
