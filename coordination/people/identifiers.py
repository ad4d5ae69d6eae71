"""National identity numbers at rest: encrypted, masked, and found again by a keyed hash. Keeps no number in clear."""

import hashlib
import hmac

from django.conf import settings

from coordination import ciphers, national_id
from coordination.models.people import Named
from coordination.worlds import World


def lookup_hash(number: str, world: World) -> bytes:
    """Return the keyed hash of a number within one world: the same human being has different hashes in custody and in health."""
    return hmac.digest(settings.LOOKUP_KEY.encode(), f"{world}|{number}".encode(), hashlib.sha256)


def store(person: Named, number: str, world: World) -> None:
    """Put a number on a person or patient (not saved). Raises `national_id.InvalidNationalId`; production refuses synthetic ones."""
    parsed = national_id.parse(number, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS)
    person.national_id_cipher = ciphers.cipher().encrypt(parsed.number.encode())
    person.national_id_lookup = lookup_hash(parsed.number, world)
    person.national_id_masked = national_id.masked(parsed.number)
    person.synthetic = parsed.synthetic


def reveal(person: Named) -> str:
    """Return the number in clear, for a letter whose law asks for it; never for a list or a page."""
    if person.national_id_cipher is None:
        return ""
    return ciphers.cipher().decrypt(bytes(person.national_id_cipher)).decode()


def seal(number: str) -> str:
    """Return a number encrypted as text, for a row that waits for a yes."""
    return ciphers.sealed(number) if number else ""


def unseal(text: str) -> str:
    """Return what `seal` hid."""
    return ciphers.unsealed(text) if text else ""
