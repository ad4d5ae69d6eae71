"""Doors: one's own password and second factor, in the middle of a login or of a day."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coordination import clock, login
from coordination.ciphers import sealed, unsealed
from coordination.forms.door import CodeForm, NewPasswordForm, OwnPasswordForm
from coordination.models import User
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.door import session
from coordination.views.door.session import Door, acting, inside, to_login


def _again(request: HttpRequest, door: Door, user: User, to: str = "") -> HttpResponse:
    """Go on as the same membership in a new session, or on with the login."""
    actor, at = acting(request), clock.now()
    if actor is None:
        return session.proceed(request, door, user, at)
    mine = next((m for m in login.memberships_of(user, at) if m.pk == actor.membership_id), None)
    return session.enter(request, door, mine, at, to=to) if mine else to_login(request, "ended")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrol_factor(request: HttpRequest) -> HttpResponse:
    """Join an authenticator app to the login: must be done before anything else where the installation asks for it, else voluntary."""
    at = clock.now()
    found = inside(request, at)
    if found is None:
        return session.begin_anew(request)
    door, user = found
    if acting(request) is None and session.next_step(door, user) != "enrol_factor":
        return see_other(reverse(session.next_step(door, user) or "choose_membership"))
    if user.totp_secret:
        return see_other(reverse("choose_membership"))
    if not door.secret:
        door = session.keep(request, door, secret=sealed(login.new_secret()))
    form, status, secret = CodeForm(), 200, unsealed(door.secret)
    if request.method == "POST":
        form, status = CodeForm(request.POST), 422
        if form.is_valid():
            try:
                login.enrol(user, secret, form.cleaned_data["code"], address=session.address_of(request), at=at)
            except Refused as refused:
                form.add_error("code", str(refused))
            else:
                messages.success(request, _("Appen er koblet til. Du får spørsmål om kode neste gang du logger inn."))
                door = session.keep(request, door, verified=True, secret="")
                return _again(request, door, user, to=reverse("choose_membership"))
    context = {
        "form": form,
        # An image by address, not inline: the content policy forbids styles inside the page, and this needs none.
        "qr": segno.make(login.secret_uri(user, secret), error="m").svg_data_uri(scale=5, border=4, light="white"),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "must": acting(request) is None,
    }
    return render(request, "coordination/door/enrol_factor.html", context, status=status)


@sensitive_post_parameters("current", "new", "again")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password: one's own wish, or the first thing after a one-time password."""
    at, actor = clock.now(), acting(request)
    found = inside(request, at)
    if found is None:
        return session.begin_anew(request)
    door, user = found
    if actor is None and session.next_step(door, user) != "change_password":
        return see_other(reverse(session.next_step(door, user) or "choose_membership"))
    kind = OwnPasswordForm if actor else NewPasswordForm
    form = kind(request.POST) if request.method == "POST" else kind()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            login.change_password(
                user,
                current=data["current"] if actor else None,
                new=data["new"],
                address=session.address_of(request),
                at=at,
            )
        except Refused as refused:
            for field, texts in refused.errors.items():
                form.add_error(field, texts)
            if not refused.errors:
                form.add_error(None, str(refused))
        else:
            messages.success(request, _("Passordet er byttet. Andre steder du var logget inn, er du logget ut."))
            return _again(request, door, user, to=reverse("choose_membership"))
    context = {"form": form, "must": actor is None}
    return render(request, "coordination/door/change_password.html", context, status=422 if form.errors else 200)
