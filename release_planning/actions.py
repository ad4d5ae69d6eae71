"""The verbs of release planning: follow the date, tell health, start cooperation, decide at release from remand. One transaction each."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import outbox
from consent.actions import ask_if_needed, must_be_answered, send_letter
from consent.letters import identity_of
from coordination import clock, deadlines
from coordination.identity import Actor, signed
from coordination.models import Agency, Deadline, LegalStatus, Person, StaleWrite, Stay
from coordination.people.access import health_service_of, lock_person, must_have_health_service
from coordination.refusals import Refused, refused_at
from release_planning import access, rules
from release_planning.deadlines import COOPERATION, NOTICE, NOTICE_OUTSIDE, OF_A_STAY, REMAND
from release_planning.letters import BASIS, RELEASE_NOTICE
from release_planning.models import (
    LateReason,
    NoticeStatus,
    Partner,
    ReleaseDate,
    ReleaseKind,
    ReleaseNotice,
    ReleasePlan,
    RemandReleaseAssessment,
)


def _the_person(actor: Actor, pk: UUID) -> Person:
    """Return somebody in custody, locked."""
    person = lock_person(actor, pk)
    assert isinstance(person, Person)
    return person


# Following the date


def follow_date(actor: Actor, person: Person, stay: Stay, new: date | None, at: datetime) -> ReleasePlan | None:
    """Take note of the expected release date of a stay: open its plan at the first one, keep the date, move the duties (D11–D14).

    Returns the plan, None when there has never been a date. The caller holds the person's lock.
    """
    plan = ReleasePlan.objects.select_for_update(of=("self",)).filter(agency_id=actor.agency_id, stay=stay).first()
    if plan is None:
        if new is None:
            return None
        kind = ReleaseKind.RELEASE
        plan = ReleasePlan(person=person, stay=stay, kind=kind, **signed(actor, at))
        plan.save(force_insert=True)
        ask_if_needed(actor, person, "release", plan.pk, at=at, remind=False)
    ReleaseDate(person=person, plan=plan, expected_release_on=new, **signed(actor, at)).save(force_insert=True)
    if new is None:
        deadlines.close_deadlines(
            actor, OF_A_STAY, stay.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Datoen er tatt bort.")
        )
        return plan
    recipient = health_service_of(actor)
    told = access.last_notice(actor, plan, recipient.pk if recipient else None)
    _set_duties(actor, person, plan, stay, new, told.told_on if told else None, at)
    return plan


def follow_status(actor: Actor, person: Person, stay: Stay, old: str, at: datetime) -> None:
    """Change the duties when somebody goes from remand to another ground or back: the notice (D11, D12) in place of the decision (D13).

    The caller holds the person's lock. Nothing is due before there is a date.
    """
    remand = stay.legal_status == LegalStatus.REMAND
    if remand == (old == LegalStatus.REMAND) or stay.expected_release_on is None:
        return
    plan = ReleasePlan.objects.select_for_update(of=("self",)).filter(agency_id=actor.agency_id, stay=stay).first()
    if plan is None:
        return
    over = [NOTICE, NOTICE_OUTSIDE] if remand else [REMAND]
    reason = _("Grunnlaget for oppholdet er endret.")
    deadlines.close_deadlines(actor, over, stay.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=reason)
    recipient = health_service_of(actor)
    told = access.last_notice(actor, plan, recipient.pk if recipient else None)
    _set_duties(actor, person, plan, stay, stay.expected_release_on, told.told_on if told else None, at)


def _set_duties(
    actor: Actor, person: Person, plan: ReleasePlan, stay: Stay, expected: date, told_on: date | None, at: datetime
) -> None:
    """Open, move or close what is due about a stay now. A remand stay has the decision of D13 instead of the notice."""
    subject = {"person": person, "subject_kind": "stay", "subject_id": stay.pk, "starts_at": at}
    if plan.started_at is None:
        deadlines.open_deadline(actor, COOPERATION, due_at=rules.cooperation_due(expected, at), **subject)  # type: ignore[arg-type]
    if stay.legal_status == LegalStatus.REMAND:
        decided = access.assessments_of(actor, stay).first()
        if decided is None or decided.release_on != expected:
            deadlines.open_deadline(actor, REMAND, due_at=at + rules.REMAND_DECISION_WITHIN, **subject)  # type: ignore[arg-type]
        return
    wanted, other = (NOTICE_OUTSIDE, NOTICE) if ReleaseKind(plan.kind).outside else (NOTICE, NOTICE_OUTSIDE)
    deadlines.close_deadlines(
        actor, [other], stay.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Måten å løslates på er endret.")
    )
    if not rules.must_tell(told_on, expected):
        reason = _("Datoen er igjen den helsetjenesten har fått.")
        deadlines.close_deadlines(actor, [wanted], stay.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=reason)
        return
    row = deadlines.open_deadline(actor, wanted, due_at=rules.notice_due(expected, at).due_at, **subject)  # type: ignore[arg-type]
    _skip_past_reminders(row, at)


def _skip_past_reminders(row: Deadline, at: datetime) -> None:
    """Let the first step be the first that is still ahead: a date known late must not raise three alerts at once."""
    steps = deadlines.RULES[row.rule].steps
    ahead = [n for n, step in enumerate(steps) if deadlines.step_at(step, row.starts_at, row.due_at) >= at]
    if not ahead or ahead[0] == row.next_step:
        return
    row.next_step = ahead[0]
    row.next_alert_at = deadlines.step_at(steps[ahead[0]], row.starts_at, row.due_at)
    row.save_changes(["next_step", "next_alert_at"])


def follow_hand_over(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """Before a person goes to another prison: its health service has been told nothing, so notice is due again there (D11)."""
    plan = ReleasePlan.objects.filter(agency_id=actor.agency_id, stay=stay).first() if stay else None
    if stay is None or plan is None or stay.expected_release_on is None:
        return
    _set_duties(actor, person, plan, stay, stay.expected_release_on, None, at)


def follow_end(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """Close the plan and its duties when a stay ends.

    Raises `Refused` ("remand_assessment") at release from remand while nobody has decided whether health should be told (R5.3.1-e).
    """
    released = stay.end_reason == Stay.EndReason.RELEASED
    if released and stay.legal_status == LegalStatus.REMAND and not access.assessments_of(actor, stay).exists():
        message = _(
            "Vurder først om helsetjenesten skal varsles om løslatelsen. Velg «Løslatelse fra varetekt» på siden til personen, og registrer vurderingen."
        )
        raise Refused("remand_assessment", message)
    deadlines.close_deadlines(
        actor, OF_A_STAY, stay.pk, at=at, outcome=Deadline.Outcome.CANCELLED, reason=_("Oppholdet er avsluttet.")
    )
    ReleasePlan.objects.filter(agency_id=actor.agency_id, stay=stay, closed_at=None).update(closed_at=at)


# Telling


def _check_necessity(necessity: str) -> None:
    if len(necessity.strip()) < rules.NECESSITY_MIN:
        raise refused_at("necessity", _("Skriv hvorfor helsetjenesten må vite dette, minst 20 tegn."))


def send_notice(
    actor: Actor,
    plan: ReleasePlan,
    *,
    expected_release_on: date,
    status: str,
    late_reason: str = "",
    note: str = "",
    necessity: str,
    inmate_informed: bool,
    key: UUID,
    at: datetime,
) -> ReleaseNotice:
    """Tell the prison's health service when release is expected (D11, obligation R5.3.1-c), and close the duty.

    `expected_release_on` is the date the sender saw; `StaleWrite` when it has changed since. Less than two calendar months ahead a
    `late_reason` must be given, and words with "other". The same `key` again returns the same notice. Raises `Refused`, `Undelivered`.
    """
    if not access.may_send(actor):
        raise Http404
    with transaction.atomic():
        person = _the_person(actor, plan.person_id)
        known = ReleaseNotice.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        stay = Stay.objects.get(agency_id=actor.agency_id, pk=plan.stay_id)
        if stay.ended_at is not None or stay.legal_status == LegalStatus.REMAND:
            raise Refused("no_notice", _("Det er ikke noe å varsle om for dette oppholdet."))
        if stay.expected_release_on != expected_release_on:
            raise StaleWrite("Stay")
        late = rules.needs_late_reason(expected_release_on, at)
        _check_late_reason(late, late_reason, note)
        _check_necessity(necessity)
        recipient = must_have_health_service(actor)
        before = access.last_notice(actor, plan, recipient.pk)
        if before and not rules.must_tell(before.told_on, expected_release_on) and before.status == status:
            raise Refused("already_told", _("Helsetjenesten har allerede fått denne datoen."))
        notice = _tell(
            actor,
            person,
            plan,
            recipient,
            before,
            told_on=expected_release_on,
            status=status,
            late_reason=late_reason if late else "",
            note=note.strip(),
            necessity=necessity.strip(),
            inmate_informed=inmate_informed,
            key=key,
            at=at,
        )
        deadlines.close_deadlines(actor, [NOTICE, NOTICE_OUTSIDE], stay.pk, at=at)
    return notice


def _check_late_reason(late: bool, late_reason: str, note: str) -> None:
    if not late:
        return
    if late_reason not in LateReason.values:
        raise refused_at("late_reason", _("Det er mindre enn to måneder igjen. Velg hvorfor varselet kommer sent."))
    if late_reason == LateReason.OTHER and not note.strip():
        raise refused_at("note", _("Forklar i merknaden hvorfor varselet kommer sent."), code="late_note")


def _tell(
    actor: Actor,
    person: Person,
    plan: ReleasePlan,
    recipient: Agency,
    before: ReleaseNotice | None,
    *,
    told_on: date,
    status: str,
    late_reason: str,
    note: str,
    necessity: str,
    inmate_informed: bool | None,
    key: UUID,
    at: datetime,
) -> ReleaseNotice:
    """Send the letter, in place of the one before where there is one, and write the notice."""
    # The newest of the exchange, for somebody may have corrected the letter. It lies with another prison after a transfer.
    earlier = outbox(actor).filter(letter_id=before.letter_id).first() if before else None
    newest = (
        outbox(actor).filter(thread_id=earlier.thread_id, kind=RELEASE_NOTICE, superseded_by=None).first()
        if earlier
        else None
    )
    body = {
        **identity_of(person),
        "unit": person.unit.name,
        "expected_release_on": told_on.isoformat(),
        "status": status,
        "late_reason": late_reason,
        "note": note,
    }
    letter = send_letter(
        actor,
        RELEASE_NOTICE,
        to=recipient.pk,
        person=person,
        body={k: v for k, v in body.items() if v != ""},
        basis=BASIS,
        necessity=necessity,
        inmate_informed=inmate_informed,
        supersedes=newest.letter_id if newest else None,
    )
    notice = ReleaseNotice(
        person=person,
        plan=plan,
        recipient=recipient,
        told_on=told_on,
        status=status,
        letter_id=letter,
        late_reason=late_reason,
        note=note,
        key=key,
        **signed(actor, at),
    )
    notice.save(force_insert=True)
    return notice


# Planning


def start_cooperation(
    actor: Actor, plan: ReleasePlan, *, kind: str, partners: list[str], first_contact: str, version: int, at: datetime
) -> None:
    """Record how the person is to be released, with whom it is planned, and the first contact (D14, obligation R5.3.1-a).

    Raises `Refused` without a partner, `StaleWrite` when somebody else changed the plan.
    """
    if not access.may_send(actor):
        raise Http404
    if plan.closed_at is not None:
        raise Refused("closed", _("Oppholdet er avsluttet, og planen kan ikke endres."))
    if not partners or not set(partners) <= set(Partner.values):
        raise refused_at("partners", _("Velg minst én samarbeidspart."))
    with transaction.atomic():
        person = _the_person(actor, plan.person_id)
        # Partners are spoken with from here on: whether that takes consent is answered first (D07, obligation R6.3-a).
        must_be_answered(actor, "release", plan.pk)
        plan.version = version
        turned = ReleaseKind(plan.kind).outside != ReleaseKind(kind).outside
        plan.kind, plan.partners, plan.first_contact = kind, partners, first_contact.strip()
        if plan.started_at is None:
            plan.started_at, plan.started_by_name = at, actor.signature
        plan.save_changes(["kind", "partners", "first_contact", "started_at", "started_by_name"])
        deadlines.close_deadlines(actor, [COOPERATION], plan.stay_id, at=at)
        stay = Stay.objects.get(agency_id=actor.agency_id, pk=plan.stay_id)
        if turned and stay.expected_release_on is not None:
            recipient = health_service_of(actor)
            told = access.last_notice(actor, plan, recipient.pk if recipient else None)
            _set_duties(actor, person, plan, stay, stay.expected_release_on, told.told_on if told else None, at)


def assess_remand_release(
    actor: Actor,
    stay: Stay,
    *,
    release_on: date,
    notify: bool,
    reason: str,
    necessity: str = "",
    inmate_informed: bool | None = None,
    key: UUID,
    at: datetime,
) -> RemandReleaseAssessment:
    """Decide whether health should be told at once of a release from remand, and tell it when the answer is yes (D13, R5.3.1-e).

    The decision is the duty, so a no needs its reason as well. The same `key` again returns the same decision. Raises `Refused`.
    """
    if not access.may_send(actor):
        raise Http404
    with transaction.atomic():
        person = _the_person(actor, stay.person_id)
        known = RemandReleaseAssessment.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        stay = Stay.objects.get(agency_id=actor.agency_id, pk=stay.pk)
        if stay.ended_at is not None or stay.legal_status != LegalStatus.REMAND:
            raise Refused("not_remand", _("Personen sitter ikke i varetekt."))
        if not reason.strip():
            raise refused_at("reason", _("Skriv hvorfor helsetjenesten skal eller ikke skal varsles."))
        if release_on < clock.local_date(stay.admitted_at):
            raise refused_at("release_on", _("Datoen er før innsettelsen."))
        letter_id: UUID | None = None
        if notify:
            _check_necessity(necessity)
            letter_id = send_letter(
                actor,
                RELEASE_NOTICE,
                to=must_have_health_service(actor).pk,
                person=person,
                body={
                    **identity_of(person),
                    "unit": person.unit.name,
                    "expected_release_on": release_on.isoformat(),
                    "status": NoticeStatus.REMAND.value,
                    "late_reason": LateReason.COURT_DECISION.value,
                },
                basis=BASIS,
                necessity=necessity.strip(),
                inmate_informed=inmate_informed,
            )
        row = RemandReleaseAssessment(
            person=person,
            stay=stay,
            release_on=release_on,
            notify=notify,
            reason=reason.strip(),
            letter_id=letter_id,
            key=key,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        deadlines.close_deadlines(actor, [REMAND], stay.pk, at=at)
    return row
