"""Moments as spreadsheets write them: with slashes, dots or Chinese words, run together, or as Excel's day count."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

#: Excel counts days from here (its 1 is 1900-01-01, and it believes in 1900-02-29).
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone; it is set at the end
#: What stands outside is a slip of the pen, or a number that is no day count.
_FIRST_YEAR, _LAST_YEAR = 1970, 2099

_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?)?", re.ASCII)
_WRITTEN = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s,]*(?:\(?(?:星期|周)[一二三四五六日天]\)?\s*)?(?P<before>上午|下午|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*[:分]?\s*(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
    r"\s*(?P<after>AM|PM)?\s*(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_HALVES = {"上午": 0, "AM": 0, "下午": 12, "PM": 12}


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Return the moment in `zone`, to the second; midnight where only a day is written.

    text    '2019/4/25 9:32:09', '2020年1月7日 下午3时5分', '20200107', '43580.3973', '2020-01-06T09:32+08:00', …
    zone    of a text that names no offset
    Raises  ValueError for anything else, for 4/5/2019 (May or April?) and outside 1970 to 2099
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(plain):
        moment = _from_serial(float(plain), zone)
    elif together := _TOGETHER.fullmatch(plain):
        year, month, day, hour, minute, second = (int(part or 0) for part in together.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    elif written := _WRITTEN.fullmatch(plain):
        moment = _from_words(written, zone)
    else:
        raise ValueError(text)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(text)
    return moment.astimezone(zone)


def _from_serial(days: float, zone: tzinfo) -> datetime:
    return (_DAY_ZERO + timedelta(seconds=round(days * 86_400))).replace(tzinfo=zone)


def _from_words(found: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day = (int(part) for part in found.groups()[:3])
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = (found["before"] or found["after"] or "").upper()
    if half and hour <= 12:
        hour = hour % 12 + _HALVES[half]
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found["offset"]) or zone)


def _offset(written: str | None) -> timezone | None:
    if not written:
        return None
    if written in "Zz":
        return UTC
    digits = written[1:].replace(":", "")
    east = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(east if written[0] == "+" else -east)
