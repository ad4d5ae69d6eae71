"""Grounds of disclosure as people choose them: whether each can be used now, why, and what it asks of the sender. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent.models import Consent, LegalBasis
from consent.rules import Verdict
from coordination.formats import shortdate


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One lawful ground for a letter to a recipient about a person: whether it can be used now, and what it then rests on."""

    basis: LegalBasis
    statute: str
    verdict: Verdict
    consent: Consent | None = None
    override: UUID | None = None

    @property
    def proof(self) -> UUID | None:
        """Return the key the postman wants beside the ground: of the consent, or of the decision that sets an objection aside."""
        if self.verdict is Verdict.CONSENTED and self.consent:
            return self.consent.pk
        return self.override if self.verdict is Verdict.OVERRIDDEN else None


def sentence(offer: Offer) -> str:
    """Return in one sentence why a ground can or cannot be used now."""
    if offer.verdict is Verdict.CONSENTED and offer.consent is not None:
        return _("Kan brukes: personen har samtykket til dette til og med %(date)s.") % {
            "date": shortdate(offer.consent.valid_to)
        }
    return {
        Verdict.OPEN: _("Kan brukes: personen har ikke motsatt seg at dette deles."),
        Verdict.DUTY: _("Kan brukes: dette er en plikt, og verken samtykke eller motsettelse kan stanse den."),
        Verdict.CONSENTED: _("Kan brukes: personen har samtykket."),
        Verdict.REASON: _("Kan brukes uten samtykke når du skriver hvorfor det er nødvendig."),
        Verdict.OVERRIDDEN: _("Kan brukes én gang: motsettelsen er satt til side med en skriftlig begrunnelse."),
        Verdict.NO_CONSENT: _(
            "Kan ikke brukes nå: ingen gyldige samtykker omfatter denne mottakeren og disse opplysningene."
        ),
        Verdict.OBJECTED: _("Kan ikke brukes nå: personen har motsatt seg at dette deles."),
        Verdict.NOT_ASKED: _("Kan ikke brukes nå: grunnlaget gjelder bare svar på en anmodning."),
        Verdict.NOT_IN_FORCE: _("Kan ikke brukes nå: bestemmelsen gjelder ikke i dag."),
    }[offer.verdict]


def written(offer: Offer) -> str:
    """Return what must be written to use a ground."""
    return {
        LegalBasis.Needs.NECESSITY: _("Du må skrive hvorfor det er nødvendig."),
        LegalBasis.Needs.CONSENT: _("Du trenger ikke skrive mer: samtykket er grunnlaget."),
        LegalBasis.Needs.NONE: _("Du trenger ikke skrive en egen begrunnelse."),
    }[LegalBasis.Needs(offer.basis.needs)]


def informing(offer: Offer) -> str:
    """Return whether the person must be told."""
    return {
        "yes": _("Personen skal få vite om det."),
        "recommended": _("Personen bør få vite om det, når det ikke er til skade."),
    }.get(offer.basis.inform_inmate, _("Personen trenger ikke å få beskjed om det."))


def offer_rows(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """Return what a page shows of each ground, those that can be used first."""
    rows = [
        {
            "code": offer.basis.code,
            "title": offer.basis.title,
            "statute": offer.statute,
            "usable": offer.verdict.usable,
            "why": sentence(offer),
            "written": written(offer) if offer.verdict.usable else "",
            "informing": informing(offer) if offer.verdict.usable else "",
        }
        for offer in offers
    ]
    return sorted(rows, key=lambda row: not row["usable"])
