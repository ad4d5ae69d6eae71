"""What every row with personal data has in common: a key that tells nothing, one owner, and a trace of every reading.

Decides nothing. Reads are noted here so that no view can forget; the middleware writes them to the audit log before commit.
"""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models

from coordination import audit
from coordination.ids import uuid7
from coordination.models.agencies import Agency, Membership
from coordination.walls.declaration import Wall


class StaleWrite(Exception):
    """Somebody else changed the row since it was shown. The caller shows the conflict page; nothing was saved."""


M = TypeVar("M", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows of one owner. Nothing is ever deleted by the application."""

    def delete(self) -> NoReturn:
        """Refuse: records end, they do not vanish."""
        raise TypeError("records are ended, never deleted")


class Owned(models.Model):
    """A row that belongs to exactly one agency."""

    wall: ClassVar[Wall]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(  # type: ignore[override]
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """Build the row and note that it was read."""
        row = super().from_db(db, field_names, values)
        audit.note_read(row)
        return row

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: records end, they do not vanish."""
        raise TypeError("records are ended, never deleted")

    def save_changes(self, fields: Sequence[str]) -> None:
        """Save `fields` if nobody changed the row since it was read.

        Raises `StaleWrite` otherwise, and saves nothing.
        """
        values = {name: getattr(self, name) for name in fields}
        changed = (
            type(self)
            ._default_manager.filter(pk=self.pk, version=self.version)
            .update(**values, version=self.version + 1)
        )
        if changed != 1:
            raise StaleWrite(type(self).__name__)
        self.version += 1


class Recorded(Owned):
    """A row somebody wrote down: when it was recorded and by whom.

    The name is kept as text beside the key: after a hand-over the new owner may read the record, not the other agency's staff list.
    """

    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=160)

    class Meta(Owned.Meta):
        abstract = True
