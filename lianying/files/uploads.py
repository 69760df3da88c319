"""Takes what is uploaded, up to a limit, and keeps reading past it: a photo too large must not cost the typed words."""

import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

#: A form takes nine photos; what one request may leave on the disk is nine of the largest.
FILES_KEPT = 9
IN_MEMORY_BYTES = 1024 * 1024
_TOO_LARGE = "lianying.too_large"


def too_large(request: HttpRequest) -> list[str]:
    """The names of the uploaded files that were not taken because of their size."""
    bool(request.FILES)  # The body is parsed when it is first asked for.
    names: list[str] = request.META.get(_TOO_LARGE, [])
    return names


class LimitedUploadHandler(FileUploadHandler):
    """Small files stay in memory, larger ones go to the disk, the rest of one past the limit is read and dropped."""

    file: IO[bytes]

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.room = FILES_KEPT * settings.FILE_UPLOAD_MAX_BYTES
        self.size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0
        # Closed by the request, or by the parser when the file is skipped.
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Raises SkipFile past the size of one file, or past what the request has left."""
        self.size += len(raw_data)
        if self.size > min(settings.FILE_UPLOAD_MAX_BYTES, self.room):
            if self.request is not None:
                self.request.META.setdefault(_TOO_LARGE, []).append(self.file_name)
            raise SkipFile
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.room -= self.size
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, self.size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        self.file.close()
