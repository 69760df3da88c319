"""What of a person may be read on a list or in public."""

import re
import unicodedata

from lianying.rules.phones import is_mobile, normal_phone, phone_problem, searched_phone
from lianying.rules.refusals import Refused

# Between groups of digits, within a line: up to two spaces, dashes, dots or brackets.
_GAP = r"[ \t\u00a0\u2002\u2003\u2009\u3000\-‐‑‒–—―－−_.·•()（）]{0,2}"
_DIGIT = r"\d"
_LAST = r"\dXxＸｘⅩⅹ"
_STARS = "********"


def _spaced(*digits: str) -> str:
    return _GAP.join(digits)


def _grouped(*sizes: int) -> str:
    return _spaced(*(rf"\d{{{size}}}" for size in sizes))


_CENTURY = f"(?:{_spaced('1', '[89]')}|{_spaced('2', '0')})"
_IDENTITY = _spaced("[1-9]", *[_DIGIT] * 5, _CENTURY, *[_DIGIT] * 9, rf"[{_LAST}]")
_BANK_CARD = rf"(?:{_grouped(4, 4, 4, 4)}(?:{_GAP}\d{{1,3}})?|{_grouped(6, 13)})"
_MOBILE = _spaced("(1)", "([3-9])", rf"({_DIGIT})", *[_DIGIT] * 8)
_AREA = f"(?:{_spaced('0', '1', '0')}|{_spaced('0', '2', _DIGIT)}|{_spaced('0', '[3-9]', _DIGIT, _DIGIT)})"
_LANDLINE = f"({_AREA}){_GAP}{_spaced('[2-9]', *[_DIGIT] * 6)}(?:{_GAP}{_DIGIT})?"
_DATE = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LOCAL = rf"(?!{_DATE})[2-9]\d{{6,7}}(?![元块万亿亩平㎡米吨斤公度人户分件次号])"

# In this order: the longer and surer form first, so that a shorter one does not cut it in two and leave half.
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (rf"(?<!\d){_IDENTITY}(?!\d)", _STARS),
        (rf"\d{{15,}}[{_LAST}]?", _STARS),
        (rf"(?<!\d){_BANK_CARD}(?!\d)", _STARS),
        (rf"(?<!\d){_MOBILE}(?!\d)", rf"\1\2\3{_STARS}"),
        (_MOBILE, rf"\1\2\3{_STARS}"),
        (rf"{_spaced(*[_DIGIT] * 15)}(?:{_GAP}[{_LAST}])*", _STARS),
        (rf"(?<!\d)[(（]?{_LANDLINE}(?!\d)", rf"\1-{_STARS}"),
        (rf"(?<![\dA-Za-z¥￥]){_LOCAL}(?!\d)", _STARS),
    )
)


def mask_text(text: str) -> str:
    """Hide telephone, identity and bank card numbers wherever they stand in free words.

    A text without any comes back as it was; in one with a number, full-width digits become plain. In doubt a
    number is hidden: a draft for the public is read by a clerk, a leak by everybody.
    """
    plain = masked = "".join(_plain(character) for character in text)
    for pattern, shown in _MASKS:
        masked = pattern.sub(shown, masked)
    return text if masked == plain else masked


def _plain(character: str) -> str:
    """Any script's digit as 0-9."""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def mask_phone(number: str) -> str:
    """'13812348263' -> '138****8263'; of a landline the area and the end: '0552-****345'; '' of nothing."""
    plain = normal_phone(number)
    if not plain or phone_problem(plain):
        return "****" if plain else ""
    if is_mobile(plain):
        return f"{plain[:3]}****{plain[-4:]}"
    area, _, local = searched_phone(plain).rpartition("-")
    return f"{area}-****{local[4:]}" if area else f"****{local[4:]}"


def mask_name(name: str) -> str:
    """'王小明' -> '王**': the first character, and at most two stars for the others; '' of nothing."""
    plain = name.strip()
    return plain[:1] + "*" * min(max(len(plain) - 1, 1), 2) if plain else ""


def plain(words: str) -> str:
    """Words that name nobody by a number. Raises Refused("no_words"), Refused("numbers_in_words")."""
    text = words.strip()
    if not text:
        raise Refused("no_words")
    if mask_text(text) != text:
        raise Refused("numbers_in_words")
    return text
