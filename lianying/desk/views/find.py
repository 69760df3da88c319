from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianying.cases.queries.find import by_number, by_phone, by_words, whole_number
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.orgs.middleware import Request
from lianying.rules.powers import Power


@needs(Power.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Request) -> HttpResponse:
    """A whole number leads to its case; part of one, a telephone, or words to a list inside the person's scope.

    A telephone is looked up only where it was posted: an address stands in histories and logs.
    """
    posted = request.method == "POST"
    words = (request.POST if posted else request.GET).get("q", "").strip()[:60]
    today = local_day(now())
    ref = whole_number(request.actor, words, today)
    if ref:
        address = reverse("case", args=[ref])
        return done(request, address) if posted else HttpResponseRedirect(address)
    numbers = by_number(request.actor, words)
    phones = by_phone(request.actor, words) if posted else []
    is_number = bool(numbers or phones)
    hits, older = ([], "") if is_number else by_words(request.actor, words, after=request.GET.get("after", ""))
    context = {
        "words": words,
        "numbers": numbers,
        "phones": phones,
        "hits": hits,
        "older": older,
        "found": is_number or bool(hits),
    }
    return page(request, "desk/find.html", None, context)
