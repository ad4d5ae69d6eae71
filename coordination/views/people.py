"""Doors: the list of people, the page of one, and search. They read through `people.access` and write nothing but the trace of reading."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import audit, clock, formats, person_page, timeline
from coordination.forms.people import RESTRICTIONS
from coordination.frame import READERS, place_of
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Person, Stay
from coordination.models.people import Named, Patient
from coordination.oversight import openings
from coordination.page_frame import in_menu
from coordination.people import access, patients
from coordination.views.people_common import banner_of, crumbs_of
from coordination.worlds import World

TIMELINE_DAYS = 14
SEARCH_LIMIT = 25


def reads_people(actor: Actor) -> bool:
    """Return whether the role has people to look up at all: an administrator and a region have none."""
    return actor.has_role(*READERS)


def uuid_of(text: str | None) -> UUID | None:
    """Return a key from an address, or None when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


# The list


@require_http_methods(["GET"])
@in_menu("people")
def people(request: HttpRequest) -> HttpResponse:
    """Show people by name, those who are here now unless all are asked for."""
    actor = actor_of(request)
    access.require(reads_people(actor))
    everybody = request.GET.get("vis") == "alle"
    units = access.units_of(actor)
    unit = next((u for u in units if str(u.pk) == request.GET.get("unit")), None)
    rows = access.people_for(actor)
    if not everybody:
        rows = access.present_only(actor, rows)
    if unit is not None:
        rows = rows.filter(unit=unit)
    page = access.page_of(rows, after=uuid_of(request.GET.get("after")), before=uuid_of(request.GET.get("before")))
    kept = {**({"unit": str(unit.pk)} if unit else {}), **({"vis": "alle"} if everybody else {})}
    context = {
        "rows": list(_rows(actor, page.rows)),
        "custody": actor.world is World.CUSTODY,
        "units": units if len(units) > 1 else [],
        "unit": unit,
        "chips": [
            {"label": _("Her nå"), "url": _query(kept | {"vis": ""}), "current": not everybody},
            {"label": _("Alle"), "url": _query(kept | {"vis": "alle"}), "current": everybody},
        ],
        "everybody": everybody,
        "previous_url": _query(kept | {"before": str(page.before)}) if page.before else None,
        "next_url": _query(kept | {"after": str(page.after)}) if page.after else None,
        "tools": list(_tools(actor)),
    }
    return render(request, "coordination/people/list.html", context)


def _tools(actor: Actor) -> Iterator[dict[str, Any]]:
    yield {"label": _("Søk"), "url": reverse("search"), "icon": "MagnifyingGlass", "primary": False}
    if openings.may_open_in_emergency(actor):
        yield {"label": _("Nødtilgang"), "url": reverse("emergency_open"), "icon": "KeyVertical", "primary": False}
    if actor.world is World.CUSTODY and access.is_leader(actor):
        yield {"label": _("Les inn liste"), "url": reverse("roster"), "icon": "Table", "primary": False}
    if actor.world is World.CUSTODY and access.is_registrar(actor):
        yield {"label": _("Registrer person"), "url": reverse("register_person"), "icon": "PlusCircle", "primary": True}


def _query(values: dict[str, str]) -> str:
    """Return an address of this list; it holds keys only, never a name."""
    return "?" + "&".join(f"{name}={value}" for name, value in values.items() if value)


def _rows(actor: Actor, found: list[Named]) -> Iterator[dict[str, Any]]:
    """Return what the list shows of each, an explicit list of facts."""
    stays: dict[UUID, Stay] = {}
    if actor.world is World.CUSTODY and found:
        rows = Stay.objects.filter(agency_id=actor.agency_id, person_id__in=[p.pk for p in found], ended_at=None)
        stays = {stay.person_id: stay for stay in rows}
    for person in found:
        stay = stays.get(person.pk)
        yield {
            "name": str(person),
            "url": reverse("person", args=[person.pk]),
            "unit": str(person.unit),
            "place": "" if place_of(person) == str(person.unit) else place_of(person),
            "birth_year": str(person.birth_date.year),
            "number": getattr(person, "number", ""),
            "status": stay.get_legal_status_display() if stay else "",
            "release": stay.expected_release_on if stay else None,
            "here": stay is not None if actor.world is World.CUSTODY else getattr(person, "present", True),
        }


# One person


@require_http_methods(["GET"])
@in_menu("people")
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one person or patient: banner, facts, what apps hang here, and the last days."""
    actor = actor_of(request)
    access.require(reads_people(actor))
    row = access.access_person(actor, pk)
    at = clock.now()
    days = _days_asked(request)
    since = clock.local_day_bounds(clock.local_date(at) - timedelta(days=days))[0]
    stay = person_page.stay_of(actor, row) if isinstance(row, Person) else None
    links = person_page.links_for(actor, row)
    context = {
        "person": banner_of(actor, row),
        "crumbs": crumbs_of(row),
        "heading": _("Oversikt"),
        "lead": _lead(stay, at) if isinstance(row, Person) else "",
        "tools": [vars(link) | {"group": person_page.GROUPS[link.group]} for link in links],
        "panels": person_page.panels_for(actor, row),
        "days": list(days_of(timeline.events_for(actor, row, since), at)),
        "shown_days": days,
        "older_url": f"?days={days * 3}#timeline"
        if since > row.created_at - timedelta(days=days) and days < 3650
        else None,
        "facts": person_facts(row) if isinstance(row, Person) else patient_facts(row),
        "stay_facts": stay_facts(stay, at) if stay else [],
        "stay": stay,
        "custody": isinstance(row, Person),
        "changes": list(changes_for(actor, row, stay)) if isinstance(row, Person) else patient_doors(actor, row),
    }
    return render(request, "coordination/people/person.html", context)


def _days_asked(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return min(max(int(asked), TIMELINE_DAYS), 3650) if asked.isdecimal() and len(asked) < 6 else TIMELINE_DAYS


def _lead(stay: Stay | None, at: datetime) -> str:
    if stay is None:
        return _("Har ikke noe opphold her nå.")
    days = (clock.local_date(at) - clock.local_date(stay.admitted_at)).days
    text = _("%(status)s, satt inn %(day)s (dag %(count)s).")
    return text % {
        "status": stay.get_legal_status_display().capitalize(),
        "day": formats.shortdate(stay.admitted_at),
        "count": days + 1,
    }


def fact(label: str, value: object) -> dict[str, object]:
    """Return one labelled value."""
    return {"label": label, "value": value or _("Ikke oppgitt")}


def person_facts(person: Person) -> list[dict[str, object]]:
    """Return what the prison knows of who somebody is."""
    return [
        fact(_("Fødselsdato"), formats.shortdate(person.birth_date)),
        fact(_("Fødselsnummer"), person.national_id_masked),
        fact(_("Nummer i fengselet"), person.number),
        fact(_("Avdeling"), str(person.unit)),
        fact(_("Celle"), person.cell),
        *_language(person),
    ]


def patient_facts(patient: Named) -> list[dict[str, object]]:
    """Return what a health service knows of who its patient is."""
    assert isinstance(patient, Patient)
    return [
        fact(_("Fødselsdato"), formats.shortdate(patient.birth_date)),
        fact(_("Fødselsnummer"), patient.national_id_masked),
        fact(_("Fengsel"), str(patient.prison) if patient.prison else ""),
        fact(_("Sted"), patient.place),
        fact(_("Følges av"), str(patient.unit)),
        *_language(patient),
    ]


def _language(person: Named) -> list[dict[str, object]]:
    return [fact(_("Språk"), person.language), fact(_("Tolk"), _("Ja") if person.interpreter_needed else _("Nei"))]


def stay_facts(stay: Stay, at: datetime) -> list[dict[str, object]]:
    """Return the facts of the stay that is going on."""
    facts = [fact(_("Grunnlag"), stay.get_legal_status_display().capitalize())]
    if stay.legal_status == "remand":
        texts = [str(RESTRICTIONS.get(code, code)) for code in stay.remand_restrictions]
        facts.append(fact(_("Restriksjoner"), ", ".join(texts) or _("Ingen")))
    release = stay.expected_release_on
    left = (release - clock.local_date(at)).days if release else 0
    if release is None:
        when = _("Ikke kjent")
    elif left < 0:
        when = _("%(day)s (datoen er passert)") % {"day": formats.shortdate(release)}
    else:
        when = _("%(day)s (om %(count)s dager)") % {"day": formats.shortdate(release), "count": left}
    return [
        *facts,
        fact(_("Sikkerhetsnivå"), stay.get_security_level_display().capitalize()),
        fact(_("Satt inn"), formats.datetime_no(stay.admitted_at)),
        fact(_("Satt inn på"), str(stay.unit)),
        {**fact(_("Forventet løslatelse"), when), "strong": release is not None},
    ]


def changes_for(actor: Actor, person: Person, stay: Stay | None) -> Iterator[dict[str, str]]:
    """Return the links to what the ground itself can change about somebody in custody."""
    doors: list[tuple[str, str, bool]] = [("edit_person", _("Endre opplysninger"), access.is_registrar(actor))]
    if stay is not None:
        doors += [
            ("edit_stay", _("Endre oppholdet"), access.is_registrar(actor)),
            ("expected_release", _("Sett dato for løslatelse"), access.is_registrar(actor)),
            ("move_person", _("Flytt til en annen avdeling"), access.is_leader(actor)),
            ("hand_over", _("Overfør til et annet fengsel"), access.is_leader(actor)),
            ("end_stay", _("Avslutt oppholdet"), access.is_leader(actor)),
        ]
    else:
        doors.append(("admit_person", _("Sett inn på nytt"), access.is_leader(actor)))
    for name, label, allowed in doors:
        if allowed:
            yield {"label": label, "url": reverse(name, args=[person.pk])}


def patient_doors(actor: Actor, patient: Named) -> list[dict[str, str]]:
    """Return the link to what a health service can correct about its patient."""
    if not patients.may_edit(actor):
        return []
    return [{"label": _("Endre opplysninger"), "url": reverse("edit_patient", args=[patient.pk])}]


def days_of(events: Iterable[timeline.Event], at: datetime) -> Iterator[dict[str, Any]]:
    """Return events, newest first, in groups by Oslo date as the timeline component wants them."""
    today = clock.local_date(at)
    names = {today: _("I dag"), today - timedelta(days=1): _("I går")}
    for day, group in groupby(events, key=lambda event: clock.local_date(event.at)):
        yield {"label": names.get(day, ""), "date": day, "events": [_event(event) for event in group]}


def _event(event: timeline.Event) -> dict[str, Any]:
    who = event.who
    if event.recorded_at is not None:
        late = _("skrevet inn %(moment)s") % {"moment": formats.datetime_no(event.recorded_at)}
        who = f"{who}, {late}" if who else late.capitalize()
    return {"at": event.at, "type": event.kind, "title": event.title, "text": event.text, "who": who, "url": event.url}


# Search


@require_http_methods(["GET", "POST"])
@in_menu("people")
def search(request: HttpRequest) -> HttpResponse:
    """Find people by name or number. By POST: a name in an address ends up in logs and histories. Hidden and absent answer alike."""
    actor = actor_of(request)
    access.require(reads_people(actor))
    custody = actor.world is World.CUSTODY
    hint = (
        _("Etternavn, «Etternavn, Fornavn», fødselsnummer eller nummeret i fengselet.")
        if custody
        else _("Etternavn, «Etternavn, Fornavn» eller fødselsnummer.")
    )
    form: dict[str, Any] = {
        "action": reverse("search"),
        "label": _("Finn person"),
        "hint": hint,
        "value": "",
        "error": "",
    }
    context: dict[str, Any] = {"search": form, "custody": custody, "searched": False, "rows": []}
    if request.method == "GET":
        return render(request, "coordination/people/search.html", context)
    text = request.POST.get("query", "").replace("\0", "").strip()[:100]
    form["value"] = text
    if not text:
        form["error"] = _("Skriv et navn eller et nummer.")
        return render(request, "coordination/people/search.html", context, status=422)
    found = access.search(actor, text, limit=SEARCH_LIMIT + 1)
    audit.note_search(text, found)
    context |= {"searched": True, "rows": list(_rows(actor, found[:SEARCH_LIMIT])), "more": len(found) > SEARCH_LIMIT}
    return render(request, "coordination/people/search.html", context)
