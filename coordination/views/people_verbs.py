"""Doors: register, correct, place and end. Each asks who acts, calls one verb and answers; the verbs decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, formats, national_id
from coordination.forms.people import (
    AdmitForm,
    EditPersonForm,
    EditStayForm,
    EndStayForm,
    ExpectedReleaseForm,
    PlaceForm,
    RegisterForm,
)
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Person, StaleWrite, Stay, Unit
from coordination.page_frame import in_menu
from coordination.people import access, actions, hooks, stays
from coordination.views.people_common import (
    banner_of,
    conflict_page,
    crumbs_of,
    form_page,
    person_form_page,
    run,
    saved,
    the_person,
    the_stay,
    unit_by_key,
)
from coordination.worlds import World


def page_of(person: Person) -> str:
    """Return the address of a person's page."""
    return reverse("person", args=[person.pk])


def warn_of_mismatch(request: HttpRequest, form: forms.Form) -> None:
    """Say so when the number tells another birth date than the one entered. Saved all the same: a number can be right and odd."""
    number = form.cleaned_data.get("national_id")
    if not number:
        return
    hint = national_id.birth_date_hint(national_id.parse(number, allow_synthetic=True))
    if hint is not None and hint != form.cleaned_data["birth_date"]:
        messages.warning(request, _("Fødselsdatoen er en annen enn den fødselsnummeret viser. Kontroller begge."))


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def register_person(request: HttpRequest) -> HttpResponse:
    """Register somebody in custody with the stay that begins."""
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and access.is_registrar(actor))
    at = clock.now()
    units = {str(unit.pk): unit for unit in access.units_of(actor)}
    form = RegisterForm(request.POST or None, at=at, units=units.values())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        again = access.people_for(actor).filter(pk=data["key"]).first()
        if again is not None:
            return saved(request, _("Personen er registrert."), reverse("person", args=[again.pk]))
        person = run(form, lambda: _register(actor, form, unit_by_key(units, form)))
        if person is not None:
            warn_of_mismatch(request, form)
            age = clock.age_on(person.birth_date, clock.local_date(at))
            text = _("Personen er registrert på %(unit)s.") % {"unit": person.unit}
            if age < 18:
                text += " " + _("Personen er %(age)s år: reglene for barn gjelder.") % {"age": age}
            elif age < 25:
                text += " " + _("Personen er %(age)s år: reglene for unge under 25 år gjelder.") % {"age": age}
            return saved(request, text, page_of(person))
    crumbs = [{"label": _("Personer"), "url": reverse("people")}, {"label": _("Registrer person"), "url": ""}]
    return form_page(
        request,
        form,
        _("Registrer person"),
        _("Registrer person"),
        crumbs=crumbs,
        cancel_url=reverse("people"),
        lead=_("Personen og oppholdet. Avdelingen du velger, får se personen med en gang."),
    )


def _register(actor: Actor, form: RegisterForm, unit: Unit) -> Person:
    data = form.cleaned_data
    person = actions.register_person(
        actor,
        unit=unit,
        **{
            name: data[name]
            for name in (
                "number",
                "family_name",
                "given_name",
                "birth_date",
                "national_id",
                "cell",
                "language",
                "interpreter_needed",
                "key",
            )
        },
        at=form.at,
    )
    actions.admit(actor, person, **_stay_of(form), at=form.at)
    return person


def _stay_of(form: AdmitForm) -> dict[str, Any]:
    names = ("legal_status", "security_level", "admitted_at", "expected_release_on", "remand_restrictions")
    return {name: form.cleaned_data[name] for name in names}


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def admit_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a new stay for somebody who was here before."""
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and access.is_leader(actor))
    person = the_person(request, actor, pk)
    units = {str(unit.pk): unit for unit in access.units_of(actor)}
    form = AdmitForm(request.POST or None, at=clock.now(), units=units.values(), initial={"version": person.version})
    if request.method == "POST" and form.is_valid():
        person.version = form.cleaned_data["version"] or person.version
        unit, cell = unit_by_key(units, form), form.cleaned_data["cell"]
        if (
            run(form, lambda: actions.admit_again(actor, person, unit=unit, cell=cell, **_stay_of(form), at=form.at))
            is not None
        ):
            return saved(request, _("Personen er satt inn på %(unit)s.") % {"unit": unit}, page_of(person))
    return person_form_page(request, actor, person, form, _("Sett inn på nytt"), _("Sett inn"))


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def edit_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what the prison knows of somebody."""
    actor = actor_of(request)
    access.require(access.is_registrar(actor))
    person = the_person(request, actor, pk)
    form = EditPersonForm(request.POST or None, person=person, today=clock.local_date(clock.now()))
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        version, number = facts.pop("version"), facts.pop("national_id")
        if (
            run(form, lambda: stays.edit_person(actor, person, version=version, national_id=number, **facts))
            is not None
        ):
            warn_of_mismatch(request, form)
            return saved(request, _("Opplysningene er lagret."), page_of(person))
        person = the_person(request, actor, pk)
    return person_form_page(request, actor, person, form, _("Endre opplysninger"), _("Lagre opplysningene"))


def _stay_page(
    request: HttpRequest,
    pk: UUID,
    *,
    allowed: Callable[[Actor], bool],
    make: Callable[[Stay], forms.Form],
    verb: Callable[[Actor, Person, Stay, forms.Form], object],
    heading: str,
    submit: str,
    done: str,
    **more: object,
) -> HttpResponse:
    """Show or take one form about the stay that is going on."""
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and allowed(actor))
    person = the_person(request, actor, pk)
    stay = the_stay(request, actor, person)
    form = make(stay)
    if request.method == "POST" and form.is_valid() and run(form, lambda: verb(actor, person, stay, form)) is not None:
        return saved(request, done, page_of(person))
    return person_form_page(request, actor, person, form, heading, submit, **more)


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def edit_stay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct ground, level and restrictions of the stay."""
    return _stay_page(
        request,
        pk,
        allowed=access.is_registrar,
        make=lambda stay: EditStayForm(request.POST or None, stay=stay),
        verb=lambda actor, person, stay, form: stays.edit_stay(
            actor, person, stay, at=clock.now(), **form.cleaned_data
        ),
        heading=_("Endre oppholdet"),
        submit=_("Lagre oppholdet"),
        done=_("Oppholdet er endret."),
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def expected_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set, move or take away the date release is expected."""

    def make(stay: Stay) -> forms.Form:
        known = {
            "expected_release_on": formats.shortdate(stay.expected_release_on) if stay.expected_release_on else "",
            "version": stay.version,
        }
        return ExpectedReleaseForm(request.POST or None, initial=known)

    def verb(actor: Actor, person: Person, stay: Stay, form: forms.Form) -> object:
        data = form.cleaned_data
        return stays.set_expected_release(
            actor, person, stay, on=data["expected_release_on"], version=data["version"], at=clock.now()
        )

    return _stay_page(
        request,
        pk,
        allowed=access.is_registrar,
        make=make,
        verb=verb,
        heading=_("Dato for løslatelse"),
        submit=_("Lagre datoen"),
        done=_("Datoen er lagret."),
        lead=_("Frister fram mot løslatelsen regnes fra denne datoen."),
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def end_stay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the stay."""
    at = clock.now()

    def verb(actor: Actor, person: Person, stay: Stay, form: forms.Form) -> object:
        data = form.cleaned_data
        stays.end_stay(
            actor, person, stay, reason=data["reason"], ended_at=data["ended_at"], version=data["version"], at=at
        )
        return True

    return _stay_page(
        request,
        pk,
        allowed=access.is_leader,
        make=lambda stay: EndStayForm(request.POST or None, at=at, initial={"version": stay.version}),
        verb=verb,
        heading=_("Avslutt oppholdet"),
        submit=_("Avslutt oppholdet"),
        done=_("Oppholdet er avsluttet."),
        notes=[
            _("Avdelingen ser ikke lenger personen. Ledere og saksbehandlere i fengselet gjør det."),
            _("Det som er skrevet, blir stående."),
            _("Skal personen til et fengsel som bruker Samvirke, velger du «Overfør til et annet fengsel» i stedet."),
        ],
    )


# Moving: what happens is told before it does


def _place_page(request: HttpRequest, pk: UUID, *, abroad: bool) -> HttpResponse:
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and access.is_leader(actor))
    person = the_person(request, actor, pk)
    the_stay(request, actor, person)
    offered = (
        access.other_prison_units(actor) if abroad else [u for u in access.units_of(actor) if u.pk != person.unit_id]
    )
    units = {str(unit.pk): unit for unit in offered}
    form = PlaceForm(request.POST or None, units=units.values(), abroad=abroad, initial={"version": person.version})
    heading = _("Overfør til et annet fengsel") if abroad else _("Flytt til en annen avdeling")
    if request.method != "POST" or not form.is_valid():
        notes = hooks.told_before_move(actor, person, clock.now())
        return person_form_page(request, actor, person, form, heading, _("Fortsett"), notes=notes)
    unit = unit_by_key(units, form)
    if form.cleaned_data["version"] != person.version:
        raise StaleWrite(type(person).__name__)
    if request.POST.get("confirmed") == "1":
        return _place(request, actor, person, unit, form, abroad=abroad) or person_form_page(
            request, actor, person, form, heading, _("Fortsett")
        )
    notes = _what_a_hand_over_does(actor, person, unit) if abroad else _what_a_move_does(person, unit)
    notes += hooks.told_before_move(actor, person, clock.now())
    context = {
        "person": banner_of(actor, person),
        "crumbs": crumbs_of(person, heading),
        "heading": heading,
        "notes": notes,
        "values": [
            ("unit", str(unit.pk)),
            ("cell", form.cleaned_data.get("cell", "")),
            ("version", str(person.version)),
            ("confirmed", "1"),
        ],
        "submit_label": _("Overfør nå") if abroad else _("Flytt nå"),
        "cancel_url": page_of(person),
        "danger": abroad,
    }
    return render(request, "coordination/people/confirm.html", context)


def _place(
    request: HttpRequest, actor: Actor, person: Person, unit: Unit, form: forms.Form, *, abroad: bool
) -> HttpResponse | None:
    """Run the verb and answer; None when it was refused and the form says why."""
    at = clock.now()
    if abroad:
        if run(form, lambda: actions.transfer_to_prison(actor, person, to_unit=unit, at=at)) is None:
            return None
        # The page of the person is closed to the sender from now on, so the receipt stands on the list.
        return saved(request, _("Personen er overført til %(agency)s.") % {"agency": unit.agency}, reverse("people"))
    if run(form, lambda: actions.move_to_unit(actor, person, unit, cell=form.cleaned_data["cell"], at=at)) is None:
        return None
    return saved(request, _("Personen er flyttet til %(unit)s.") % {"unit": unit}, page_of(person))


def _what_a_move_does(person: Person, unit: Unit) -> list[str]:
    names = {"name": person, "old": person.unit, "new": unit}
    return [
        _("%(name)s flyttes fra %(old)s til %(new)s.") % names,
        _("%(new)s får se personen og alt fengselet har skrevet. %(old)s ser det ikke lenger.") % names,
        _("Åpne frister følger med og varsles på %(new)s.") % names,
        _("Helsetjenesten ser ikke flyttingen. Varsle den hvis den følger opp personen."),
        _("Flyttingen står i hendelsene med klokkeslett og navnet ditt."),
    ]


def _what_a_hand_over_does(actor: Actor, person: Person, unit: Unit) -> list[str]:
    names = {"name": person, "old": actor.agency_name, "new": unit.agency, "unit": unit}
    return [
        _("%(name)s overføres fra %(old)s til %(new)s, %(unit)s.") % names,
        _("Alt %(old)s har skrevet om personen, blir %(new)s sitt.") % names,
        _(
            "%(old)s kan ikke lenger åpne personen fra det øyeblikket du trykker. Dere beholder brevene dere har sendt og fått."
        )
        % names,
        _("Helsetjenesten ser ikke overføringen. Varsle den med brev før du overfører."),
        _("Du kan ikke angre. %(new)s må eventuelt overføre tilbake.") % names,
    ]


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def move_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move somebody to another unit of the same prison."""
    return _place_page(request, pk, abroad=False)


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand somebody over to another prison."""
    return _place_page(request, pk, abroad=True)
