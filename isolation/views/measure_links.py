"""Where one goes from the page of a measure: the buttons beside the heading, the papers, and what else may be done. Writes nothing."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from isolation.history import History
from isolation.models import Measure, MeasureKind


def tools(measure: Measure, *, decides: bool) -> Iterator[dict[str, Any]]:
    """Return the buttons beside the heading: the protocol, and the end that comes next."""
    ended = measure.ended_at is not None
    yield {
        "label": _("Skriv ut protokollen"),
        "url": reverse("protocol_pdf", args=[measure.pk]),
        "icon": "PrinterSmall",
        "primary": ended,
    }
    if decides and ended and measure.closed_at is None:
        yield {"label": _("Lukk protokollen"), "url": reverse("measure_close", args=[measure.pk]), "icon": "Checkmark"}
    if decides and not ended:
        yield {
            "label": _("Avslutt tiltaket"),
            "url": reverse("measure_end", args=[measure.pk]),
            "icon": "Checkmark",
            "primary": True,
        }


def papers(measure: Measure, history: History) -> Iterator[dict[str, str]]:
    """Return the rules and the papers, which everybody who follows the measure may read."""
    yield {"label": _("Regler for tiltaket"), "url": reverse("measure_rules", args=[measure.pk]), "icon": "Gavel"}
    yield {"label": _("Skriv ut vedtaket"), "url": reverse("decision_pdf", args=[measure.pk]), "icon": "PrinterSmall"}
    notice = next((letter for letter in history.letters if letter.letter_id == measure.notice_letter), None)
    if notice is not None:
        url = reverse("letter_pdf", args=[notice.pk])
        yield {"label": _("Skriv ut varselet til legen"), "url": url, "icon": "PrinterSmall"}


def doings(measure: Measure, *, decides: bool) -> Iterator[dict[str, str]]:
    """Return what may be done about a measure besides looking, most often done first."""
    if measure.ended_at is not None:
        yield {
            "label": _("Skriv inn et tilsyn i ettertid"),
            "url": reverse("check_other", args=[measure.pk]),
            "icon": "Pencil",
        }
        return
    if not measure.is_coercive:
        yield {"label": _("Før kontakt"), "url": reverse("contact_new", args=[measure.pk]), "icon": "PersonGroup"}
    yield {
        "label": _("Be helsetjenesten om tilsyn"),
        "url": reverse("health_check_wish", args=[measure.person_id]),
        "icon": "Stethoscope",
    }
    if decides:
        yield {
            "label": _("Vurder tiltaket på nytt"),
            "url": reverse("reassessment_new", args=[measure.pk]),
            "icon": "Gavel",
        }
        if not measure.is_coercive:
            yield {
                "label": _("Endre forventet varighet"),
                "url": reverse("measure_forecast", args=[measure.pk]),
                "icon": "Clock",
            }
        if measure.kind == MeasureKind.COURT_ISOLATION:
            yield {
                "label": _("Registrer ny kjennelse"),
                "url": reverse("court_order", args=[measure.pk]),
                "icon": "Pencil",
            }
        yield {
            "label": _("Meldt eller avgjort utenfor fengselet"),
            "url": reverse("authority_step", args=[measure.pk]),
            "icon": "ArrowRight",
        }
        yield {
            "label": _("Avløs med et annet tiltak"),
            "url": reverse("measure_new", args=[measure.person_id]),
            "icon": "ArrowRight",
        }
        if measure.is_coercive:
            yield {
                "label": _("Daglig gjennomgang"),
                "url": reverse("warden_review", args=[measure.pk]),
                "icon": "ClipboardCheckmark",
            }
        yield {"label": _("Kontinuerlig tilsyn"), "url": reverse("watch_order", args=[measure.pk]), "icon": "EyeFill"}
