from django.http import FileResponse, Http404

from lianying.files.models import Blob
from lianying.files.queries import open_blob

HOUR = 3600


def respond(blob: Blob) -> FileResponse:
    """The photo or document for somebody who may see it; the caller has asked. Raises Http404 where the file is lost.

    A document is saved, not opened: what can be in it, a browser's sandbox does not hold.
    """
    try:
        file = open_blob(blob)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=not blob.is_photo, content_type=blob.mime, filename=f"{blob.sha256[:12]}.{blob.ending}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={HOUR}"
    return response
