"""Health advice before somebody is moved: what whoever moves them is reminded of, and the link from the move to the advice it weighed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from consent.models import CustodyLetter, Letter
from coordination import formats
from coordination.identity import Actor, signed
from coordination.models import Person
from isolation.actions.requests import ADVICE
from isolation.models import AdviceAnswer, AdviceRequest, MoveAdvice

#: Advice older than this was about something else.
FRESH = timedelta(days=90)


@dataclass(frozen=True)
class Asked:
    """A question about a move that no move has weighed yet, the advice that came, and what the prison answered to it."""

    request: AdviceRequest
    advice: CustodyLetter | None
    answer: AdviceAnswer | None


def asked_about_move(actor: Actor, person: Person, at: datetime) -> Asked | None:
    """Return the newest question about moving a person, with its advice; None where nobody asked. Four queries at most."""
    own = {"agency_id": actor.agency_id, "person": person}
    weighed = MoveAdvice.objects.filter(**own).values("request_id")
    rows = AdviceRequest.objects.filter(**own, about=AdviceRequest.About.TRANSFER, recorded_at__gte=at - FRESH)
    request = rows.exclude(pk__in=weighed).order_by("-recorded_at", "-id").first()
    if request is None:
        return None
    advice = CustodyLetter.objects.filter(
        agency_id=actor.agency_id, kind=ADVICE, direction=Letter.Direction.IN, in_reply_to=request.letter_id
    )
    letter = advice.filter(superseded_by=None).order_by("-sent_at").first()
    answers = AdviceAnswer.objects.filter(**own, advice_letter=letter.letter_id) if letter else None
    return Asked(request, letter, answers.first() if answers is not None else None)


def before_move(actor: Actor, person: Person, at: datetime) -> Iterator[str]:
    """Yield what whoever is about to move somebody should know of the health service's advice. (obligation R5.2.1-n)"""
    asked = asked_about_move(actor, person, at)
    if asked is None:
        yield _("Dere har ikke spurt helsetjenesten om råd om dette. Innhent råd først så langt det er mulig.")
    elif asked.advice is None:
        when = formats.datetime_no(asked.request.recorded_at)
        yield _("Helsetjenesten ble spurt om råd %(when)s og har ikke svart ennå.") % {"when": when}
    else:
        yield _("Helsetjenestens råd %(when)s: %(advice)s") % {
            "when": formats.datetime_no(asked.advice.sent_at),
            "advice": str(asked.advice.body.get("advice", "")),
        }
        yield (
            _("Deres svar på rådet: %(response)s. %(reason)s")
            % {"response": str(asked.answer.get_response_display()).lower(), "reason": asked.answer.reason}
            if asked.answer
            else _("Dere har ikke svart på rådet. Svar før eller samtidig med flyttingen.")
        )


def moved(actor: Actor, person: Person, at: datetime, *, to: str, transfer: UUID | None = None) -> None:
    """Link a move to the question that was asked before it and the advice that had come; nothing where nobody asked."""
    asked = asked_about_move(actor, person, at)
    if asked is not None:
        MoveAdvice(
            **signed(actor, at),
            person=person,
            request=asked.request,
            advice_letter=asked.advice.letter_id if asked.advice else None,
            transfer=transfer,
            destination=to[:200],
            moved_at=at,
        ).save(force_insert=True)
