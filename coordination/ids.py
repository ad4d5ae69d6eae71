"""Keys that tell nothing but the time they were made. Holds no database code.

UUIDv7 (RFC 9562) is made here and not by the database: `INSERT … RETURNING` needs the new row to be visible, and a
need-to-know user who registers a person has no grant on it yet.
"""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
