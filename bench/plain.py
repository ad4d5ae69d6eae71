"""The same pages as a plain Django project would have them: the stock engine, the filter written by hand, no walls and no audit.

Only the bench uses this. It is what a competent team would write without row-level security, so what it costs is the fair measure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.manager import BaseManager
from django.http import HttpRequest, HttpResponse

from bench.server import Plain, run
from bench.walls import known_to
from coordination.identity import Actor
from coordination.middleware import TOKEN_KEY, GetResponse
from coordination.models import Membership, MembershipUnit, Role
from coordination.worlds import Reach, World

#: The groups of a need-to-know member while their request is answered; None: the whole agency.
_groups: ContextVar[list[int] | None] = ContextVar("bench_groups", default=None)
#: Token → membership, as the session of a plain project would hold the user.
MEMBERS: dict[str, Any] = {}


class PlainActing:
    """Stands where ActingMiddleware stands: who is it, and one transaction around the view."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the membership up as a plain project looks up its user, and answer."""
        with transaction.atomic():
            member = Membership.objects.select_related("agency").get(
                pk=MEMBERS[request.session[TOKEN_KEY]], ended_at=None
            )
            units = list(
                MembershipUnit.objects.filter(membership=member, ended_at=None)
                .select_related("unit")
                .order_by("-is_home")
            )
            home = units[0].unit if units else None
            agency = member.agency
            request.actor = Actor(  # type: ignore[attr-defined]
                user_id=member.user_id,
                membership_id=member.pk,
                display_name=member.display_name,
                role=Role(member.role),
                reach=Reach(member.reach),
                agency_id=agency.pk,
                agency_name=agency.name,
                agency_kind=agency.kind,
                world=World(agency.world),
                unit_id=home.pk if home else None,
                unit_name=home.name if home else "",
                verified=True,
            )
            reset = _groups.set([u.unit.group_id for u in units] if member.reach == Reach.UNIT else None)
            try:
                return self.get_response(request)
            finally:
                _groups.reset(reset)


@contextmanager
def filtering_by_hand() -> Iterator[None]:
    """Let every manager add the need-to-know filter, as a careful team's own manager would."""
    original = BaseManager.get_queryset

    def get_queryset(self: Any) -> QuerySet[Any]:
        rows = original(self)
        groups = _groups.get()
        if groups is None:
            return rows
        # What the filter itself reads is not filtered again.
        reset = _groups.set(None)
        try:
            return known_to(rows, groups)
        finally:
            _groups.reset(reset)

    BaseManager.get_queryset = get_queryset  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseManager.get_queryset = original  # type: ignore[method-assign]


@contextmanager
def unaudited_writes(connection: Plain) -> Iterator[None]:
    """Take the audit triggers off every table for a block; foreign keys and everything else stay."""
    try:
        _triggers(connection, "DISABLE")
        yield
    finally:
        _triggers(connection, "ENABLE")


def _triggers(connection: Plain, verb: str) -> None:
    run(
        connection,
        f"""DO $$ DECLARE t record; BEGIN
              FOR t IN SELECT tgrelid::regclass::text AS place, tgname FROM pg_trigger WHERE tgname LIKE 'audit\\_%' AND NOT tgisinternal LOOP
                EXECUTE format('ALTER TABLE %s {verb} TRIGGER %I', t.place, t.tgname);
              END LOOP; END $$""",  # noqa: S608
    )
