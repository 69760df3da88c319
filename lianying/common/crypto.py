"""What keeps personal data apart from whoever reads the database: SM4-GCM, HMAC-SM3, and the resident's code.

The keys are `settings.KEYS`; `config/keys.py` keeps them outside the database.
"""

import base64
import binascii
import hmac as constant_time
import secrets
import unicodedata
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE_BYTES = 12
TAG_BYTES = 16
CODE_LENGTH = 10
# No 0 O, 1 I L, U V: read aloud or written by hand, one is taken for the other.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


class Unreadable(Exception):
    """A sealed value that was changed, moved to another row or field, or whose key is not in `settings.KEYS`."""


def encrypt(text: str, *, about: str) -> str:
    """Return 'key id:base64(nonce | ciphertext | tag)' under the current key.

    about   'model.field:uuid'; the same words are needed to decrypt, so a value cannot be moved to another row
    """
    key_id: str = settings.KEYS.current
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(settings.KEYS.data[key_id]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(about.encode())
    # A lone surrogate, which JSON can carry, has no bytes: it becomes a question mark instead of an error.
    sealed = encryptor.update(text.encode(errors="replace")) + encryptor.finalize()
    return f"{key_id}:{base64.b64encode(nonce + sealed + encryptor.tag).decode()}"


def decrypt(value: str, *, about: str) -> str:
    """Return the text, with the key that the value names.

    Raises  Unreadable
    """
    key_id, _, encoded = value.partition(":")
    try:
        key = settings.KEYS.data[key_id]
        sealed = base64.b64decode(encoded, validate=True)
        nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(about.encode())
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except (KeyError, binascii.Error, ValueError, InvalidTag) as error:
        raise Unreadable(about) from error


def sm3_hmac(key: bytes, data: bytes) -> bytes:
    """32 bytes."""
    code = HMAC(key, SM3())
    code.update(data)
    return code.finalize()


def blind_index(text: str) -> str:
    """HMAC-SM3 in hexadecimal (64) of the text without full-width forms, outer spaces and case; '' of nothing.

    Equal texts can be found in the database, and nothing else be learnt from it.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return sm3_hmac(settings.KEYS.index, plain.encode(errors="replace")).hex() if plain else ""


def case_code(uuid: UUID) -> str:
    """The resident's secret for one case: 48 bits, the same each time, stored nowhere."""
    number = int.from_bytes(sm3_hmac(settings.KEYS.code, uuid.bytes))
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[letter])
    return "".join(letters)


def code_matches(uuid: UUID, typed: str) -> bool:
    """Compare in constant time; lower case, full-width characters, spaces and dashes are forgiven."""
    plain = unicodedata.normalize("NFKC", typed[:100]).upper()
    code = "".join(character for character in plain if character.isalnum())
    return constant_time.compare_digest(code.encode(errors="replace"), case_code(uuid).encode())
