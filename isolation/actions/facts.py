"""What a decision must say, and refusing one that does not. Writes nothing."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from coordination import clock
from coordination.models import Person
from coordination.refusals import Refused
from isolation.models import CourtOrder, Measure
from isolation.models.measures import Extent, Vulnerability
from isolation.rules.court import OrderFault, Penalty, order_fault
from isolation.rules.kinds import COERCIVE, EXCLUSIONS, Kind, allowed_for, grounds_for
from isolation.rules.law import act_2026_holds
from isolation.rules.notices import doctor_notice_needs_reason

#: Longer than any law allows; catches a slip of the finger.
MOST_HOURS = 24 * 366


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the court has ordered under strpl § 186 a. `ends_at` is aware."""

    court: str
    reference: str
    ends_at: datetime
    penalty: str
    retest_pointless: bool = False
    weighty_reasons: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a decision page asks for. Instants are aware; texts as typed."""

    kind: str
    extent: str = ""
    grounds: list[str]
    effective_at: datetime
    necessity: str
    less_intrusive: str
    partial_considered: str = ""
    best_interests: str = ""
    team_statement: str = ""
    team_text: str = ""
    circumstances: str = ""
    signs_of_illness: bool = False
    vulnerabilities: list[str] = field(default_factory=list)
    expected_hours: int | None = None
    hours_out_per_day: Decimal
    force_used: bool
    force_note: str = ""
    statement: str = ""
    statement_text: str = ""
    notice_reason: str = ""


def order_errors(order: Order, first_at: datetime, starts_at: datetime) -> dict[str, list[str]]:
    """Return what is wrong with a court order that follows a row begun at `first_at`, by field (rule B15)."""
    errors: dict[str, list[str]] = {}
    if not order.court.strip():
        errors["court"] = [_("Skriv hvilken domstol som har avsagt kjennelsen.")]
    if not order.reference.strip():
        errors["reference"] = [_("Skriv saksnummeret.")]
    if order.penalty not in CourtOrder.Penalty.values:
        errors["penalty"] = [_("Velg strafferammen.")]
        return errors
    fault = order_fault(
        first_at,
        starts_at,
        order.ends_at,
        Penalty(order.penalty),
        retest_pointless=order.retest_pointless,
        weighty_reasons=bool(order.weighty_reasons.strip()),
    )
    words = {
        OrderFault.BACKWARDS: _("Kjennelsen må slutte etter at den startet."),
        OrderFault.TOO_LONG: _(
            "En kjennelse kan vare i to uker, eller fire når retten har funnet at ny prøving er uten betydning. Se på datoen."
        ),
        OrderFault.OVER_MAXIMUM: _(
            "Sammenhengende isolasjon kan ikke vare så lenge uten at retten har funnet tungtveiende grunner. Skriv dem, eller rett datoen."
        ),
    }
    if fault is not None:
        errors["ends"] = [words[fault]]
    return errors


def checked(
    facts: Decision, person: Person, at: datetime, act_from: date | None, order: Order | None = None
) -> Decision:
    """Return the facts with clean texts and nothing that another kind of measure asks for. Raises `Refused` with every field that is wrong.

    `act_from` is the day the 2026 act takes effect, None without one. `order` goes with court isolation only.
    """
    kind, minor = Kind(facts.kind), clock.is_minor(person.birth_date, facts.effective_at)
    new_law = act_2026_holds(facts.effective_at, act_from)
    coercive, court = kind in COERCIVE, kind is Kind.COURT_ISOLATION
    errors: dict[str, list[str]] = {}

    def need(name: str, missing: bool, message: str) -> None:
        if missing:
            errors[name] = [message]

    lawful = {g.value for g in grounds_for(kind, minor=minor, act_2026=new_law)}
    if not allowed_for(kind, minor=minor):
        errors["kind"] = [_("Loven tillater ikke dette tiltaket for personer under 18 år.")]
    elif not allowed_for(kind, minor=minor, act_2026=new_law):
        errors["kind"] = [_("Loven som gjelder da tiltaket startet, tillater det ikke.")]
    need("grounds", not facts.grounds, _("Velg minst ett grunnlag."))
    wrong = (
        _("Dette grunnlaget gjelder ikke for personer under 18 år.")
        if minor and not coercive
        else _("Grunnlaget gjelder ikke for dette tiltaket.")
    )
    need("grounds", bool(set(facts.grounds) - lawful), wrong)
    need("extent", not coercive and facts.extent not in Extent.values, _("Velg om utelukkelsen er hel eller delvis."))
    need("necessity", not facts.necessity.strip(), _("Skriv hvorfor tiltaket er nødvendig."))
    need(
        "less_intrusive",
        not court and not facts.less_intrusive.strip(),
        _("Skriv hvilke mildere tiltak dere har vurdert eller prøvd."),
    )
    full = facts.extent == Extent.FULL and kind in (Kind.EXCLUSION, Kind.IMMEDIATE_EXCLUSION)
    need(
        "partial_considered",
        full and not facts.partial_considered.strip(),
        _("Skriv hvorfor delvis utelukkelse ikke er nok."),
    )
    need(
        "best_interests",
        minor and not facts.best_interests.strip(),
        _("Skriv hva som er best for barnet, og hvordan dere har lagt vekt på det."),
    )
    team = minor and kind in EXCLUSIONS
    need(
        "team_statement",
        team and facts.team_statement not in Measure.TeamStatement.values,
        _("Velg om det tverretatlige teamet har uttalt seg."),
    )
    need(
        "team_text",
        team and not facts.team_text.strip(),
        _("Skriv hva teamet mener, eller hvorfor det ikke var tid til å spørre."),
    )
    need("effective", facts.effective_at > at, _("Tidspunktet har ikke vært ennå. Skriv når tiltaket startet."))
    need("hours_out_per_day", not 0 <= facts.hours_out_per_day <= 24, _("Skriv et tall fra 0 til 24."))
    need(
        "expected_hours",
        facts.expected_hours is not None and not 0 < facts.expected_hours <= MOST_HOURS,
        _("Skriv antall timer, for eksempel 48."),
    )
    need("force_note", facts.force_used and not facts.force_note.strip(), _("Skriv hvordan makten ble brukt."))
    need(
        "statement",
        coercive and facts.statement not in Measure.Statement.values,
        _("Velg om legen uttalte seg på forhånd."),
    )
    need(
        "statement_text",
        coercive and not facts.statement_text.strip(),
        _("Skriv hva legen rådet til, eller hvorfor dere ikke fikk en uttalelse."),
    )
    late = facts.effective_at <= at and doctor_notice_needs_reason(facts.effective_at, at)
    need(
        "notice_reason",
        late and not facts.notice_reason.strip(),
        _("Tiltaket startet for mer enn fire timer siden. Skriv hvorfor legen først varsles nå."),
    )
    need("vulnerabilities", bool(set(facts.vulnerabilities) - set(Vulnerability.values)), _("Velg fra listen."))
    need("court", court and order is None, _("Skriv hva retten har bestemt."))
    if court and order is not None:
        errors |= order_errors(order, facts.effective_at, facts.effective_at)
    if errors:
        raise Refused("decision", _("Vedtaket kan ikke lagres ennå."), errors)
    return replace(
        facts,
        extent="" if coercive else facts.extent,
        grounds=sorted(set(facts.grounds)),
        necessity=facts.necessity.strip(),
        less_intrusive=facts.less_intrusive.strip(),
        partial_considered=facts.partial_considered.strip() if full else "",
        best_interests=facts.best_interests.strip() if minor else "",
        team_statement=facts.team_statement if team else "",
        team_text=facts.team_text.strip() if team else "",
        circumstances=facts.circumstances.strip(),
        vulnerabilities=sorted(set(facts.vulnerabilities)),
        force_note=facts.force_note.strip() if facts.force_used else "",
        statement=facts.statement if coercive else "",
        statement_text=facts.statement_text.strip() if coercive else "",
        notice_reason=facts.notice_reason.strip() if late else "",
    )
