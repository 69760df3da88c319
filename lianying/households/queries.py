from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lianying.common.crypto import blind_index
from lianying.common.masking import mask_name, mask_phone
from lianying.common.sealing import opened
from lianying.households.models import Contact, Household, Opening
from lianying.orgs.scope import Actor
from lianying.rules.phones import searched_phone
from lianying.rules.powers import Power


@dataclass(frozen=True, slots=True)
class Masked:
    """What a page shows of a person before anybody says why more is needed: '王**', '138****8263'."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Home:
    """How a household is called among those who go there, and what it needs: '周大爷家', '腿脚不便'."""

    called: str
    needs: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A person in full."""

    name: str
    phone: str
    address: str


def index_of(phone: str) -> str:
    """The blind index of a telephone; its extension does not count."""
    return blind_index(searched_phone(phone))


def revealed(contact: Contact) -> Revealed:
    """In the clear, without a record: for `actions.open_contact`, and for a notice in the moment of sending."""
    return Revealed(opened(contact, "name"), opened(contact, "phone"), opened(contact, "address"))


def home(household: Household) -> Home:
    return Home(opened(household, "called"), opened(household, "needs"))


def masked(contact: Contact) -> Masked:
    return Masked(mask_name(opened(contact, "name")), mask_phone(opened(contact, "phone")))


def masked_many(contacts: Iterable[Contact]) -> dict[int, Masked]:
    """By primary key, for a list."""
    return {contact.pk: masked(contact) for contact in contacts}


def looks(*, username: str = "", subject: str = "") -> QuerySet[Opening]:
    """Full looks at residents' names and numbers, the newest first; of one member of the staff, or for one request."""
    rows = Opening.objects.select_related("user").order_by("-at", "-id")
    if username:
        rows = rows.filter(user__username=username)
    return rows.filter(subject=subject) if subject else rows


#: Whom to go to first: hardship, then as one walks.
ORDER = ("-hardship", "walk", "id")


def households_at(place_id: int, *, gone: bool = False) -> QuerySet[Household]:
    """Those that live in one village, community or grid, or those that moved away from it, in no order."""
    return Household.objects.filter(place_id=place_id, gone_on__isnull=not gone)


def to_confirm(actor: Actor) -> QuerySet[Household]:
    """Levels of hardship that somebody else proposed where the actor keeps the households."""
    inside = Q(pk__in=[])
    for scope in actor.scopes(Power.KEEP_HOUSEHOLDS):
        inside |= Q(place__path__startswith=scope)
    rows = Household.objects.filter(inside, proposed__isnull=False, gone_on__isnull=True).exclude(
        proposed_by_id=actor.user_id
    )
    return rows.select_related("place", "proposed_by").order_by("place__path", "id")


def contacts_with_phone(phone: str) -> QuerySet[Contact]:
    """Those who left this number, however it is written now; none for an empty one."""
    index = index_of(phone)
    return Contact.objects.filter(phone_index=index) if index else Contact.objects.none()
