"""Every component drawn with invented persons: what the tests read, and what a developer looks at.

`python -m tests.frontend.gallery <folder>` writes the pages as HTML. Must not touch the database or hold tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import engines
from django.test import override_settings
from django.urls import path

from coordination import charts, formats
from tests.frontend.invented import (
    ACTOR,
    BEFORE,
    EVENTS,
    FIOLIN,
    GROUPS,
    LETTER,
    MENU,
    NOW,
    ON_TIME,
    ROOT,
    TIGER,
    WEEKS,
    ConsentForm,
    TimeForm,
    WorryForm,
    at,
    events,
    figures,
    strip,
)

__all__ = [
    "BODIES",
    "ERRORS",
    "GROUPS",
    "LETTER",
    "NOW",
    "ROOT",
    "ConsentForm",
    "context",
    "figures",
    "gallery_urls",
    "render",
    "render_error",
    "strip",
]


def nowhere(request: HttpRequest) -> HttpResponse:
    """The target of every link in the gallery."""
    return HttpResponse()


urlpatterns = [
    path(f"{name}/", nowhere, name=name)
    for name in ("today", "set_theme", "choose_membership", "help", "logout", "login", "accessibility")
]
urlpatterns += [path(f"{name}/<uuid:pk>/", nowhere, name=name) for name in ("check_late", "check_other")]


@contextmanager
def gallery_urls() -> Iterator[None]:
    """The URL names that the frame links to, whether or not the pages exist yet."""
    with override_settings(ROOT_URLCONF=__name__):
        yield


FRAME = "{% extends base %}{% load static i18n samvirke %}{% block title %}PAGE{% endblock %}"
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
{% include "components/page_head.html" with heading="Plan for løslatelse" tools=release_tools print_tool=True %}{% include "components/tabs.html" %}
<section class="stack" aria-labelledby="meetings-title"><h2 class="ds-heading" data-size="xs" id="meetings-title">Møter</h2><ol class="meetings"><li class="meeting" data-coming><p class="meeting__when">Fredag 4. desember kl. 10.00</p><p class="meeting__title"><a class="ds-link" href="#m">Samarbeidsmøte 3</a></p><p class="meeting__place">Møterom 2</p><p class="agency-labels">{% agency_label "custody" "Kriminalomsorgen" %}{% agency_label "municipal_health" "Kommunen" %}{% agency_label "nav" "Nav" %}{% agency_label "specialist_health" "Spesialisthelse" %}{% agency_label "police" "Politiet" %}{% agency_label "voluntary" "Frivillig" %}{% agency_label "county" "Ukjent slag" %}</p></li><li class="meeting"><p class="meeting__when">I dag kl. 10.00</p><p class="meeting__title"><a class="ds-link" href="#m">Samarbeidsmøte 2</a></p></li></ol></section>{% endblock %}""",
    "consent": """{% block above %}{% include "components/breadcrumbs.html" %}{% endblock %}{% block content %}{% include "components/error_summary.html" with form=consent %}<h1 class="ds-heading" data-size="md">Samtykke og deling</h1>
<div class="two-columns"><section aria-labelledby="new-title"><h2 class="ds-heading" data-size="xs" id="new-title">Nytt samtykke</h2><p class="intro">Gå gjennom spørsmålene sammen med personen. Ingenting deles før samtykket er lagret.</p>{% include "components/form.html" with form=consent submit_label="Lagre samtykke" draft=True %}</section>
<section class="stack" aria-labelledby="valid-title"><h2 class="ds-heading" data-size="xs" id="valid-title">Gjelder nå</h2><ul class="consents"><li class="ds-card"><p>{% agency_label "municipal_health" "Kommunen" %}</p><p>Bolig, dato for løslatelse</p><p class="muted">Til 4. juli 2027.</p><form method="post">{% csrf_token %}<button class="ds-button" data-variant="secondary" data-color="danger">Trekk tilbake<span class="ds-sr-only"> samtykke til Kommunen</span></button></form></li></ul></section></div>
<section class="separate" aria-labelledby="shared-title"><h2 class="ds-heading" data-size="xs" id="shared-title">Opplysninger som er delt</h2><table class="ds-table card-table" data-border><caption class="ds-sr-only">Opplysninger som er delt, nyeste først</caption><thead><tr><th scope="col">Dato</th><th scope="col">Mottaker</th><th scope="col">Hva</th><th scope="col">Grunnlag</th></tr></thead><tbody><tr><td data-label="Dato"><time datetime="{{ late|iso }}">{{ late|shortdate }}<span> kl. {{ late|clock }}</span></time></td><td data-label="Mottaker">{% agency_label "nav" "Nav" %}</td><td data-label="Hva">Dato for løslatelse</td><td data-label="Grunnlag"><span class="ds-tag" data-color="success">{% icon "Checkmark" %}Samtykke</span></td></tr><tr><td data-label="Dato"><time datetime="{{ late|iso }}">{{ late|shortdate }}<span> kl. {{ late|clock }}</span></time></td><td data-label="Mottaker">{% agency_label "police" "Politiet" %}</td><td data-label="Hva">Adresse ved permisjon</td><td data-label="Grunnlag"><span class="ds-tag" data-color="neutral" data-variant="outline">{% icon "Gavel" %}Lovpålagt</span></td></tr></tbody></table>{% include "components/pagination.html" with newer_url="?after=x" older_url="?before=x" %}</section>{% endblock %}""",
    "report": """{% block content %}{% include "components/page_head.html" with heading="Rapport om samarbeid" lead="Prøveby fengsel, uke 36–47 2026" tools=report_tools %}
<form class="filter" method="get" aria-label="Filter"><div class="ds-field"><label class="ds-label" for="period">Periode</label><select class="ds-input" id="period" name="period"><option>Siste 12 uker</option></select></div><button class="ds-button" data-variant="secondary">Vis</button></form>
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


def context(
    *, theme: str = "auto", active: str = "today", receipt: bool = False, messages: bool = False
) -> dict[str, Any]:
    """Everything the pages need, for all of them at once."""
    bad = QueryDict("key=k&recipients=nav&given_at_0=&given_at_1=")
    saved = {
        "title": "Lagret kl. 13.02: Sover – ser pust",
        "text": "Fiolin, Blid, A-214. Neste tilsyn senest kl. 14.02.",
        "undo_url": "/today/",
        "undo_key": "k",
    }
    kpis = [
        {
            "value": "94 %",
            "label": "tilsyn i tide",
            "reached": False,
            "goal": "Mål 98 %",
            "note": "Opp 2 prosentpoeng fra forrige måned",
        },
        {
            "value": "7",
            "label": "døgn med mer enn 22 timer alene",
            "reached": False,
            "severity": "danger",
            "goal": "Mål 0",
            "note": "Opp fra 6 forrige uke",
        },
        {
            "value": "81 %",
            "label": "hadde bolig avklart 30 dager før løslatelse",
            "reached": True,
            "goal": "Mål 80 %",
            "note": "Opp 6 prosentpoeng fra i fjor",
        },
        {
            "value": "9 dager",
            "label": "middels ventetid på svar fra andre",
            "reached": None,
            "note": "Uendret fra forrige måned",
        },
    ]
    return {
        "actor": ACTOR,
        "menu": MENU,
        "active_menu": active,
        "theme": theme,
        "now": NOW,
        "csrf_token": "token",
        "messages": [
            Message(SUCCESS, "Brevet er sendt."),
            Message(WARNING, "Mottakeren har ikke lest det."),
            Message(ERROR, "Vedlegget ble ikke sendt."),
        ]
        if messages
        else [],
        "request": SimpleNamespace(path="/today/"),
        "groups": GROUPS,
        "empty_groups": [{**group, "tasks": []} for group in GROUPS],
        "receipt": saved if receipt else None,
        "done": at(12, 4),
        "late": at(12, 0, -2),
        "later": at(16),
        "next_check": at(12, 50),
        "crumbs": [
            {"label": "I dag", "url": "/today/"},
            {"label": "Isolasjon", "url": "/isolation/"},
            {"label": "Fiolin, Blid", "url": "/measure/"},
        ],
        "fiolin": FIOLIN,
        "tiger": TIGER,
        "unread": {**FIOLIN, "alerts": None},
        "strip": strip(),
        "time_form": TimeForm(),
        "worry": WorryForm(),
        "consent": ConsentForm(bad),
        "facts": [
            {"label": "Varighet", "value": formats.duration(timedelta(hours=14, minutes=47)), "strong": True},
            {"label": "Ny vurdering", "due_at": at(22, 15)},
            {"label": "Tid med andre i dag", "value": "50 min av minst 2 timer", "figure": charts.bar(50, 120)},
            {"label": "Besluttet av", "value": "Vaktleder H. Mønster"},
        ],
        "days": [
            {"label": "I dag", "date": NOW, "events": events(EVENTS)},
            {"label": "I går", "date": at(12, 0, -1), "events": events(BEFORE)},
        ],
        "chips": [
            {"label": "Alt", "url": "?", "current": True},
            {"label": "Tilsyn", "url": "?show=check"},
            {"label": "Brev", "url": "?show=letter", "count": 1},
        ],
        "tabs": [{"label": "Plan", "url": "?", "current": True}, {"label": "Brev", "url": "?letters", "count": 3}],
        "tabs_label": "Sider om løslatelsen",
        "release_tools": [{"label": "Samtykke og deling", "url": "/consent/", "icon": "ShieldLock"}],
        "report_tools": [{"label": "Lag PDF", "url": "/wait/", "icon": "Download"}],
        "kpis": kpis,
        "figures": figures(),
        "weeks": list(zip(WEEKS, ON_TIME, strict=True)),
        "letter": LETTER,
        "job": {
            "title": "Rapporten lages",
            "text": "Steg 2 av 3: tegner figurer. Det tar vanligvis under 20 sekunder.",
            "step": 2,
            "steps": 3,
            "check_url": "/wait/",
            "back_url": "/report/",
            "back_label": "Tilbake til rapporten",
        },
        "search": {
            "action": "/search/",
            "label": "Finn person",
            "hint": "Navn, eller nummeret i fengselet.",
            "value": "",
            "error": "",
        },
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


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for page in BODIES:
        (folder / f"{page}.html").write_text(render(page), encoding="utf-8")
    for page in ERRORS:
        (folder / f"error-{page}.html").write_text(render_error(page), encoding="utf-8")
