"""Photos, for those who may see the case they belong to. To everybody else they do not exist."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lianying.cases.models import Attachment
from lianying.cases.queries.scope import may_see
from lianying.cases.queries.track import case_of_resident
from lianying.common.clock import now
from lianying.common.limits import count
from lianying.common.pages import needs, public
from lianying.files.views import respond
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power


@public
@require_safe
def photo(request: HttpRequest, uuid: UUID) -> FileResponse:
    """For the resident, by number and code."""
    case = case_of_resident(request.GET.get("ref", ""), request.GET.get("code", ""))
    if case is None:
        count(request, "track", settings.ENV["TRACK_PER_HOUR"], at=now())
        raise Http404
    return respond(get_object_or_404(Attachment.objects.select_related("blob"), uuid=uuid, case=case, inner=False).blob)


@needs(Power.SEE)
@require_safe
def desk_photo(request: Request, uuid: UUID) -> FileResponse:
    rows = Attachment.objects.select_related("blob", "case__unit")
    attachment = get_object_or_404(rows, uuid=uuid)
    if not may_see(request.actor, attachment.case):
        raise Http404
    return respond(attachment.blob)
