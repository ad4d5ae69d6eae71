"""How many worries and wishes the prison told the health service of, and how soon somebody there took them on. Counts only."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from consent.models import CustodyLetter, Letter
from coordination import figures
from coordination.figures import TOTAL, Figure, Median, Period, Table
from coordination.identity import Actor
from coordination.models.deadlines import Strength
from coordination.worlds import World
from intake.models import HealthContactRequest

READ = ("id", "agency_id", "person_id", "letter_id", "sent_at", "due_at", "acknowledged_at")


def count(actor: Actor, period: Period) -> Iterator[Figure]:
    """Return requests by when in the stay and by the receipt of the letter; two queries (obligation R4.1-c)."""
    letters = {
        letter.letter_id: letter
        for letter in CustodyLetter.objects.filter(
            agency_id=actor.agency_id,
            direction=Letter.Direction.OUT,
            kind="health_contact",
            supersedes=None,
            sent_at__gte=period.start,
            sent_at__lt=period.end,
        ).only(*READ)
    }
    requests = HealthContactRequest.objects.filter(
        agency_id=actor.agency_id, recorded_at__gte=period.start, recorded_at__lt=period.end
    ).only("id", "agency_id", "person_id", "stage", "letter_id")
    seen, waits = [], []
    for request in requests:
        letter = letters.get(request.letter_id)
        if letter is None:
            continue
        taken = letter.acknowledged_at
        if taken is None or taken >= period.seen_at:
            seen.append((request.stage, "none"))
            continue
        seen.append((request.stage, "late" if letter.due_at and taken > letter.due_at else "on_time"))
        waits.append(figures.minutes(letter.sent_at, taken))
    stages = HealthContactRequest.Stage
    yield Table(
        code="health_contacts",
        title=_("Bekymringer og ønsker meldt til helsetjenesten"),
        row_heading=_("Når i oppholdet"),
        row_labels=tuple(str(stage.label).capitalize() for stage in stages),
        column_labels=(_("Kvittert i tide"), _("Kvittert for sent"), _("Ikke kvittert")),
        counts=figures.tally([stage.value for stage in stages], ("on_time", "late", "none"), seen),
        note=_("Helsetjenesten skal kvittere innen fristen i brevet."),
        # The health service counts the same letters by the same receipts.
        shared=(((TOTAL, 0), (TOTAL, 1), (TOTAL, 2), (TOTAL, TOTAL)),),
        strength=Strength.MUST,
        on_time=0,
    )
    yield Median(code="health_contact_wait", title=_("Middels ventetid på kvittering"), minutes=tuple(waits))


figures.register((World.CUSTODY,), count)
