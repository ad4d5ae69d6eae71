"""What an agency tells a person about themselves as plain values, the same on screen and paper: what is left out is marked. Asks no database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consent.access.insight import Looked
from consent.documents.consents import consent_rows, giver_of, named
from consent.documents.letters import Fact, sender_of, title_of
from consent.models import Consent, Letter, Withholding
from consent.rules import covered
from coordination.clock import local_date
from coordination.formats import clock, shortdate
from coordination.identity import Actor
from coordination.models import Opening

#: A space at which no line is broken, and a day told with it.
TOGETHER = "\N{NO-BREAK SPACE}"
DAY_AND_MONTH = f"j.{TOGETHER}F"
#: What was done, by the log's own word; several words may mean the same to a reader.
DONE = {
    "read": gettext_lazy("leste"),
    "search": gettext_lazy("søkte fram"),
    "insert": gettext_lazy("skrev"),
    "update": gettext_lazy("skrev"),
    "print": gettext_lazy("skrev ut"),
    "export": gettext_lazy("eksporterte"),
    "hand_over": gettext_lazy("overførte"),
    "delete": gettext_lazy("slettet"),
    "emergency": gettext_lazy("åpnet i en nødssituasjon"),
    "refuse": gettext_lazy("ble avvist"),
}
#: What it was about, by how the table's name begins; the first that fits.
ABOUT = (
    (("consent_custodyletter", "consent_municipalletter", "consent_specialistletter"), gettext_lazy("brev")),
    (("consent_",), gettext_lazy("samtykke og deling")),
    (("intake_needsmapping",), gettext_lazy("behovskartlegging")),
    (("intake_",), gettext_lazy("innkomst")),
    (("isolation_",), gettext_lazy("isolasjon")),
    (("follow_up_",), gettext_lazy("helseoppfølging")),
    (("referrals_",), gettext_lazy("henvisning")),
    (("release_planning_",), gettext_lazy("løslatelse")),
    (("recovery_units_",), gettext_lazy("rusmestring")),
    (("coordination_stay", "coordination_unittransfer"), gettext_lazy("opphold")),
    (("coordination_person", "coordination_municipalpatient", "coordination_specialistpatient"), gettext_lazy("hvem personen er")),
    (("coordination_",), gettext_lazy("frister og varsler")),
)  # fmt: skip


def told(
    actor: Actor,
    *,
    consents: Iterable[Consent],
    letters: Iterable[Letter],
    log: Sequence[Looked],
    reasons: Iterable[Opening],
    withheld: Sequence[Withholding],
    names: Mapping[UUID, tuple[str, str]],
    members: Mapping[UUID, str],
    basis_titles: Mapping[str, str],
    on: date,
) -> dict[str, Any]:
    """Return everything the paper tells, as it stands on an Oslo date."""
    return {
        "consents": consent_lines(consents, names, on),
        "letters": letter_years(letter_lines(actor, letters, withheld, basis_titles)),
        "people": people_lines(log, members, withheld),
        "reasons": reason_lines(reasons, withheld),
        "years": year_lines(log, members, withheld),
        "omitted_log": [omitted(row) for row in withheld if row.letter_id is None],
    }


def consent_lines(consents: Iterable[Consent], names: Mapping[UUID, tuple[str, str]], on: date) -> list[dict[str, Any]]:
    """Return the consents in force on a date, with whom they name and who said yes."""
    rows = [row for row in consent_rows(consents, on) if row["in_force"]]
    return [{**row, "giver": giver_of(row["consent"])} for row in named(rows, names)]


def letter_lines(
    actor: Actor, letters: Iterable[Letter], withheld: Iterable[Withholding], basis_titles: Mapping[str, str]
) -> list[Fact]:
    """Return what was sent to whom and received from whom, and on what ground as the law read that day.

    Of a letter that is left out only the day is told, and the reference that lets it be left out.
    """
    left_out = {row.letter_id: row for row in withheld if row.letter_id is not None}
    return [
        {"pk": letter.pk, "at": letter.sent_at, "withheld": left_out[letter.pk], "said": left_out_words(left_out[letter.pk])}
        if letter.pk in left_out
        else {
            "pk": letter.pk,
            "at": letter.sent_at,
            "withheld": None,
            "out": letter.direction == Letter.Direction.OUT,
            "title": title_of(letter),
            "world": letter.other_agency.world,
            "name": letter.other_agency.name,
            "basis": basis_titles.get(letter.basis, letter.basis),
            "statute": letter.statute,
            "who": sender_of(letter),
        }
        for letter in letters
    ]  # fmt: skip


def letter_years(lines: Iterable[Fact]) -> list[Fact]:
    """Return letters by year as paper tells them, newest year first: what went which way on which ground stands once, with each sender's days.

    Of those left out only the days and the reference, as in `letter_lines`.
    """
    years: dict[int, dict[tuple[Any, ...], Fact]] = {}
    for line in lines:
        day = local_date(line["at"])
        alike = (
            (line["said"],)
            if line["withheld"]
            else tuple(line[key] for key in ("out", "title", "name", "basis", "statute"))
        )
        row = years.setdefault(day.year, {}).setdefault(alike, {**line, "senders": {}})
        row["senders"].setdefault(line.get("who", ""), []).append(dateformat.format(day, DAY_AND_MONTH))
    return [
        {"year": year, "rows": [{**row, "days": _by_sender(row["senders"])} for row in rows.values()]}
        for year, rows in years.items()
    ]


def _by_sender(senders: Mapping[str, list[str]]) -> str:
    """Return who sent on which days, the days from first to last: "3. mars av A; 4. mai, 8. juni av B"."""
    told = [", ".join(reversed(days)) for days in senders.values()]
    said = [
        _("%(days)s av %(who)s") % {"days": days, "who": who} if who else days
        for who, days in zip(senders, told, strict=True)
    ]
    return "; ".join(reversed(said))


def left_out_words(row: Withholding) -> str:
    """Return what stands where something is left out."""
    return _("Utelatt, hjemmel: %(statute)s") % {"statute": row.statute}


def omitted(row: Withholding) -> Fact:
    """Return what is left out of the log, and on what ground."""
    assert row.first_on is not None
    assert row.last_on is not None
    period = _("Fra %(first)s til og med %(last)s") % {
        "first": shortdate(row.first_on),
        "last": shortdate(row.last_on),
    }
    return {"period": period, "said": left_out_words(row)}


def _kept(log: Iterable[Looked], withheld: Iterable[Withholding]) -> list[Looked]:
    periods = _periods(withheld)
    return [row for row in log if not covered(row.day, periods)]


def _periods(withheld: Iterable[Withholding]) -> list[tuple[date, date]]:
    return [(row.first_on, row.last_on) for row in withheld if row.first_on and row.last_on]


def day_lines(log: Iterable[Looked], members: Mapping[UUID, str], withheld: Iterable[Withholding]) -> list[Fact]:
    """Return the log by day and member, newest first, without what is left out."""
    return [
        {
            "day": row.day,
            "who": members.get(row.membership_id, _("Ukjent")),
            "when": _between(clock(row.first_at), clock(row.last_at)),
            "what": what_words(row.actions, row.tables),
            "times": ngettext("%(count)s gang", "%(count)s ganger", row.times) % {"count": row.times},
        }
        for row in _kept(log, withheld)
    ]


def _between(first: str, last: str) -> str:
    return (
        _("kl. %(first)s") % {"first": first}
        if first == last
        else _("kl. %(first)s–%(last)s") % {"first": first, "last": last}
    )


def reason_lines(openings: Iterable[Opening], withheld: Iterable[Withholding]) -> list[Fact]:
    """Return who opened without a task, when, and what they said was the reason; not of the periods that are left out."""
    periods = _periods(withheld)
    return [
        {
            "at": row.recorded_at,
            "who": row.by_name,
            "why": row.get_code_display(),  # type: ignore[attr-defined]
            "text": row.text,
            "emergency": getattr(row, "emergency", False),
        }
        for row in openings
        if not covered(local_date(row.recorded_at), periods)
    ]


def people_lines(log: Iterable[Looked], members: Mapping[UUID, str], withheld: Iterable[Withholding]) -> list[Fact]:
    """Return each member in the log by name, with all they did and with what."""
    did: dict[UUID, tuple[set[str], set[str]]] = {}
    for row in _kept(log, withheld):
        actions, tables = did.setdefault(row.membership_id, (set(), set()))
        actions.update(row.actions)
        tables.update(row.tables)
    lines = [
        {"who": members.get(member, _("Ukjent")), "what": what_words(actions, tables)}
        for member, (actions, tables) in did.items()
    ]
    return sorted(lines, key=lambda line: line["who"])


def year_lines(log: Iterable[Looked], members: Mapping[UUID, str], withheld: Iterable[Withholding]) -> list[Fact]:
    """Return the log by year, newest first: each member, and the days of each month as running text.

    Ten years are some thirty thousand days and members. A table of them takes minutes to draw, and names that stand once a month fill half
    the paper: so each stands once a year, and days that follow each other are told as one.
    """
    years: dict[int, dict[UUID, dict[int, set[int]]]] = {}
    for row in _kept(log, withheld):
        months = years.setdefault(row.day.year, {}).setdefault(row.membership_id, {})
        months.setdefault(row.day.month, set()).add(row.day.day)
    names = {month: dateformat.format(date(2000, month, 1), "F").capitalize() for month in range(1, 13)}
    return [
        {
            "year": year,
            "people": sorted(
                (
                    {
                        "who": members.get(member, _("Ukjent")),
                        "days": " ".join(
                            f"{names[month]}:{TOGETHER}{_runs(months[month])}." for month in sorted(months)
                        ),
                    }
                    for member, months in people.items()
                ),
                key=lambda line: line["who"],
            ),
        }
        for year, people in sorted(years.items(), reverse=True)
    ]


def _runs(days: set[int]) -> str:
    """Return days in order, those that follow each other as one: "1, 4–6, 9"."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1][1:] = [day]
        else:
            runs.append([day])
    return ", ".join("–".join(map(str, run)) for run in runs)


def what_words(actions: Iterable[str], tables: Iterable[str]) -> str:
    """Return what somebody did with what, in words: "Leste, skrev: brev, isolasjon"."""
    had = set(actions)
    done: str = ", ".join(dict.fromkeys(str(word) for action, word in DONE.items() if action in had)) or _("brukte")
    about = ", ".join(dict.fromkeys(filter(None, map(_about, sorted(tables)))))
    return f"{done[:1].upper()}{done[1:]}: {about}" if about else f"{done[:1].upper()}{done[1:]}"


def _about(table: str) -> str:
    return next((str(word) for starts, word in ABOUT if table.startswith(starts)), "")


def paper(actor: Actor, person: Any, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the context of the paper that the person gets."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "name": f"{person.given_name} {person.family_name}",
        "birth_date": person.birth_date,
        **told,
    }
