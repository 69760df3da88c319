"""Calls that the desk owes: what residents are to be told, and answers to be checked with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from lianying.cases import clocks
from lianying.cases.models import IS_OPEN, Case
from lianying.cases.queries.scope import RELATIONS, visible
from lianying.common.paging import Page, read_token, token
from lianying.households.queries import Masked, masked_many
from lianying.notices.models import Notice
from lianying.notices.queries import open_notices
from lianying.orgs.scope import Actor
from lianying.rules.lifecycle import State
from lianying.rules.powers import POWERS, Power

#: A verdict below this goes back to the unit, or to the supervisor where the reworks are used up.
CONTENT = 3
