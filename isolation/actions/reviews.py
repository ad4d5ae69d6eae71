"""Judging whether a measure may go on, and the warden's daily look, also by a deputy the warden named beforehand."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from consent.models import Letter
from coordination import clock
from coordination.deadlines import close_deadlines
from coordination.identity import Actor, signed
from coordination.models import Role
from coordination.refusals import Refused, refused_at, said
from isolation.access import deputy_of, letters_of, lock_measure, open_deadlines, possible_deputies, require_role
from isolation.actions import law, measures
from isolation.actions.common import about, first_review_day, follow, must_run, open_review_day, put
from isolation.actions.requests import ADVICE
from isolation.letters import DECIDERS
from isolation.models import EndReason, Reassessment, ReviewDeputy, WardenReview
from isolation.rules.kinds import Kind
from isolation.rules.reassessment import copied, reassessment_due


def reassess(
    actor: Actor,
    pk: UUID,
    *,
    outcome: str,
    reason: str,
    mitigation: str,
    same_reason: bool = False,
    key: UUID,
    at: datetime,
) -> Reassessment:
    """Judge whether the grounds remain, and what is done against harm meanwhile; the next is due from now. The same `key` is once.

    To ease makes a full exclusion partial; to end ends it, in the same step. A reason that is the last one over again is refused
    ("copied") until it is rewritten, or confirmed by `same_reason`. Raises `Refused`, `Undelivered`, Http404.
    (obligations R7.1.2-g, -j, -k, -s, -w, -y)
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    known = Reassessment.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    must_run(measure)
    errors = {}
    if outcome not in Reassessment.Outcome.values:
        errors["outcome"] = [_("Velg hva vurderingen ender med.")]
    if not reason.strip():
        errors["reason"] = [_("Skriv hvorfor.")]
    if not mitigation.strip():
        errors["mitigation"] = [_("Skriv hva dere gjør eller har vurdert for å forebygge skade.")]
    if errors:
        raise Refused("reassessment", _("Vurderingen kan ikke lagres ennå."), errors)
    last = Reassessment.objects.filter(agency_id=actor.agency_id, measure=measure).order_by("-assessed_at").first()
    again = copied(reason, last.reason if last else measure.necessity)
    if again and not same_reason:
        message = _(
            "Begrunnelsen er den samme som sist. Skriv hva som er situasjonen nå, eller bekreft at den fortsatt er dekkende."
        )
        raise refused_at("reason", message, code="copied")
    advice = letters_of(measure).filter(kind=ADVICE, direction=Letter.Direction.IN).last()
    fresh = advice is not None and (last is None or advice.letter_id != last.advice_letter)
    row = Reassessment(
        **about(actor, measure, at),
        outcome=outcome,
        reason=reason.strip(),
        mitigation=mitigation.strip(),
        assessed_at=at,
        same_reason=again,
        advice_letter=advice.letter_id if advice else None,
        key=key,
    )
    row.save(force_insert=True)
    if outcome == Reassessment.Outcome.END:
        why = EndReason.ADVICE if fresh else EndReason.GROUNDS_GONE
        measures.close_measure(actor, measure, ended_at=at, reason=why, note=reason.strip(), at=at)
        return row
    if outcome == Reassessment.Outcome.EASE:
        measures.ease(actor, measure, reason=reason.strip(), at=at)
    rows = open_deadlines(measure)
    close_deadlines(actor, ["D27"], measure.pk, at=at)
    rows.pop("D27", None)
    put(actor, measure, rows, "D27", starts_at=at, due_at=reassessment_due(Kind(measure.kind), at))
    law.refresh(actor, measure, rows, at)
    follow(actor, measure, at=at, rows=rows)
    return row


def review(actor: Actor, pk: UUID, *, note: str, at: datetime) -> WardenReview:
    """Record that the warden has learnt of the inmate's condition today. A second one the same date returns the first.

    A duty leader may do it only when the warden has named them for the date. Raises `Refused`, Http404. (obligation R7.1.2-z)
    """
    require_role(actor, DECIDERS)
    measure = lock_measure(actor, pk)
    today = clock.local_date(at)
    known = WardenReview.objects.filter(agency_id=actor.agency_id, measure=measure, day=today).first()
    if known is not None:
        return known
    must_run(measure)
    if not measure.is_coercive:
        raise Refused("kind", _("Daglig gjennomgang gjelder sikkerhetscelle og sikkerhetsseng."))
    deputy_for = ""
    if actor.role is not Role.WARDEN:
        delegation = deputy_of(actor, today)
        if delegation is None:
            raise Refused("deputy", _("Fengselslederen har ikke utpekt deg som stedfortreder i dag."))
        deputy_for = delegation.by_name
    note = said(note, "note", _("Skriv hva du har gjort deg kjent med, og hva du mener om det."))
    advice = letters_of(measure).filter(kind=ADVICE, direction=Letter.Direction.IN).count()
    row = WardenReview(**about(actor, measure, at), day=today, note=note, deputy_for=deputy_for, letters_read=advice)
    row.save(force_insert=True)
    rows = open_deadlines(measure)
    follow(actor, measure, at=at, rows=rows)
    standing = rows.get("D28")
    if standing is not None and clock.local_date(standing.due_at) == today:
        close_deadlines(actor, ["D28"], measure.pk, at=at)
        del rows["D28"]
        open_review_day(actor, measure, rows, max(date.fromordinal(today.toordinal() + 1), first_review_day(measure)))
    return row


def name_deputy(actor: Actor, *, deputy: UUID, first_on: date, last_on: date, at: datetime) -> ReviewDeputy:
    """Name a duty leader to do the daily review between two dates; the same once more returns the first. Raises `Refused`, Http404."""
    require_role(actor, (Role.WARDEN,))
    person = possible_deputies(actor).filter(pk=deputy).first()
    if person is None:
        raise refused_at("deputy", _("Velg en vaktleder i fengselet."))
    if last_on < first_on:
        raise refused_at("last_on", _("Sluttdatoen må komme etter startdatoen."), code="period")
    named = ReviewDeputy.objects.filter(agency_id=actor.agency_id, deputy=person, first_on=first_on, last_on=last_on)
    known = named.first()
    if known is not None:
        return known
    row = ReviewDeputy(
        **signed(actor, at), deputy=person, deputy_name=person.display_name, first_on=first_on, last_on=last_on
    )
    row.save(force_insert=True)
    return row
