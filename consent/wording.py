"""Human words for the codes that letters carry, registered per field by the app that owns the codes. Reads no letter and decides nothing.

Called in an app's `letters.py`:

    wording.register("reasons", {Concern.SUICIDE: _("Selvmordsfare")})                # the field means the same in every kind
    wording.register("kind", dict(Measure.choices), kind="exclusion_notice")          # only in this kind of letter
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: (kind of letter or "" for all, field) → code → word. Words may be lazy.
WORDS: dict[tuple[str, str], dict[str, Any]] = {}

#: Words for codes that the kinds name in common; an app's own, more exact words win over these.
FALLBACKS: dict[tuple[str, str], dict[str, Any]] = {
    ("", "stage"): {"admission": _("Ved innkomst"), "stay": _("Under oppholdet")},
    ("", "extent"): {"full": _("Fullstendig"), "partial": _("Delvis")},
    ("", "means"): {"security_cell": _("Sikkerhetscelle"), "security_bed": _("Sikkerhetsseng")},
    ("health_check_request", "reason"): {
        "force": _("Bruk av makt eller tvangsmidler"),
        "wish": _("Personen ønsker helsehjelp"),
        "injury": _("Skade"),
    },
    ("health_advice", "about"): {"intake": _("Innkomst"), "isolation": _("Isolasjon")},
    ("health_advice", "recommend"): {
        "none": _("Ingen anbefaling om endring"),
        "more_contact": _("Mer menneskelig kontakt"),
        "more_checks": _("Hyppigere tilsyn"),
        "consider_ending": _("Vurder å avslutte tiltaket"),
        "other": _("Annet, se rådet"),
    },
    ("advice_answer", "response"): {
        "followed": _("Rådet er fulgt"),
        "partly": _("Rådet er fulgt delvis"),
        "not_followed": _("Rådet er ikke fulgt"),
    },
    ("consent_notice", "event"): {
        "given": _("Samtykke gitt"),
        "narrowed": _("Samtykket er innsnevret"),
        "ended": _("Samtykket gjelder ikke lenger"),
    },
    ("", "category"): {
        "needs_mapping": _("Behov fra kartleggingen (BRIK)"),
        "sentence_follow_up": _("Oppfølging, arbeid, skole og hverdag i fengselet"),
        "release_planning": _("Planer for løslatelsen"),
        "recovery": _("Søknad til og opphold i rusmestringsenhet"),
        "health_information": _("Helseopplysninger som trengs for oppfølgingen"),
        "treatment_information": _("Opplysninger om behandling"),
        "consent": _("Melding om samtykke"),
    },
    ("referral", "service_type"): {
        "TSB": _("Rusbehandling (TSB)"),
        "PHV": _("Psykisk helsevern (PHV)"),
        "other": _("Annen spesialisthelsetjeneste"),
    },
    ("referral", "urgency"): {"ordinary": _("Vanlig"), "soon": _("Haster")},
    ("referral_decision", "outcome"): {
        "right_granted": _("Rett til helsehjelp"),
        "right_denied": _("Ikke rett til helsehjelp"),
        "returned_for_information": _("Tilbake for flere opplysninger"),
        "redirected": _("Sendt videre til et annet sted"),
        "received": _("Mottatt"),
        "withdrawn": _("Trukket"),
    },
}


def register(field: str, words: Mapping[Any, Any], *, kind: str = "") -> None:
    """Say what the codes of a field are called in Norwegian, in one kind of letter or in all of them.

    Registering more words for the same field adds them; raises ValueError when a code would get a different word.
    """
    known = WORDS.setdefault((kind, field), {})
    for code, word in words.items():
        key = str(getattr(code, "value", code))
        if str(known.setdefault(key, word)) != str(word):
            raise ValueError(f"two words for {kind or 'every kind'}.{field}={key}")


def _layers(kind: str, field: str) -> list[dict[str, Any]]:
    """Return the words that may hold for a field, the most exact first."""
    keys = ((kind, field), ("", field))
    return [book[key] for book in (WORDS, FALLBACKS) for key in keys if key in book]


def choices_of(kind: str, field: str) -> list[tuple[str, str]]:
    """Return (code, word) of the codes a field may hold in a kind of letter, or nothing when its text is free."""
    layers = _layers(kind, field)
    return [(code, str(word)) for code, word in layers[0].items()] if layers else []


def word(kind: str, field: str, code: str) -> str:
    """Return the Norwegian word for a code: the kind's own, then the field's, then the text itself as it was sent."""
    for words in _layers(kind, field):
        if code in words:
            return str(words[code])
    return code
