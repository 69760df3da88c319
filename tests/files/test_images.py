import hashlib
import io
import random
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image, ImageDraw

from lianying.files.images import LOGO_BYTES, MAX_SCANS, Photo, shrink, shrink_logo
from lianying.rules.refusals import Refused


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), "red")
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill="blue")
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> io.BytesIO:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer


def opened(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.data))


def colour(image: Image.Image, across: float, down: float) -> str:
    pixel = image.getpixel((int(image.width * across), int(image.height * down)))
    assert isinstance(pixel, tuple)
    red, green, blue = (value > 128 for value in pixel)
    return {(True, False, False): "red", (False, False, True): "blue", (True, True, True): "white"}[red, green, blue]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        shrink(io.BytesIO(data))
    return caught.value.code


def png_of(width: int, height: int) -> bytes:
    """The header of a PNG of any size, and almost nothing behind it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 100)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"),
        ("PNG", "LA"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("GIF", "P"),
    ],
)  # fmt: skip
def test_shrink_takes_every_usual_form(kind: str, mode: str) -> None:
    photo = shrink(saved(picture(300, 200, mode), kind))

    image = opened(photo)
    assert (photo.width, photo.height, photo.mime, image.size, image.format, image.mode) == (
        300, 200, "image/jpeg", (300, 200), "JPEG", "RGB",
    )  # fmt: skip
    assert photo.sha256 == hashlib.sha256(photo.data).hexdigest()


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((2048, 100), (2048, 100)),
        ((2049, 2049), (2048, 2048)),
        ((1000, 5000), (410, 2048)),
        ((30_000, 1), (2048, 1)),
        ((1, 30_000), (1, 2048)),
        ((1, 1), (1, 1)),
    ],
)
def test_shrink_of_a_png_keeps_its_shape_within_the_longest_side(size: tuple[int, int], kept: tuple[int, int]) -> None:
    photo = shrink(saved(picture(*size), "PNG"))

    assert (photo.width, photo.height) == kept


def test_shrink_of_a_large_jpeg_stays_between_seven_eighths_and_the_longest_side() -> None:
    sizes = [shrink(saved(picture(side, side // 2))) for side in (2049, 3600, 4095, 7200, 8192)]

    assert all(1792 <= photo.width <= 2048 and abs(photo.width - 2 * photo.height) <= 2 for photo in sizes)


def test_shrink_keeps_what_is_seen() -> None:
    image = opened(shrink(saved(picture(5000, 3000), "PNG")))

    assert (colour(image, 0.5, 0.45), colour(image, 0.5, 0.55), colour(image, 0.99, 0.99)) == ("red", "blue", "blue")


@pytest.mark.parametrize(
    ("orientation", "top_left", "bottom_left", "turned"),
    [(1, "red", "blue", False), (3, "blue", "red", False), (6, "blue", "blue", True), (8, "red", "red", True)],
)
def test_shrink_turns_the_photo_upright(orientation: int, top_left: str, bottom_left: str, turned: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    image = opened(shrink(saved(picture(300, 200), exif=exif)))

    assert (image.size == (200, 300)) is turned
    assert (colour(image, 0.1, 0.1), colour(image, 0.1, 0.9)) == (top_left, bottom_left)


def test_shrink_drops_place_device_comment_and_profile() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 56.0, 0.0)})
    source = saved(picture(300, 200), exif=exif, comment=b"taken at home", icc_profile=b"profile" * 20)

    image = opened(shrink(source))

    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_shrink_puts_what_is_transparent_on_white() -> None:
    image = opened(shrink(saved(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")))

    assert colour(image, 0.5, 0.5) == "white"


def test_shrink_of_sixteen_bits_of_grey_keeps_its_brightness() -> None:
    image = opened(shrink(saved(Image.new("I;16", (50, 50), 100 * 256), "PNG")))

    assert image.getpixel((25, 25)) == (100, 100, 100)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_shrink_of_a_moving_picture_takes_its_first_frame(kind: str) -> None:
    frames = [picture(60, 40), Image.new("RGB", (60, 40), "white")]

    image = opened(shrink(saved(frames[0], kind, save_all=True, append_images=frames[1:])))

    assert (colour(image, 0.5, 0.2), colour(image, 0.5, 0.8)) == ("red", "blue")


def test_shrink_of_a_double_picture_of_a_phone_takes_the_first() -> None:
    image = opened(shrink(saved(picture(60, 40), "MPO", save_all=True, append_images=[picture(60, 40)])))

    assert (image.size, colour(image, 0.5, 0.2)) == ((60, 40), "red")


def test_shrink_of_a_zip_is_refused() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("photo.jpg", saved(picture(10, 10)).getvalue())

    assert refusal(archive.getvalue()) == "photo_not_an_image"


@pytest.mark.parametrize("data", [b"", b"\0" * 50, b"<svg/>", b"%PDF-1.7", b"II*\0" + b"\0" * 60, b"BM" * 40])
def test_shrink_of_anything_else_is_refused(data: bytes) -> None:
    assert refusal(data) == "photo_not_an_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.1, 0.5, 0.9])
def test_shrink_of_a_truncated_file_is_refused(kind: str, part: float) -> None:
    data = saved(Image.effect_noise((400, 300), 80).convert("RGB"), kind).getvalue()

    assert refusal(data[: max(16, int(len(data) * part))]) == "photo_broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.filterwarnings("ignore")
def test_shrink_of_a_spoilt_file_gives_a_photo_or_a_refusal(kind: str) -> None:
    source = saved(picture(120, 80), kind).getvalue()
    chance = random.Random(kind)

    results = set()
    for _ in range(150):
        data = bytearray(source)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        try:
            results.add(shrink(io.BytesIO(data)).mime)
        except Refused as refused:
            results.add(refused.code)

    assert results <= {"image/jpeg", "photo_broken", "photo_too_many_pixels"}


def test_shrink_of_too_many_pixels_is_refused_before_decoding() -> None:
    webp = saved(picture(10, 10), "WEBP").getvalue()
    wide = webp[:26] + struct.pack("<HH", 16_383, 16_383) + webp[30:]

    assert (refusal(png_of(10_001, 10_000)), refusal(png_of(60_000, 60_000)), refusal(wide)) == (
        "photo_too_many_pixels",
    ) * 3


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_shrink_reads_the_size_of_every_form_of_webp(options: dict[str, object]) -> None:
    photo = shrink(saved(picture(123, 45), "WEBP", **options))

    assert (photo.width, photo.height) == (123, 45)


def test_shrink_of_a_jpeg_with_endless_scans_is_refused() -> None:
    data = saved(picture(64, 64), progressive=True).getvalue()

    assert refusal(data[:-2] + b"\xff\xda\0\0" * MAX_SCANS + data[-2:]) == "photo_broken"


def test_shrink_in_four_threads_gives_four_equal_photos() -> None:
    data = saved(picture(2500, 1500)).getvalue()
    photos: list[Photo] = []
    threads = [Thread(target=lambda: photos.append(shrink(io.BytesIO(data)))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [photo.sha256 for photo in photos] == [photos[0].sha256] * 4


def run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", "quality=85"), ("JPEG", "quality=85, progressive=True, subsampling=0"), ("PNG", "compress_level=1")],
)
def test_shrink_of_fifty_megapixels_stays_within_400_megabytes(kind: str, options: str, tmp_path: Path) -> None:
    path = str(tmp_path / "photo")
    run(
        f"""
        import sys
        from PIL import Image
        noise = Image.effect_noise((1024, 768), 60).resize((8165, 6124)).convert("RGB")
        noise.save(sys.argv[1], {kind!r}, {options})
        """,
        path,
    )

    peak = run(
        """
        import sys
        import django
        django.setup()
        from lianying.files.images import shrink
        with open(sys.argv[1], "rb") as file:
            photo = shrink(file)
        assert 1792 <= photo.width <= 2048
        # Not ru_maxrss: what the parent held when it forked counts there too.
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        print(status["VmHWM"].split()[0])
        """,
        path,
    )

    assert int(peak) <= 400 * 1024


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_becomes_a_small_webp(kind: str) -> None:
    logo = shrink_logo(saved(picture(1_200, 600), kind))

    image = Image.open(io.BytesIO(logo.data))
    assert (image.format, image.size, (logo.width, logo.height)) == ("WEBP", (192, 96), (192, 96))
    assert (colour(image, 0.5, 0.2), colour(image, 0.5, 0.8)) == ("red", "blue")


def test_a_wide_logo_is_no_wider_than_there_is_room_for() -> None:
    logo = shrink_logo(saved(picture(2_000, 100), "PNG"))

    assert (logo.width, logo.height) == (480, 24)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_logo_stays_transparent_where_it_was(mode: str) -> None:
    image = picture(100, 50).convert(mode)
    image.putalpha(Image.linear_gradient("L").resize((100, 50)))

    logo = shrink_logo(saved(image, "PNG"))

    alpha = Image.open(io.BytesIO(logo.data)).convert("RGBA").getchannel("A")
    assert [alpha.getpixel((50, down)) for down in (0, 49)] == pytest.approx([0, 255], abs=6)


def test_a_logo_of_sixteen_bits_of_grey_is_not_white() -> None:
    logo = shrink_logo(saved(Image.new("I;16", (40, 20), 32_768), "PNG"))

    assert Image.open(io.BytesIO(logo.data)).convert("L").getpixel((20, 10)) == pytest.approx(128, abs=2)


def test_a_logo_is_turned_as_it_says_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of the camera"

    logo = shrink_logo(saved(picture(100, 40), "JPEG", exif=exif))

    assert ((logo.width, logo.height), b"Maker" in logo.data) == ((38, 96), False)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_logo_of_mere_noise_is_small_too(mode: str) -> None:
    noise = Image.frombytes(mode, (480, 96), random.Random(1).randbytes(480 * 96 * len(mode)))

    assert len(shrink_logo(saved(noise, "PNG")).data) <= LOGO_BYTES


def test_a_logo_is_refused_where_it_is_no_picture_or_a_huge_one() -> None:
    given = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "gif": saved(picture(40, 20), "GIF").getvalue(),
        "huge": png_of(5_000, 5_000),
        "half": saved(picture(400, 200), "PNG").getvalue()[:300],
    }
    codes = {}
    for name, data in given.items():
        with pytest.raises(Refused) as caught:
            shrink_logo(io.BytesIO(data))
        codes[name] = caught.value.code

    assert codes == {
        "svg": "logo_not_a_picture",
        "gif": "logo_not_a_picture",
        "huge": "photo_too_many_pixels",
        "half": "photo_broken",
    }
