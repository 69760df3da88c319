"""Telephone numbers of the mainland, as residents write them."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.·•()]+")
_ABROAD = re.compile(r"^(?:\+|00)860?")
_MOBILE = re.compile(r"(?:86|0)?(1[3-9]\d{9})", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))?([2-9]\d{6,7})", re.ASCII)
_EXTENDED = re.compile(r"(.+?)\s*(?:转接?|分机号?|ext\.?|x|#|[-‐‑‒–—―−])[\s:]*(\d{1,6})", re.ASCII | re.IGNORECASE)


def normal_phone(text: str) -> str:
    """Return '13812348263', '3012345', '0552-3012345' or '0552-3012345-801' (extension last).

    A text in which `phone_problem` finds a fault comes back without separators and full-width forms.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = _digits(plain)
    # The extension first: '0552-3012345-8' would else pass for a number of eight digits.
    if extended := _EXTENDED.fullmatch(plain):
        landline = _LANDLINE.fullmatch(_digits(extended[1]))
        if landline:
            return "-".join(part for part in (*landline.groups(), extended[2]) if part)
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    if landline := _LANDLINE.fullmatch(digits):
        return "-".join(part for part in landline.groups() if part)
    return digits


def _digits(plain: str) -> str:
    return _ABROAD.sub("0", _SEPARATORS.sub("", plain), count=1)


def searched_phone(text: str) -> str:
    """The number without its extension: what two notes of one telephone have in common."""
    number = normal_phone(text)
    return "-".join(number.split("-")[: 2 if number.startswith("0") else 1])


def is_mobile(text: str) -> bool:
    return _MOBILE.fullmatch(normal_phone(text)) is not None


def phone_problem(text: str) -> str | None:
    """Return the code of what is wrong with a number, None for a good one or an empty text.

    phone_not_digits, phone_mobile_length (with `digit_count`), phone_mobile_start, phone_landline
    """
    number = normal_phone(text)
    digits = number.replace("-", "")
    if not number or number != digits or _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return None
    if not (digits.isascii() and digits.isdigit()):
        return "phone_not_digits"
    if not digits.startswith("1"):
        return "phone_landline"
    return "phone_mobile_start" if len(digits) == 11 else "phone_mobile_length"


def digit_count(text: str) -> int:
    """How many digits were written: 'you wrote 7'."""
    return sum(character.isdecimal() for character in text)
