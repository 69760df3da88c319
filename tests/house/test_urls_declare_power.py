"""Forbids a URL that forgot to say who may open it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

#: Pages that everybody may open. A name is added here by somebody who has thought about it.
PUBLIC = {
    "board",
    "outlines",
    "board_csv",
    "board_feed",
    "case_feed",
    "care_public",
    "display",
    "healthz",
    "home",
    "logo",
    "ledger",
    "ledger_csv",
    "ledger_feed",
    "numbers",
    "manifest",
    "calendar",
    "visits_offline",
    "visits_worker",
    "numbers_csv",
    "numbers_month",
    "open311_discovery",
    "open311_test_discovery",
    "open311_services",
    "open311_test_services",
    "open311_service",
    "open311_test_service",
    "open311_requests",
    "open311_test_requests",
    "open311_request",
    "open311_test_request",
    "open311_token",
    "open311_test_token",
    "open311_updates",
    "open311_test_updates",
    "open311_openapi",
    "open311_nothing",
    "photo",
    "privacy",
    "public_version",
    "readyz",
    "rail",
    "receipt",
    "sign_in",
    "sign_out",
    "tell",
    "centres",
    "track",
    "held",
    "held_file",
    "welcome",
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_url_declares_its_power_or_is_public() -> None:
    undeclared = [one.name for one in patterns(get_resolver()) if not hasattr(one.callback, "powers")]

    assert undeclared == []


def test_the_public_list_is_what_is_public() -> None:
    public = {str(one.name) for one in patterns(get_resolver()) if getattr(one.callback, "powers", ()) is None}

    assert public == PUBLIC


def test_every_url_has_a_name() -> None:
    assert [one.pattern for one in patterns(get_resolver()) if not one.name] == []
