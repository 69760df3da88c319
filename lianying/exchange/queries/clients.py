import hashlib
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from lianying.common.paging import Page, page_of
from lianying.exchange.models import Client, Use


def digest_of(key: str) -> str:
    """The key is long and made by chance: nobody finds it by trying."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def client_of(key: str) -> Client | None:
    """None also for a key that was ended."""
    return Client.objects.filter(digest=digest_of(key), ended_at__isnull=True).select_related("unit").first()


def clients_page(after: str) -> Page[Client]:
    """The newest first, each with its use, the last day first."""
    rows = Client.objects.select_related("unit")
    return page_of(
        rows.prefetch_related(Prefetch("uses", Use.objects.order_by("-on", "call"))), ("-made_at", "-id"), after, 20
    )


def client_for(uuid: UUID) -> Client:
    row = Client.objects.filter(uuid=uuid).select_related("unit").first()
    if row is None:
        raise Http404
    return row
