"""Asks again who somebody is before what is dangerous: sharing on grounds of danger, and taking content out of the system.

    step_up.require(request)          # in a view, after the access check and before anything is written
    @step_up_required                 # a whole view: an export

The confirmation belongs to the browser's session and lasts `STEP_UP_LASTS`. What was typed follows through the page as hidden fields, so
it lies in no table while somebody thinks of a password. Holds no rule of any app.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination import audit, clock, login
from coordination.forms.door import ConfirmForm
from coordination.middleware import actor_of
from coordination.refusals import Refused
from coordination.views.door.session import DOOR_KEY, address_of

#: When the browser's session was last confirmed, in seconds.
CONFIRMED_KEY = "confirmed"
#: What the step-up page adds to the fields it carries; a form of our own never uses the prefix.
PREFIX = "bekreft"
FILES = f"{PREFIX}-filer"
#: What is never carried along: the token of the form, and what was typed on the step-up page itself.
OWN = frozenset({"csrfmiddlewaretoken", f"{PREFIX}-password", f"{PREFIX}-code", FILES})

View = Callable[..., HttpResponse]


class NotConfirmed(Exception):
    """Somebody must say again who they are. `form` is what they typed, with what was wrong; None when nothing was typed yet."""

    def __init__(self, form: ConfirmForm | None = None, *, locked: bool = False, files: bool = False) -> None:
        """Keep the form, whether too many have been wrong, and whether files were lost on the way."""
        super().__init__("not confirmed")
        self.form, self.locked, self.files = form, locked, files


def is_confirmed(request: HttpRequest, at: datetime) -> bool:
    """Return whether the password was typed in this session a short while ago, at the door or on the step-up page."""
    door = request.session.get(DOOR_KEY) or {}
    last = max(request.session.get(CONFIRMED_KEY, 0), door.get("at", 0))
    return bool(at.timestamp() - last < settings.STEP_UP_LASTS.total_seconds())


def require(request: HttpRequest) -> None:
    """Go on when the session is confirmed, or is confirmed by what came with the request. Raises `NotConfirmed`."""
    at = clock.now()
    if is_confirmed(request, at):
        return
    if f"{PREFIX}-password" not in request.POST:
        raise NotConfirmed
    confirm(request, at)
    if FILES in request.POST:
        # Files do not follow through the page. Going on without them would send something else than was asked for.
        raise NotConfirmed(files=True)


def confirm(request: HttpRequest, at: datetime) -> None:
    """Check password, and code where an app is joined to the login. Raises `NotConfirmed`; counts attempts as the login does."""
    user = login.user_of(actor_of(request).user_id)
    form = ConfirmForm(request.POST, prefix=PREFIX, coded=bool(user and user.totp_secret))
    if user is None or not form.is_valid():
        raise NotConfirmed(form)
    address = address_of(request)
    try:
        login.try_password(user.username, form.cleaned_data["password"], address=address, at=at)
        if user.totp_secret:
            login.try_code(user, form.cleaned_data["code"], address=address, at=at)
    except Refused as refused:
        audit.note_event("refuse", "step_up")
        field = "code" if refused.code == "wrong_code" else "password" if refused.code == "wrong" else None
        form.add_error(field, _("Passordet er feil.") if refused.code == "wrong" else str(refused))
        raise NotConfirmed(form, locked=refused.code == "locked") from None
    login.forget_attempts(user, address, at)
    request.session[CONFIRMED_KEY] = at.timestamp()


def step_up_required(view: View) -> View:
    """Ask again who somebody is before a view; for pages that give content out whatever is asked."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request)
        return view(request, *args, **kwargs)

    return answer


def page(
    request: HttpRequest, asked: NotConfirmed, *, action: str, carried: list[tuple[str, str]], status: int = 403
) -> HttpResponse:
    """Return the page that asks, with what it carries along; `status` where nothing was wrong yet."""
    user = login.user_of(actor_of(request).user_id)
    form = asked.form or ConfirmForm(prefix=PREFIX, coded=bool(user and user.totp_secret))
    status = 429 if asked.locked else 422 if form.errors else status
    kept = action != reverse("step_up")
    context = {"form": form, "action": action, "carried": carried, "kept": kept, "files": asked.files}
    return render(request, "coordination/door/step_up.html", context, status=status)


class StepUpMiddleware:
    """Answers with the step-up page wherever a view asks for it. A form goes on where it was; a link goes on through the door."""

    def __init__(self, get_response: View) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for `NotConfirmed`, nothing for anything else."""
        if not isinstance(error, NotConfirmed):
            return None
        here = request.get_full_path()
        if request.method != "POST":
            return page(request, error, action=reverse("step_up"), carried=[("next", here)])
        carried = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
        if request.FILES:
            carried.append((FILES, "1"))
        return page(request, error, action=here, carried=carried)
