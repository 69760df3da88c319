from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lianying.cases.queries.track import plain_ref
from lianying.common.pages import needs, page
from lianying.common.paging import page_of
from lianying.households.queries import looks
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused


@needs(Power.SUPERVISE, Power.CONFIGURE)
@require_safe
def access(request: Request) -> HttpResponse:
    """Who looked at a resident's name and number in full, when, for which request, and why; names no resident."""
    actor = request.actor
    if not (actor.covers_all(Power.SUPERVISE) or actor.covers_all(Power.CONFIGURE)):
        raise Refused("not_yours")
    person, ref = (request.GET.get(name, "").strip()[:60] for name in ("person", "ref"))
    person = "".join(character for character in person if character.isprintable())
    rows = looks(username=person, subject=plain_ref(ref) if ref else "")
    found = page_of(rows, ("-at", "-id"), request.GET.get("after", ""))
    context = {"page": found, "person": person, "ref": ref, "query": urlencode({"person": person, "ref": ref})}
    return page(request, "desk/access.html", None, context)
