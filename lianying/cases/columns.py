"""What a list may show of a case beside its number: the same on the page and in a spreadsheet."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.cases.forms.sorting import category_name
from lianying.cases.labels import CHANNELS, ENDINGS, KINDS, STATES, URGENCIES
from lianying.common.masking import mask_text
from lianying.rules.kinds import CaseKind, Channel, Ending, Urgency
from lianying.rules.lifecycle import State


class Column(StrEnum):
    """Named so in the address and where a person's choice is kept. No column tells who the resident is."""

    UNIT = "unit"
    HANDLER = "handler"
    KIND = "kind"
    URGENCY = "urgency"
    CATEGORY = "category"
    CHANNEL = "channel"
    STATE = "state"
    RECEIVED = "received"
    DUE = "due"
    ANSWERED = "answered"
    ENDED = "ended"
    SATISFACTION = "satisfaction"


COLUMNS: dict[Column, Promise] = {
    Column.UNIT: _("Unit"),
    Column.HANDLER: _("Handler"),
    Column.KIND: _("Kind"),
    Column.URGENCY: _("Urgency"),
    Column.CATEGORY: _("Category"),
    Column.CHANNEL: _("Channel"),
    Column.STATE: _("State"),
    Column.RECEIVED: _("Received"),
    Column.DUE: _("Promised by"),
    Column.ANSWERED: _("Answered"),
    Column.ENDED: _("Ended"),
    Column.SATISFACTION: _("Satisfaction"),
}
USUAL = (Column.UNIT,)


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def _state(row: Any) -> str:
    return str(ENDINGS[Ending(row.ending)] if row.ending else STATES[State(row.state)])


_CELLS: Mapping[Column, Callable[[Any], str]] = {
    Column.UNIT: lambda row: str(row.unit_name),
    Column.HANDLER: lambda row: row.handler_name or "",
    Column.KIND: lambda row: str(KINDS[CaseKind(row.kind)]),
    Column.URGENCY: lambda row: str(URGENCIES[Urgency(row.urgency)]),
    Column.CATEGORY: lambda row: category_name(row.category),
    Column.CHANNEL: lambda row: str(CHANNELS[Channel(row.channel)]),
    Column.STATE: _state,
    Column.RECEIVED: lambda row: _moment(row.received_at),
    Column.DUE: lambda row: _moment(row.due_at),
    Column.ANSWERED: lambda row: _moment(row.answered_at),
    Column.ENDED: lambda row: _moment(row.closed_at),
    Column.SATISFACTION: lambda row: "" if row.satisfaction is None else str(row.satisfaction),
}


def cells(row: Any, columns: tuple[Column, ...]) -> list[str]:
    """row: as `queries.lists.work_page` gives it."""
    return [_CELLS[column](row) for column in columns]


def sheet_row(row: Any, columns: tuple[Column, ...]) -> list[str]:
    """For a file that leaves the house: numbers of people that stand in the words are masked."""
    return [row.ref, mask_text(row.title), mask_text(row.address), *cells(row, columns)]


def chosen(names: str) -> tuple[Column, ...]:
    """In their own order; what is no column is left out."""
    asked = names.split()
    return tuple(column for column in Column if column in asked)
