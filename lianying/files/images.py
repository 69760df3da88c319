"""Pictures as people send them, made safe and small: what is kept is always a new file of ours."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import IO, TypeVar

from PIL import Image

from lianying.rules.refusals import Refused

MAX_PIXELS = 100_000_000
# libwebp keeps four copies of the whole picture, libjpeg all coefficients of a progressive one: they are given less.
MAX_WEBP_PIXELS = 20_000_000
MAX_PROGRESSIVE_PIXELS = 60_000_000
MAX_SCANS = 100
LONGEST_SIDE = 2048
QUALITY = 85
STRIP_PIXELS = 1 << 20
#: Three times as large as it is shown: sharp on every screen and on paper.
LOGO_WIDTH, LOGO_HEIGHT = 480, 96
#: A resident's first page weighs 60 KB at most.
LOGO_BYTES = 20_000
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

T = TypeVar("T")

# Ours is stricter and comes first; Pillow's would warn between its own two limits.
Image.MAX_IMAGE_PIXELS = None
# One picture in memory at a time: four threads would need four times as much.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG of at most 2,048 pixels a side, upright, without metadata."""

    data: bytes
    sha256: str
    width: int
    height: int
    mime: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Logo:
    """A WebP of at most LOGO_WIDTH x LOGO_HEIGHT pixels and LOGO_BYTES, transparent where it was, without metadata."""

    data: bytes
    width: int
    height: int


def shrink(file: IO[bytes]) -> Photo:
    """Return the photo as it may be kept.

    Raises  Refused photo_not_an_image, photo_too_many_pixels (before anything is decoded), photo_broken
    """
    kind = _kind(_head(file))
    if kind is None:
        raise Refused("photo_not_an_image")
    return _made(file, kind, MAX_PIXELS, lambda image: _encoded(_upright(image)))


def shrink_logo(file: IO[bytes]) -> Logo:
    """Return the logo as it is shown.

    Raises  Refused logo_not_a_picture (SVG and GIF too), photo_too_many_pixels, photo_broken
    """
    kind = _kind(_head(file))
    if kind is None or kind == "GIF":
        raise Refused("logo_not_a_picture")
    # Kept whole in memory with its transparency, unlike a photo.
    return _made(file, kind, MAX_WEBP_PIXELS, _emblem)


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(32)


def _made(file: IO[bytes], kind: str, most: int, make: Callable[[Image.Image], T]) -> T:
    """What is made of the picture, unless it is too large or broken."""
    with _one_at_a_time:
        try:
            if kind == "WEBP":
                _check_pixels(_webp_size(_head(file)), MAX_WEBP_PIXELS)
            if kind == "JPEG":
                _check_scans(file)
            file.seek(0)
            with Image.open(file, formats=[kind]) as image:
                _check_pixels(image.size, min(most, MAX_PROGRESSIVE_PIXELS) if "progressive" in image.info else most)
                return make(image)
        except Refused:
            raise
        except Exception as error:  # a decoder fed with foreign bytes raises whatever it likes
            raise Refused("photo_broken") from error


def _kind(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WEBP" if head.startswith(b"RIFF") and head[8:12] == b"WEBP" else None


def _webp_size(head: bytes) -> tuple[int, int]:
    """From the container, since libwebp takes memory for the whole picture as soon as it opens one."""
    form, rest = head[12:16], head[20:]
    if form == b"VP8X":
        return int.from_bytes(rest[4:7], "little") + 1, int.from_bytes(rest[7:10], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(rest[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(rest[6:8], "little") & 0x3FFF, int.from_bytes(rest[8:10], "little") & 0x3FFF


def _check_pixels(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise Refused("photo_too_many_pixels", megapixels=width * height // 1_000_000, most=most // 1_000_000)


def _check_scans(file: IO[bytes]) -> None:
    """A progressive JPEG of a few megabytes can hold so many scans that decoding takes hours."""
    file.seek(0)
    if file.read().count(b"\xff\xda") > MAX_SCANS:
        raise Refused("photo_broken")


def _upright(image: Image.Image) -> Image.Image:
    """Decode the first frame, no larger than needed, and turn it as its EXIF says."""
    width, height = _fitted(image.size)
    # A JPEG is decoded at a half, a quarter or an eighth; an eighth less than wanted saves four times the memory.
    image.draft(None, (max(1, width * 7 // 8), max(1, height * 7 // 8)))
    image.load()
    small = _reduced(image).resize(_fitted(image.size), Image.Resampling.LANCZOS)
    return _turned(small, image)


def _turned(made: Image.Image, source: Image.Image) -> Image.Image:
    turn = TURNS.get(_orientation(source))
    return made if turn is None else made.transpose(turn)


def _fitted(size: tuple[int, int], width: int = LONGEST_SIDE, height: int = LONGEST_SIDE) -> tuple[int, int]:
    scale = min(1.0, width / size[0], height / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - spoilt metadata is no reason to lose a good picture
        return 1


def _reduced(image: Image.Image) -> Image.Image:
    """RGB on white, divided by a whole number to not much above the longest side.

    Strip by strip: converting the whole picture at once would need its memory a second and third time.
    """
    width, height = image.size
    factor = max(1, max(width, height) // LONGEST_SIDE)
    across, down = min(factor, width), min(factor, height)
    reduced = Image.new("RGB", (-(-width // across), -(-height // down)), "white")
    rows = max(1, STRIP_PIXELS // (width * down)) * down
    for top in range(0, height, rows):
        strip = _flat(image.crop((0, top, width, min(top + rows, height))))
        reduced.paste(strip.reduce((across, down)), (0, top // down))
    return reduced


def _flat(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):  # 16 bits of grey, which `convert` would clip to white
        return strip.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if not strip.has_transparency_data:
        return strip.convert("RGB")
    colours = strip.convert("RGBA")
    ground = Image.new("RGB", strip.size, "white")
    ground.paste(colours, mask=colours.getchannel("A"))
    return ground


def _encoded(image: Image.Image) -> Photo:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    data = buffer.getvalue()
    return Photo(data, hashlib.sha256(data).hexdigest(), image.width, image.height)


def _emblem(image: Image.Image) -> Logo:
    clear = image.has_transparency_data and not image.mode.startswith("I")
    whole = _turned(image.convert("RGBA") if clear else _flat(image).convert("RGBA"), image)
    return _pressed(whole.resize(_fitted(whole.size, LOGO_WIDTH, LOGO_HEIGHT), Image.Resampling.LANCZOS))


def _pressed(image: Image.Image) -> Logo:
    """Without loss if it is small enough so; a painted one is pressed harder, and mere noise is made smaller."""
    for quality in (100, 90, 70, 40):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", lossless=quality == 100, quality=quality, alpha_quality=quality)
        if buffer.tell() <= LOGO_BYTES:
            return Logo(buffer.getvalue(), image.width, image.height)
    return _pressed(image.resize((image.width // 2, image.height // 2)))
