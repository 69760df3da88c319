from typing import Any

from django.http import HttpRequest

from lianying.orgs.queries import site as site_row


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": site_row(), "elder": getattr(request, "elder", False), "actor": getattr(request, "actor", None)}
