"""What the tests themselves stand on: an undefined variable fails, the ledger is guarded again after each test."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.template import engines

from lianying.audit.models import Event
from tests.cast import County


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ missing|upper }}", "{% blocktranslate %}{{ missing }}{% endblocktranslate %}"]
)
def test_an_undefined_variable_fails(source: str) -> None:
    template = engines["django"].from_string(source)

    with pytest.raises(AssertionError, match="undefined in a template"):
        template.render({})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ missing|default:'none' }}", "none"),
        ("{% if missing %}a{% else %}b{% endif %}", "b"),
        ("{% for a in missing %}{% endfor %}", ""),
    ],
)
def test_an_undefined_variable_may_be_asked_for(source: str, shown: str) -> None:
    assert engines["django"].from_string(source).render({}) == shown


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.postgresql
def test_the_ledger_is_guarded_after_a_flush(county: County, turn: int) -> None:
    count = Event.objects.count()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()

    assert (Event.objects.count(), connection.in_atomic_block) == (count, False)
