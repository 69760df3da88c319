"""PDFs beside photos in what a unit says, from the form to the resident and to what is taken away."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianying.cases import actions
from lianying.cases.actions import Verdict
from lianying.cases.models import Attachment, Case
from lianying.cases.queries.track import tracked
from lianying.common.clock import standing_at
from lianying.common.crypto import case_code
from lianying.files.models import Blob
from lianying.files.queries import path_of
from lianying.orgs.models import User
from lianying.orgs.scope import RESIDENT, Actor
from lianying.rules.kinds import Solved
from tests import make
from tests.cast import NOON, STEP, County
from tests.files.papers import PDF
from tests.files.test_images import picture, saved

ClientOf = Callable[[User | Actor], Client]
LATER = NOON + 3 * STEP
NAME = "王小明家整改.pdf"


def upload(data: bytes, name: str = NAME) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def answered(county: County, client_of: ClientOf, *files: SimpleUploadedFile) -> tuple[Case, int, str]:
    """The case after the answer was sent, the status and what was shown."""
    case = make.handling(county)
    typed = {"version": 3, "text": "灯已换好", "outcome": "solved", "photos": list(files)}
    with standing_at(LATER):
        sent = client_of(county.handler).post(f"/desk/cases/{case.ref}/move/answer/", typed)
    return Case.objects.get(pk=case.pk), sent.status_code, sent.content.decode()


def key(case: Case) -> dict[str, str]:
    return {"ref": case.ref, "code": case_code(case.uuid)}


def test_an_answer_carries_a_photo_and_a_pdf(county: County, client: Client, client_of: ClientOf) -> None:
    photo = upload(saved(picture(40, 30)).getvalue(), "后.jpg")
    case, status, _ = answered(county, client_of, upload(PDF), photo)
    document, picture_kept = Attachment.objects.order_by("id")

    read = client.get("/track/", key(case)).content.decode()
    seen = client_of(county.handler).get(f"/desk/cases/{case.ref}/").content.decode()
    for_staff = client_of(county.handler).get(f"/desk/photos/{document.uuid}/")
    fetched = client.get(f"/photos/{document.uuid}/", key(case))

    assert (status, document.blob.mime, picture_kept.blob.mime) == (303, "application/pdf", "image/jpeg")
    for html in (read, seen):
        assert "附件 1（PDF" in html
        assert html.count("<img src") == 1
        assert "王小明" not in html.replace(make.TEXT, "")
    for response in (for_staff, fetched):
        assert (response.getvalue(), response["Content-Type"]) == (PDF, "application/pdf")
        assert response["Content-Disposition"] == f'attachment; filename="{document.blob.sha256[:12]}.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "said"), [(PDF[:-10], "读不到结尾"), (b"PK\x03\x04 not what its name says", "不是照片")]
)
def test_what_is_no_whole_pdf_keeps_the_words(county: County, client_of: ClientOf, data: bytes, said: str) -> None:
    case, status, html = answered(county, client_of, upload(data))

    assert (status, case.state, Blob.objects.count()) == (422, "handling", 0)
    assert said in html
    assert "灯已换好" in html


def test_a_resident_sends_photos_alone(county: County, client: Client) -> None:
    case = make.handling(county)

    sent = client.post(
        "/track/", {**key(case), "version": 3, "do": "note", "words": "还有文件", "photos": [upload(PDF)]}
    )

    assert (sent.status_code, "不是照片" in sent.content.decode()) == (422, True)


def test_a_colleagues_inner_pdf_is_not_the_residents(county: County, client: Client, client_of: ClientOf) -> None:
    case = make.handling(county)
    typed = {"text": "现场记录", "inner": "on", "photos": [upload(PDF)]}
    sent = client_of(county.handler).post(f"/desk/cases/{case.ref}/move/note/", typed)
    document = Attachment.objects.get()

    assert (sent.status_code, document.inner) == (303, True)
    assert client.get(f"/photos/{document.uuid}/", key(case)).status_code == 404
    assert "附件 1" not in client.get("/track/", key(case)).content.decode()


def test_who_follows_the_main_request_sees_no_pdf_of_it(county: County, client_of: ClientOf) -> None:
    main = make.handling(county)
    follower = make.merged(county, main=main)
    with standing_at(LATER):
        client_of(county.handler).post(
            f"/desk/cases/{main.ref}/move/answer/",
            {"version": 3, "text": "灯已换好", "outcome": "solved", "photos": [upload(PDF)]},
        )
    follower = Case.objects.get(pk=follower.pk)

    assert [moment.documents for moment in tracked(follower, at=LATER).moments if moment.documents] == []


def test_it_is_taken_away_and_forgotten(
    county: County, client: Client, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    case, _, _ = answered(county, client_of, upload(PDF))
    document = Attachment.objects.get()
    path = path_of(document.blob.sha256)

    pack = ZipFile(BytesIO(client.get("/track/held/file/", key(case)).content))
    assert pack.read(f"photos/{document.uuid}.pdf") == PDF

    case = actions.check_satisfied(
        case,
        version=case.version,
        verdict=Verdict(Solved.YES, 5),
        by=county.clerk,
        at=LATER + STEP,
    )
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(case, by=RESIDENT, at=LATER + 2 * STEP)
    assert (Blob.objects.count(), path.exists()) == (0, False)
