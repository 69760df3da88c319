"""Everything runs in a data directory of its own, at no cost to the machine, and says so when a template guesses."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import django
import pytest
from django.conf import settings
from django.template.base import Node

DATA_DIR = Path(tempfile.mkdtemp(prefix="lianying-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
# Before the settings are read, and whatever the shell says: a test never writes into somebody's county.
for name in [name for name in os.environ if name.startswith("LIANYING_")]:
    if name not in {"LIANYING_DATABASE_URL", "LIANYING_TEST_ALL"}:
        del os.environ[name]
os.environ["LIANYING_DATA_DIR"] = str(DATA_DIR)
SETTINGS = {"DJANGO_SETTINGS_MODULE": "lianying.config.settings"}
os.environ.update(SETTINGS)

pytest_plugins = ["tests.left_out", "tests.no_network"]


class Undefined(str):
    """What a template gets for a variable that nobody gave: false for {% if %} and `default`, a failure when shown."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> NoReturn:
        raise AssertionError(f"undefined in a template: {_shown_by(sys._getframe())}")

    __html__ = __str__


def _shown_by(frame: FrameType | None) -> str:
    """The tag that shows the value: the nearest node of a template among the callers."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and node.token:
            return f"{{{{ {node.token.contents} }}}} in {node.origin}, line {node.token.lineno}"
        frame = frame.f_back
    return "?"


settings.TEMPLATES[0]["OPTIONS"] |= {"string_if_invalid": Undefined()}  # type: ignore[operator]
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# WhiteNoise warns where there is nothing collected, and a warning is a failure.
settings.STATIC_ROOT.mkdir()
django.setup()
# A worker of pytest-xdist inherits the environment, and would read the settings before it has a directory of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]

# From here on models may be imported.
from django.db import connection  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402

from lianying.audit import triggers  # noqa: E402
from lianying.common.clock import standing_at  # noqa: E402
from lianying.orgs.models import User  # noqa: E402
from lianying.orgs.scope import CLOCK, RESIDENT, Actor  # noqa: E402
from tests.cast import NOON, County, build_county, user_of  # noqa: E402

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_with_ledger(case: Any) -> None:
    """Empty the tables after a transactional test: the ledger refuses DELETE, so its guard stands aside meanwhile."""
    with connection.schema_editor() as editor:
        triggers.drop(None, editor)
    try:
        _flush(case)
    finally:
        with connection.schema_editor() as editor:
            triggers.create(None, editor)


TransactionTestCase._fixture_teardown = _flush_with_ledger  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _settings_for_programs() -> None:
    """What a test starts as a process of its own finds the same settings."""
    os.environ.update(SETTINGS)


@pytest.fixture
def county(db: None) -> County:
    return build_county()


@pytest.fixture
def clerk(county: County) -> Actor:
    return county.clerk


@pytest.fixture
def second_clerk(county: County) -> Actor:
    return county.second_clerk


@pytest.fixture
def handler(county: County) -> Actor:
    return county.handler


@pytest.fixture
def colleague(county: County) -> Actor:
    return county.colleague


@pytest.fixture
def head(county: County) -> Actor:
    return county.head


@pytest.fixture
def neighbour(county: County) -> Actor:
    return county.neighbour


@pytest.fixture
def village_handler(county: County) -> Actor:
    return county.village_handler


@pytest.fixture
def supervisor(county: County) -> Actor:
    return county.supervisor


@pytest.fixture
def operator(county: County) -> Actor:
    return county.operator


@pytest.fixture
def resident() -> Actor:
    return RESIDENT


@pytest.fixture
def clock() -> Actor:
    return CLOCK


@pytest.fixture
def client_of(db: None) -> Callable[[User | Actor], Client]:
    """A browser in which this person has signed in."""

    def signed_in(person: User | Actor) -> Client:
        browser = Client()
        browser.force_login(person if isinstance(person, User) else user_of(person))
        return browser

    return signed_in


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The program's clock stands at NOON; not in another thread."""
    with standing_at(NOON):
        yield
