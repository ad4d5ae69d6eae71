"""The flag "needs extra attention": raised by staff or by what the prison already holds, looked at again, lifted with a reason.

Never a diagnosis and nothing from a health service: apps of the prison raise it with a criterion, and give reasons for the list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import clock
from coordination.deadlines import Rule, Step, close_deadlines, open_deadline, register
from coordination.identity import Actor, signed
from coordination.models import Alert, Attention, AttentionReason, Criterion, Deadline, Person, Role
from coordination.models.deadlines import Strength
from coordination.people.access import REGISTRARS, lock_person, one_or_404, require
from coordination.refusals import refused_at
from coordination.worlds import World

#: The words that stand wherever the flag is shown. They send the reader to those who may know more.
FLAG_WORDS = gettext_lazy("Trenger ekstra oppmerksomhet – spør helsetjenesten")
#: How long a flag stands before somebody must look at it again, and the most that may be chosen.
REVIEW_AFTER, LONGEST = timedelta(days=14), timedelta(days=90)
#: Who looks at it again and lifts it.
REVIEWERS = (Role.CONTACT_OFFICER, Role.DUTY_LEADER, Role.WARDEN)
REVIEW = "D03O"
#: Under this age a person is young here, as the circular's notice to the prison says.
YOUNG_UNDER = 25

register(
    Rule(
        code=REVIEW,
        world=World.CUSTODY,
        title=gettext_lazy("Vurder om ekstra oppmerksomhet fortsatt trengs"),
        strength=Strength.SHOULD,
        owners=REVIEWERS,
        steps=(Step(after=timedelta(), audience=(Role.DUTY_LEADER,), severity=Alert.Severity.INFO),),
        doing="attention",
        doing_label=gettext_lazy("Vurder"),
        obligations=("R5.1.1-h",),
    )
)


def access_attention(actor: Actor, pk: UUID) -> Attention:
    """Return one flag, standing or lifted, or raise Http404."""
    require(actor.world is World.CUSTODY and actor.has_role(*REGISTRARS))
    return one_or_404(Attention.objects.filter(agency_id=actor.agency_id, pk=pk).select_related("person"))


def standing_of(actor: Actor, people: Iterable[UUID]) -> dict[UUID, Attention]:
    """Return the standing flag of each of many people; one query."""
    rows = Attention.objects.filter(agency_id=actor.agency_id, person_id__in=list(people), lifted_at=None)
    return {row.person_id: row for row in rows}


def reasons_of(flags: Iterable[Attention]) -> dict[UUID, list[AttentionReason]]:
    """Return why each of many flags stands, oldest first; one query."""
    found: dict[UUID, list[AttentionReason]] = {}
    for row in AttentionReason.objects.filter(attention__in=list(flags)).order_by("recorded_at", "id"):
        found.setdefault(row.attention_id, []).append(row)
    return found


def raise_flag(
    actor: Actor, person: Person, criteria: Iterable[str], *, source: str, note: str = "", at: datetime
) -> Attention | None:
    """Raise the flag about a person the caller holds, or add reasons to the one that stands; None without any criterion.

    The same criterion from the same source is kept once, and something else once in the same words. (obligations R5.1.1-h, R7.1.2-j)
    """
    wanted = [code for code in Criterion.values if code in set(criteria)]
    if not wanted:
        return None
    flag = Attention.objects.filter(agency_id=actor.agency_id, person=person, lifted_at=None).first()
    if flag is None:
        flag = Attention(
            **signed(actor, at), person=person, raised_at=at, review_on=clock.local_date(at) + REVIEW_AFTER
        )
        flag.save(force_insert=True)
        _expect_review(actor, flag, person, at)
    own = AttentionReason.objects.filter(agency_id=actor.agency_id, attention=flag, source=source)
    known = {(row.criterion, row.note if row.criterion == Criterion.OTHER else "") for row in own}
    for code in wanted:
        if (code, note.strip() if code == Criterion.OTHER else "") not in known:
            _reason(actor, flag, code, source, note, at)
    return flag


def _reason(actor: Actor, flag: Attention, criterion: str, source: str, note: str, at: datetime) -> None:
    AttentionReason(
        **signed(actor, at),
        person_id=flag.person_id,
        attention=flag,
        criterion=criterion,
        source=source,
        note=note.strip(),
    ).save(force_insert=True)


def _expect_review(actor: Actor, flag: Attention, person: Person, at: datetime) -> None:
    open_deadline(
        actor,
        REVIEW,
        person=person,
        subject_kind="attention",
        subject_id=flag.pk,
        starts_at=at,
        due_at=clock.end_of_local_day(flag.review_on),
    )


def raise_by_hand(actor: Actor, person_id: UUID, *, criteria: list[str], note: str, at: datetime) -> Attention:
    """Raise the flag because of what staff saw. Raises `Refused`, Http404."""
    require(actor.world is World.CUSTODY and actor.has_role(*REGISTRARS))
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    if not criteria or set(criteria) - set(Criterion.values):
        raise refused_at("criteria", _("Velg minst én grunn."))
    if Criterion.OTHER in criteria and not note.strip():
        raise refused_at("note", _("Skriv hva dere har sett."))
    flag = raise_flag(actor, person, criteria, source=AttentionReason.Source.STAFF, note=note, at=at)
    assert flag is not None
    return flag


def keep(actor: Actor, pk: UUID, *, note: str, review_on: date, at: datetime) -> Attention:
    """Look at a flag again and keep it until another date. Raises `Refused`, Http404, `StaleWrite`."""
    flag, person = held(actor, pk)
    today = clock.local_date(at)
    if not note.strip():
        raise refused_at("note", _("Skriv hvorfor oppmerksomheten fortsatt trengs."))
    if not today < review_on <= today + LONGEST:
        raise refused_at("review_on", _("Velg en dato fram i tid, høyst 90 dager."))
    _reason(actor, flag, "", AttentionReason.Source.REVIEW, note, at)
    flag.review_on = review_on
    flag.save_changes(["review_on"])
    close_deadlines(actor, [REVIEW], flag.pk, at=at)
    _expect_review(actor, flag, person, at)
    return flag


def lift(actor: Actor, pk: UUID, *, reason: str, at: datetime) -> Attention:
    """Lift a flag with a reason. Lifting twice changes nothing. Raises `Refused`, Http404, `StaleWrite`."""
    flag, _person = held(actor, pk)
    if flag.lifted_at is not None:
        return flag
    if not reason.strip():
        raise refused_at("reason", _("Skriv hvorfor ekstra oppmerksomhet ikke lenger trengs."))
    flag.lifted_at, flag.lifted_by_name, flag.lift_reason = at, actor.signature, reason.strip()
    flag.save_changes(["lifted_at", "lifted_by_name", "lift_reason"])
    close_deadlines(actor, [REVIEW], flag.pk, at=at)
    return flag


def end_with_stay(actor: Actor, person: Person, at: datetime) -> None:
    """Lift the flag of somebody who has left; the caller holds the person."""
    for flag in Attention.objects.filter(agency_id=actor.agency_id, person=person, lifted_at=None):
        flag.lifted_at, flag.lifted_by_name, flag.lift_reason = at, actor.signature, _("Oppholdet er avsluttet")
        flag.save_changes(["lifted_at", "lifted_by_name", "lift_reason"])
        close_deadlines(
            actor, [REVIEW], flag.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Oppholdet er avsluttet")
        )


def held(actor: Actor, pk: UUID) -> tuple[Attention, Person]:
    """Return a flag and its person, locked, for those who look at it again, or raise Http404."""
    require(actor.has_role(*REVIEWERS))
    person = lock_person(actor, access_attention(actor, pk).person_id)
    assert isinstance(person, Person)
    return access_attention(actor, pk), person


# The attention list (R5.1.1-h)


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One reason to watch somebody especially. `weight` sorts the list: 3 locked in, 2 restrictions or a flag, 1 the rest."""

    text: str
    weight: int = 1
    url: str = ""


Source = Callable[[Actor, Sequence[Person], datetime], Mapping[UUID, Iterable[Concern]]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a source of reasons for the list; it reads many people in as many queries as one."""
    SOURCES.append(function)
    return function


@dataclass(frozen=True)
class Watched:
    """One line of the list."""

    person: Person
    concerns: tuple[Concern, ...]
    flag: Attention | None = None


def attention_list(actor: Actor, people: Sequence[Person], at: datetime) -> list[Watched]:
    """Return those among `people` whom something gives reason to watch especially, the gravest first."""
    found: dict[UUID, list[Concern]] = {}
    for gather in SOURCES if people else ():
        for pk, concerns in gather(actor, people, at).items():
            found.setdefault(pk, []).extend(concerns)
    flags = standing_of(actor, [person.pk for person in people])
    rows = [
        Watched(
            person,
            tuple(sorted(found.get(person.pk, ()), key=lambda concern: -concern.weight)),
            flags.get(person.pk),
        )
        for person in people
        if person.pk in found or person.pk in flags
    ]
    return sorted(
        rows, key=lambda row: (-max((c.weight for c in row.concerns), default=0), -len(row.concerns), str(row.person))
    )
