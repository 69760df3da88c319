import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from lianying.cases.models import Case
from lianying.desk.demo.year import make_county
from lianying.orgs.models import Site
from lianying.rules.lifecycle import State
from tests.cast import NOON, County

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
