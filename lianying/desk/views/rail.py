from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianying.common.pages import public
from lianying.orgs.middleware import Request


@public
@require_safe
def rail(request: Request) -> HttpResponse:
    """The rail alone, fetched by open pages every half minute; it says so where the session has ended meanwhile."""
    return render(request, "common/rail.html")
