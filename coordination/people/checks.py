"""What can be wrong with a typed identity, in words to act on. Pure: knows no form, no database and no clock."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.national_id import Reason

#: Why a person number is refused; never the number itself.
NUMBER_REASONS = {
    Reason.EMPTY: _("Skriv de elleve sifrene i nummeret."),
    Reason.NOT_DIGITS: _("Nummeret kan bare ha sifre."),
    Reason.LENGTH: _("Nummeret skal ha elleve sifre."),
    Reason.CHECK_DIGITS: _("Nummeret stemmer ikke. Se etter tastefeil."),
    Reason.DATE: _("De seks første sifrene er ikke en dato. Se etter tastefeil."),
    Reason.SYNTHETIC: _("Dette er et testnummer. Bruk personens eget nummer."),
}
#: Below this age nobody is held in custody (straffeloven § 20): the year was mistyped.
YOUNGEST = 15


def birth_date_problem(born: date, today: date) -> str:
    """Return what is wrong with the birth date of somebody in custody, or ""."""
    if born > today or born.year < 1900:
        return str(_("Kontroller fødselsdatoen. Skriv dag, måned og år, for eksempel 15.05.1991."))
    if clock.age_on(born, today) < YOUNGEST:
        return str(_("Personen ville vært under 15 år. Kontroller fødselsåret."))
    return ""


def restrictions_problem(legal_status: str, restrictions: Sequence[str]) -> str:
    """Return what is wrong with the restrictions of a stay, or "": a court orders them on remand only."""
    if restrictions and legal_status != "remand":
        return str(_("Restriksjoner gjelder bare i varetekt. Fjern dem, eller velg varetekt."))
    return ""


def release_problem(admitted_on: date, release_on: date | None) -> str:
    """Return what is wrong with the date release is expected, or ""."""
    if release_on is not None and release_on < admitted_on:
        return str(_("Datoen kan ikke være før innsettelsen."))
    return ""


def future_problem(moment: datetime, now: datetime) -> str:
    """Return what is wrong with the instant of something that has happened, or ""."""
    return str(_("Tidspunktet kan ikke være fram i tid.")) if moment > now else ""
