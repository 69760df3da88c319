"""Which visits belong to a campaign, what is counted of them, and what its letter says."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

from docx import Document

from lianying.campaigns.actions import ProposalCard, end_campaign, finish_proposal, propose, write_report
from lianying.campaigns.models import Campaign
from lianying.campaigns.queries.campaigns import campaign_for, proposals_of, readable
from lianying.campaigns.queries.findings import Findings, findings_of
from lianying.campaigns.report import Report, draft, sort_name, write
from lianying.cases.models import Case
from lianying.households.actions import HouseholdCard, add_household
from lianying.orgs.models import Unit
from lianying.rules.campaigns import CameOf, Section
from lianying.rules.powers import Role
from lianying.rules.quotas import LinkKind
from lianying.rules.visits import Outcome, VisitKind
from lianying.visits.actions import LinkCard, Raised, VisitCard, correct_visit, hand_over, make_link, record_visit
from tests.campaigns.conftest import POWER, TODAY, Held, ago, asked
from tests.cast import FOUNDED, NOON, PHONE, STEP, person, user_of


def found(held: Held, days: int = 0) -> Findings:
    row = campaign_for(held.county.supervisor, held.campaign.uuid)
    return findings_of(row, TODAY + timedelta(days=days))


def since(held: Held, days: int) -> None:
    Campaign.objects.filter(pk=held.campaign.pk).update(from_on=ago(days))


def report(held: Held) -> Report:
    row = campaign_for(held.county.supervisor, held.campaign.uuid)
    return Report(row, findings_of(row, TODAY), proposals_of(held.county.supervisor, row), TODAY)


def letter(held: Held) -> tuple[list[str], list[list[list[str]]]]:
    """Its paragraphs, and its tables by row and cell."""
    out = BytesIO()
    write(report(held), out, at=NOON)
    document = Document(out)
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [one.text for one in document.paragraphs if one.text], tables


def test_before_anybody_went_there_is_everything_to_do(held: Held) -> None:
    counted = found(held)

    assert ([line.place.code for line in counted.to_go], counted.covered, counted.went) == (["village"], [], set())
    assert (counted.visits_made, counted.problems, counted.requests) == (0, 0, 0)


def test_visits_of_its_units_to_its_places_in_its_days_count_once(held: Held) -> None:
    since(held, 10)
    held.visited(1, on=ago(11))
    held.visited(2, on=ago(10))
    held.visited(3, on=ago(10), link=held.linked.office, kind=VisitKind.EVENING)
    held.visited(4, on=TODAY, kind=VisitKind.STAYING)
    record_visit(
        VisitCard(UUID(int=5), TODAY + timedelta(days=1)), link=held.linked.home, by=held.linked.leader, at=NOON
    )

    counted = found(held, days=3)

    assert counted.visits == {VisitKind.ORDINARY: 1, VisitKind.STAYING: 1, VisitKind.EVENING: 1}
    assert [(line.place.code, line.visits) for line in counted.covered] == [("village", 3)]
    assert counted.went == {held.county.management.pk}


def test_a_visit_that_counts_for_no_link_was_made_all_the_same(held: Held) -> None:
    since(held, 10)
    hand_over(held.linked.home, to=user_of(held.linked.successor), on=ago(5), by=held.county.head, at=FOUNDED)

    assert held.visited(1).uncounted == "no_link"
    assert found(held).visits_made == 1


def test_a_corrected_record_counts_once_and_keeps_what_was_raised(held: Held) -> None:
    first = held.visited(1, asked())
    correct_visit(first, VisitCard(UUID(int=2), TODAY, "另写"), by=held.linked.leader, at=NOON + STEP)

    counted = found(held)

    assert (counted.visits_made, counted.problems) == (1, 1)


def test_a_grid_is_part_of_its_village(held: Held, grid: Unit) -> None:
    keeper = held.county.village_handler
    household = add_household(HouseholdCard("吴婶家"), place=grid, by=keeper, at=NOON)
    card = LinkCard(
        LinkKind.LEADER_HOUSEHOLD, held.county.management, TODAY, user=held.linked.leader_user, household=household
    )
    held.visited(1, asked(), link=make_link(card, by=held.county.head, at=NOON))

    (line,) = found(held).places

    assert (line.place.code, line.visits, line.problems) == ("village", 1, 1)


def test_other_units_and_other_places_are_not_of_it(held: Held) -> None:
    held.campaign.units.set([held.county.housing])
    held.visited(1, asked())
    assert (found(held).visits_made, found(held).problems) == (0, 0)


def test_what_became_of_what_was_raised(held: Held) -> None:
    solved, told = Raised("问医保", Outcome.SOLVED), Raised("今年收成好", Outcome.INFORMATION)
    held.visited(1, asked(), solved, told)
    held.visited(2, asked("渠堵了"), asked("路坏了"), on=TODAY, link=held.linked.office)
    first, second, _third = Case.objects.order_by("pk")
    Case.objects.filter(pk=first.pk).update(state="answered", answered_at=NOON, category=POWER)
    Case.objects.filter(pk=second.pk).update(state="withdrawn", closed_at=NOON, category=POWER)

    counted = found(held)

    assert counted.came == {
        CameOf.SOLVED: 1,
        CameOf.ANSWERED: 1,
        CameOf.OPEN: 1,
        CameOf.ELSEWHERE: 1,
        CameOf.INFORMATION: 1,
    }
    assert [(line.code, line.problems) for line in counted.sorts] == [("03", 2), ("none", 3)]
    assert counted.requests == 3


def test_a_report_of_wrongdoing_is_in_no_figure(held: Held) -> None:
    held.visited(1, asked())
    Case.objects.update(kind="report")

    assert (found(held).visits_made, found(held).problems) == (1, 0)


def test_an_ended_campaign_counts_to_its_last_day(held: Held) -> None:
    since(held, 10)
    held.visited(1, on=ago(1))
    end_campaign(held.campaign, version=1, why="走完", by=held.county.supervisor, at=NOON)
    Campaign.objects.update(ended_on=ago(2))

    assert found(held).visits_made == 0


def test_a_draft_says_the_figures(held: Held) -> None:
    empty = [draft(report(held), section) for section in Section]
    held.visited(1, asked(), kind=VisitKind.EVENING)
    Case.objects.update(category=POWER)
    propose(held.campaign, ProposalCard("装路灯", held.county.management, TODAY), by=held.county.supervisor, at=NOON)
    full = [draft(report(held), section) for section in Section]

    assert empty[1] == "走访中群众没有提出问题。"
    assert full[0].startswith("2026年11月12日至12月2日，参加的 1 个单位中有 1 个下到村和社区")
    assert "其中蹲点 0 次、夜访 1 次" in full[0]
    assert sort_name("03") in full[1]
    assert "1 条建议" in full[2]


def test_the_letter_has_its_figures_and_its_tables(held: Held) -> None:
    held.visited(1, asked(), Raised("问医保", Outcome.SOLVED))
    by, head = held.county.supervisor, held.county.head
    done = propose(held.campaign, ProposalCard("装路灯", held.county.management, TODAY), by=by, at=NOON)
    propose(held.campaign, ProposalCard("修渠", held.county.section, TODAY + timedelta(days=3)), by=by, at=NOON)
    finish_proposal(done, done_on=TODAY, told="装好了", by=head, at=NOON)
    words = {Section.OPENING: "先走老人家。\n再走学校。", Section.FOUND: "", Section.AHEAD: ""}
    write_report(held.campaign, words, version=1, by=by, at=NOON)

    lines, (places, sorts, proposals) = letter(held)

    assert lines[0] == "冬季大走访调研报告"
    assert {"先走老人家。", "再走学校。"} <= set(lines)
    assert lines[-2:] == ["宁和县人民政府", "2026年11月12日"]
    assert places[1][:3] == ["上柳村", "1", "2"]
    assert places[-1][1:3] == ["1", "2"]
    assert [row[1] for row in sorts[1:]] == ["2"]
    assert [row[:3] for row in proposals[1:]] == [["1", "装路灯", "城市管理局"], ["2", "修渠", "市容科"]]
    assert [row[4] for row in proposals[1:]] == ["已完成", "进行中"]


def test_nobody_is_named_in_the_letter(held: Held) -> None:
    private = f"周建国家 {PHONE} 南门 3 号的路灯不亮"
    held.visited(1, asked(private))

    lines, tables = letter(held)

    told = "".join(lines) + str(tables)
    assert not [one for one in ("周", PHONE, "路灯", "在家", "方向") if one in told]


def test_its_paper_is_that_of_official_letters(held: Held) -> None:
    out = BytesIO()
    write(report(held), out, at=NOON)
    section = Document(out).sections[0]

    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one.mm) for one in sizes if one] == [210, 297, 37, 28]
    assert Document(out).core_properties.author == "宁和县人民政府"


def test_who_reads_a_campaign(held: Held) -> None:
    county = held.county
    mayor = person("mayor", "苗青", county.town, Role.HEAD)
    assert readable(county.supervisor).count() == readable(held.linked.leader).count() == 1
    assert readable(mayor).count() == readable(county.neighbour).count() == 0
    propose(held.campaign, ProposalCard("修渠", county.management, TODAY), by=county.supervisor, at=NOON)
    assert readable(county.handler).count() == 1
