"""Secrets at rest: sealed before they reach the database, and opened again. Knows nothing of what they are."""

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher() -> MultiFernet:
    """Return the cipher; the first key encrypts, older ones still decrypt."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def sealed(text: str) -> str:
    """Return a secret as it may lie in the database."""
    return cipher().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """Return a secret in clear."""
    return cipher().decrypt(text.encode()).decode()
