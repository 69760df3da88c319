from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lianying.common.pages import public
from lianying.orgs.middleware import Request
from lianying.orgs.queries import logo_data

YEAR = 365 * 24 * 3600


@public
@require_safe
def logo(request: Request, digest: str) -> HttpResponse:
    """Under its digest it never changes: browsers may keep it."""
    data = logo_data(digest)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
