"""The survey report of a campaign: drafted from what was found, exported as a letter. No resident is named in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianying.campaigns.labels import CAME_OF, PROPOSAL_STANDINGS
from lianying.campaigns.models import Campaign, Proposal
from lianying.campaigns.queries.findings import NONE, Findings, sort_names
from lianying.common.clock import day_words, local_day
from lianying.common.letters import Letter
from lianying.rules.campaigns import CameOf, Section, last_day
from lianying.rules.programmes import TaskStanding, task_standing
from lianying.rules.visits import VisitKind

#: So many sorts of problems are named in words; the table has them all.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of. today: the day of which its figures tell."""

    campaign: Campaign
    findings: Findings
    proposals: Sequence[Proposal]
    today: date

    @property
    def title(self) -> str:
        return _("%(name)s: survey report") % {"name": self.campaign.name}

    def words(self, section: Section) -> str:
        """As they were written, else the draft."""
        return str(getattr(self.campaign, section.value)) or draft(self, section)


def sort_name(code: str) -> str:
    return _("not sorted yet, or no request") if code == NONE else sort_names().get(code, code)


def draft(report: Report, section: Section) -> str:
    """A few sentences with the figures of the day."""
    return {Section.OPENING: _opening, Section.FOUND: _found, Section.AHEAD: _ahead}[section](report)


def _opening(report: Report) -> str:
    campaign, findings = report.campaign, report.findings
    facts = {
        "start": date_format(campaign.from_on, "DATE_FORMAT"),
        "end": day_words(last_day(campaign.to_on, campaign.ended_on)),
        "units": len(campaign.units.all()),
        "went": len(findings.went),
        "places": len(findings.places),
        "covered": len(findings.covered),
        "visits": findings.visits_made,
        "staying": findings.visits[VisitKind.STAYING],
        "evening": findings.visits[VisitKind.EVENING],
    }
    return (
        _(
            "From %(start)s to %(end)s, %(went)s of %(units)s units went to %(covered)s of %(places)s villages "
            "and communities and made %(visits)s visits, "
            "%(staying)s of them staying on site and %(evening)s in the evening."
        )
        % facts
    )


def _found(report: Report) -> str:
    findings = report.findings
    if not findings.problems:
        return _("Nobody raised a problem.")
    came = findings.came
    facts = {
        "problems": findings.problems,
        "solved": came[CameOf.SOLVED],
        "requests": findings.requests,
        "answered": came[CameOf.ANSWERED],
        "open": came[CameOf.OPEN],
        "elsewhere": came[CameOf.ELSEWHERE],
        "information": came[CameOf.INFORMATION],
    }
    words = (
        _(
            "People raised %(problems)s problems. %(solved)s were solved on the spot and %(information)s were for "
            "information. %(requests)s became requests: %(answered)s of them are answered, %(open)s are in hand and "
            "%(elsewhere)s went another way."
        )
        % facts
    )
    named = [line for line in findings.sorts if line.code != NONE]
    named.sort(key=lambda line: -line.problems)
    if named:
        names = pgettext("list", ", ").join(sort_name(line.code) for line in named[:NAMED])
        words += _(" Requests were mostly about: %(names)s.") % {"names": names}
    return words


def _ahead(report: Report) -> str:
    count = len(report.proposals)
    if not count:
        return _("What was raised is followed up as requests, each by the unit whose duty it is.")
    return ngettext(
        "What was raised is followed up as requests. %(count)s proposal goes beyond them:",
        "What was raised is followed up as requests. %(count)s proposals go beyond them:",
        count,
    ) % {"count": count}


def write(report: Report, out: IO[bytes], *, at: datetime) -> None:
    """In the language of the moment."""
    campaign = report.campaign
    letter = Letter(report.title, by=campaign.unit.name, at=at)
    letter.subtitle(_("(figures as of %(day)s)") % {"day": day_words(report.today)})
    letter.heading(pgettext("report", "1. How it was done"))
    letter.text(report.words(Section.OPENING))
    letter.heading(pgettext("report", "2. What was found"))
    letter.text(report.words(Section.FOUND))
    _tables(letter, report.findings)
    letter.heading(pgettext("report", "3. What comes next"))
    letter.text(report.words(Section.AHEAD))
    if report.proposals:
        heads = [_("No."), _("Proposal"), _("Who sees to it"), _("Until"), pgettext("report", "Where it stands")]
        rows = [
            [str(number), one.words, one.unit.name, day_words(one.due_on), _standing(one, report.today)]
            for number, one in enumerate(report.proposals, 1)
        ]
        letter.table(_("Table 3: proposals"), heads, rows, wide=[1, 6, 3, 2, 3])
    letter.signed(campaign.unit.name, date_format(local_day(at), "DATE_FORMAT"))
    letter.save(out)


def _tables(letter: Letter, findings: Findings) -> None:
    came = [str(CAME_OF[one]) for one in CameOf]
    places = [
        [line.place.name, *map(str, (line.visits, line.problems, *(line.came[one] for one in CameOf)))]
        for line in findings.places
    ]
    total = [_("Total"), *map(str, (findings.visits_made, findings.problems, *(findings.came[one] for one in CameOf)))]
    heads = [_("Place"), _("Visits made"), _("Problems")]
    letter.table(_("Table 1: by place"), [*heads, *came], [*places, total], wide=[4, 2, 2, 2, 2, 2, 2, 2])
    sorts = [
        [sort_name(line.code), str(line.problems), *(str(line.came[one]) for one in CameOf)] for line in findings.sorts
    ]
    if sorts:
        heads = [_("Category"), _("Problems")]
        letter.table(_("Table 2: by category"), [*heads, *came], sorts, wide=[4, 2, 2, 2, 2, 2, 2])


def _standing(proposal: Proposal, today: date) -> str:
    standing = task_standing(proposal.due_on, proposal.done_on, today)
    words = str(PROPOSAL_STANDINGS[standing])
    # What is near or open says nothing to a reader of the letter that the day does not.
    return words if standing in {TaskStanding.DONE, TaskStanding.LATE} else _("under way")
