"""What a protocol still lacks, and which ended measures have one that is not closed. Reads; decides and writes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from consent.models import Letter
from coordination import clock, formats
from coordination.identity import Actor
from isolation.access import letters_of, measures_for
from isolation.actions.law import held_by
from isolation.law.words import TASKS
from isolation.models import Measure, WardenReview
from isolation.rules.limits import Act
from isolation.rules.reviews import review_days

#: How far back the board looks for protocols that nobody has closed.
BACK = timedelta(days=90)
MOST = 30


def unsettled(measure: Measure, at: datetime) -> Iterator[str]:
    """Yield what should be in the protocol of an ended measure and is not, in words."""
    seen = measure.ended_at or at
    for due in held_by(measure, seen):
        reached = due.due_at is not None and due.due_at <= seen
        if reached and due.limit.act in (Act.TELL, Act.REPORT, Act.DECIDE):
            yield _("Ikke ført: %(what)s") % {"what": TASKS[due.limit.code]}
    open_advice = letters_of(measure).filter(
        direction=Letter.Direction.IN, awaits=Letter.Awaits.ANSWER, answered_at=None
    )
    for letter in open_advice:
        yield _("Råd fra helsetjenesten %(when)s er ikke besvart.") % {"when": formats.datetime_no(letter.sent_at)}
    if measure.is_coercive:
        reviews = WardenReview.objects.filter(agency_id=measure.agency_id, measure=measure)
        have = {review.day for review in reviews}
        for day in review_days(measure.effective_at, measure.ended_at, at):
            if day not in have:
                yield _("Fengselslederens gjennomgang mangler for %(day)s.") % {"day": formats.day(day)}


def unclosed(actor: Actor, at: datetime | None = None) -> list[Measure]:
    """Return ended measures whose protocol is open, the oldest first; those of the last three months."""
    since = (at or clock.now()) - BACK
    rows = measures_for(actor).filter(ended_at__isnull=False, ended_at__gte=since, closed_at=None)
    return list(rows.order_by("ended_at", "id")[:MOST])
