"""Invented persons and what happened to them: the content of the gallery. Must not touch the database or hold tests."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

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

from coordination import charts, formats  # noqa: E402
from coordination.form_renderer import ClockField, MomentField  # noqa: E402

NOW = datetime(2026, 11, 23, 13, 2, tzinfo=formats.OSLO)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A wall clock time near NOW."""
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=days)


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
            task(
                "Fiolin, Blid",
                "A-214",
                "Tilsyn hver time",
                "Utelukkelse § 37",
                at(12, 50),
                quick=quick("Fiolin, Blid", "A-214", ALERTS),
            ),
            task(
                "Trompet, Kreativ",
                "B-101",
                "Innkomstsamtale innen 24 timer",
                "Kom i går kl. 12.40",
                at(12, 40),
                action_label="Start samtale",
                action_url="/x/",
            ),
        ],
    },
    {
        "code": "soon",
        "title": "Innen en time",
        "tasks": [
            task(
                "Sjiraff, Ivrig",
                "A-207",
                "Tilsyn hver time",
                "Utelukkelse § 37",
                at(13, 20),
                quick=quick("Sjiraff, Ivrig", "A-207", []),
            ),
            task(
                "Fiolin, Blid",
                "A-214",
                "Tilsyn av helsepersonell",
                "Varslet ved vedtaket",
                at(14),
                agency_kind="municipal_health",
                agency_name="Prøveby kommune",
                waiting=True,
                action_label="Se brev",
                action_url="/x/",
            ),
        ],
    },
    {
        "code": "later",
        "title": "Senere i dag",
        "tasks": [
            task(
                "Måke, Tapper",
                "A-221",
                "Kartlegging av språk og lesevansker",
                "Ny innkomst",
                at(15),
                action_label="Åpne",
                action_url="/x/",
            ),
            task(
                "Lampe, Rolig",
                "A-219",
                "Plan for mer fellesskap",
                "Isolert i 19 timer",
                at(16),
                strength="anbefalt",
                action_label="Skriv plan",
                action_url="/x/",
            ),
        ],
    },
    {
        "code": "coming",
        "title": "Neste dager",
        "tasks": [
            task(
                "Tiger, Vennlig",
                "B-117",
                "Referat fra samarbeidsmøte",
                "Møte i dag kl. 10.00",
                at(15, 30, 1),
                action_label="Skriv referat",
                action_url="/x/",
            ),
            task(
                "Sofa, Stille",
                "B-110",
                "Svar på henvisning",
                "Sendt 9. november",
                at(12, 0, 2),
                agency_kind="specialist_health",
                agency_name="Prøveby DPS",
                waiting=True,
                action_label="Se henvisning",
                action_url="/x/",
            ),
        ],
    },
]
EVENTS = [
    ("check", at(11, 45), "Våken, rolig", "Ville ikke ha lunsj. Tok imot vann.", "Betjent M. Eksempel"),
    ("check", at(10, 52), "Våken, rolig", "", "Betjent M. Eksempel"),
    (
        "letter",
        at(10, 15),
        "Svar fra Prøveby kommune",
        "Tilsyn er utført. Ny vurdering i morgen kl. 10.",
        "Sykepleier L. Prøve",
    ),
    (
        "contact",
        at(10, 0),
        "50 minutter luftegård med to andre",
        "Rolig. Ønsker å ringe søsteren.",
        "Betjent M. Eksempel",
    ),
    ("check", at(9, 48), "Sover – ser pust", "", "Betjent T. Tenkt"),
    (
        "gap",
        at(9, 10),
        "78 minutter uten tilsyn",
        "Fra kl. 08.30 til 09.48. Kravet er én gang i timen.",
        "Varslet vaktleder 09.31",
    ),
    ("check", at(8, 30), "Urolig", "Banket på døra. Ville snakke med advokat. Beskjed gitt.", "Betjent T. Tenkt"),
    ("check", at(7, 40), "Våken, rolig", "", "Betjent T. Tenkt"),
]
BEFORE = [
    ("health", at(22, 20, -1), "Legevakt tilkalt og varslet", "Ring ved endring.", "Vaktleder H. Mønster"),
    ("plan", at(22, 18, -1), "Plan for å avslutte er skrevet", "", "Vaktleder H. Mønster"),
    (
        "decision",
        at(22, 15, -1),
        "Vedtak om utelukkelse, § 37 første ledd",
        "Ny vurdering innen 24 timer.",
        "Vaktleder H. Mønster",
    ),
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
        {
            "label": "Hva vi har sett",
            "value": "Urolig fra kl. 20.\nBer om å få snakke med lege.\n<script>alert(1)</script>",
        },
        {"label": "Varslet muntlig", "value": ["Legevakt", "Vaktleder"]},
        {"label": "Neste vurdering", "value": at(22, 15).date()},
    ],
}


class ConsentForm(forms.Form):
    """One of every kind of field."""

    recipients = forms.MultipleChoiceField(
        label="Hvem kan få opplysningene?",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("municipality", "Prøveby kommune – bolig"),
            ("nav", "Nav Prøveby"),
            ("voluntary", "Nettverk etter soning"),
        ],
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
    given_at = MomentField(label="Når ble samtykket gitt?", error_messages={"required": "Skriv dag og klokkeslett"})
    manner = forms.ChoiceField(
        label="Hvordan er samtykket gitt?",
        widget=forms.RadioSelect,
        choices=[
            ("signed", "Signert på papir"),
            ("spoken", "Muntlig, med vitne"),
            ("interpreter", "Muntlig, med tolk"),
        ],
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

    seen_at = ClockField(
        label="Tidspunkt",
        required=False,
        help_text="Timer og minutter, for eksempel 12.40. La stå tomt hvis tilsynet er nå.",
    )


class WorryForm(forms.Form):
    """The mandatory note."""

    note = forms.CharField(
        label="Hva ser du?",
        help_text="Skriv det du ser og hører, ikke hva du tror.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    notified = forms.MultipleChoiceField(
        label="Hvem er varslet?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("leader", "Vaktleder"), ("health", "Helseavdelingen"), ("113", "Medisinsk nødtelefon 113")],
    )


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
    waits = [
        ("Kommunen", "kommune", 7, 34),
        ("Nav", "nav", 6, 28),
        ("Spesialisthelse", "spesialist", 18, 19),
        ("Politiet", "politi", 4, 9),
        ("Frivillig", "frivillig", 5, 12),
    ]
    ready = [("Bolig", 25), ("Økonomi", 27), ("Helse", 22), ("Legitimasjon", 29), ("Nettverk", 17)]
    return {
        "on_time": charts.columns(
            on_time, title="Andel tilsyn i tide, prosent per uke", y_min=70, y_max=100, goal=98, label_prefix="uke "
        ),
        "alone": charts.columns(
            alone, title="Døgn med mer enn 22 timer alene, per uke", y_max=20, tone="bad", label_prefix="uke "
        ),
        "waits": charts.bars(
            [
                charts.Bar(name, days, str(days), f"({count} svar)", "bad" if days > 10 else "main", colour)
                for name, colour, days, count in waits
            ],
            caption="Ventetid på svar per etat, dager",
            label_heading="Etat",
            value_heading="Dager",
            maximum=20,
            goal=10,
        ),
        "ready": charts.bars(
            [charts.Bar(name, count, f"{count} av 31", tone="good") for name, count in ready],
            caption="Klart 30 dager før løslatelse",
            label_heading="Område",
            value_heading="Antall klare",
            maximum=31,
        ),
        "heat": charts.heat_strip(
            [
                charts.Heat(f"{day}.11", str(hours), hours // 5)
                for day, hours in zip(range(10, 24), (2, 2, 3, 1, 0, 4, 6, 8, 10, 12, 14, 18, 20, 22), strict=True)
            ],
            title="Timer utenfor cella per dag",
        ),
    }
