"""The seals of the audit log: closing a batch, checking the whole, and the head that is kept elsewhere. Reads no entry's content."""

from dataclasses import dataclass

from coordination.worker_login import as_sweeper, beat, worker_connection

HEARTBEAT = "seal"


@dataclass(frozen=True)
class Head:
    """The newest seal. Kept where the database's administrator cannot write, it proves everything before it."""

    id: int
    hash: str

    def __str__(self) -> str:
        """Return it as an anchor is written: `id:hash`."""
        return f"{self.id}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Return the head that `text` names. Raises ValueError when it is none."""
        number, _colon, digest = text.strip().partition(":")
        if not number.isdigit() or len(bytes.fromhex(digest)) != 32:
            raise ValueError("an anchor is a number, a colon and 64 hexadecimal digits")
        return cls(int(number), digest.lower())


@dataclass(frozen=True)
class Problem:
    """One break in the log: what, and the entry or the seal."""

    what: str
    place: str


def seal() -> int:
    """Seal what can no longer change, and return how many entries that were."""
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        cursor.execute("SELECT audit.seal_batch()")
        row = cursor.fetchone()
        beat(cursor, HEARTBEAT)
    return int(row[0]) if row else 0


def head() -> Head | None:
    """Return the newest seal, or None before the first."""
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        row = cursor.execute("SELECT id, hash FROM audit.head()").fetchone()
    return Head(*row) if row else None


def verify(anchor: Head | None = None) -> list[Problem]:
    """Return every break; none when the log is whole. With an anchor kept outside, also when all of history was rewritten."""
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        # Years of seals take longer than a statement of the worker's otherwise may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "SELECT problem, place FROM audit.verify(%s, %s)", [anchor.id, anchor.hash] if anchor else [None, None]
        )
        return [Problem(*row) for row in cursor.fetchall()]
