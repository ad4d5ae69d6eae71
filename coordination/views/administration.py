"""Doors: who works in the agency. For its administrator only; everybody else gets 404. Shows no person in custody."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import administration as verbs
from coordination import clock, confidentiality, formats
from coordination.ciphers import sealed, unsealed
from coordination.forms.administration import ChangeMemberForm, NewMemberForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Membership
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.people_common import conflict_page, run, saved

PAGE = 50
#: Where a one-time password waits for the page that shows it, sealed, until it is shown once.
ONE_TIME_KEY = "one_time"


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way to a page of the administrator."""
    return [{"label": label, "url": url} for label, url in ((_("Brukere"), reverse("administration")), *more)]


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the two halves of the administrator's work."""
    names = (("administration", _("Brukere")), ("administration_units", _("Enheter")))
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in names]


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def administration(request: HttpRequest) -> HttpResponse:
    """List the agency's members by name, or those a search finds. The search comes by POST, so that names stand in no address."""
    actor = actor_of(request)
    ended = request.GET.get("vis") == "avsluttet"
    rows = verbs.staff(actor).filter(ended_at__isnull=not ended)
    needle = " ".join(request.POST.get("query", "").replace("\0", "").split())[:100]
    if needle:
        rows = rows.filter(Q(display_name__icontains=needle) | Q(email__icontains=needle))
    after = _after(actor, request.GET.get("after"))
    if after is not None:
        rows = rows.filter(Q(display_name__gt=after.display_name) | Q(display_name=after.display_name, id__gt=after.pk))
    found = list(rows[: PAGE + 1])
    more = found[PAGE:]
    members = found[:PAGE]
    known = verbs.logins(m.user_id for m in members)
    context = {
        "tabs": tabs("administration"),
        "search": {
            "action": reverse("administration"),
            "label": _("Finn bruker"),
            "hint": _("Navn eller e-post."),
            "value": needle,
        },
        "chips": [
            {"label": _("Har tilgang"), "url": reverse("administration"), "current": not ended},
            {"label": _("Avsluttet"), "url": reverse("administration") + "?vis=avsluttet", "current": ended},
        ],
        "tools": [{"label": _("Ny bruker"), "url": reverse("add_member"), "icon": "PlusCircle", "primary": True}],
        "rows": [_row(m, known.get(m.user_id)) for m in members],
        "ended": ended,
        "needle": needle,
        # A search that finds more than a page is narrowed by typing more: its words must not come into an address.
        "too_many": bool(more and needle),
        "next_url": f"?{'vis=avsluttet&' if ended else ''}after={members[-1].pk}" if more and not needle else None,
    }
    return render(request, "coordination/administration/list.html", context)


def _after(actor: Actor, key: str | None) -> Membership | None:
    """Return the membership a page begins after, or None."""
    try:
        return verbs.staff(actor).filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None


def _row(member: Membership, known: verbs.Login | None) -> dict[str, Any]:
    return {
        "name": member.display_name,
        "url": reverse("member", args=[member.pk]),
        "role": capfirst(member.get_role_display()),
        "units": units_of(member),
        "username": known.username if known else "",
        "closed": known is not None and not known.active,
        "ended_at": member.ended_at,
    }


def units_of(member: Membership) -> str:
    """Return the units of a membership loaded by `staff`, the home unit first."""
    return ", ".join(row.unit.name for row in member.current_units)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def add_member(request: HttpRequest) -> HttpResponse:
    """Give somebody access."""
    actor = actor_of(request)
    options: dict[str, Any] = {"roles": verbs.roles_for(actor), "units": list(verbs.units(actor))}
    form = NewMemberForm(request.POST, **options) if request.method == "POST" else NewMemberForm(**options)
    if form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.add_member(
                actor,
                has_login=data["has_login"] == "yes",
                username=data["username"],
                full_name=data["full_name"],
                **form.place(),
                at=clock.now(),
            ),
        )
        if made is not None:
            member, password = made
            if password:
                _show_once(request, member.pk, password)
            return saved(request, _("Brukeren har fått tilgang."), reverse("member", args=[member.pk]))
    return _form_page(
        request, form, _("Ny bruker"), _("Gi tilgang"), reverse("administration"), crumbs((_("Ny bruker"), ""))
    )


def _form_page(
    request: HttpRequest,
    form: Any,
    heading: str,
    submit: str,
    cancel_url: str,
    way: list[dict[str, str]],
    lead: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "submit_label": submit,
        "cancel_url": cancel_url,
        "crumbs": way,
    }
    return render(request, "coordination/administration/form.html", context, status=422 if form.errors else 200)


def _show_once(request: HttpRequest, member_id: UUID, password: str) -> None:
    request.session[ONE_TIME_KEY] = {"member": str(member_id), "password": sealed(password)}


def _shown_once(request: HttpRequest, member_id: UUID) -> str:
    """Return a one-time password that has not been shown yet, and forget it."""
    kept = request.session.get(ONE_TIME_KEY)
    if not kept or kept["member"] != str(member_id):
        return ""
    del request.session[ONE_TIME_KEY]
    return unsealed(kept["password"])


@require_http_methods(["GET"])
@in_menu("administration")
def member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one membership and what may be done with it."""
    actor = actor_of(request)
    row = verbs.access_member(actor, pk)
    known = verbs.logins([row.user_id]).get(row.user_id)
    mine = row.user_id == actor.user_id
    facts = [
        {"label": _("Rolle"), "value": capfirst(row.get_role_display())},
        {"label": _("Enheter"), "value": units_of(row) or "–"},
        {"label": _("E-post"), "value": row.email or "–"},
        {"label": _("Fra"), "value": formats.datetime_no(row.started_at)},
        {"label": _("Taushetserklæring"), "value": _accepted(row)},
        *([{"label": _("Til"), "value": formats.datetime_no(row.ended_at)}] if row.ended_at else []),
    ]
    login_facts = [
        {"label": _("Brukernavn"), "value": known.username if known else "–"},
        {"label": _("Innlogging"), "value": _login_state(known)},
        {
            "label": _("Kode fra app"),
            "value": _("Koblet til") if known and known.second_factor else _("Ikke koblet til"),
        },
    ]
    context = {
        "crumbs": crumbs((row.display_name, "")),
        "member": row,
        "facts": facts,
        "login_facts": login_facts,
        "password": _shown_once(request, row.pk),
        "may_change": row.ended_at is None and not mine,
        "mine": mine,
        "may_touch_login": verbs.may_touch_login(actor, row),
        "active": known is not None and known.active,
        "has_factor": known is not None and known.second_factor,
    }
    return render(request, "coordination/administration/member.html", context)


def _accepted(row: Membership) -> str:
    """Return when the statement of confidentiality was accepted as it stands now."""
    found = confidentiality.accepted(row, clock.now())
    if found is None:
        return _("Ikke godtatt. Vises ved neste innlogging")
    return _("Godtatt %(when)s, versjon %(version)s") % {
        "when": formats.datetime_no(found.accepted_at),
        "version": found.version,
    }


def _login_state(known: verbs.Login | None) -> str:
    if known is None or not known.active:
        return _("Stengt")
    return _("Åpen, har engangspassord") if known.temporary_password else _("Åpen")


@require_http_methods(["GET", "POST"])
@in_menu("administration")
@conflict_page
def change_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change role and units."""
    actor = actor_of(request)
    row = verbs.access_member(actor, pk)
    if row.ended_at is not None or row.user_id == actor.user_id:
        raise Http404
    options: dict[str, Any] = {"roles": verbs.roles_for(actor), "units": list(verbs.units(actor))}
    if request.method == "POST":
        form = ChangeMemberForm(request.POST, **options)
    else:
        form = ChangeMemberForm(initial=_initial(row), **options)
    back = reverse("member", args=[row.pk])
    if form.is_valid():
        version = form.cleaned_data["version"]
        if run(form, lambda: verbs.change_member(actor, row.pk, version=version, **form.place(), at=clock.now())):
            return saved(request, _("Tilgangen er endret. Brukeren må logge inn på nytt."), back)
    way = crumbs((row.display_name, back), (_("Endre"), ""))
    return _form_page(
        request, form, _("Endre rolle og enheter"), _("Lagre rolle og enheter"), back, way, lead=row.display_name
    )


def _initial(row: Membership) -> dict[str, Any]:
    current = list(row.current_units)  # type: ignore[attr-defined]
    return {
        "version": row.version,
        "role": row.role,
        "email": row.email,
        "home": next((str(u.unit_id) for u in current if u.is_home), ""),
        "others": [str(u.unit_id) for u in current if not u.is_home],
    }


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def member_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """Say what will happen, then do it: end access, give a one-time password, forget the app, close or open the login."""
    actor = actor_of(request)
    row = verbs.access_member(actor, pk)
    texts = _verbs().get(verb)
    if texts is None or row.ended_at is not None:
        raise Http404
    back, refused = reverse("member", args=[row.pk]), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                _do(request, actor, row, verb)
        except Refused as no:
            refused = str(no)
        else:
            return saved(request, texts["done"], back)
    context = {
        **texts,
        "crumbs": crumbs((row.display_name, back), (texts["heading"], "")),
        "member": row,
        "cancel_url": back,
        "refused": refused,
    }
    return render(request, "coordination/administration/confirm.html", context, status=422 if refused else 200)


def _do(request: HttpRequest, actor: Actor, row: Membership, verb: str) -> None:
    if verb == "avslutt":
        verbs.end_member(actor, row.pk, at=clock.now())
    elif verb == "passord":
        _show_once(request, row.pk, verbs.reset_password(actor, row.pk))
    elif verb == "app":
        verbs.reset_factor(actor, row.pk)
    else:
        verbs.set_active(actor, row.pk, verb == "apne")


def _verbs() -> dict[str, dict[str, Any]]:
    """Return what each verb is called, what it does, and what is said afterwards."""
    out = _("Brukeren logges ut alle steder med en gang.")
    return {
        "avslutt": {
            "heading": _("Avslutt tilgangen"),
            "notes": [
                _("Brukeren logges ut herfra med en gang og ser ingenting her lenger."),
                _("Det brukeren har skrevet, står."),
            ],
            "submit_label": _("Avslutt tilgangen"),
            "danger": True,
            "done": _("Tilgangen er avsluttet."),
        },
        "passord": {
            "heading": _("Nytt engangspassord"),
            "notes": [
                out,
                _("Du får se et engangspassord én gang. Gi det til brukeren selv, ikke på e-post."),
                _("Brukeren må velge et nytt passord ved neste innlogging."),
            ],
            "submit_label": _("Lag engangspassord"),
            "done": _("Passordet er nullstilt."),
        },
        "app": {
            "heading": _("Koble fra appen"),
            "notes": [out, _("Bruk dette når telefonen er mistet eller byttet. Vær sikker på hvem du snakker med.")],
            "submit_label": _("Koble fra appen"),
            "danger": True,
            "done": _("Appen er koblet fra."),
        },
        "steng": {
            "heading": _("Steng innloggingen"),
            "notes": [out, _("Ingen kan logge inn som brukeren før du åpner innloggingen igjen.")],
            "submit_label": _("Steng innloggingen"),
            "danger": True,
            "done": _("Innloggingen er stengt."),
        },
        "apne": {
            "heading": _("Åpne innloggingen"),
            "notes": [_("Brukeren kan logge inn igjen med passordet sitt.")],
            "submit_label": _("Åpne innloggingen"),
            "done": _("Innloggingen er åpnet."),
        },
    }
