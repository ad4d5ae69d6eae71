"""Whether health services were told of releases two months ahead, and why not. Counts only."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coordination import figures
from coordination.figures import Figure, Period, Table
from coordination.identity import Actor
from coordination.models import CustodyDeadline
from coordination.models.deadlines import Strength
from coordination.worlds import World
from release_planning.deadlines import NOTICE
from release_planning.models import LateReason, NoticeStatus, ReleaseKind, ReleaseNotice
from release_planning.rules import needs_late_reason

OUTSIDE = tuple(kind for kind in ReleaseKind if kind.outside)


def count(actor: Actor, period: Period) -> Iterator[Figure]:
    """Return notices of release by whether they came in time; two queries (D11, D12; obligation R5.3.1-c).

    Notice of a sentence served outside prison is only advised, and stands in a table of its own without breaches. Notice at release
    from remand has its own clock and is not measured against the two months.
    """
    must, advised = [], []
    notices = (
        ReleaseNotice.objects.filter(
            agency_id=actor.agency_id, recorded_at__gte=period.start, recorded_at__lt=period.end
        )
        .exclude(status=NoticeStatus.REMAND)
        .select_related("plan")
        .only(
            *("id", "agency_id", "person_id", "told_on", "late_reason", "recorded_at"),
            *("plan__id", "plan__agency_id", "plan__person_id", "plan__kind"),
        )
    )
    for notice in notices:
        late = needs_late_reason(notice.told_on, notice.recorded_at)
        if notice.plan.kind in OUTSIDE:
            advised.append(("notice", "later" if late else "ahead"))
        else:
            must.append(("notice", _column(notice.late_reason) if late else "on_time"))
    unsent = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, rule=NOTICE, closed_at=None, due_at__gte=period.start, due_at__lt=period.end
    ).count()
    must += [("notice", "none")] * unsent
    yield Table(
        code="release_notices",
        title=_("Varsel om løslatelse"),
        row_heading=_("Varsel"),
        row_labels=(_("Løslatelse"),),
        column_labels=(_("To måneder før"), _("Senere, datoen var ny"), _("Senere av andre grunner"), _("Ikke sendt")),
        counts=figures.tally(("notice",), ("on_time", "date", "other", "none"), must),
        note=_("Helsetjenesten skal varsles senest to måneder før forventet løslatelse."),
        strength=Strength.MUST,
        on_time=0,
    )
    yield Table(
        code="release_notices_outside",
        title=_("Varsel om gjennomføring utenfor fengsel"),
        row_heading=_("Varsel"),
        row_labels=(_("Utenfor fengsel"),),
        column_labels=(_("To måneder før"), _("Nærmere datoen")),
        counts=figures.tally(("notice",), ("ahead", "later"), advised),
        note=_("Varsel bør gis. Det er ikke en plikt."),
        strength=Strength.SHOULD,
        on_time=0,
    )


def _column(reason: str) -> str:
    return "date" if reason in (LateReason.DATE_KNOWN_LATE, LateReason.DATE_MOVED_EARLIER) else "other"


figures.register((World.CUSTODY,), count)
