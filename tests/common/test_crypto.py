import base64
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from lianying.common import crypto
from lianying.config.keys import Keys

ABOUT = "contact.name:6f1c9c1e-6a8e-4c53-9d0a-0c6a0c1d2e3f"
ONE = UUID("6f1c9c1e-6a8e-4c53-9d0a-0c6a0c1d2e3f")
OTHER = UUID("00000000-0000-4000-8000-000000000000")
KEYS = Keys(secret="s", data={"k1": b"1" * 16}, current="k1", index=b"i" * 32, code=b"c" * 32)


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.KEYS = KEYS


def test_sm4_gcm_gives_the_published_vector() -> None:
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    plain = bytes.fromhex("".join(letter * 16 for letter in "ABCDEFEA"))
    cipher = Cipher(algorithms.SM4(key), modes.GCM(bytes.fromhex("00001234567800000000ABCD"))).encryptor()
    cipher.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))

    sealed = cipher.update(plain) + cipher.finalize()

    assert (sealed.hex()[:32], cipher.tag.hex()) == (
        "17f399f08c67d5ee19d0dc9969c4bb7d",
        "83de3541e4c2b58177e065a9bf7b62ec",
    )


def test_sm4_gives_the_published_vector() -> None:
    """GB/T 32907-2016, appendix A.1."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")

    sealed = Cipher(algorithms.SM4(block), modes.ECB()).encryptor().update(block)  # noqa: S305 - one block, a vector

    assert sealed.hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm3_gives_the_published_vector() -> None:
    """GB/T 32905-2016, appendix A.1."""
    assert _sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm3_hmac_is_what_rfc_2104_defines() -> None:
    key, text = b"k" * 32, b"13812348263"
    inner = _sm3(bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0")) + text)
    outer = _sm3(bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0")) + inner)

    assert crypto.sm3_hmac(key, text) == outer


def _sm3(data: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


@given(st.text())
def test_decrypt_gives_back_what_was_encrypted(text: str) -> None:
    sealed = crypto.encrypt(text, about=ABOUT)

    assert crypto.decrypt(sealed, about=ABOUT) == text.encode(errors="replace").decode()


def test_encrypt_twice_gives_two_values_of_one_form() -> None:
    first, second = crypto.encrypt("王小明", about=ABOUT), crypto.encrypt("王小明", about=ABOUT)

    assert first != second
    assert [len(base64.b64decode(value.removeprefix("k1:"))) for value in (first, second)] == [12 + 9 + 16] * 2


@pytest.mark.parametrize("about", ["contact.phone:6f1c9c1e-6a8e-4c53-9d0a-0c6a0c1d2e3f", f"contact.name:{OTHER}"])
def test_decrypt_in_another_field_or_row_is_refused(about: str) -> None:
    sealed = crypto.encrypt("王小明", about=ABOUT)

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(sealed, about=about)


@pytest.mark.parametrize("byte", [0, 11, 12, 20, 21, 36])
def test_decrypt_after_one_changed_bit_is_refused(byte: int) -> None:
    sealed = bytearray(base64.b64decode(crypto.encrypt("王小明", about=ABOUT)[3:]))
    sealed[byte] ^= 1

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt("k1:" + base64.b64encode(sealed).decode(), about=ABOUT)


@pytest.mark.parametrize("value", ["", "k1", "k1:", "k1:!!", "k1:AAAA", "k9:AAAA", "王"])
def test_decrypt_of_what_was_never_sealed_is_refused(value: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(value, about=ABOUT)


def test_decrypt_after_a_rotation_uses_the_key_that_the_value_names(settings: Settings) -> None:
    old = crypto.encrypt("王小明", about=ABOUT)
    settings.KEYS = replace(KEYS, data={"k1": b"1" * 16, "k2": b"2" * 16}, current="k2")

    new = crypto.encrypt("王小明", about=ABOUT)

    assert (old[:3], new[:3]) == ("k1:", "k2:")
    assert [crypto.decrypt(value, about=ABOUT) for value in (old, new)] == ["王小明", "王小明"]


def test_decrypt_without_the_old_key_is_refused(settings: Settings) -> None:
    old = crypto.encrypt("王小明", about=ABOUT)
    settings.KEYS = replace(KEYS, data={"k2": b"2" * 16}, current="k2")

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(old, about=ABOUT)


def test_blind_index_of_equal_texts_is_equal() -> None:
    indexes = {crypto.blind_index(text) for text in ("13812348263", " １３８１２３４８２６３ ")}

    assert [len(index) for index in indexes] == [64]
    assert crypto.blind_index(" ") == ""


def test_blind_index_depends_on_its_key(settings: Settings) -> None:
    first = crypto.blind_index("13812348263")
    settings.KEYS = replace(KEYS, index=b"j" * 32)

    assert crypto.blind_index("13812348263") != first


def test_case_code_is_the_same_each_time_and_apart_from_others() -> None:
    code = crypto.case_code(ONE)

    assert (crypto.case_code(ONE), len(code), set(code) - set(crypto.CODE_ALPHABET)) == (code, 10, set())
    assert crypto.case_code(OTHER) != code


def test_code_matches_forgives_how_it_is_typed() -> None:
    code = crypto.case_code(ONE)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    typed = [code, code.lower(), f" {code[:5]}-{code[5:]} ", "　".join(code), full_width, full_width.lower()]

    assert [crypto.code_matches(ONE, one) for one in typed] == [True] * 6


@pytest.mark.parametrize("typed", ["", "ABCDEFGHJK", "王小明", "\ud800", "\x00", "2" * 10_000])
def test_code_matches_nothing_else(typed: str) -> None:
    assert crypto.code_matches(ONE, typed) is False


@given(st.text(max_size=40))
def test_code_matches_never_fails(typed: str) -> None:
    assert crypto.code_matches(ONE, typed) in {True, False}
