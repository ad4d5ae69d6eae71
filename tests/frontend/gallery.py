"""Every component drawn with invented persons: what the tests read, and what a developer looks at.

`python tests/frontend/gallery.py <folder>` writes the pages as HTML. Must not touch the database or hold tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from django.conf import settings  # noqa: E402

if not settings.configured:
    settings.configure(
        SECRET_KEY="gallery",
        USE_TZ=True,
        TIME_ZONE="Europe/Oslo",
        LANGUAGE_CODE="nb",
        STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.staticfiles", "django.contrib.messages"],
        FORM_RENDERER="coordination.form_renderer.Renderer",
        FORMAT_MODULE_PATH="coordination.locale_formats",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "templates"],
                "OPTIONS": {"libraries": {"samvirke": "coordination.templatetags.samvirke"}},
            }
        ],
    )
    import django

    django.setup()

from django import forms  # noqa: E402
from django.contrib.messages import ERROR, SUCCESS, WARNING  # noqa: E402
from django.contrib.messages.storage.base import Message  # noqa: E402
from django.http import HttpRequest, HttpResponse, QueryDict  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from coordination import charts, formats  # noqa: E402

NOW = datetime(2026, 11, 23, 13, 2, tzinfo=formats.OSLO)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A wall clock time near NOW."""
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=days)


def nowhere(request: HttpRequest) -> HttpResponse:
    """The target of every link in the gallery."""
    return HttpResponse()


urlpatterns = [
    path(f"{name}/", nowhere, name=name)
    for name in ("today", "set_theme", "choose_membership", "help", "logout", "login", "accessibility")
]


@contextmanager
def gallery_urls() -> Iterator[None]:
    """The URL names that the frame links to, whether or not the pages exist yet."""
    with override_settings(ROOT_URLCONF=__name__):
        yield


# ---- Invented persons and what happened to them -------------------------------------------------------------------

ACTOR = SimpleNamespace(
    display_name="M. Eksempel",
    initials="ME",
    role_label="Betjent",
    agency_name="Prøveby fengsel",
    unit_name="avdeling A",
    world="custody",
)
MENU = [
    {"code": "today", "url": "/today/", "label": "I dag", "icon": "House", "count": 2},
    {"code": "isolation", "url": "/isolation/", "label": "Isolasjon", "icon": "Eye", "count": None},
    {"code": "release", "url": "/release/", "label": "Løslatelse", "icon": "Tasklist", "count": None},
    {"code": "report", "url": "/report/", "label": "Rapport", "icon": "PieChart", "count": None},
]
ALERTS = [
    {"severity": "info", "text": "Tolk: tigrinja", "icon": "Language"},
    {"severity": "danger", "text": "Selvskading – høy risiko"},
    {"severity": "warning", "text": "Skal ikke sitte med A-207"},
]
FIOLIN = {"name": "Fiolin, Blid", "place": "A-214", "birth_year": 1991, "number": "S-20417", "alerts": ALERTS}
TIGER = {"name": "Tiger, Vennlig", "place": "B-117", "birth_year": 1987, "number": "S-19822", "alerts": []}


def quick(name: str, place: str, alerts: list[dict[str, str]]) -> dict[str, Any]:
    """The quick check form of one row."""
    first = " ".join(reversed(name.split(", ")))
    return {
        "label": "Logg tilsyn",
        "for_name": first,
        "url": "/today/",
        "key": f"key-{place}",
        "name": name,
        "place": place,
        "alerts": alerts,
        "more_url": "/isolation/",
    }


def task(name: str, place: str, title: str, reason: str, due_at: datetime, **more: Any) -> dict[str, Any]:
    """One row of "I dag"."""
    return {"name": name, "place": place, "title": title, "reason": reason, "due_at": due_at, "url": "/person/", **more}


GROUPS = [
    {
        "code": "overdue",
        "title": "Over fristen",
        "tasks": [
            task("Fiolin, Blid", "A-214", "Tilsyn hver time", "Utelukkelse § 37", at(12, 50), quick=quick("Fiolin, Blid", "A-214", ALERTS)),
            task("Trompet, Kreativ", "B-101", "Innkomstsamtale innen 24 timer", "Kom i går kl. 12.40", at(12, 40), action_label="Start samtale", action_url="/x/"),
        ],
    },
    {
        "code": "soon",
        "title": "Innen en time",
        "tasks": [
            task("Sjiraff, Ivrig", "A-207", "Tilsyn hver time", "Utelukkelse § 37", at(13, 20), quick=quick("Sjiraff, Ivrig", "A-207", [])),
            task("Fiolin, Blid", "A-214", "Tilsyn av helsepersonell", "Varslet ved vedtaket", at(14), agency_kind="municipal_health", agency_name="Prøveby kommune", waiting=True, action_label="Se brev", action_url="/x/"),
        ],
    },
    {
        "code": "later",
        "title": "Senere i dag",
        "tasks": [
            task("Måke, Tapper", "A-221", "Kartlegging av språk og lesevansker", "Ny innkomst", at(15), action_label="Åpne", action_url="/x/"),
            task("Lampe, Rolig", "A-219", "Plan for mer fellesskap", "Isolert i 19 timer", at(16), strength="anbefalt", action_label="Skriv plan", action_url="/x/"),
        ],
    },
    {
        "code": "coming",
        "title": "Neste dager",
        "tasks": [
            task("Tiger, Vennlig", "B-117", "Referat fra samarbeidsmøte", "Møte i dag kl. 10.00", at(15, 30, 1), action_label="Skriv referat", action_url="/x/"),
            task("Sofa, Stille", "B-110", "Svar på henvisning", "Sendt 9. november", at(12, 0, 2), agency_kind="specialist_health", agency_name="Prøveby DPS", waiting=True, action_label="Se henvisning", action_url="/x/"),
        ],
    },
]
EVENTS = [
    ("check", at(11, 45), "Våken, rolig", "Ville ikke ha lunsj. Tok imot vann.", "Betjent M. Eksempel"),
    ("check", at(10, 52), "Våken, rolig", "", "Betjent M. Eksempel"),
    ("letter", at(10, 15), "Svar fra Prøveby kommune", "Tilsyn er utført. Ny vurdering i morgen kl. 10.", "Sykepleier L. Prøve"),
    ("contact", at(10, 0), "50 minutter luftegård med to andre", "Rolig. Ønsker å ringe søsteren.", "Betjent M. Eksempel"),
    ("check", at(9, 48), "Sover – ser pust", "", "Betjent T. Tenkt"),
    ("gap", at(9, 10), "78 minutter uten tilsyn", "Fra kl. 08.30 til 09.48. Kravet er én gang i timen.", "Varslet vaktleder 09.31"),
    ("check", at(8, 30), "Urolig", "Banket på døra. Ville snakke med advokat. Beskjed gitt.", "Betjent T. Tenkt"),
    ("check", at(7, 40), "Våken, rolig", "", "Betjent T. Tenkt"),
]
BEFORE = [
    ("health", at(22, 20, -1), "Legevakt tilkalt og varslet", "Ring ved endring.", "Vaktleder H. Mønster"),
    ("plan", at(22, 18, -1), "Plan for å avslutte er skrevet", "", "Vaktleder H. Mønster"),
    ("decision", at(22, 15, -1), "Vedtak om utelukkelse, § 37 første ledd", "Ny vurdering innen 24 timer.", "Vaktleder H. Mønster"),
]


def events(rows: list[tuple[str, datetime, str, str, str]]) -> list[dict[str, Any]]:
    """Rows as the timeline wants them."""
    return [dict(zip(("type", "at", "title", "text", "who"), row, strict=True)) for row in rows]


LETTER = {
    "title": "Varsel om utelukkelse",
    "sender_kind": "custody",
    "sender_name": "Prøveby fengsel",
    "recipient_kind": "municipal_health",
    "recipient_name": "Prøveby kommune",
    "sent_at": at(22, 16, -1),
    "basis": "Straffegjennomføringsloven § 37 sjuende ledd",
    "rows": [
        {"label": "Hvem det gjelder", "value": "Fiolin, Blid, født 1991"},
        {"label": "Når det startet", "value": at(22, 15, -1)},
        {"label": "Slag", "value": "Utelukkelse bestemt av fengselet"},
        {"label": "Har selv bedt om tilsyn", "value": True},
        {"label": "Varighet til nå", "value": timedelta(hours=14, minutes=47)},
        {"label": "Hva vi har sett", "value": "Urolig fra kl. 20.\nBer om å få snakke med lege.\n<script>alert(1)</script>"},
        {"label": "Varslet muntlig", "value": ["Legevakt", "Vaktleder"]},
        {"label": "Neste vurdering", "value": at(22, 15).date()},
    ],
}


class ConsentForm(forms.Form):
    """One of every kind of field."""

    recipients = forms.MultipleChoiceField(
        label="Hvem kan få opplysningene?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("municipality", "Prøveby kommune – bolig"), ("nav", "Nav Prøveby"), ("voluntary", "Nettverk etter soning")],
        error_messages={"required": "Velg minst én som kan få opplysninger"},
    )
    purpose = forms.CharField(
        label="Hva skal opplysningene brukes til?",
        help_text="For eksempel: finne bolig før løslatelse.",
        error_messages={"required": "Skriv hva opplysningene skal brukes til"},
    )
    until = forms.DateField(
        label="Samtykket gjelder til og med",
        help_text="Dag, måned og år, for eksempel 31.12.2026.",
        error_messages={"required": "Skriv en dato", "invalid": "Skriv datoen slik: 31.12.2026"},
    )
    given_at = forms.SplitDateTimeField(label="Når ble samtykket gitt?", widget=forms.SplitDateTimeWidget, require_all_fields=False, error_messages={"required": "Skriv dag og klokkeslett"})
    manner = forms.ChoiceField(
        label="Hvordan er samtykket gitt?",
        widget=forms.RadioSelect,
        choices=[("signed", "Signert på papir"), ("spoken", "Muntlig, med vitne"), ("interpreter", "Muntlig, med tolk")],
        error_messages={"required": "Velg hvordan samtykket er gitt"},
    )
    place = forms.ChoiceField(label="Sted", required=False, choices=[("", "Velg"), ("a", "Avdeling A")])
    note = forms.CharField(label="Merknad", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    understood = forms.BooleanField(
        label="Personen har fått informasjonen på et språk hun eller han forstår, og vet at samtykket kan trekkes når som helst",
        error_messages={"required": "Bekreft at personen har forstått informasjonen"},
    )
    key = forms.CharField(widget=forms.HiddenInput, initial="k")


class TimeForm(forms.Form):
    """The fold-out of the check log."""

    seen_at = forms.TimeField(label="Tidspunkt", required=False, help_text="Timer og minutter, for eksempel 12.40. La stå tomt hvis tilsynet er nå.")


class WorryForm(forms.Form):
    """The mandatory note."""

    note = forms.CharField(label="Hva ser du?", help_text="Skriv det du ser og hører, ikke hva du tror.", widget=forms.Textarea(attrs={"rows": 4}))
    notified = forms.MultipleChoiceField(label="Hvem er varslet?", widget=forms.CheckboxSelectMultiple, choices=[("leader", "Vaktleder"), ("health", "Helseavdelingen"), ("113", "Medisinsk nødtelefon 113")])


def strip() -> str:
    """The strip above the timeline."""
    checks = [row[1] for row in EVENTS if row[0] == "check"]
    gaps = [charts.Gap(at(8, 30), at(9, 48)), charts.Gap(at(12, 45), NOW)]
    return charts.check_strip(checks, gaps, start=at(5), end=at(16), now=NOW)


WEEKS = list(range(36, 48))
ON_TIME = [88, 90, 86, 91, 93, 92, 89, 94, 95, 93, 96, 94]
ALONE = [14, 12, 15, 11, 9, 10, 12, 8, 7, 9, 6, 7]


def figures() -> dict[str, str]:
    """The charts of the report."""
    on_time = [charts.Column(str(week), value) for week, value in zip(WEEKS, ON_TIME, strict=True)]
    alone = [charts.Column(str(week), value) for week, value in zip(WEEKS, ALONE, strict=True)]
    waits = [("Kommunen", "kommune", 7, 34), ("Nav", "nav", 6, 28), ("Spesialisthelse", "spesialist", 18, 19), ("Politiet", "politi", 4, 9), ("Frivillig", "frivillig", 5, 12)]
    ready = [("Bolig", 25), ("Økonomi", 27), ("Helse", 22), ("Legitimasjon", 29), ("Nettverk", 17)]
    return {
        "on_time": charts.columns(on_time, title="Andel tilsyn i tide, prosent per uke", y_min=70, y_max=100, goal=98, label_prefix="uke "),
        "alone": charts.columns(alone, title="Døgn med mer enn 22 timer alene, per uke", y_max=20, tone="bad", label_prefix="uke "),
        "waits": charts.bars(
            [charts.Bar(name, days, str(days), f"({count} svar)", "bad" if days > 10 else "main", colour) for name, colour, days, count in waits],
            caption="Ventetid på svar per etat, dager", label_heading="Etat", value_heading="Dager", maximum=20, goal=10,
        ),
        "ready": charts.bars([charts.Bar(name, count, f"{count} av 31", tone="good") for name, count in ready], caption="Klart 30 dager før løslatelse", label_heading="Område", value_heading="Antall klare", maximum=31),
        "heat": charts.heat_strip([charts.Heat(f"{day}.11", str(hours), hours // 5) for day, hours in zip(range(10, 24), (2, 2, 3, 1, 0, 4, 6, 8, 10, 12, 14, 18, 20, 22), strict=True)], title="Timer utenfor cella per dag"),
    }


# ---- Pages ---------------------------------------------------------------------------------------------------------

FRAME = '{% extends base %}{% load static i18n samvirke %}{% block title %}PAGE{% endblock %}'
BODIES: dict[str, str] = {
    "today": """{% block content %}
<div class="page-head"><div><h1 class="ds-heading" data-size="md">I dag</h1><p class="page-head__lead">{{ now|day|capfirst }}. Dagvakt 07.30–15.00.</p></div>
<form class="filter" method="get"><label for="scope" class="ds-sr-only">Vis oppgaver for</label><select class="ds-input" id="scope" name="scope"><option>Avdeling A</option><option>Hele fengselet</option></select><button class="ds-button" data-variant="secondary">Vis</button></form></div>
<div role="status" class="status-area">{% if receipt %}{% include "components/receipt.html" %}{% endif %}</div>
{% include "components/count_tiles.html" %}{% for group in groups %}{% include "components/task_group.html" %}{% endfor %}
<details class="ds-details"><summary>Gjort i dag (1 siste)</summary><div><ul class="done-list"><li>{% deadline done done %}<span>Tilsyn: Planke, Rask</span></li></ul></div></details>
<p class="updated">Oppdatert kl. {{ now|clock }}. <a class="ds-link" href="?">Hent på nytt</a></p>{% endblock %}""",
    "today-empty": """{% block content %}{% include "components/page_head.html" with heading="I dag" lead="Mandag 23. november." %}
{% include "components/count_tiles.html" with groups=empty_groups %}
{% include "components/empty.html" with title="Ingen oppgaver nå" text="Neste faste tilsyn er kl. 13.20. Nye oppgaver kommer hit av seg selv." link_url="?all" link_label="Se hele fengselet" %}{% endblock %}""",
    "measure": """{% block head %}<script src="{% static 'vendor/htmx.min.js' %}" defer></script>{% endblock %}
{% block above %}{% include "components/breadcrumbs.html" %}{% include "components/person_banner.html" with person=fiolin %}{% endblock %}{% block content %}
{% include "components/page_head.html" with heading="Utelukkelse fra fellesskapet" lead="Straffegjennomføringsloven § 37. Startet i går kl. 22.15." print_tool=True %}
<div class="with-side-panel">
<section class="ds-card check-log" id="check-log" aria-labelledby="check-log-title" tabindex="-1"><div class="check-log__head"><h2 class="ds-heading" data-size="xs" id="check-log-title">Logg tilsyn <span class="check-log__who">Fiolin, Blid <span class="place">A-214</span></span></h2>{% deadline next_check %}</div>
<p class="danger-line">{% icon "XMarkOctagonFill" %}Selvskading – høy risiko</p>
<div role="status" class="status-area">{% if receipt %}{% include "components/receipt.html" with hx_target="check-log" %}{% endif %}</div>
<form method="post" action="/measure/" class="check-log__form" hx-post="/measure/" hx-target="#check-log" hx-select="#check-log" hx-swap="outerHTML" data-once>{% csrf_token %}<input type="hidden" name="key" value="k">{% include "components/state_buttons.html" %}<details class="ds-details check-log__more"><summary>Annet tidspunkt eller merknad</summary><div>{{ time_form.seen_at.as_field_group }}</div></details></form></section>
<section class="panel" aria-labelledby="strip-title"><h2 class="ds-heading" data-size="2xs" id="strip-title">Tilsyn i dag</h2>{{ strip }}<p class="legend"><span><i class="legend__dot" aria-hidden="true"></i>tilsyn</span><span><i class="legend__gap" aria-hidden="true"></i>mer enn én time siden forrige</span></p></section>
<aside class="side-panel" aria-label="Om tiltaket"><section class="ds-card" aria-labelledby="status-title"><h2 class="ds-heading" data-size="2xs" id="status-title">Status</h2>{% include "components/facts.html" %}</section>
<section class="ds-card" aria-labelledby="plan-title"><h2 class="ds-heading" data-size="2xs" id="plan-title">Plan for å avslutte</h2><ul class="plan-list"><li><p>Ringe søsteren med tolk</p><p>{% agency_label "custody" "Kriminalomsorgen" %}{% deadline later %}</p></li><li><p>Luftegård med to andre</p><p>{% agency_label "custody" "Kriminalomsorgen" %}{% deadline done done %}</p></li></ul><p><a class="ds-button" data-variant="secondary" href="#plan">Endre plan</a></p></section></aside>
<section class="panel" id="timeline" aria-labelledby="timeline-title"><div class="part-head"><h2 class="ds-heading" data-size="xs" id="timeline-title">Hendelser</h2>{% include "components/chips.html" %}</div>{% include "components/timeline.html" with older_url="?before=x" %}</section></div>{% endblock %}""",
    "worry": """{% block above %}<nav aria-label="Tilbake"><a class="ds-link back" href="/measure/">Tilbake til Fiolin, Blid</a></nav>{% include "components/person_banner.html" with person=unread %}{% endblock %}{% block content %}
<div class="narrow"><h1 class="ds-heading" data-size="md">Urolig kl. {{ now|clock }}</h1><div class="ds-alert" data-color="danger"><p><strong>Er det fare for liv eller helse?</strong> Ring helseavdelingen på 5555 eller 113 før du skriver.</p></div>
{% include "components/form.html" with form=worry submit_label="Lagre tilsyn" cancel_url="/measure/" %}</div>{% endblock %}""",
    "release": """{% block above %}{% include "components/breadcrumbs.html" %}{% include "components/person_banner.html" with person=tiger %}{% endblock %}{% block content %}
{% include "components/page_head.html" with heading="Plan for løslatelse" tools=release_tools print_tool=True %}{% include "components/tabs.html" %}{% include "components/release_countdown.html" %}
<div class="two-columns"><form method="post" class="checklist" aria-labelledby="list-title"><h2 class="ds-heading" data-size="xs" id="list-title">Sjekkliste</h2><fieldset class="area"><legend>{% icon "House" %}Bolig <span class="area__count">1 av 2</span></legend><ul><li class="item" data-done><div class="ds-field"><input class="ds-input" type="checkbox" name="item" value="1" id="item-1" checked><label class="ds-label" for="item-1">Søknad om kommunal bolig er sendt</label></div><p class="item__more">{% agency_label "municipal_health" "Kommunen" %}{% deadline done done %}</p></li><li class="item"><div class="ds-field"><input class="ds-input" type="checkbox" name="item" value="2" id="item-2"><label class="ds-label" for="item-2">Midlertidig bolig er avklart hvis søknaden ikke er ferdig</label></div><p class="item__more">{% agency_label "nav" "Nav" %}{% deadline late %}</p></li></ul></fieldset><p class="button-row"><button class="ds-button">Lagre sjekkliste</button></p></form>
<section class="stack" aria-labelledby="meetings-title"><h2 class="ds-heading" data-size="xs" id="meetings-title">Møter</h2><ol class="meetings"><li class="meeting" data-coming><p class="meeting__when">Fredag 4. desember kl. 10.00</p><p class="meeting__title"><a class="ds-link" href="#m">Samarbeidsmøte 3</a></p><p class="meeting__place">Møterom 2</p><p class="agency-labels">{% agency_label "custody" "Kriminalomsorgen" %}{% agency_label "municipal_health" "Kommunen" %}{% agency_label "nav" "Nav" %}{% agency_label "specialist_health" "Spesialisthelse" %}{% agency_label "police" "Politiet" %}{% agency_label "voluntary" "Frivillig" %}{% agency_label "county" "Ukjent slag" %}</p></li><li class="meeting"><p class="meeting__when">I dag kl. 10.00</p><p class="meeting__title"><a class="ds-link" href="#m">Samarbeidsmøte 2</a></p><p class="meeting__minutes" data-missing>{% icon "ExclamationmarkTriangle" %}Referat mangler</p></li></ol></section></div>{% endblock %}""",
    "consent": """{% block above %}{% include "components/breadcrumbs.html" %}{% endblock %}{% block content %}{% include "components/error_summary.html" with form=consent %}<h1 class="ds-heading" data-size="md">Samtykke og deling</h1>
<div class="two-columns"><section aria-labelledby="new-title"><h2 class="ds-heading" data-size="xs" id="new-title">Nytt samtykke</h2><p class="intro">Gå gjennom spørsmålene sammen med personen. Ingenting deles før samtykket er lagret.</p>{% include "components/form.html" with form=consent submit_label="Lagre samtykke" draft=True %}</section>
<section class="stack" aria-labelledby="valid-title"><h2 class="ds-heading" data-size="xs" id="valid-title">Gjelder nå</h2><ul class="consents"><li class="ds-card"><p>{% agency_label "municipal_health" "Kommunen" %}</p><p>Bolig, dato for løslatelse</p><p class="muted">Til 4. juli 2027.</p><form method="post">{% csrf_token %}<button class="ds-button" data-variant="secondary" data-color="danger">Trekk tilbake<span class="ds-sr-only"> samtykke til Kommunen</span></button></form></li></ul></section></div>
<section class="separate" aria-labelledby="shared-title"><h2 class="ds-heading" data-size="xs" id="shared-title">Opplysninger som er delt</h2><table class="ds-table card-table" data-border><caption class="ds-sr-only">Opplysninger som er delt, nyeste først</caption><thead><tr><th scope="col">Dato</th><th scope="col">Mottaker</th><th scope="col">Hva</th><th scope="col">Grunnlag</th></tr></thead><tbody><tr><td data-label="Dato"><time datetime="{{ late|iso }}">{{ late|shortdate }}<span> kl. {{ late|clock }}</span></time></td><td data-label="Mottaker">{% agency_label "nav" "Nav" %}</td><td data-label="Hva">Dato for løslatelse</td><td data-label="Grunnlag"><span class="ds-tag" data-color="success">{% icon "Checkmark" %}Samtykke</span></td></tr><tr><td data-label="Dato"><time datetime="{{ late|iso }}">{{ late|shortdate }}<span> kl. {{ late|clock }}</span></time></td><td data-label="Mottaker">{% agency_label "police" "Politiet" %}</td><td data-label="Hva">Adresse ved permisjon</td><td data-label="Grunnlag"><span class="ds-tag" data-color="neutral" data-variant="outline">{% icon "Gavel" %}Lovpålagt</span></td></tr></tbody></table>{% include "components/pagination.html" with newer_url="?after=x" older_url="?before=x" %}</section>{% endblock %}""",
    "report": """{% block content %}{% include "components/page_head.html" with heading="Rapport om samarbeid" lead="Prøveby fengsel, uke 36–47 2026" tools=report_tools %}
<form class="filter-row" method="get" aria-label="Filter"><div class="ds-field"><label class="ds-label" for="period">Periode</label><select class="ds-input" id="period" name="period"><option>Siste 12 uker</option></select></div><button class="ds-button" data-variant="secondary">Vis</button></form>
{% include "components/kpi.html" %}
<div class="figures"><figure class="figure"><figcaption><h2 class="ds-heading" data-size="2xs">Tilsyn i tide</h2><p>Prosent av alle tilsyn per uke. Streken viser målet på 98 prosent. Aksen starter på 70.</p></figcaption>{{ figures.on_time }}</figure><figure class="figure"><figcaption><h2 class="ds-heading" data-size="2xs">Døgn med mer enn 22 timer alene</h2><p>Antall per uke.</p></figcaption>{{ figures.alone }}</figure></div>
<details class="ds-details figure-table"><summary>Vis tallene som tabell</summary><div><table class="ds-table" data-border><caption class="ds-sr-only">Tall per uke</caption><thead><tr><th scope="col">Uke</th><th scope="col" class="number">Tilsyn i tide, prosent</th></tr></thead><tbody>{% for week, share in weeks %}<tr><th scope="row">{{ week }}</th><td class="number">{{ share }}</td></tr>{% endfor %}</tbody></table></div></details>
<div class="figures"><section class="figure" aria-labelledby="waits-title"><h2 class="ds-heading" data-size="2xs" id="waits-title">Ventetid på svar</h2><p>Middels antall dager. Streken viser målet på 10 dager.</p>{{ figures.waits }}</section><section class="figure" aria-labelledby="ready-title"><h2 class="ds-heading" data-size="2xs" id="ready-title">Klart 30 dager før løslatelse</h2><p>31 løslatelser i perioden.</p>{{ figures.ready }}</section></div>
<section class="figure" aria-labelledby="heat-title"><h2 class="ds-heading" data-size="2xs" id="heat-title">Timer utenfor cella</h2><p>Per dag.</p>{{ figures.heat }}</section>{% endblock %}""",
    "wait": """{% block head %}<script src="{% static 'vendor/htmx.min.js' %}" defer></script>{% endblock %}{% block content %}{% include "components/progress.html" %}{% endblock %}""",
    "letter": """{% block content %}{% include "components/page_head.html" with heading="Brev" %}{% include "components/search_form.html" %}{% include "components/letter.html" %}{% endblock %}""",
    "login": """{% block content %}<div class="narrow narrow--centered"><h1 class="ds-heading" data-size="md">Logg inn</h1>{% include "components/form.html" with form=time_form submit_label="Logg inn" %}</div>{% endblock %}""",
}
BASES = {"login": "base_public.html"}
ERRORS = ("400", "403", "403_csrf", "404", "500")


def context(*, theme: str = "auto", active: str = "today", receipt: bool = False, messages: bool = False) -> dict[str, Any]:
    """Everything the pages need, for all of them at once."""
    bad = QueryDict("key=k&recipients=nav&given_at_0=&given_at_1=")
    saved = {"title": "Lagret kl. 13.02: Sover – ser pust", "text": "Fiolin, Blid, A-214. Neste tilsyn senest kl. 14.02.", "undo_url": "/today/", "undo_key": "k"}
    kpis = [
        {"value": "94 %", "label": "tilsyn i tide", "reached": False, "goal": "Mål 98 %", "note": "Opp 2 prosentpoeng fra forrige måned"},
        {"value": "7", "label": "døgn med mer enn 22 timer alene", "reached": False, "severity": "danger", "goal": "Mål 0", "note": "Opp fra 6 forrige uke"},
        {"value": "81 %", "label": "hadde bolig avklart 30 dager før løslatelse", "reached": True, "goal": "Mål 80 %", "note": "Opp 6 prosentpoeng fra i fjor"},
        {"value": "9 dager", "label": "middels ventetid på svar fra andre", "reached": None, "note": "Uendret fra forrige måned"},
    ]
    release_at = NOW.replace(year=2027, month=1, day=4, hour=9, minute=0)
    names = [("Kartlegging", 90, "done"), ("Første møte", 60, "done"), ("Bolig avklart", 30, "next"), ("Alt klart", 14, "coming"), ("Siste møte", 7, "coming"), ("Løslatelse", 0, "coming")]
    return {
        "actor": ACTOR, "menu": MENU, "active_menu": active, "theme": theme, "now": NOW, "csrf_token": "token",
        "messages": [Message(SUCCESS, "Brevet er sendt."), Message(WARNING, "Mottakeren har ikke lest det."), Message(ERROR, "Vedlegget ble ikke sendt.")] if messages else [],
        "request": SimpleNamespace(path="/today/"), "groups": GROUPS, "empty_groups": [{**group, "tasks": []} for group in GROUPS],
        "receipt": saved if receipt else None, "done": at(12, 4), "late": at(12, 0, -2), "later": at(16), "next_check": at(12, 50),
        "crumbs": [{"label": "I dag", "url": "/today/"}, {"label": "Isolasjon", "url": "/isolation/"}, {"label": "Fiolin, Blid", "url": "/measure/"}],
        "fiolin": FIOLIN, "tiger": TIGER, "unread": {**FIOLIN, "alerts": None}, "strip": strip(), "time_form": TimeForm(), "worry": WorryForm(), "consent": ConsentForm(bad),
        "facts": [{"label": "Varighet", "value": formats.duration(timedelta(hours=14, minutes=47)), "strong": True}, {"label": "Ny vurdering", "due_at": at(22, 15)}, {"label": "Tid med andre i dag", "value": "50 min av minst 2 timer", "figure": charts.bar(50, 120)}, {"label": "Besluttet av", "value": "Vaktleder H. Mønster"}],
        "days": [{"label": "I dag", "date": NOW, "events": events(EVENTS)}, {"label": "I går", "date": at(12, 0, -1), "events": events(BEFORE)}],
        "chips": [{"label": "Alt", "url": "?", "current": True}, {"label": "Tilsyn", "url": "?show=check"}, {"label": "Brev", "url": "?show=letter", "count": 1}],
        "tabs": [{"label": "Plan", "url": "?", "current": True}, {"label": "Brev", "url": "?letters", "count": 3}], "tabs_label": "Sider om løslatelsen",
        "release_tools": [{"label": "Samtykke og deling", "url": "/consent/", "icon": "ShieldLock"}], "report_tools": [{"label": "Lag PDF", "url": "/wait/", "icon": "Download"}],
        "release": {"days": 42, "release_at": release_at, "done": 3, "total": 10, "overdue": 1, "meter": charts.meter(3, 10), "milestones": [{"label": name, "on": (release_at - timedelta(days=days)).date(), "status": status} for name, days, status in names]},
        "kpis": kpis, "figures": figures(), "weeks": list(zip(WEEKS, ON_TIME, strict=True)), "letter": LETTER,
        "job": {"title": "Rapporten lages", "text": "Steg 2 av 3: tegner figurer. Det tar vanligvis under 20 sekunder.", "step": 2, "steps": 3, "check_url": "/wait/", "back_url": "/report/", "back_label": "Tilbake til rapporten"},
        "search": {"action": "/search/", "label": "Finn person", "hint": "Navn, eller nummeret i fengselet.", "value": "", "error": ""},
    }


def render(name: str, **options: Any) -> str:
    """One page of the gallery as HTML. `options` as for context()."""
    with gallery_urls():
        source = FRAME.replace("PAGE", name) + BODIES[name]
        template = engines["django"].from_string(source)
        return str(template.render({**context(**options), "base": BASES.get(name, "base.html")}))


def render_error(name: str) -> str:
    """One error page as a signed-in person sees it."""
    with gallery_urls():
        return str(engines["django"].get_template(f"{name}.html").render(context()))


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Handler(BaseHTTPRequestHandler):
    """Serves the gallery under the strict policy the site has. The query chooses: ?theme=dark, ?receipt=1, ?messages=1."""

    def do_GET(self) -> None:
        """One page, or one static file."""
        parts = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        name = parts.path.strip("/")
        file = (ROOT / name).resolve()
        if name.startswith("static/") and file.is_relative_to(ROOT / "static") and file.is_file():
            self.answer(file.read_bytes(), KINDS[file.suffix])
        elif name in BODIES:
            html = render(name, theme=asked.get("theme", "auto"), receipt="receipt" in asked, messages="messages" in asked)
            self.answer(html.encode(), "text/html; charset=utf-8")
        elif name.removeprefix("error-") in ERRORS:
            self.answer(render_error(name.removeprefix("error-")).encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str) -> None:
        """Send one body."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def served() -> Iterator[str]:
    """The gallery on a free port of this machine. Yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for page in BODIES:
        (folder / f"{page}.html").write_text(render(page), encoding="utf-8")
    for page in ERRORS:
        (folder / f"error-{page}.html").write_text(render_error(page), encoding="utf-8")
