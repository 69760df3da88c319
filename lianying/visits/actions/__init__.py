"""The only code that writes links, and the visits that are made to keep them."""

from lianying.visits.actions.asked import complain, publish_checklist
from lianying.visits.actions.calendar import make_address, take_address_back
from lianying.visits.actions.counting import open_terms, recount
from lianying.visits.actions.links import (
    TARGETS,
    LinkCard,
    change_links,
    end_link,
    hand_over,
    hear_wish,
    household_gone,
    make_link,
)
from lianying.visits.actions.records import (
    Raised,
    VisitCard,
    correct_visit,
    keep_photo,
    keep_visit,
    record_visit,
    says_the_same,
)

__all__ = [
    "TARGETS",
    "LinkCard",
    "Raised",
    "VisitCard",
    "change_links",
    "complain",
    "correct_visit",
    "end_link",
    "hand_over",
    "hear_wish",
    "household_gone",
    "keep_photo",
    "keep_visit",
    "make_address",
    "make_link",
    "open_terms",
    "publish_checklist",
    "record_visit",
    "recount",
    "says_the_same",
    "take_address_back",
]
