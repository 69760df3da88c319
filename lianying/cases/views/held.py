"""What is held of a resident: to see, to correct, to take away. Erasing is on the page of progress."""

import json
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianying.cases.actions import correct_contact
from lianying.cases.forms.resident import ContactForm
from lianying.cases.models import Case
from lianying.cases.queries.held import Held, as_data, held_of, photo_name
from lianying.cases.queries.track import case_of_resident
from lianying.cases.views.tell import path_of
from lianying.cases.views.track import wrong
from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.pages import done, page, public
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.files.queries import open_blob
from lianying.orgs.scope import RESIDENT
from lianying.rules.refusals import Refused


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """Number and code stand in for an account, as on the page of progress."""
    given = request.POST if request.method == "POST" else request.GET
    case = case_of_resident(given.get("ref", ""), given.get("code", ""))
    if case is None:
        return wrong(request, given.get("ref", ""), given.get("code", ""))
    if request.method != "POST":
        return _page(request, case)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    try:
        correct_contact(case, **form.cleaned_data, by=RESIDENT, at=now())
    except Refused as refused:
        form.add_error(None, words(refused))
        return _page(request, case, form, status=status_of(refused))
    return done(request, f"{path_of('held', case)}&done=1")


@public
@never_cache
@require_safe
def held_file(request: HttpRequest) -> HttpResponse:
    """All of it in one file: the words as JSON, the photos beside them."""
    ref, code = request.GET.get("ref", ""), request.GET.get("code", "")
    case = case_of_resident(ref, code)
    if case is None:
        return wrong(request, ref, code)
    response = HttpResponse(_packed(held_of(case, at=now())), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{case.ref}.zip"'
    return response


def _packed(found: Held) -> bytes:
    """A photo that the disk has lost is left out; its name still stands among the words."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as pack:
        pack.writestr(f"{found.story.case.ref}.json", json.dumps(as_data(found), ensure_ascii=False, indent=2))
        for photo in found.photos:
            try:
                with open_blob(photo.blob) as content:
                    pack.writestr(photo_name(photo), content.read())
            except FileNotFoundError:
                continue
    return file.getvalue()


def _page(request: HttpRequest, case: Case, form: ContactForm | None = None, *, status: int = 200) -> HttpResponse:
    at = now()
    found = held_of(case, at=at)
    known = {"name": found.person.name, "phone": found.person.phone}
    context = {
        "held": found,
        "case": case,
        "code": case_code(case.uuid),
        "form": form or ContactForm(initial=known),
        "done": _("It is changed.") if "done" in request.GET else "",
        "at": at,
    }
    return page(request, "cases/held.html", None, context, status=status)
