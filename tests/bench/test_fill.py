from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from bench.county import Filling
from lianying.audit.models import DayRoot
from lianying.audit.verify import chain_faults, root_faults
from lianying.cases.models import Case
from lianying.cases.verify import case_faults
from lianying.households.models import Contact
from lianying.households.queries import masked_many

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_fill_leaves_a_ledger_that_verifies() -> None:
    Filling(50, until=NOON, span=MONTH).run(tidy=False)

    faults = list(chain(chain_faults(), root_faults(), case_faults()))
    assert (faults, Case.objects.count()) == ([], 50)
    assert DayRoot.objects.latest("day").until <= NOON


@pytest.mark.django_db
def test_fill_seals_contacts_that_open_and_goes_on_numbering() -> None:
    Filling(50, until=NOON, span=MONTH).run(tidy=False)

    shown = masked_many(Contact.objects.all())
    fresh = Contact.objects.create(key_id="k1", created_at=NOON + timedelta(hours=1))
    assert {person.phone[:3] for person in shown.values()} == {"138"}
    assert fresh.pk > max(shown)
