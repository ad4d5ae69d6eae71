"""Fields and parts that every serializer of the API shares. Every field of an answer is named in code; none follows from a model."""

import base64
from datetime import UTC, date, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.frame import place_of
from coordination.models.owned import Recorded
from coordination.models.people import Named

#: Instants outside these years are typing errors, and some cannot be moved between time zones at all.
FIRST, LAST = 1900, 2200
LARGEST_VERSION = 2_147_483_647


class Instant(serializers.DateTimeField):
    """An instant, always in UTC."""

    def __init__(self, **more: Any) -> None:
        """Keep it between sane years."""
        super().__init__(default_timezone=UTC, **more)
        if not self.read_only:
            self.validators = [
                *self.validators,
                MinValueValidator(datetime(FIRST, 1, 1, tzinfo=UTC), _("Kontroller årstallet.")),
                MaxValueValidator(datetime(LAST, 1, 1, tzinfo=UTC), _("Kontroller årstallet.")),
            ]


class Day(serializers.DateField):
    """A date in Oslo."""

    def __init__(self, **more: Any) -> None:
        """Keep it between sane years."""
        super().__init__(**more)
        if not self.read_only:
            self.validators = [
                *self.validators,
                MinValueValidator(date(FIRST, 1, 1), _("Kontroller årstallet.")),
                MaxValueValidator(date(LAST, 1, 1), _("Kontroller årstallet.")),
            ]


class Version(serializers.IntegerField):
    """The version of the row as the caller last saw it; an older one gives 409."""

    def __init__(self, **more: Any) -> None:
        """Keep it within what the database can hold."""
        super().__init__(min_value=1, max_value=LARGEST_VERSION, **more)


class Words(serializers.CharField):
    """What somebody writes; may be empty."""

    def __init__(self, **more: Any) -> None:
        """Keep it short enough to read."""
        super().__init__(**{"required": False, "allow_blank": True, "default": "", "max_length": 8000, **more})


@extend_schema_field(OpenApiTypes.BYTE)
class Base64File(serializers.Field[bytes, str, str, Any]):
    """The bytes of a file, in base64."""

    def __init__(self, *, max_bytes: int = 0, **more: Any) -> None:
        """Take no more bytes than that; 0 where nothing is taken in."""
        super().__init__(**more)
        self.max_bytes = max_bytes

    def to_internal_value(self, data: Any) -> bytes:
        """Return the bytes. Raises ValidationError for what is not base64, and for what weighs too much to be looked at."""
        if not isinstance(data, str) or len(data) > 4 * self.max_bytes // 3 + 4:
            raise serializers.ValidationError(
                _("Send filen som base64, høyst %(most)s MB.") % {"most": self.max_bytes >> 20}
            )
        try:
            return base64.b64decode(data, validate=True)
        except ValueError:
            raise serializers.ValidationError(_("Send filen som base64.")) from None

    def to_representation(self, value: bytes) -> str:
        """Return the text."""
        return base64.b64encode(value).decode()


class Part(serializers.Serializer[Any]):
    """A part of a body. Like the body itself it takes nothing it does not know."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the values. Raises ValidationError for a field that is not known."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name[:60]: [_("Feltet er ukjent.")] for name in unknown})
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class PersonPart(serializers.Serializer[Named]):
    """Who a row is about, as a list needs it."""

    id = serializers.UUIDField()
    family_name = serializers.CharField()
    given_name = serializers.CharField()
    birth_date = serializers.DateField()
    unit = serializers.CharField(source="unit.name")
    place = serializers.SerializerMethodField()

    def get_place(self, person: Named) -> str:
        """Return the cell or the place, else the unit."""
        return place_of(person)


class RecordedLine(serializers.Serializer[Recorded]):
    """A row somebody wrote down, who and when."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class PageQuery(serializers.Serializer[Any]):
    """How to turn the pages of a list."""

    cursor = serializers.CharField(required=False, max_length=400, help_text="From `next` or `previous`.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class NoQuery(serializers.Serializer[Any]):
    """Nothing may be asked."""


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457). `code` is stable; `errors` maps fields to what to do about them."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    code = serializers.CharField(required=False)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # a field, not what went wrong here
