from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from lianying.common.pages import server_error

STORED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "我们这边出了点问题"), ("en", "Something went wrong")])
def test_the_page_for_our_own_fault_needs_neither_database_nor_static_files(
    settings: Settings, tmp_path: Path, language: str, words: str
) -> None:
    settings.STORAGES, settings.STATIC_ROOT = STORED, tmp_path

    with translation.override(language):
        answer = server_error(RequestFactory().get("/"))

    page = answer.content.decode()
    assert (answer.status_code, words in page, 'href="/"' in page, "stylesheet" in page) == (500, True, True, False)


def test_the_page_for_our_own_fault_is_dressed_where_it_can_be() -> None:
    assert 'rel="stylesheet"' in server_error(RequestFactory().get("/")).content.decode()
