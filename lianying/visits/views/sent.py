"""What a phone sends after it was without signal: visits, then the photos that they announced.

Both may be sent again and again: what is there already is there once. Answers are JSON; the words are for the visitor.
"""

import hashlib
import json
import tempfile
from typing import IO
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianying.common.clock import local_day, now
from lianying.common.pages import needs
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.files.images import shrink
from lianying.files.uploads import IN_MEMORY_BYTES
from lianying.orgs.middleware import Request
from lianying.orgs.models import User
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused
from lianying.visits import actions
from lianying.visits.forms.sent import SentForm, fields_of, is_readable
from lianying.visits.forms.visit import Around
from lianying.visits.models import Link, Visit
from lianying.visits.queries.checklists import questions_of
from lianying.visits.queries.due import link_of, people_of
from lianying.visits.queries.made import is_awaited, missing_photos

PIECE = 1 << 16


@needs(Power.VISIT, by_script=True)
@require_http_methods(["PUT"])
def visit(request: Request, uuid: UUID) -> HttpResponse:
    """201, or 200 where the same is kept already; 409 where something else is, or somebody else's; 422 with reasons."""
    if _is_anothers(request):
        return HttpResponse(status=401)
    at = now()
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not is_readable(body):
        return _refused(422, "", _("What was sent could not be read. Please go back and try again."))
    try:
        link = link_of(request.actor, UUID(body.get("link", "")), local_day(at))
    except (ValueError, Http404):
        return _refused(422, "link", _("This link is not one of yours, or it was taken back."))
    version = body.get("checklist", 0)
    questions = questions_of(version, at) if 0 <= version < 2**15 else None
    if questions is None:
        return _refused(422, "checklist", words(Refused("checklist_old")))
    writer = User.objects.get(pk=request.actor.staff_id)
    around = Around(
        link,
        local_day(at),
        writer=writer.pk,
        people=list(people_of(link.unit_id, local_day(at))),
        for_others=request.actor.may(Power.KEEP_HOUSEHOLDS, link.unit.path),
        checklist=(version, questions),
    )
    form = SentForm(fields_of(body, uuid, writer.username), around=around)
    if not form.is_valid():
        errors = {"" if name == "__all__" else name: list(texts) for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors}, status=422)
    return _keep(request, form, link)


def _is_anothers(request: Request) -> bool:
    """Whether somebody else has signed in on the device since it was written."""
    return request.headers.get("X-Account", request.actor.label) != request.actor.label


def _keep(request: Request, form: SentForm, link: Link) -> HttpResponse:
    card = form.card()
    there = Visit.objects.filter(uuid=card.uuid).first()
    if there is not None and there.recorded_by_id != request.actor.user_id:
        return _refused(409, "", words(Refused("visit_differs")))
    try:
        visit, is_new = actions.keep_visit(card, link=link, by=request.actor, at=now())
    except Refused as refused:
        return _refused(status_of(refused), "", words(refused))
    if not is_new and not actions.says_the_same(visit, card, link=link):
        return _refused(409, "", words(Refused("visit_differs")))
    return JsonResponse(_told(visit), status=201 if is_new else 200)


def _told(visit: Visit) -> dict[str, object]:
    """What the phone shows of a visit that is kept, and which photos are still to be sent."""
    why = visit.get_uncounted_display()
    return {
        "uuid": str(visit.uuid),
        "uncounted": _("Not counted, because %(why)s.") % {"why": why} if visit.uncounted else "",
        "missing": missing_photos(visit),
        "requests": visit.problems.filter(case__isnull=False).count(),
        "page": reverse("visits_kept", args=[visit.uuid]),
    }


def _refused(status: int, field: str, text: str) -> JsonResponse:
    return JsonResponse({"errors": {field: [text]}}, status=status)


@needs(Power.VISIT, by_script=True)
@require_http_methods(["PUT"])
def blob(request: Request, sha256: str) -> HttpResponse:
    """201, or 200 where it is kept already; 404 where no visit of the sender waits; 413; 422 for another photo."""
    if _is_anothers(request):
        return HttpResponse(status=401)
    if not is_awaited(sha256, request.actor):
        return _refused(404, "", words(Refused("photo_not_announced")))
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        found = _taken(request, file)
        if found is None:
            megabytes = settings.FILE_UPLOAD_MAX_BYTES // (1024 * 1024)
            return _refused(413, "", words(Refused("photo_over_limit", megabytes=megabytes)))
        if found != sha256:
            return _refused(422, "", words(Refused("photo_broken")))
        try:
            is_new = actions.keep_photo(sha256, shrink(file), by=request.actor, at=now())
        except Refused as refused:
            return _refused(status_of(refused), "", words(refused))
    return JsonResponse({}, status=201 if is_new else 200)


def _taken(request: Request, file: IO[bytes]) -> str | None:
    """Write down what is sent and return its SHA-256; None where it is too large: read to its end all the same."""
    digest, size = hashlib.sha256(), 0
    while piece := request.read(PIECE):
        size += len(piece)
        if size <= settings.FILE_UPLOAD_MAX_BYTES:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest() if size <= settings.FILE_UPLOAD_MAX_BYTES else None
