"""The municipality's verbs about the specialist service following up a patient in isolation: propose, put in force, take back.

Until the trust has said yes and it is put in force, the municipal service is responsible; the prison is told in the same step (D33).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.actions import send_letter
from consent.letters import identity_of
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import Agency, MunicipalPatient
from coordination.people.access import one_or_404
from coordination.refusals import Refused, refused_at, said
from follow_up import access, supervision
from follow_up.letters import FOLLOW_UP_PROPOSAL, FOLLOW_UP_RESPONSIBLE, HEALTH_ADVICE, MEASURES
from follow_up.models import SupervisionCourse, SupervisionTransfer
from follow_up.models.transfers import TransferState
from follow_up.supervision import lock_patient

BASES = ("LB10", "LB12")
NECESSARY = gettext_lazy(
    "Fengselet må vite hvilken tjeneste som har ansvar for tilsyn, for å kunne varsle rett sted ved fare for liv og helse."
)
OPEN = (TransferState.PROPOSED, TransferState.AGREED, TransferState.IN_FORCE)


def propose(actor: Actor, course_id: UUID, *, key: UUID, reason: str, basis: str, at: datetime) -> SupervisionTransfer:
    """Propose that the trust follows up instead, and return the row. Nothing moves by it. Raises `Refused`, `Undelivered`.

    (obligation R7.1.3-b)
    """
    access.require_clinician(actor)
    course = access.access_course(actor, course_id)
    with transaction.atomic():
        patient = lock_patient(actor, course.person_id)
        course.refresh_from_db()
        if (before := access.transfers_for(actor).filter(key=key).first()) is not None:
            return before
        if course.ended_at is not None:
            raise Refused("ended", _("Fengselet har meldt at tiltaket er over."))
        read_answers(actor, at=at)
        if access.transfers_for(actor).filter(course=course, state__in=OPEN).exists():
            raise Refused("open", _("Det er allerede foreslått eller avtalt at spesialisthelsetjenesten følger opp."))
        if basis not in BASES:
            raise refused_at("basis", _("Velg grunnlaget for å dele opplysninger"))
        trust = Agency.objects.get(pk=actor.agency_id).specialist_service
        if trust is None:
            raise Refused(
                "trust", _("Helsetjenesten har ingen spesialisthelsetjeneste i Samvirke. Spør administrator.")
            )
        sent = send_letter(
            actor,
            FOLLOW_UP_PROPOSAL.code,
            to=trust.pk,
            person=patient,
            body={
                **identity_of(patient),
                "prison": course.prison.name,
                "measure": str(MEASURES.get(course.kind, course.kind)),
                "daily": course.required,
                "reason": said(reason, "reason", _("Skriv hvorfor spesialisthelsetjenesten bør følge opp")),
            },
            basis=basis,
        )
        row = SupervisionTransfer(
            person=patient, course=course, trust=trust, key=key, basis=basis, letter_id=sent, **signed(actor, at)
        )
        row.save(force_insert=True)
        return row


def read_answers(actor: Actor, *, at: datetime) -> int:
    """Keep what trusts have answered; nothing moves by it, since the prison is not told yet. Returns how many answers were new."""
    count = 0
    rows = list(access.transfers_for(actor).filter(state=TransferState.PROPOSED))
    answers = access.answers_to(actor, [row.letter_id for row in rows]) if rows else {}
    for row in rows:
        if (answer := answers.get(row.letter_id)) is not None:
            yes = answer.body.get("response") == "accepted"
            row.state = TransferState.AGREED if yes else TransferState.DECLINED
            row.answered_at, row.contact = answer.sent_at, str(answer.body.get("contact") or "")[:200]
            row.save_changes(["state", "answered_at", "contact"])
            count += 1
    return count


def put_in_force(actor: Actor, pk: UUID, *, at: datetime) -> SupervisionTransfer:
    """Let an agreement the trust has said yes to begin: the prison and the trust are told in this step, and the own clocks stop.

    Doing it twice changes nothing. Raises `Refused` before the trust's yes, `Undelivered`. (obligations R7.1.3-b, -c; rule D33)
    """
    with transaction.atomic():
        row, course, patient = _held(actor, pk)
        if row.state == TransferState.IN_FORCE:
            return row
        if row.state != TransferState.AGREED:
            raise Refused(
                "agreed", _("Spesialisthelsetjenesten har ikke sagt ja. Kommunen har fortsatt ansvaret for tilsyn.")
            )
        if course.ended_at is not None:
            raise Refused("ended", _("Fengselet har meldt at tiltaket er over."))
        _tell(actor, row, course, patient, "specialist", at=at)
        row.state, row.in_force_at = TransferState.IN_FORCE, at
        row.save_changes(["state", "in_force_at"])
        course.handed_over_at = at
        supervision.refresh(actor, course, patient, at=at, reason=_("Spesialisthelsetjenesten følger opp"))
        return row


def take_back(actor: Actor, pk: UUID, *, at: datetime) -> SupervisionTransfer:
    """End an agreement: the municipality is responsible again, its clocks run from now, and both the others are told in this step.

    Where the measure is over, only the trust is told that the follow-up is. Raises `Refused`, `Undelivered`. (obligations R7.1.3-b, -c)
    """
    with transaction.atomic():
        row, course, patient = _held(actor, pk)
        if row.state == TransferState.ENDED:
            return row
        if row.state not in OPEN:
            raise Refused("state", _("Det er ingen avtale å avslutte."))
        was_in_force = row.state == TransferState.IN_FORCE
        over = course.ended_at is not None
        _tell(actor, row, course, patient, "nobody" if over else "municipal", at=at, prison=was_in_force and not over)
        row.state, row.ended_at = TransferState.ENDED, at
        row.save_changes(["state", "ended_at"])
        if was_in_force:
            course.handed_over_at = None
            supervision.refresh(actor, course, patient, at=at)
        return row


def _held(actor: Actor, pk: UUID) -> tuple[SupervisionTransfer, SupervisionCourse, MunicipalPatient]:
    access.require_clinician(actor)
    row = one_or_404(access.transfers_for(actor).filter(pk=pk))
    patient = lock_patient(actor, row.person_id)
    row.refresh_from_db()
    return row, access.access_course(actor, row.course_id), patient


def _tell(
    actor: Actor,
    row: SupervisionTransfer,
    course: SupervisionCourse,
    patient: MunicipalPatient,
    responsible: str,
    *,
    at: datetime,
    prison: bool = True,
) -> None:
    """Tell the trust, and the prison, who is responsible from now: the service and whom to ring, nothing of health."""
    specialist = responsible == "specialist"
    body = {
        **identity_of(patient),
        "responsible": responsible,
        "service": row.trust.name if specialist else actor.agency_name,
        "from_at": clock.in_utc(at).isoformat(),
    }
    if specialist and row.contact:
        body["contact"] = row.contact
    kind = FOLLOW_UP_RESPONSIBLE.code
    send_letter(actor, kind, to=row.trust_id, person=patient, body=body, basis=row.basis, in_reply_to=row.letter_id)
    if not prison:
        return
    consents = access.consents_to_tell(actor, HEALTH_ADVICE, patient.pk, course.prison_id, at)
    coercive = course.notice.kind == "coercive_means_notice"
    basis = "LB08" if coercive else "LB02" if consents else "LB11"
    send_letter(
        actor,
        kind,
        to=course.prison_id,
        person=patient,
        body=body,
        basis=basis,
        consent=consents[0].pk if basis == "LB02" else None,
        necessity=str(NECESSARY) if basis == "LB11" else "",
        in_reply_to=course.notice.letter_id,
    )
