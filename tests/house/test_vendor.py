"""Forbids vendored files that are not the ones listed with their hashes."""

from scripts.vendor import faults


def test_vendored_files_are_as_listed() -> None:
    assert faults() == []
