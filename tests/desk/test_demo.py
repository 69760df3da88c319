import json
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags

from lianying.audit.models import Event
from lianying.audit.verify import chain_faults
from lianying.campaigns.models import Campaign
from lianying.campaigns.queries.campaigns import campaign_for
from lianying.campaigns.queries.findings import findings_of
from lianying.care.models import Care
from lianying.cases.models import Case
from lianying.cases.queries.sorting import Queue, queue_rows
from lianying.common.clock import local_day
from lianying.desk.demo.year import make_county
from lianying.orgs.models import Site, User
from lianying.orgs.queries import actor_of
from lianying.reviews.models import Goal, Result
from lianying.reviews.queries.programmes import progress_of
from lianying.reviews.queries.tally import Asked, tally
from lianying.rules.care import Stage
from lianying.rules.events import EventKind
from lianying.rules.lifecycle import State
from lianying.rules.results import Period, ResultKind, span_of
from tests.cast import NOON, ZONE, County

FIELDS = ("ref", "state", "text", "kind", "due_at", "answered_at", "satisfaction")


@pytest.mark.django_db
def test_the_demonstration_stands_in_a_clean_ledger(at_noon: None) -> None:
    out = StringIO()
    call_command("demo", cases=30, seed=7, stdout=StringIO())

    call_command("verify", "--json", stdout=out)

    assert json.loads(out.getvalue())["ok"] is True
    assert Case.objects.count() == 30
    assert Site.objects.get().is_demo
    assert {State.CLOSED, State.HANDLING} <= set(Case.objects.values_list("state", flat=True))
    assert not Case.objects.filter(received_at__gt=NOON).exists()
    assert set(Care.objects.values_list("stage", flat=True)) == set(Stage)
    assert "公示到 11月16日" in strip_tags(Client().get("/care/").content.decode())


@pytest.mark.django_db
def test_a_town_and_a_village_have_a_desk_and_a_queue_of_their_own(client: Client) -> None:
    make_county(60, 7, until=NOON, progress=lambda count: None)

    queues = {}
    for name in ("lixiaoman", "taoyulan"):
        clerk = actor_of(User.objects.get(username=name), local_day(NOON))
        queues[name] = set(queue_rows(Queue.NEW, clerk).values_list("unit__code", flat=True))
    handed_up = Event.objects.filter(kind=EventKind.HANDED_UP).count()
    html = client.get("/centres/").content.decode()

    assert queues == {"lixiaoman": {"shazhou-desk"}, "taoyulan": {"lutan-desk"}}
    assert handed_up >= 2
    assert [name in html for name in ("沙洲镇便民服务中心", "每天 8:00–11:30", "邻里纠纷调解")] == [True] * 3


@pytest.mark.django_db
def test_units_have_results_and_goals_and_leaders_took_petitions() -> None:
    make_county(100, 7, until=NOON, progress=lambda count: None)
    supervisor = actor_of(User.objects.get(username="zhaolei"), local_day(NOON))

    counted = tally(Asked(supervisor, span_of(Period.YEAR, local_day(NOON))))
    goals = progress_of(list(Goal.objects.order_by("id"))).values()

    assert {kind: bool(count.entered) for kind, count in counted.items()} == {
        kind: kind not in {ResultKind.HOUSEHOLD, ResultKind.PETITION} for kind in ResultKind
    }
    assert counted[ResultKind.PETITION].ledger == 2
    assert {progress.is_met for progress in goals} == {True, False}
    assert [fault.what for fault in chain_faults()] == []


@pytest.mark.django_db
def test_one_campaign_is_over_and_one_under_way() -> None:
    make_county(15, 7, until=NOON, progress=lambda count: None)
    supervisor = actor_of(User.objects.get(username="zhaolei"), local_day(NOON))

    running, over = (campaign_for(supervisor, row.uuid) for row in Campaign.objects.order_by("-from_on"))

    assert findings_of(running, local_day(NOON)).to_go
    assert findings_of(over, local_day(NOON)).problems
    assert over.ahead
    assert {one.done_on is None for one in over.proposals.all()} == {True, False}


@pytest.mark.django_db
@pytest.mark.parametrize("until", [datetime(2026, 1, 1, 9, tzinfo=ZONE), datetime(2028, 2, 29, 23, tzinfo=ZONE)])
def test_results_fit_whatever_day_it_is(until: datetime) -> None:
    make_county(6, 7, until=until, progress=lambda count: None)

    assert (Result.objects.count(), Goal.objects.count()) == (15, 7)


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_county() -> None:
    def made(seed: int) -> list[tuple[object, ...]]:
        with transaction.atomic():
            make_county(15, seed, until=NOON, progress=lambda count: None)
            rows = list(Case.objects.order_by("ref").values_list(*FIELDS))
            transaction.set_rollback(True)
        return rows

    first = made(7)

    assert made(7) == first
    assert made(8) != first


def test_it_never_goes_beside_other_data(county: County) -> None:
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo", cases=1, stdout=StringIO())
