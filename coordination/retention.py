"""How long an agency keeps what: what is due, what has been deleted, the leader's decision, and the run that deletes.

The database works out what is due and deletes it (`retention.run`); nothing here names a row, and no page here names a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import parameters
from coordination.identity import Actor
from coordination.models import Parameter, RetentionRule, Role
from coordination.people.anonymity import require_nameless
from coordination.refusals import refused_at
from coordination.worker_login import as_sweeper, worker_connection
from coordination.worlds import PERSONAL_WORLDS

#: The parameter that holds a controller's own decision, where the statute has no number.
KEY = "retention_months"
#: The longest that is a decision and not a slip of the finger.
MOST_YEARS = 100
#: People, or letters, of one transaction.
BATCH = 200

#: What a table holds, in words; by the beginning of its name, the longest first.
KINDS = {
    "coordination_person": gettext_lazy("Personalia"),
    "coordination_municipalpatient": gettext_lazy("Personalia"),
    "coordination_specialistpatient": gettext_lazy("Personalia"),
    "coordination_persongrant": gettext_lazy("Tilganger"),
    "coordination_municipalpatientgrant": gettext_lazy("Tilganger"),
    "coordination_specialistpatientgrant": gettext_lazy("Tilganger"),
    "coordination_stay": gettext_lazy("Opphold og flyttinger"),
    "coordination_unittransfer": gettext_lazy("Opphold og flyttinger"),
    "coordination_attention": gettext_lazy("Ekstra oppmerksomhet"),
    "coordination": gettext_lazy("Frister, varsler og annet"),
    "consent_custodyletter": gettext_lazy("Brev"),
    "consent_municipalletter": gettext_lazy("Brev"),
    "consent_specialistletter": gettext_lazy("Brev"),
    "consent_custodyattachment": gettext_lazy("Brev"),
    "consent_municipalattachment": gettext_lazy("Brev"),
    "consent_specialistattachment": gettext_lazy("Brev"),
    "consent_custodyhandling": gettext_lazy("Brev"),
    "consent_municipalhandling": gettext_lazy("Brev"),
    "consent_specialisthandling": gettext_lazy("Brev"),
    "consent_custodyletterdraft": gettext_lazy("Brev"),
    "consent_municipalletterdraft": gettext_lazy("Brev"),
    "consent_specialistletterdraft": gettext_lazy("Brev"),
    "consent_custodymadefile": gettext_lazy("Uttrekk"),
    "consent_municipalmadefile": gettext_lazy("Uttrekk"),
    "consent_specialistmadefile": gettext_lazy("Uttrekk"),
    "consent_custodyjournalreference": gettext_lazy("Referanser i eget system"),
    "consent_municipaljournalreference": gettext_lazy("Referanser i eget system"),
    "consent_specialistjournalreference": gettext_lazy("Referanser i eget system"),
    "consent": gettext_lazy("Samtykker, reservasjoner og innsyn"),
    "intake_needsmapping": gettext_lazy("Behovskartlegging"),
    "intake": gettext_lazy("Innkomst"),
    "isolation": gettext_lazy("Isolasjon"),
    "follow_up": gettext_lazy("Tilsyn og helseoppfølging"),
    "referrals": gettext_lazy("Henvisninger"),
    "release_planning": gettext_lazy("Løslatelse"),
    "recovery_units": gettext_lazy("Rusmestring"),
}


@dataclass(frozen=True)
class Standing:
    """One rule for the acting agency: the months that hold (None: nobody has decided), and how many fall due when."""

    rule: RetentionRule
    months: int | None
    due: int = 0
    soon: int = 0
    held: int = 0
    next_on: date | None = None


@dataclass(frozen=True)
class Deleted:
    """What went on one day on one ground: how many rows of each kind."""

    day: date
    why: str
    kinds: dict[str, int]


@dataclass(frozen=True)
class Run:
    """What one rule did, or would do, in one agency: rows by table."""

    agency: str
    rule: str
    rows: dict[str, int]


def kind_of(table: str) -> str:
    """Return what a table holds, in words."""
    return str(KINDS[max((start for start in KINDS if table.startswith(start)), key=len, default="coordination")])


def by_kind(rows: list[tuple[str, int]]) -> dict[str, int]:
    """Return counts by kind from counts by table."""
    found: dict[str, int] = {}
    for table, count in rows:
        found[kind_of(table)] = found.get(kind_of(table), 0) + count
    return found


def may_decide(actor: Actor) -> bool:
    """Return whether how long is this membership's decision, and some of it is the agency's to decide."""
    return parameters.may_set(actor) and RetentionRule.objects.filter(world=actor.world, months=None).exists()


def require_reader(actor: Actor) -> None:
    """Raise Http404 unless the actor leads or administers the agency."""
    if actor.world not in PERSONAL_WORLDS or not (actor.role is Role.ADMINISTRATOR or parameters.may_set(actor)):
        raise Http404


def overview(actor: Actor) -> list[Standing]:
    """Return every rule of the agency with counts and dates, and nothing about anybody. Raises Http404. (obligation RM8-c)"""
    require_reader(actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, months, due, soon, held, next_on FROM retention.overview()")
        found = {code: values for code, *values in cursor.fetchall()}
    return [
        Standing(rule, *found.get(rule.code, [rule.months])) for rule in RetentionRule.objects.filter(world=actor.world)
    ]


def deletions(actor: Actor) -> list[Deleted]:
    """Return what has been deleted by day and ground, newest first, as the log has it. Raises Http404."""
    require_reader(actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, why, kind, rows FROM audit.deletions()")
        rows = cursor.fetchall()
    return [
        Deleted(day, why, by_kind([(table, count) for _day, _why, table, count in group]))
        for (day, why), group in groupby(rows, key=lambda row: row[:2])
    ]


def decide(actor: Actor, *, years: int, reason: str, at: datetime) -> Parameter:
    """Set how long the agency keeps what no statute gives a number for. Raises `Refused`, Http404."""
    if not may_decide(actor):
        raise Http404
    least = max(r.least_months or 0 for r in RetentionRule.objects.filter(world=actor.world)) // 12
    if not least <= years <= MOST_YEARS:
        raise refused_at(
            "years", _("Skriv et tall fra %(least)s til %(most)s.") % {"least": least, "most": MOST_YEARS}, code="range"
        )
    require_nameless(actor, {"reason": reason})
    row = Parameter(
        agency_id=actor.agency_id,
        key=KEY,
        value=years * 12,
        reason=reason.strip(),
        set_at=at,
        set_by_name=actor.signature,
    )
    row.save(force_insert=True)
    return row


def decisions(actor: Actor) -> list[Parameter]:
    """Return what has been decided here, newest first."""
    require_reader(actor)
    return list(Parameter.objects.filter(agency_id=actor.agency_id, unit=None, key=KEY).order_by("-set_at", "-id"))


def run(at: datetime | None = None, *, really: bool, batch: int = BATCH) -> Iterator[Run]:
    """Go through every rule of every agency: delete what is due, or only count what is due at an instant; yield what there was.

    Each batch is a transaction of its own. Nothing later than the database's own today is ever deleted. (obligation RM8-c)
    """
    with worker_connection() as worker:
        if at is None:
            at = _rows(worker, "SELECT clock_timestamp()", [])[0][0]
        # The rules in their order: letters go before the people they are about.
        work = _rows(
            worker,
            "SELECT a.id, a.name, r.code FROM base.coordination_agency a JOIN base.coordination_retentionrule r ON r.world = a.world "
            "WHERE r.subject <> 'log' ORDER BY r.code, a.name",
            [],
        )
        for agency, name, rule in work:
            total: dict[str, int] = {}
            while rows := _once(worker, agency, rule, at, really, batch):
                for table, count in rows:
                    total[table] = total.get(table, 0) + count
                if not really:
                    break
            if total:
                yield Run(name, rule, by_kind(list(total.items())))


def purge_files() -> int:
    """Delete the files made to be fetched that are older than they can be fetched; return how many. They are copies, never records. (RM8-g)"""
    with worker_connection() as worker:
        return int(_rows(worker, "SELECT retention.purge_files(clock_timestamp())", [])[0][0])


def _once(worker: Any, agency: UUID, rule: str, at: datetime, really: bool, batch: int) -> list[tuple[str, int]]:
    most = batch if really else 2**31 - 1
    return _rows(worker, "SELECT kind, rows FROM retention.run(%s, %s, %s, %s, %s)", [agency, rule, at, really, most])


def _rows(worker: Any, text: str, values: list[Any]) -> list[Any]:
    with as_sweeper(worker) as cursor:
        return list(cursor.execute(text, values).fetchall())
