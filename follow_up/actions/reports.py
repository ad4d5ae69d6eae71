"""The verbs that tell the prison at once: harm from a measure, and surroundings that need something. Words to weigh, never a decision."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consent.access import letters_for
from consent.actions import send_letter
from consent.letters import identity_of
from consent.models import Letter, MunicipalLetter
from coordination import clock
from coordination.clock import after
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.refusals import refused_at, said
from follow_up import access
from follow_up.letters import ASPECTS, ENVIRONMENT_FINDINGS, HARM_REPORT
from follow_up.models import HarmReport
from follow_up.rules import HARM_DECIDED
from follow_up.supervision import lock_patient


def report_harm(
    actor: Actor,
    course_id: UUID,
    *,
    key: UUID,
    finding: str,
    advice: str,
    observed: str = "",
    call: str = "",
    found_at: datetime,
    basis: str,
    consent: UUID | None = None,
    necessity: str = "",
    at: datetime,
) -> HarmReport:
    """Report harm, or that ending is thought necessary for health, to warden and duty leader: sent as it is saved; return the row.

    The letter says that there is harm and what is advised; `observed` holds the clinical words and stays in the own record. The prison
    acknowledges within half an hour and decides within two. Raises `Refused`, `Undelivered`. (obligations R7.1.3-h, -i; rule D31)
    """
    access.require_clinician(actor)
    course = access.access_course(actor, course_id)
    with transaction.atomic():
        patient = lock_patient(actor, course.person_id)
        if (before := access.harm_reports_for(actor).filter(key=key).first()) is not None:
            return before
        if finding not in HarmReport.Finding.values:
            raise refused_at("finding", _("Velg hva helsetjenesten melder"))
        if found_at > at:
            raise refused_at("found_at", _("Tidspunktet kan ikke være fram i tid."))
        notice = course.notice
        if basis == "LB08" and notice.kind != "coercive_means_notice":
            raise refused_at("basis", _("Dette grunnlaget gjelder bare sikkerhetscelle og sikkerhetsseng."))
        body = {
            **identity_of(patient),
            "finding": finding,
            "found_at": clock.in_utc(found_at).isoformat(),
            "advice": said(advice, "advice", _("Skriv rådet til fengselet")),
        }
        if call.strip():
            body["call"] = call.strip()
        sent = send_letter(
            actor,
            HARM_REPORT.code,
            to=course.prison_id,
            person=patient,
            body=body,
            basis=basis,
            consent=consent if basis == "LB02" else None,
            necessity=necessity.strip() if basis == "LB11" else "",
            in_reply_to=notice.letter_id,
        )
        row = HarmReport(
            person=patient,
            course=course,
            key=key,
            letter_id=sent,
            finding=finding,
            found_at=found_at,
            observed=observed.strip(),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        open_deadline(
            actor,
            "D31h",
            person=patient,
            subject_kind="harm_report",
            subject_id=row.pk,
            starts_at=at,
            due_at=after(at, HARM_DECIDED),
        )
        return row


def settle_harm(actor: Actor, *, at: datetime) -> int:
    """Stop the own clock of every report that the prison has answered; return how many. Called when letters are read."""
    rows = list(access.harm_answered(actor))
    for row in rows:
        with transaction.atomic():
            row.decided_at = at
            row.save_changes(["decided_at"])
            close_deadlines(actor, ["D31h"], row.pk, at=at)
    return len(rows)


def report_environment(
    actor: Actor, prison_id: UUID, *, key: UUID, place: str, aspects: list[str], finding: str, suggestion: str
) -> MunicipalLetter:
    """Tell a prison what was found about a place, as facts about nobody; return the own copy of the letter. Sent twice, it goes once.

    Raises `Refused`, `Undelivered`, Http404. (obligations R5.2.2-c, R7.1.3-p, -q; basis LB15)
    """
    access.require_clinician(actor)
    access.served_prison(actor, prison_id)
    chosen = [code for code in ASPECTS if code in aspects]
    with transaction.atomic():
        known = access.environment_letters(actor).filter(body__reference=str(key)).first()
        if known is not None:
            return known
        if not chosen:
            raise refused_at("aspects", _("Velg hva funnet gjelder"))
        sent = send_letter(
            actor,
            ENVIRONMENT_FINDINGS.code,
            to=prison_id,
            person=None,
            body={
                "place": said(place, "place", _("Skriv hvilket sted det gjelder")),
                "aspects": chosen,
                "finding": said(finding, "finding", _("Skriv hva dere har funnet")),
                "suggestion": said(suggestion, "suggestion", _("Skriv hva som kan gjøres bedre")),
                "reference": str(key),
            },
            basis="LB15",
        )
        row: MunicipalLetter = letters_for(actor).get(letter_id=sent, direction=Letter.Direction.OUT)
        return row
