"""Proposals as a page shows them, with what this person may do about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise

from lianying.campaigns.forms import DoneForm, ProposalForm
from lianying.campaigns.labels import PROPOSAL_STANDINGS
from lianying.campaigns.models import Proposal
from lianying.campaigns.queries.campaigns import holds
from lianying.orgs.models import Unit
from lianying.orgs.scope import Actor
from lianying.rules.powers import Power
from lianying.rules.programmes import TaskStanding, task_standing


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with the forms that this person may send. is_sent: one of them came back with a fault."""

    proposal: Proposal
    standing: TaskStanding
    label: Promise
    done: forms.Form | None
    change: forms.Form | None
    may_reopen: bool
    is_sent: bool


def form_of(one: Proposal, do: str, data: Any, today: date, offered: Sequence[Unit] = ()) -> DoneForm | ProposalForm:
    auto_id = f"{do}-{one.uuid}-%s"
    if do == "done":
        return DoneForm(data, initial={"done_on": today}, auto_id=auto_id)
    initial = {"words": one.words, "unit": one.unit.code, "due_on": one.due_on}
    return ProposalForm(data, offered=offered, initial=initial, auto_id=auto_id)


def shown_proposals(
    actor: Actor,
    rows: Sequence[Proposal],
    today: date,
    *,
    offered: Sequence[Unit] = (),
    sent: Mapping[str, forms.Form] | None = None,
) -> list[Shown]:
    """offered: units that may take one; none where nothing can be changed.  sent: by what is done"""
    shown = []
    for one in rows:
        may_finish = actor.may(Power.RESULTS, one.unit.path)
        standing = task_standing(one.due_on, one.done_on, today)
        is_open = standing is not TaskStanding.DONE
        own: dict[str, forms.Form | None] = {
            "done": form_of(one, "done", None, today) if may_finish and is_open else None,
            "change": form_of(one, "change", None, today, offered) if offered and is_open else None,
        }
        own |= sent or {}
        may_reopen = not is_open and (may_finish or holds(actor, one.campaign))
        shown.append(
            Shown(one, standing, PROPOSAL_STANDINGS[standing], own["done"], own["change"], may_reopen, bool(sent))
        )
    return shown
