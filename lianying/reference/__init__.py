"""Data that is shipped, each row with its source; the one place that reads it from the package."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from lianying.rules.calendar import WorkCalendar, parse_calendar
from lianying.rules.checklists import Question, parse_checklist
from lianying.rules.profiles import Profile, parse_profile
from lianying.rules.programmes import Line, parse_lines
from lianying.rules.quotas import LinkKind, Quota, parse_quotas
from lianying.rules.results import ResultKind, parse_families


@cache
def calendar() -> WorkCalendar:
    return parse_calendar(_read(file) for file in _files("calendars"))


@cache
def profile(code: str) -> Profile:
    """Raises KeyError for a code that is not one of `profile_codes()`."""
    return parse_profile(_read({file.name.removesuffix(".toml"): file for file in _files("profiles")}[code]))


@cache
def profile_codes() -> tuple[str, ...]:
    return tuple(file.name.removesuffix(".toml") for file in _files("profiles"))


@cache
def quotas() -> Mapping[LinkKind, Quota]:
    """How often a link of each kind is visited."""
    return parse_quotas(_read(resources.files(__name__).joinpath("quotas.toml")))


@cache
def families() -> Mapping[str, ResultKind]:
    """Which result a solved request of a category is; codes of either level."""
    return parse_families(_read(resources.files(__name__).joinpath("results.toml")))


@cache
def programme_lines() -> tuple[Line, ...]:
    return parse_lines(_read(resources.files(__name__).joinpath("programmes.toml")))


@cache
def checklist() -> tuple[Question, ...]:
    """What is asked, looked at and left on a visit, until the county publishes a list of its own."""
    return parse_checklist(_read(resources.files(__name__).joinpath("checklist.toml")))


def _files(folder: str) -> list[Traversable]:
    found = resources.files(__name__).joinpath(folder).iterdir()
    return sorted((file for file in found if file.name.endswith(".toml")), key=lambda file: file.name)


def _read(file: Traversable) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
