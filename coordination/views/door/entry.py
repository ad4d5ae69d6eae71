"""Doors: login, second factor, choice of membership, logout."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from coordination import audit, clock, login
from coordination.forms.door import CodeForm, LoginForm
from coordination.middleware import LEFT_KEY, TOKEN_KEY
from coordination.models import Membership, User
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.door import session
from coordination.views.door.session import Door, acting, inside, to_login

#: Why somebody is at the login page, in words; anything else says nothing.
LEFT = {
    "idle": gettext_lazy("Du ble logget ut fordi du ikke har gjort noe på en stund."),
    "absolute": gettext_lazy("Du ble logget ut fordi økten har vart lenge. Logg inn igjen for å fortsette."),
    "revoked": gettext_lazy("Du er logget ut. Logg inn igjen for å fortsette."),
    "ended": gettext_lazy("Tilgangen du brukte, er avsluttet. Spør administratoren på arbeidsstedet hvis det er feil."),
    "slow": gettext_lazy("Innloggingen tok for lang tid. Begynn på nytt."),
    "codes": gettext_lazy("Koden var feil for mange ganger. Begynn på nytt."),
    "out": gettext_lazy("Du er logget ut."),
}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    actor = acting(request)
    if actor is not None:
        return see_other(session.home_of(actor.role))
    if request.method == "GET":
        left = LEFT.get(request.session.pop(LEFT_KEY, ""), "")
        form = LoginForm(initial={"next": session.safe_page(request, request.GET.get("next", ""))})
        return render(request, "coordination/door/login.html", {"form": form, "left": left})
    form, at, status = LoginForm(request.POST), clock.now(), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            user = login.try_password(data["username"], data["password"], address=session.address_of(request), at=at)
        except Refused as refused:
            status = 429 if refused.code == "locked" else 422
            form.add_error(None, str(refused))
        else:
            # Nothing from before the password may follow into the login: neither the session's key nor its content.
            request.session.flush()
            door = session.keep(
                request, Door(str(user.pk), at.timestamp(), next=session.safe_page(request, data["next"]))
            )
            return session.proceed(request, door, user, at)
    return render(request, "coordination/door/login.html", {"form": form}, status=status)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the authenticator app."""
    at = clock.now()
    found = inside(request, at)
    if found is None:
        return session.begin_anew(request)
    door, user = found
    if session.next_step(door, user) != "second_factor":
        return _onwards(request, door, user)
    if request.method == "GET":
        return render(request, "coordination/door/second_factor.html", {"form": CodeForm()})
    form, status = CodeForm(request.POST), 422
    if form.is_valid():
        try:
            login.try_code(user, form.cleaned_data["code"], address=session.address_of(request), at=at)
        except Refused as refused:
            if door.wrong + 1 >= session.WRONG_CODES:
                return to_login(request, "codes")
            session.keep(request, door, wrong=door.wrong + 1)
            status = 429 if refused.code == "locked" else 422
            form.add_error("code", str(refused))
        else:
            return session.proceed(request, session.keep(request, door, verified=True, wrong=0), user, at)
    return render(request, "coordination/door/second_factor.html", {"form": form}, status=status)


def _onwards(request: HttpRequest, door: Door, user: User) -> HttpResponse:
    """Leave a page that is not the next step."""
    actor = acting(request)
    if actor is not None:
        return see_other(session.home_of(actor.role))
    return see_other(reverse(session.next_step(door, user) or "choose_membership"))


@require_http_methods(["GET", "POST"])
def choose_membership(request: HttpRequest) -> HttpResponse:
    """Choose where to work now, also in the middle of a day; shows one's own login too."""
    at, actor = clock.now(), acting(request)
    found = inside(request, at)
    if found is None:
        return session.begin_anew(request)
    door, user = found
    if session.next_step(door, user):
        return see_other(reverse(session.next_step(door, user)))
    memberships = login.memberships_of(user, at)
    if request.method == "GET":
        context = {
            "rows": [_row(m, actor is not None and m.pk == actor.membership_id) for m in memberships],
            "user_name": user.full_name,
            "has_factor": bool(user.totp_secret),
        }
        return render(request, "coordination/door/choose_membership.html", context)
    chosen = next((m for m in memberships if str(m.pk) == request.POST.get("membership")), None)
    if chosen is None:
        raise Http404
    if actor is not None and chosen.pk == actor.membership_id:
        return see_other(session.home_of(actor.role))
    return session.enter(request, door, chosen, at)


def _row(membership: Membership, current: bool) -> dict[str, object]:
    units = [row.unit.name for row in membership.current_units]  # type: ignore[attr-defined]
    return {
        "pk": membership.pk,
        "agency": membership.agency.name,
        "role": membership.get_role_display(),
        "units": ", ".join(units),
        "current": current,
    }


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session here and in the database, and ask the browser to forget what it has seen."""
    actor, token = acting(request), request.session.get(TOKEN_KEY)
    if actor is not None:
        audit.note("logout", Membership(pk=actor.membership_id))  # type: ignore[arg-type]
    if token:
        login.close_session(token)
    response = to_login(request, "out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
