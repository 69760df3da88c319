"""Forbids models without their migration, and migrations whose name says nothing."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.house.tree import files, named


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert out.getvalue() == "No changes detected\n"


def test_every_migration_says_what_it_does() -> None:
    assert [named(path) for path in files(".py", under="lianying") if "_auto_" in path.name] == []
