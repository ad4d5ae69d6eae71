"""What passed between prison and health service, told in words: letters, and what the prison decided after reports of harm.

No health record is here: what the health service said stands in its letters.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from consent import wording
from consent.letters import KINDS
from consent.models import CustodyLetter, Letter
from coordination import formats
from isolation.access import HEALTH_VISIT, visited_at
from isolation.actions.requests import ADVICE
from isolation.history.reading import History
from isolation.history.told import Told


def after_harm(history: History) -> Iterator[Told]:
    """Tell what was decided after reports of harm, why, what is done, and that the region was rung when it took too long (rule D31)."""
    copies = {letter.letter_id: letter.pk for letter in history.letters}
    for row in history.harm_decisions:
        called = ""
        if row.region_called_at is not None:
            called = _("Regionens vakt, %(who)s, ble ringt %(when)s.") % {
                "who": row.region_contact,
                "when": formats.datetime_no(row.region_called_at),
            }
        copy = copies.get(row.report_letter)
        yield Told(
            at=row.decided_at,
            type="decision",
            word=_("Etter skademelding"),
            title=_("Etter melding om skade: %(outcome)s") % {"outcome": str(row.get_outcome_display()).lower()},
            text="\n".join(filter(None, [row.reason, row.steps, called])),
            who=row.by_name,
            url=reverse("letter", args=[copy]) if copy else "",
        )


#: A visit told later than this shows when it was told.
VISIT_TOLD_LATE = timedelta(minutes=15)
LETTER_TITLES = {
    "exclusion_notice": "Legen er varslet om utelukkelsen",
    "coercive_means_notice": "Legen er varslet om tvangsmiddelet",
    "health_check_request": "Helsetjenesten er bedt om tilsyn",
    "measure_ended": "Helsetjenesten er varslet om at tiltaket er avsluttet",
}


def unanswered(letters: Iterable[CustodyLetter], kind: str = "") -> list[CustodyLetter]:
    """Return the letters from the health service that nobody has answered: those that await an answer, or those of one kind."""
    return [
        letter
        for letter in letters
        if letter.direction == Letter.Direction.IN
        and (letter.kind == kind if kind else letter.awaits == Letter.Awaits.ANSWER)
        and letter.answered_at is None
        and letter.superseded_by is None
    ]


def _visit(letter: CustodyLetter, url: str) -> Told:
    """Tell that health personnel were there, at the visit's own time; told much later, both times."""
    at = visited_at(letter)
    late = letter.sent_at if letter.sent_at - at > VISIT_TOLD_LATE else None
    return Told(
        at=at,
        type="health",
        title=_("Helsetilsyn gjennomført"),
        text=_("Meldt %(when)s.") % {"when": formats.datetime_no(late)} if late else "",
        who=str(letter.other_agency),
        url=url,
        recorded_at=late,
    )


def of_letters(letters: Iterable[CustodyLetter]) -> Iterator[Told]:
    """What the letters of the exchange told, and nothing more: no letter's body, but the code of what was recommended."""
    for letter in letters:
        url = reverse("letter", args=[letter.pk])
        if letter.direction == Letter.Direction.OUT:
            if letter.kind in LETTER_TITLES:
                yield Told(
                    at=letter.sent_at,
                    type="letter",
                    title=_(LETTER_TITLES[letter.kind]),
                    who=str(letter.other_agency),
                    url=url,
                )
            if letter.acknowledged_at is not None:
                yield Told(
                    at=letter.acknowledged_at,
                    type="health",
                    title=_("Helsetjenesten kvitterte"),
                    who=letter.acknowledged_by,
                    url=url,
                )
        elif letter.kind == HEALTH_VISIT:
            if letter.superseded_by is None:
                yield _visit(letter, url)
        elif letter.kind == ADVICE:
            text = wording.word(ADVICE, "recommend", str(letter.body.get("recommend", "")))
            yield Told(
                at=letter.sent_at,
                type="health",
                title=_("Råd fra helsetjenesten"),
                text=text,
                who=letter.sender_name,
                url=url,
            )
        else:
            yield Told(
                at=letter.sent_at,
                type="letter",
                title=str(KINDS[letter.kind].title) if letter.kind in KINDS else _("Brev fra helsetjenesten"),
                who=letter.sender_name,
                url=url,
            )
